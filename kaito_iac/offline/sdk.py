"""What the Pulumi SDK has for itself and an offline run needs: the services that call back into a program."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any, Final

from pulumi.runtime import _callbacks

_Servicer: Any = _callbacks._CallbackServicer  # the SDK states no types for what it has for itself
_START_SECONDS: Final = 1.0
"""How long a service that is stopped may take to start."""


def serves_callbacks(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether a call to the engine can lead back into the program that runs in a loop, as transforms do."""
    return any(servicer._loop is loop for servicer in _Servicer._servicers)


async def stop_callbacks() -> None:
    """Stop the services of all programs of this process."""
    await _Servicer.shutdown()


@contextlib.contextmanager
def started_before_stopped() -> Iterator[None]:
    """Let a service start before it is stopped: a program that fails at once does both, and gRPC ends the process by SIGSEGV."""
    serve, shutdown = _Servicer.serve, _Servicer.shutdown
    starting: list[asyncio.Task[None]] = []

    async def serving(servicer: Any) -> None:
        started = asyncio.ensure_future(serve(servicer))
        starting.append(started)
        await asyncio.shield(started)

    async def stopping() -> None:
        loop = asyncio.get_running_loop()
        own = [started for started in starting if started.get_loop() is loop and not started.done()]
        if own:
            await asyncio.wait(own, timeout=_START_SECONDS)
        await shutdown()

    _Servicer.serve, _Servicer.shutdown = serving, stopping
    try:
        yield
    finally:
        _Servicer.serve, _Servicer.shutdown = serve, classmethod(shutdown.__func__)
