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
_PAUSE_SECONDS: Final = 0.005


def serves_callbacks(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether a call to the engine can lead back into the program that runs in a loop, as transforms do."""
    return any(servicer._loop is loop for servicer in _Servicer._servicers)


async def stop_callbacks() -> None:
    """Stop the services of all programs of this process."""
    await _Servicer.shutdown()


@contextlib.contextmanager
def started_before_stopped() -> Iterator[None]:
    """Let a service start before it is stopped: a program that fails at once does both, and gRPC ends the process by SIGSEGV."""
    serve, shutdown = _Servicer.serve, _Servicer.__dict__["shutdown"]
    starting: list[Any] = []

    async def serving(servicer: Any) -> None:
        starting.append(servicer)
        try:
            await serve(servicer)
        finally:
            starting.remove(servicer)

    async def stopping(of: Any) -> None:
        loop = asyncio.get_running_loop()
        latest = loop.time() + _START_SECONDS
        while any(servicer._loop is loop for servicer in starting) and loop.time() < latest:
            await asyncio.sleep(_PAUSE_SECONDS)
        await shutdown.__func__(of)

    _Servicer.serve, _Servicer.shutdown = serving, classmethod(stopping)
    try:
        yield
    finally:
        _Servicer.serve, _Servicer.shutdown = serve, shutdown
