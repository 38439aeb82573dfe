"""States, in a stack program, what a resource holds that no reader can count, such as a chart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pulumi

from kaito_iac.demand.declared import wrong_amount
from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem
from kaito_iac.stack.resource import DECLARATION_TYPE


class _Declaration(pulumi.ComponentResource):
    """A declaration as plans, policy packs, guards and saved states see it: a component without children."""

    def __init__(self, name: str, props: dict[str, Any]) -> None:
        super().__init__(DECLARATION_TYPE, name, props)
        self.register_outputs(props)


def declare(
    resource_or_name: pulumi.Resource | str,
    *,
    gpus: int | None = None,
    size: str | None = None,
    nodes: int | None = None,
    reason: str,
) -> None:
    """State what a resource holds at most that no reader can count, such as a chart or a component of another package.

    Give `gpus`, or `size` (a VM size) with `nodes`, or all three. `reason` says where the number comes from. Plans and reports
    show it with its line. It counts for a limit where the policy configuration has `declarations: program` in
    `declared-demand`, and for `kaito_iac.guard` with `declarations="program"`; a guard has to see it before the resource, so
    declare by name above it. A declaration that contradicts what can be read is an error. Raises SpecError.
    """
    named, type_ = _named(resource_or_name)
    problems = list(_wrong(named, gpus, size, nodes, reason))
    if problems:
        raise SpecError(f"declaration of {named!r}", problems)
    facts = {"resource": named, "resourceType": type_, "gpus": gpus, "size": size, "nodes": nodes, "reason": reason}
    name = f"{named}-{type_.rpartition(':')[2]}" if type_ else str(named)
    _Declaration(name, {key: value for key, value in facts.items() if value not in (None, "")})


def _named(resource_or_name: Any) -> tuple[Any, str]:
    if isinstance(resource_or_name, pulumi.Resource):
        return resource_or_name.pulumi_resource_name, resource_or_name.pulumi_resource_type
    return resource_or_name, ""


def _wrong(name: Any, gpus: Any, size: Any, nodes: Any, reason: Any) -> Iterator[Problem]:
    fix = 'write it as in kaito_iac.declare("triton", gpus=2, reason="two replicas")'
    if not isinstance(name, str) or not name:
        yield Problem("KS102", "declare", f"{type(name).__name__} instead of a name", "a resource, or its name as a text", fix)
    if not isinstance(reason, str) or not reason.strip():
        yield Problem("KS102", "reason", "missing", "where the number comes from", fix)
    for key, value, least in (("gpus", gpus, 0), ("nodes", nodes, 1)):
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= least
        if value is not None and not whole:
            yield Problem("KS102", key, f"{value!r}"[:80], f"a whole number, at least {least}")
            return
    if size is not None and not isinstance(size, str):
        yield Problem("KS102", "size", f"{type(size).__name__}", "the name of a VM size")
        return
    accepted = wrong_amount(gpus, size or "", nodes)
    if accepted:
        stated = ", ".join(
            f"{key}={value!r}" for key, value in (("gpus", gpus), ("size", size), ("nodes", nodes)) if value is not None
        )
        yield Problem("KQ115", "declare", stated or "no amount", accepted, fix)
