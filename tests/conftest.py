"""Golden files: what is registered, and what is inferred, as texts a reviewer reads.

KAITO_IAC_WRITE_GOLDEN=1 writes them anew, for the diff to be read: a change in one is a change for existing stacks.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from kaito_iac.offline import wire
from kaito_iac.offline.process import Request
from kaito_iac.offline.recording import Recording
from kaito_iac.planning import rehearsal
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Options, Resource
from kaito_iac.testing import conceal

from .compact import compact

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")  # a machine with other work is no reason to fail
LOOP = asyncio.new_event_loop()
"""Tables of tests make Outputs while they are collected, which from Python 3.12 on needs a loop that somebody set."""
asyncio.set_event_loop(LOOP)
atexit.register(LOOP.close)
GOLDEN = Path(__file__).parent / "golden"
NOTHING = Options()
START = time.monotonic()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option by which `make quick` ends in time."""
    parser.addoption("--within", type=float, metavar="SECONDS", help="Skip the tests that have not begun by then.")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips a test that would begin too late."""
    within = item.config.getoption("--within")
    if within is not None and time.monotonic() - START > within:
        pytest.skip(f"not begun within {within:g} s: `make check` runs it")


def _plain(value: Any) -> Any:
    if isinstance(value, Unknown):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _named(value: Any) -> Any:
    """Return the names in the place of URNs."""
    if isinstance(value, str) and value.startswith("urn:"):
        return value.rpartition("::")[2] if "::pulumi:providers:" not in value else value.split("::")[3]
    if isinstance(value, Mapping):
        return {key: _named(item) for key, item in value.items()}
    return [_named(item) for item in value] if isinstance(value, list | tuple) else value


def _options(options: Options) -> dict[str, Any]:
    """Return what differs from the defaults; azure-native's aliases for every version of an API are left out."""
    set_ones = {entry.name: getattr(options, entry.name) for entry in fields(options)}
    set_ones["aliases"] = tuple(alias for alias in options.aliases if "azure-native" not in alias)
    return {name: _named(value) for name, value in set_ones.items() if value != getattr(NOTHING, name) and name != "version"}


def _told(resource: Resource) -> dict[str, Any]:
    parent = resource.parent or ""
    told = {
        "type": resource.type,
        "name": resource.name,
        "parent": "" if "pulumi:pulumi:Stack::" in parent else parent.rpartition("::")[2],
        "provider": _named(resource.provider),
        "inputs": _plain(conceal(resource.inputs)),
        "outputs": {} if resource.custom else _plain(conceal(resource.outputs)),
        "options": _options(resource.options),
    }
    return {key: value for key, value in told.items() if value}


def registrations(recording: Recording) -> str:
    """Return everything registered beside the stack, sorted by name, and what is exported, as a readable JSON text."""
    resources = sorted(recording.resources[1:], key=lambda resource: (resource.name, resource.type))
    identities = [(resource.type, resource.parent, resource.name) for resource in resources]
    assert len(set(identities)) == len(identities), "two resources share type, parent and name"
    told: dict[str, Any] = {"resources": [_told(resource) for resource in resources]}
    if recording.exports:
        told["exports"] = _plain(conceal(recording.exports))
    return compact(told) + "\n"


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with its golden file, or writes it when that is asked for."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("KAITO_IAC_WRITE_GOLDEN"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert text == path.read_text()

    return compare


@pytest.fixture
def written() -> Callable[[Any], str]:
    """Return data as the JSON of golden files."""
    return lambda value: compact(value) + "\n"


@pytest.fixture(name="registrations")
def _registrations() -> Callable[[Recording], str]:
    return registrations


class RunningHere:
    """Runs a program in the process of the tests; what it shows goes over the wire all the same."""

    def __init__(self, request: Request, *, minutes: float) -> None:
        self._request = request

    def outcome(self) -> wire.Outcome:
        from kaito_iac.offline.rehearsal import outcome

        asked = self._request
        found = outcome(asked.program, stack=asked.stack, config=asked.config, references=asked.references)
        return wire.read(list(wire.written(found)))

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _a_loop_is_set() -> None:
    """`asyncio.run` leaves a thread without a loop, and a test after it may make an Output outside a program."""
    asyncio.set_event_loop(LOOP)


@pytest.fixture(autouse=True)
def _programs_run_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process for every program would take most of the time; tests about it are marked."""
    if request.node.get_closest_marker("process") is None:
        monkeypatch.setattr(rehearsal, "Running", RunningHere)
