"""What a rule is: a code, a configuration, and a pure check over what a stack holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Generic, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from kaito_iac.policies.facts import Fact
from kaito_iac.problem import Problem, Unknown
from kaito_iac.sizing.demand import Demand, Range
from kaito_iac.sizing.stack_demand import demands

Level = Literal["advisory", "mandatory"]


def integral(value: Any) -> Any:
    """Gives a float without a fraction as a whole number: the policy SDK hands every number over as a float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, Field(strict=True), BeforeValidator(integral)]
"""A whole number."""


class RuleConfig(BaseModel):
    """The configuration of a rule: plain values, camelCase keys, nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Watchful(RuleConfig):
    """The configuration of a rule that may meet values nobody knows before the update."""

    on_unknown: Literal["deny", "warn"] = Field(
        "deny", description="deny: a value that is not known stops the stack. warn: leave it to unknown-values."
    )

    def unread(self, code: str, path: str, value: Unknown, accepted: str, fix: str = "") -> Iterator[Problem]:
        """Says that a value is not known, unless it is left to the rule that lists them."""
        if self.on_unknown == "deny":
            yield Problem(code, path, str(value), accepted, fix)


class LaterDemands(Sequence[Demand]):
    """What resources hold of GPUs, counted when somebody first looks."""

    def __init__(self, resources: Sequence[Fact]) -> None:
        self._resources = resources

    @cached_property
    def _demands(self) -> tuple[Demand, ...]:
        return demands(self._resources)

    def __len__(self) -> int:
        return len(self._demands)

    def __getitem__(self, index: Any) -> Any:
        return self._demands[index]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFacts:
    """What a rule may look at: nothing of it is read by the rule itself."""

    demands: Sequence[Demand]
    today: date
    folder: Path
    """Folder that relative files are looked for in."""
    resources: Sequence[Fact] = ()
    """Every resource of the stack, parents before children."""

    @classmethod
    def of(cls, resources: Sequence[Fact], today: date, folder: Path) -> StackFacts:
        """Gives what rules may look at, of resources alone."""
        return cls(demands=LaterDemands(resources), today=today, folder=folder, resources=resources)


C = TypeVar("C", bound=RuleConfig)
F = TypeVar("F")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[F, C]):
    """What every rule has: words for whoever it stops, a configuration, and a check over plain facts."""

    code: str
    name: str
    """Name of the policy in a pack."""
    title: str
    config: type[C]
    check: Callable[[F, C], Iterator[Problem]]
    why: str
    """Reason for the rule, for whoever it stops."""
    level: Level = "mandatory"
    severity: Literal["low", "medium", "high", "critical"] = "high"
    fix: str = ""
    tags: tuple[str, ...] = field(default=())
    url: str = ""
    """Address of a page that says more; empty when there is none."""

    def judge(self, facts: F, settings: Mapping[str, Any]) -> Iterator[Problem]:
        """Checks the configuration, then the facts; what cannot be read is a finding, never an exception."""
        try:
            config = self.config.model_validate(dict(settings))
        except ValidationError as error:
            yield from config_problems(self.code, self.name, self.config, error)
            return
        try:
            yield from self.check(facts, config)
        except Exception as error:
            yield broken(self.code, self.name, error)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRule(Rule[StackFacts, C]):
    """One rule about a whole stack; the engine asks it when everything is registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRule(Rule[Fact, C]):
    """One rule about one resource; the engine asks it before the resource exists."""

    about: str
    """Pattern of the Pulumi types it is about, such as `kubernetes:kaito[.]sh/.*`: it is asked of no other."""
    remedy: Callable[[Fact, C], Mapping[str, Any] | None] | None = None
    """Gives inputs that the rule has nothing against; None: the resource needs none, or a person has to decide."""

    def judge(self, facts: Fact, settings: Mapping[str, Any]) -> Iterator[Problem]:
        """Judges one resource; one whose inputs cannot be read is a finding."""
        if isinstance(facts.inputs, Unknown):
            yield Problem(self.code, facts.name, str(facts.inputs), "inputs that can be read")
        else:
            yield from Rule.judge(self, facts, settings)

    def concerns(self, kind: str) -> bool:
        """Tells whether the rule is about resources of a Pulumi type."""
        return _matches(self.about, kind)

    def remedied(self, fact: Fact, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Gives the inputs as the rule wants them; None when it leaves them as they are, whatever the reason."""
        if self.remedy is None:
            return None
        try:
            return self.remedy(fact, self.config.model_validate(dict(settings)))
        except Exception:  # the check that follows says what is wrong
            return None


@lru_cache(maxsize=8192)
def _matches(pattern: str, kind: str) -> bool:
    return re.fullmatch(pattern, kind) is not None


AnyRule = StackRule[Any] | ResourceRule[Any]


def broken(code: str, where: str, error: Exception) -> Problem:
    """Gives the finding of a rule that failed."""
    told = f"could not be judged: {type(error).__name__}: {error}"
    return Problem(code, where, told, "readable resources", "report this as a defect of the pack")


def config_problems(
    code: str, name: str, config: type[RuleConfig], error: ValidationError, fix: str = "mend the policy configuration"
) -> Iterator[Problem]:
    """Says what is wrong with the configuration of a rule, value by value."""
    for entry in error.errors(include_url=False):
        path = ".".join([name, *(str(part) for part in entry["loc"])])
        if entry["type"] == "extra_forbidden":
            yield Problem(code, path, "a key nobody knows", _keys(config, entry["loc"][:-1]), fix)
        elif entry["type"] == "missing":
            yield Problem(code, path, "missing", "a value", fix)
        else:
            context = entry.get("ctx", {})
            accepted = str(context["error"]) if "error" in context else entry["msg"]
            yield Problem(code, path, f"{entry.get('input')!r}"[:80], _accepted(accepted), fix)


_ACCEPTED: Final = {
    "a valid integer": "a whole number",
    "a valid string": "a text",
    "a valid boolean": "true or false",
    "a valid tuple": "a list",
    "a valid dictionary or instance of Limit": "a mapping",
}
"""What pydantic expects, in the words of whoever writes YAML or JSON."""


def _accepted(said: str) -> str:
    """Gives what pydantic expects without the words that every message starts with."""
    for start in ("Input should be ", "String should have "):
        if said.startswith(start):
            expected = said.removeprefix(start)
            expected = expected if expected.startswith("'") else expected.split(", ")[0]
            expected = expected.replace("greater than or equal to", "at least").replace("less than or equal to", "at most")
            return _ACCEPTED.get(expected, expected)
    return said[0].lower() + said[1:]


def _keys(config: type[RuleConfig], path: Sequence[str | int]) -> str:
    """Tells the keys of a configuration, or of the records inside it that a path leads to."""
    for part in path:
        named = (field for name, field in config.model_fields.items() if part in (name, field.alias))
        inner = (argument for field in named for argument in get_args(field.annotation))
        config = next((kind for kind in inner if isinstance(kind, type) and issubclass(kind, RuleConfig)), config)
    keys = [field.alias or name for name, field in config.model_fields.items()]
    return f"one of {', '.join(keys)}" if keys else "no key at all"


BIG: Final = 1_000_000_000
"""Beyond it nobody wants to read a fraction."""


def amount(value: float) -> str:
    """Gives a number without a fraction it does not have."""
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) > BIG else f"{value:,.2f}"


def counted(value: float, unit: str) -> str:
    """Gives an amount with its unit: `1 GPU`, `2 GPUs`."""
    return f"{amount(value)} {unit}{'' if value == 1 else 's'}"


def shares(found: Sequence[tuple[str, Range | Unknown]]) -> str:
    """Tells who holds how much at most, the biggest first: `chat 4, tune 2`."""
    sums: dict[str, float] = {}
    for name, value in found:
        if isinstance(value, Range):
            sums[name] = sums.get(name, 0) + value.high
    biggest = sorted(((value, name) for name, value in sums.items() if value), key=lambda pair: (-pair[0], pair[1]))
    told = [f"{name} {amount(value)}" for value, name in biggest[:8]]
    return ", ".join([*told, f"and {len(biggest) - 8} more"] if len(biggest) > 8 else told)
