"""The process of a stack program: started here, read over a pipe of its own, and never waited for without end."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

from kaito_iac.offline import wire
from kaito_iac.offline.interpreter import Interpreter, of_program
from kaito_iac.offline.recording import Refusal
from kaito_iac.offline.talk import Talk
from kaito_iac.problem import Problem

NO_ANSWER: Final = "KO486"
NO_ENVIRONMENT: Final = "KO487"
TIMEOUT_MINUTES: Final = 10.0
"""How long a program may run when nothing else is asked for."""
_LOOK_SECONDS: Final = 0.2
"""How often the process is looked at while its pipe is silent."""
_LAST_SECONDS: Final = 5.0
"""How long the exit handlers of a program may take after its recording has arrived."""
_GRACE_SECONDS: Final = 1.0
"""How long an interrupted program may clean up."""
_HERE: Final = str(Path(__file__).resolve().parents[2])
_START: Final = """
import os, sys
{paths}
try:
    from kaito_iac.offline.child import main
except ModuleNotFoundError as error:
    os.write(int(sys.argv[2]), ('{{"missing": "%s"}}\\n' % error.name).encode())
    os._exit(0)
main(int(sys.argv[1]), int(sys.argv[2]))
"""


class Defect(RuntimeError):
    """Report that the code around a program failed, and not the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is run."""

    program: Path
    stack: str = "dev"
    config: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    invokes: Sequence[Mapping[str, Any]] = ()
    """Results of provider functions, as a file of them lists them."""


class Running:
    """A program that runs in a process of its own."""

    def __init__(self, request: Request, *, minutes: float = TIMEOUT_MINUTES) -> None:
        self._request = request
        self._minutes = minutes
        self._deadline = monotonic() + minutes * 60
        self._python = of_program(request.program)
        self._answers: list[Any] = []
        self._talk = Talk()
        asked, self._ask = os.pipe()
        self._answered, tells = os.pipe()
        try:
            self._process = _started(self._python, asked, tells, self._talk)
        except OSError as error:
            self._talk.failed()
            os.close(self._ask)
            os.close(self._answered)
            raise self._refusal(NO_ENVIRONMENT, f"{self._python.path} cannot be started ({error.strerror})", "") from None
        finally:
            os.close(asked)
            os.close(tells)
        self._ends = [self._ask, self._answered]
        self._interrupted = False
        self._handler = self._hear_interrupts()
        self._send()

    def outcome(self) -> wire.Outcome:
        """Wait for the program and return what it showed; raises Refusal when it cannot run or gives no answer."""
        try:
            answer = self._answer()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(min(_LAST_SECONDS, max(self._deadline - monotonic(), 0.1)))
        finally:
            self.close()
        return self._understood(answer)

    def close(self) -> None:
        """End the process and everything it has started, when it has not ended by itself."""
        if self._handler is not None:
            signal.signal(signal.SIGINT, self._handler)
            self._handler = None
        if self._process.poll() is None:
            self._signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE_SECONDS)
            self._signal(signal.SIGKILL)
            self._process.wait()
        while self._ends:
            os.close(self._ends.pop())
        self._talk.ended()

    def _hear_interrupts(self) -> Any:
        """Remember Ctrl-C: Python drops the exception when it comes in a callback, as while a module is imported."""
        if threading.current_thread() is not threading.main_thread():
            return None
        before = signal.getsignal(signal.SIGINT)
        if before is not signal.default_int_handler:
            return None

        def interrupt(number: int, frame: Any) -> None:
            self._interrupted = True
            raise KeyboardInterrupt

        return signal.signal(signal.SIGINT, interrupt)

    def _send(self) -> None:
        request = self._request
        text = json.dumps(
            {
                "protocol": wire.PROTOCOL,
                "program": os.path.abspath(request.program.expanduser()),
                "stack": request.stack,
                "config": dict(request.config),
                "references": request.references,
                "invokes": request.invokes,
            }
        )
        with contextlib.suppress(BrokenPipeError):  # a process that ended already is reported below
            view = memoryview(f"{text}\n".encode())
            while view:
                view = view[os.write(self._ask, view) :]

    def _answer(self) -> Mapping[str, Any] | None:
        """Return the last line, and keep the ones before it; None when the process ended without one."""
        rest = bytearray()
        with selectors.DefaultSelector() as ready:
            ready.register(self._answered, selectors.EVENT_READ)
            while True:
                left = self._deadline - monotonic()
                if self._interrupted:
                    raise KeyboardInterrupt
                if left <= 0:
                    raise self._late()
                if not ready.select(min(left, _LOOK_SECONDS)):
                    if self._process.poll() is not None:
                        return None
                    continue
                data = os.read(self._answered, 1 << 20)
                if not data:
                    return None
                rest += data
                if b"\n" in data:
                    *lines, tail = rest.split(b"\n")
                    rest = bytearray(tail)
                    for line in lines:
                        found = self._line(bytes(line))
                        if isinstance(found, dict):
                            return found
                        self._answers.append(found)

    def _line(self, line: bytes) -> Any:
        try:
            return wire.line_read(line)
        except (ValueError, TypeError, KeyError, RecursionError):
            fix = "leave the file descriptors of other owners alone"
            raise self._refusal(NO_ANSWER, "its process sent something else than a recording", fix) from None

    def _understood(self, answer: Mapping[str, Any] | None) -> wire.Outcome:
        if answer is None:
            raise self._ended()
        if "missing" in answer or answer.get("protocol") != wire.PROTOCOL:
            raise self._foreign(str(answer.get("missing", "")))
        if "refused" in answer:
            refused: wire.Refused = answer["refused"]
            raise Refusal(refused.title, refused.problems)
        if "system" in answer:
            raise OSError(*answer["system"])
        if "defect" in answer:
            raise Defect(answer["defect"])
        if "unfit" in answer:
            raise self._refusal(
                NO_ANSWER, f"what it registers cannot be passed on ({answer['unfit']})", "nest values less deeply"
            )
        return wire.joined(self._answers)

    def _ended(self) -> Refusal:
        """Return why there is no answer: how the process ended."""
        code = self._process.wait()
        if code < 0:
            found = f"its process was ended by {_signal_name(-code)} before the program came to its end"
            return self._refusal(
                NO_ANSWER, found, "look for what sends the signal: the program, its memory limit, another process"
            )
        found = f"its process left with exit code {code} before the program came to its end"
        return self._refusal(NO_ANSWER, found, "remove os._exit, and other code that ends the process")

    def _late(self) -> Refusal:
        fix = "look for a loop, a wait or a thread that never ends, or give it longer with --timeout MINUTES"
        return self._refusal(NO_ANSWER, f"still runs after {self._minutes:g} minutes", fix)

    def _foreign(self, missing: str) -> Refusal:
        place = self._python.path
        if missing == "kaito_iac":
            found = f"kaito-iac is not installed in the environment that Pulumi.yaml names ({place})"
        elif missing and not missing.startswith("kaito_iac."):
            found = f"{missing} is not installed in the environment that Pulumi.yaml names ({place})"
        else:
            found = f"another release of kaito-iac is installed in the environment that Pulumi.yaml names ({place})"
            return self._refusal(NO_ENVIRONMENT, found, f"install the release of this command there, {_release()}")
        return self._refusal(NO_ENVIRONMENT, found, f"install it there: {self._python.add}")

    def _refusal(self, code: str, found: str, fix: str) -> Refusal:
        problem = Problem(code, str(self._request.program), found, "a program that runs to its end", fix)
        return Refusal(f"Program {str(self._request.program)!r}", [problem])

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def _started(python: Interpreter, asked: int, tells: int, talk: Talk) -> subprocess.Popen[bytes]:
    """Start the process in a group of its own; what the program prints goes to standard error."""
    paths = f"sys.path[:] = {[*sys.path, _HERE]!r}" if python.own else ""
    command = [python.path, "-P", "-c", _START.format(paths=paths), str(asked), str(tells)]
    output, ours = talk.descriptor, (asked, tells)
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, pass_fds=ours, process_group=0)
    talk.started()
    return process


def _release() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("kaito-iac")
    except PackageNotFoundError:
        return "which runs from its sources"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
