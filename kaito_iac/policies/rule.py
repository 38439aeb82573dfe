"""What a rule is: a code, a configuration, and a pure check over what a stack holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from kaito_iac.problem import Problem, Unknown
from kaito_iac.sizing.demand import Demand, Range

Level = Literal["advisory", "mandatory"]


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


class RuleConfig(BaseModel):
    """The configuration of a rule: plain values, camelCase keys, nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=_camel, populate_by_name=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFacts:
    """What a rule may look at: nothing of it is read by the rule itself."""

    demands: Sequence[Demand]
    today: date
    folder: Path
    """Folder that relative files are looked for in."""


C = TypeVar("C", bound=RuleConfig)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRule(Generic[C]):
    """One rule about a whole stack."""

    code: str
    name: str
    """Name of the policy in a pack."""
    title: str
    config: type[C]
    check: Callable[[StackFacts, C], Iterator[Problem]]
    why: str
    """Reason for the rule, for whoever it stops."""
    level: Level = "mandatory"
    severity: Literal["low", "medium", "high", "critical"] = "high"
    fix: str = ""
    tags: tuple[str, ...] = field(default=())

    def judge(self, facts: StackFacts, settings: Mapping[str, Any]) -> Iterator[Problem]:
        """Checks the configuration, then the stack; what cannot be read is a finding, never an exception."""
        try:
            config = self.config.model_validate(dict(settings))
        except ValidationError as error:
            yield from config_problems(self.code, self.name, error)
            return
        yield from self.check(facts, config)


def config_problems(code: str, name: str, error: ValidationError) -> Iterator[Problem]:
    """Says what is wrong with the configuration of a rule, value by value."""
    for entry in error.errors(include_url=False):
        path = ".".join([name, *(str(part) for part in entry["loc"])])
        yield Problem(
            code,
            path,
            f"{entry.get('input')!r}"[:80],
            entry["msg"][0].lower() + entry["msg"][1:],
            "mend the policy configuration",
        )


BIG: Final = 1_000_000_000


def amount(value: float) -> str:
    """Gives a number without a fraction it does not have."""
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) > BIG else f"{value:,.2f}"


def shares(found: Sequence[tuple[str, Range | Unknown]]) -> str:
    """Tells who holds how much at most, the biggest first: `chat 4, tune 2`."""
    sums: dict[str, float] = {}
    for name, value in found:
        if isinstance(value, Range):
            sums[name] = sums.get(name, 0) + value.high
    biggest = sorted(((value, name) for name, value in sums.items() if value), key=lambda pair: (-pair[0], pair[1]))
    told = [f"{name} {amount(value)}" for value, name in biggest[:8]]
    return ", ".join([*told, f"and {len(biggest) - 8} more"] if len(biggest) > 8 else told)
