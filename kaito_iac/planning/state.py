"""What a saved state means: resources, what they hold, what it costs, and the findings of packs, quota and budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any, Final

from kaito_iac.offline.recording import Recording
from kaito_iac.planning.always import stack_problems
from kaito_iac.planning.exception import exceptions
from kaito_iac.planning.judgement import Judged, pack_problems, quota_problems
from kaito_iac.planning.plan import Plan, counted, plan_of
from kaito_iac.planning.pricing import prices_of
from kaito_iac.planning.request import NO_LIMITS, Limits
from kaito_iac.problem import Unknown, errors
from kaito_iac.stack.resource import Resource, Stack

_DEEPEST: Final = 24
"""Maximum nesting of values that a pack's process accepts."""
_MOST: Final = 2.0**63
"""Numbers beyond it are no counts, and no policy can receive them."""


def judge_state(
    state: Stack,
    limits: Limits = NO_LIMITS,
    *,
    name: str = "state",
    packs: Sequence[Path] = (),
    policy_config: Path | None = None,
) -> Plan:
    """Judge what a state holds as `make_plan` judges a program; `name` is what a state without resources is called.

    Policies see the inputs that were registered, of components also the outputs; secrets are unknown to them.
    """
    recording = recorded(state, name)
    book, unpriced = prices_of(limits.prices, limits.quota)
    found = tuple(counted(state.resources, limits, book))
    granted = exceptions(facts(state), policy_config)
    problems = [
        *state.problems,
        *stack_problems(facts(state), found),
        *granted.problems(facts(state), found),
        *quota_problems(
            granted.for_limits(found),
            limits.quota,
            date.today(),
            ledger=limits.ledger,
            subscription=limits.subscription,
            waiving=granted.waiving,
        ),
        *pack_problems(
            Judged(recording, lambda: facts(state), lambda changed: facts(state), remedies=False), packs, policy_config
        ),
        *unpriced,
    ]
    whole = not errors(state.problems)
    plan = plan_of(recording, granted.for_limits(found), problems, granted)
    return replace(plan, complete=whole, made=state.made or plan.made, saved=True, prices=book)


def facts(state: Stack) -> list[Resource]:
    """Return the resources of a saved state as rules see them; what the stack only looks up is not its own."""
    return [found for found in state.resources if not found.read]


def recorded(state: Stack, name: str = "state") -> Recording:
    """Return a state as a recording, for plans and for the processes of packs."""
    project, stack = state.owner
    return Recording(
        project=project or name,
        stack=stack or "unknown",
        organization="organization",
        dry_run=True,
        resources=tuple(map(_resource, state.resources)),
        exports={},
    )


def _resource(found: Resource) -> Resource:
    inputs, outputs = _sendable(found.inputs), _sendable(found.outputs)
    options = found.options
    return replace(
        found,
        urn=_text(found.urn),
        type=_text(found.type),
        name=_text(found.name),
        parent=found.parent and _text(found.parent),
        inputs=inputs if isinstance(inputs, dict) else {},
        outputs=outputs if isinstance(outputs, dict) else {},
        options=replace(options, additional_secret_outputs=tuple(map(_text, options.additional_secret_outputs))),
    )


def _sendable(value: Any, depth: int = 0) -> Any:
    """Return a value that goes over the wire; what does not is unknown."""
    if isinstance(value, Mapping | list) and depth > _DEEPEST:
        return Unknown("nested too deep to be judged")
    if isinstance(value, Mapping):
        return {_text(str(key)): _sendable(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        return [_sendable(part, depth + 1) for part in value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float) and not (isfinite(value) if isinstance(value, float) else abs(value) < _MOST):
        return Unknown("no number that can be judged")
    return value


def _text(value: str) -> str:
    """Return a text that can be encoded; half a character becomes a mark."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
