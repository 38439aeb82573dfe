"""The process of a stack program, from inside: runs what it is asked to, sends the recording, and leaves."""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, Final

from kaito_iac.offline import wire
from kaito_iac.offline.recording import LogEntry, Refusal

_THREAD_SECONDS: Final = 1.0
"""How long threads of the program may take to end after it."""


def main(asked: int, tells: int) -> None:
    """Answer the one request, run the program's exit handlers, and end; nothing that still runs is waited for."""
    for descriptor in (asked, tells):
        os.set_inheritable(descriptor, False)
    gc.disable()  # this process ends with its answer, and everything is held until then
    leader = os.getpid()
    request = json.loads(_line(asked))
    threading.Thread(target=_end_with_parent, args=(asked, leader), daemon=True, name="kaito-iac watch").start()
    with contextlib.suppress(KeyboardInterrupt, OSError):
        for line in _answer(request):
            if os.getpid() != leader:  # a copy of the process that the program made and did not end
                os._exit(0)
            _write(tells, f"{line}\n".encode())
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(0)


def _answer(request: Mapping[str, Any]) -> Iterator[str]:
    """Return the lines of the answer; the last one is a mapping."""
    if request.get("protocol") != wire.PROTOCOL:
        yield json.dumps({"protocol": wire.PROTOCOL})
        return
    last: dict[str, Any] = {}
    try:
        yield from _recorded(request)
    except Refusal as refusal:
        last = {"refused": wire.Refused(refusal.title, refusal.problems)}
    except (ValueError, RecursionError) as error:
        last = {"unfit": type(error).__name__}
    except OSError as error:
        last = {"system": [error.errno, error.strerror or str(error), error.filename and os.fsdecode(error.filename)]}
    except Exception as error:
        last = {"defect": f"{type(error).__name__}: {error}"}
        if os.environ.get("KAITO_IAC_DEBUG") == "1":
            sys.excepthook(type(error), error, error.__traceback__)
    yield wire.text({"protocol": wire.PROTOCOL, **last})


def _recorded(request: Mapping[str, Any]) -> Iterator[str]:
    from kaito_iac.offline.invoke_file import answers
    from kaito_iac.offline.rehearsal import outcome

    found = outcome(
        Path(request["program"]),
        stack=request["stack"],
        config=request["config"],
        references=request["references"],
        invokes=answers(request.get("invokes", ())),
    )
    logs = (*found.recording.logs, *_left_threads())
    yield from wire.written(replace(found, recording=replace(found.recording, logs=logs)))


def _left_threads() -> Iterator[LogEntry]:
    """Report threads that do not end with the program: the real run would wait for them."""
    from concurrent.futures.thread import _threads_queues as pooled

    end = monotonic() + _THREAD_SECONDS
    for thread in threading.enumerate():
        if thread.daemon or thread is threading.current_thread() or thread in pooled:
            continue
        thread.join(max(end - monotonic(), 0))
        if thread.is_alive():
            yield LogEntry("warning", f"the thread {thread.name!r} still runs after the program; `pulumi up` waits for it")


def _end_with_parent(asked: int, leader: int) -> None:
    """End the whole process group when the parent no longer waits for the answer."""
    with contextlib.suppress(OSError):
        while os.read(asked, 1024):
            pass
    os.killpg(leader, signal.SIGKILL)


def _line(descriptor: int) -> bytes:
    """Return what precedes the end of the first line."""
    found = b""
    while not found.endswith(b"\n"):
        data = os.read(descriptor, 1 << 16)
        if not data:
            os._exit(0)
        found += data
    return found


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
