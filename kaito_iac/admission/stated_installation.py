"""KAITO's installation as a command or the environment states it: for programs whose operator is elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

PROVISIONER_VARIABLE: Final = "KAITO_IAC_PROVISIONER"
GATES_VARIABLE: Final = "KAITO_IAC_GATES"
"""Environment variables, which policy packs that are run inherit; gates are `NAME=true` pairs separated by spaces."""


def gates_of(pairs: Sequence[str]) -> dict[str, bool]:
    """Read `NAME=true` pairs; raises ValueError for a gate that KAITO does not have: its operator would not start."""
    if not pairs:
        return {}
    from kaito_iac.admission.verdict import GATES  # commands that state nothing start without the catalogue

    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if name not in GATES:
            raise ValueError(f"{name!r} is none of {', '.join(GATES)}")
        if not equals or value.strip().lower() not in ("true", "false"):
            raise ValueError(f"{pair!r} is no {name}=true or {name}=false")
        found[name] = value.strip().lower() == "true"
    return found


def stated_gates() -> dict[str, bool]:
    """Return the feature gates that are stated; none where one of them cannot be read, which judges by KAITO's defaults."""
    try:
        return gates_of(os.environ.get(GATES_VARIABLE, "").split())
    except ValueError:
        return {}


def stated_settings() -> dict[str, Any]:
    """Return provisioner and gates as settings of a rule about KAITO's objects; only what is stated."""
    from kaito_iac.admission.verdict import PROVISIONERS

    provisioner, gates = os.environ.get(PROVISIONER_VARIABLE, ""), stated_gates()
    found: dict[str, Any] = {"provisioner": provisioner} if provisioner in PROVISIONERS else {}
    return {**found, "featureGates": gates} if gates else found


@contextmanager
def stated(provisioner: str | None, gates: Sequence[str]) -> Iterator[None]:
    """Judge by this installation inside the block; raises ValueError for a gate that KAITO does not have."""
    gates_of(gates)
    given = {PROVISIONER_VARIABLE: provisioner, GATES_VARIABLE: " ".join(gates)}
    before = {name: os.environ.get(name) for name, value in given.items() if value}
    os.environ.update({name: value for name, value in given.items() if value})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
