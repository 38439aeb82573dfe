"""KQ115: what is declared of a resource agrees with what can be read, and is accepted where the configuration says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from kaito_iac.demand.declared import Declaration, concerns, program_declarations, type_of, with_declared, wrong_amount
from kaito_iac.demand.demand import Demand, Range
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.rule import RuleConfig, StackFacts, StackRule
from kaito_iac.stack.reading import field, quantity
from kaito_iac.stack.resource import DECLARATION_TYPE, Resource
from kaito_iac.validation import StrictRecord, Whole

NAME: Final = "declared-demand"
_DEVICES: Final = re.compile(r"nvidia\.com/(gpu|mig-.+)|amd\.com/gpu")


class Declared(StrictRecord):
    """What is stated of one resource by whoever owns the pack."""

    resource: str = Field(min_length=1, description="Name of the resource.")
    type: str = Field("", description="Its Pulumi type; empty: any.")
    stack: str = Field("", description="Project and stack it belongs to, as `project/stack`; empty: any.")
    gpus: Whole | None = Field(default=None, ge=0, description="GPUs it holds at most.")
    size: str = Field("", description="VM size of its nodes.")
    nodes: Whole | None = Field(default=None, ge=1, description="Nodes of that size.")
    reason: str = Field(min_length=1, description="Where the number comes from.")

    @model_validator(mode="after")
    def _states_something(self) -> Declared:
        wrong = wrong_amount(self.gpus, self.size, self.nodes)
        if wrong:
            raise ValueError(wrong)
        return self

    def declaration(self) -> Declaration:
        """Return it as demand is asked of it."""
        return Declaration(
            resource=self.resource, type=self.type, gpus=self.gpus, size=self.size, nodes=self.nodes, reason=self.reason
        )


class Config(RuleConfig):
    """Settings of the rule."""

    declarations: Literal["pack", "program"] = Field(
        "pack",
        description="pack: only what stands in `declared` counts. program: what a program declares of itself counts too.",
    )
    declared: tuple[Declared, ...] = Field((), description="Demand of resources that no reader knows.")

    def accepted(self, resources: Sequence[Resource]) -> tuple[Declaration, ...]:
        """Return the declarations that count for a stack."""
        own = program_declarations(resources) if self.declarations == "program" else ()
        return tuple(replace(one, counts=True) for one in (*self.of_pack(resources), *own))

    def of_pack(self, resources: Sequence[Resource]) -> tuple[Declaration, ...]:
        """Return the declarations of the configuration that are about a stack."""
        stack = next((_stack(one.urn) for one in resources if one.urn.startswith("urn:")), "")
        return tuple(one.declaration() for one in self.declared if one.stack in ("", stack))


def _stack(urn: str) -> str:
    head, _, rest = urn.partition("::")
    return f"{rest.partition('::')[0]}/{head.rpartition(':')[2]}"


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Hold every declaration of the program and of the configuration against what can be read of its resource."""
    yield from contradictions(facts.resources, facts.demands, (*config.of_pack(facts.resources),))
    yield from contradictions(facts.resources, facts.demands, program_declarations(facts.resources))


def contradictions(
    resources: Sequence[Resource], found: Sequence[Demand], declarations: Sequence[Declaration]
) -> Iterator[Problem]:
    """Report declarations that contradict what can be read, each other, or name nothing."""
    for index, one in enumerate(declarations):
        named = [r for r in resources if concerns(one, r.name, r.type) and r.type != DECLARATION_TYPE]
        opaque = [demand for demand in found if demand.unread and concerns(one, demand.resource, type_of(demand.urn))]
        if not named:
            if one.urn:
                yield _wrong(one, "no resource has this name", "a resource of this program")
        elif len(opaque) > 1:
            told = f"{len(opaque)} resources of this name cannot be counted"
            yield _wrong(one, told, "one resource", "name its type: pass the resource, or type in the pack's configuration")
        elif opaque:
            yield from _less_than_values(one, next(r for r in named if r.urn == opaque[0].urn))
        else:
            yield from _counted(one, named, resources, found)
        if any(concerns(one, other.resource, one.type or other.type) and _differ(one, other) for other in declarations[:index]):
            yield _wrong(one, f"declared twice, here with {one.amount}", "one declaration of a resource")


def _differ(one: Declaration, other: Declaration) -> bool:
    return (one.gpus, one.size, one.nodes) != (other.gpus, other.size, other.nodes)


def _counted(
    one: Declaration, named: Sequence[Resource], resources: Sequence[Resource], found: Sequence[Demand]
) -> Iterator[Problem]:
    """Compare with what is counted of a resource, and of what lies in it."""
    inside = _inside(named, resources)
    held = [demand.gpus for demand in found if demand.urn in inside]
    if any(isinstance(gpus, Unknown) for gpus in held):
        return  # neither agrees nor contradicts; what is unknown stays so
    counted = sum(gpus.high for gpus in held if isinstance(gpus, Range))
    if one.most is not None and counted != one.most:
        told = f"declared with {one.amount}, and {counted:g} GPUs can be read"
        yield _wrong(one, told, "no declaration of what can be counted", "take the declaration out")


def _inside(named: Sequence[Resource], resources: Sequence[Resource]) -> set[str]:
    inside = {one.urn for one in named}
    for one in resources:  # parents come before their children
        if one.parent in inside:
            inside.add(one.urn)
    return inside


def _less_than_values(one: Declaration, resource: Resource) -> Iterator[Problem]:
    """Compare with the GPUs that one pod of the values of a chart asks for."""
    asked = max((value for value in _asked(field(resource.inputs, "values"))), default=0)
    if one.most is not None and asked > one.most:
        yield _wrong(one, f"declared with {one.amount}, and its values ask for {asked:g} GPUs", "no fewer GPUs than its values")


def _asked(values: Any) -> Iterator[float]:
    if isinstance(values, Mapping):
        for key, value in values.items():
            number = quantity(value, str(key)) if _DEVICES.fullmatch(str(key)) else None
            if isinstance(number, int | float):
                yield number
            yield from _asked(value)
    elif isinstance(values, list | tuple):
        for value in values:
            yield from _asked(value)


def _wrong(one: Declaration, told: str, accepted: str, fix: str = "") -> Problem:
    return Problem("KQ115", f"declaration of {one.resource}", told, accepted, fix)


class CountedAsDeclared(Sequence[Demand]):
    """The demand of a stack with what its configuration accepts of declarations, counted at first use."""

    def __init__(self, stack: StackFacts, config: Config) -> None:
        self._stack = stack
        self._config = config

    @cached_property
    def _demands(self) -> Sequence[Demand]:
        accepted = self._config.accepted(self._stack.resources)
        return with_declared(self._stack.demands, accepted) if accepted else self._stack.demands

    def __len__(self) -> int:
        return len(self._demands)

    def __getitem__(self, index: Any) -> Any:
        return self._demands[index]


RULE = StackRule(
    code="KQ115",
    name=NAME,
    title="What is declared of a resource agrees with what can be read",
    config=Config,
    check=check,
    why="A declaration stands in for a count: one that is wrong, or that a pull request makes for itself, hides GPUs.",
    fix="Take the declaration out where the resource is counted; correct its number where it differs.",
    tags=("gpu", "cost", "quota"),
)
