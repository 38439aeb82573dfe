"""Ends waits when the update is stopped, so that the engine gets a message instead of losing the program."""

import asyncio
import signal
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, Final, TypeVar

from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem

T = TypeVar("T")
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_NO_HANDLERS: Final = (NotImplementedError, RuntimeError, ValueError)
"""What asyncio raises where signals cannot be caught: on Windows, and beside the main thread."""


class Stopped(Exception):
    """Report that the update is being stopped."""


class Waits:
    """The waits of a program that are under way."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[Any]] = set()
        self._before: dict[signal.Signals, Any] = {}
        self._stopped = False

    async def until(self, work: Awaitable[T]) -> T:
        """Return what comes of the work; raises Stopped as soon as the update is stopped."""
        loop = asyncio.get_running_loop()
        stop: asyncio.Future[Any] = loop.create_future()
        if not self._waiting:
            self._catch(loop)
        self._waiting.add(stop)
        doing = asyncio.ensure_future(work)
        try:
            await asyncio.wait({doing, stop}, return_when=asyncio.FIRST_COMPLETED)
            if doing.done():
                return doing.result()
            doing.cancel()
            raise Stopped
        finally:
            stop.cancel()
            self._waiting.discard(stop)
            if not self._waiting and not self._stopped:
                self._release(loop)

    def stop(self) -> None:
        """End every wait that is under way.

        Signals are passed over from here on: the engine sends several, and the program ends once its waits have reported why.
        """
        self._stopped = True
        for one in list(self._waiting):
            if not one.done():
                one.set_result(None)

    def _catch(self, loop: asyncio.AbstractEventLoop) -> None:
        for number in _SIGNALS:
            with suppress(*_NO_HANDLERS):
                before = signal.getsignal(number)
                loop.add_signal_handler(number, self.stop)
                self._before[number] = before

    def _release(self, loop: asyncio.AbstractEventLoop) -> None:
        for number, before in self._before.items():
            with suppress(*_NO_HANDLERS):
                loop.remove_signal_handler(number)
                signal.signal(number, before)
        self._before.clear()


WAITS: Final = Waits()
"""The waits of this process."""


async def unless_stopped(work: Awaitable[T], title: str, what: str) -> T:
    """Return what comes of a wait; raises SpecError that says what was waited for when the update is stopped."""
    try:
        return await WAITS.until(work)
    except Stopped:
        message = f"stopped while waiting for {what}; nothing was rolled back"
        raise SpecError(title, [Problem("KO494", "wait", message, "", "run it again")]) from None
