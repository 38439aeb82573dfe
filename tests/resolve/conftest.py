"""Ways to ask the resolver from the user's side: declare one component, get what is reported."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

import kaito_iac
from kaito_iac import SpecError
from kaito_iac.offline.recording import Recording
from kaito_iac.testing import record

Say = Callable[..., str]


def _declared(kind: str, name: str, args: Any, config: Mapping[str, Any] | None, preview: bool) -> Recording:
    made = args if callable(args) else lambda: args
    return record(lambda: getattr(kaito_iac, kind)(name, made()), config=config, preview=preview, allow_error=True)


@pytest.fixture
def refusal() -> Say:
    """Return the whole message of the SpecError that a declaration ends in; nothing may be registered by then."""

    def say(kind: str, name: str, args: Any, config: Mapping[str, Any] | None = None) -> str:
        recording = _declared(kind, name, args, config, True)
        assert recording.error is not None, "nothing was refused"
        assert isinstance(recording.error.cause, SpecError), recording.error.message
        assert [resource.type for resource in recording.resources] == ["pulumi:pulumi:Stack"]
        return str(recording.error.cause)

    return say


@pytest.fixture
def remarks() -> Say:
    """Return what is logged about a declaration that is accepted, line by line."""

    def say(kind: str, name: str, args: Any, config: Mapping[str, Any] | None = None) -> str:
        recording = _declared(kind, name, args, config, True)
        assert recording.error is None, recording.error
        return "\n".join(entry.message for entry in recording.logs if entry.severity != "debug")

    return say
