"""The event loop of an offline run: no threads for calls that answer at once, and no waiting for what cannot come."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import selectors
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

from kaito_iac.offline.sdk import serves_callbacks

IDLE_SECONDS: Final = 1.0
"""How long nothing may happen before a run counts as stuck, when only its own loop could wake it."""
FOREIGN_SECONDS: Final = 60.0
"""The same when threads or sockets of the program's own could still wake it."""


class Stuck(BaseException):
    """End a run that waits for something that never comes."""


class OfflineLoop(asyncio.SelectorEventLoop):
    """Runs the SDK's calls to the engine in place and notices when a program waits forever."""

    def __init__(self) -> None:
        self.stuck = False
        self._busy = 0
        self._threads_before = set(threading.enumerate())
        super().__init__(_PatientSelector(self._patience, self._give_up))
        self._sockets_before = len(self._selector.get_map())  # type: ignore[attr-defined]  # the selector above
        self.set_exception_handler(lambda *_: None)

    # the base class allows more than the SDK calls it with
    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]
        """Answer the SDK's calls at once; leaves everything that may block to a thread."""
        ours = executor is None and getattr(func, "__module__", "").startswith("pulumi.")
        if ours and not self._serves_callbacks():
            future = self.create_future()
            try:
                future.set_result(func(*args))
            except Exception as error:
                future.set_exception(error)
            return future
        if ours:
            func = functools.partial(contextvars.copy_context().run, func)
        self._busy += 1
        started = super().run_in_executor(executor, func, *args)
        started.add_done_callback(self._finished)
        return started

    def waiting(self) -> Iterator[tuple[str, str]]:
        """Return type and name of every resource whose registration has not come to an end."""
        for task in asyncio.all_tasks(self):
            frame = getattr(task.get_coro(), "cr_frame", None)
            if frame is not None and frame.f_code.co_name in ("do_register", "do_read"):
                yield str(frame.f_locals.get("ty")), str(frame.f_locals.get("name"))

    def _serves_callbacks(self) -> bool:
        """Report whether a call to the engine can lead back into the program; then it must not block us."""
        return serves_callbacks(self)

    def _finished(self, _: Any) -> None:
        self._busy -= 1

    def _patience(self) -> float | None:
        if self._busy:
            return None
        ours = self._sockets_before + self._serves_callbacks()  # gRPC listens on one socket for callbacks
        sockets = len(self._selector.get_map()) > ours  # type: ignore[attr-defined]  # the selector above
        threads = any(thread not in self._threads_before and not _pooled(thread) for thread in threading.enumerate())
        return FOREIGN_SECONDS if sockets or threads else IDLE_SECONDS

    def _give_up(self) -> None:
        self.stuck = True
        raise Stuck


class _PatientSelector(selectors.DefaultSelector):
    def __init__(self, patience: Callable[[], float | None], give_up: Callable[[], None]) -> None:
        super().__init__()
        self._patience = patience
        self._give_up = give_up

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None:
            return super().select(timeout)
        limit = self._patience()
        ready = super().select(limit)
        if not ready and limit is not None:
            self._give_up()
        return ready


def _pooled(thread: threading.Thread) -> bool:
    """Report whether a thread belongs to the loop or to gRPC, and so wakes no other thread by itself."""
    return thread.name.startswith("asyncio_") or thread.name.endswith(("(_poll_wrapper)", "(channel_spin)"))
