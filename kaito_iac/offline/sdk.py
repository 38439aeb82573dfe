"""What the Pulumi SDK has for itself and an offline run needs: the services that call back into a program."""

from __future__ import annotations

import asyncio

from pulumi.runtime import _callbacks

_Servicer = _callbacks._CallbackServicer


def serves_callbacks(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether a call to the engine can lead back into the program that runs in a loop, as transforms do."""
    return any(servicer._loop is loop for servicer in _Servicer._servicers)


async def stop_callbacks() -> None:
    """Stop the services of all programs of this process."""
    # the SDK states no types for what it has for itself
    await _Servicer.shutdown()  # type: ignore[no-untyped-call]
