"""A wait ends in words when the update is stopped, and leaves signals as they were when it is not."""

import asyncio
import os
import signal

import pytest

from kaito_iac.components import interruption
from kaito_iac.components.cluster_access import aside
from kaito_iac.components.interruption import Waits, unless_stopped
from kaito_iac.errors import SpecError


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """Return a process without waits, and its signals back afterwards."""
    made = Waits()
    monkeypatch.setattr(interruption, "WAITS", made)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield made
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_stopped(number):
    """Every wait under way says what it waited for; a second signal, as the engine sends it, changes nothing."""

    async def program():
        waits = [unless_stopped(asyncio.sleep(60), f"ReadinessGate '{name}'", f"Workspace/{name}") for name in ("a", "b")]
        loop = asyncio.get_running_loop()
        for delay in (0.05, 0.06):
            loop.call_later(delay, os.kill, os.getpid(), number)
        return [str(found) for found in await asyncio.gather(*waits, return_exceptions=True)]

    assert asyncio.run(program()) == [
        f"ReadinessGate '{name}': 1 problem\n"
        f"  wait: stopped while waiting for Workspace/{name}; nothing was rolled back [KO494]\n"
        "    fix: run it again"
        for name in ("a", "b")
    ]


def test_not_stopped():
    """A wait that ends by itself gives its result or its error, and signals are handled as before."""

    async def late():
        await asyncio.sleep(0.01)
        raise OSError("no cluster")

    async def program():
        before = signal.getsignal(signal.SIGINT)
        found = await unless_stopped(aside(lambda: 7), "Gate", "x")
        with pytest.raises(OSError, match="no cluster"):
            await unless_stopped(late(), "Gate", "x")
        return found, signal.getsignal(signal.SIGINT) is before

    assert asyncio.run(program()) == (7, True)


def test_cancelled_by_the_engine(waits):
    """The engine's cancellation of a plugin ends its waits, too."""

    async def program():
        asyncio.get_running_loop().call_later(0.05, waits.stop)
        await unless_stopped(asyncio.sleep(60), "Gate", "Workspace/chat in default")

    with pytest.raises(SpecError, match="stopped while waiting for Workspace/chat in default; nothing was rolled back"):
        asyncio.run(program())


def test_beside_the_main_thread():
    """Where signals cannot be caught, a wait is a wait."""

    async def program():
        return await aside(lambda: asyncio.run(unless_stopped(asyncio.sleep(0, result=7), "Gate", "x")))

    assert asyncio.run(program()) == 7
