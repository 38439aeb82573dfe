"""KQ115: what is declared of a resource agrees with what can be read, and is accepted where the configuration says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from kaito_iac.demand.declared import Declaration, program_declarations, with_declared, wrong_amount
from kaito_iac.demand.demand import Demand
from kaito_iac.problem import Problem
from kaito_iac.rules.contradiction import contradictions
from kaito_iac.rules.rule import RuleConfig, StackFacts, StackRule
from kaito_iac.stack.resource import Resource
from kaito_iac.validation import StrictRecord, Whole

NAME: Final = "declared-demand"


class Declared(StrictRecord):
    """What the owner of the pack states of one resource."""

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
        description="pack: only what is in `declared` counts. program: what a program declares of itself counts too.",
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
    title="The declaration of a resource agrees with what can be counted",
    config=Config,
    check=check,
    why="A declaration replaces a count, so a wrong one, or one that a pull request makes for itself, hides GPUs.",
    fix="Remove the declaration if the resource is counted; correct the number if it differs.",
    tags=("gpu", "cost", "quota"),
)
