"""What a rule is: a code, a configuration, and a pure check over what a stack holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar

from kaito_iac.demand.demand import Demand
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Problem, Unknown
from kaito_iac.stack.resource import Resource

if TYPE_CHECKING:
    from kaito_iac.rules.config import RuleConfig as RuleConfig
    from kaito_iac.rules.config import Watchful as Watchful

Level = Literal["advisory", "mandatory"]


def __getattr__(name: str) -> Any:
    """Return the base of settings when it is first asked for: it loads pydantic, which a plan without packs does without."""
    if name in ("RuleConfig", "Watchful"):
        from kaito_iac.rules import config

        return getattr(config, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


OnUnknown = Literal["deny", "warn-unread", "warn"]
"""What becomes of demand that is not known: it stops the stack, or is left to the rules that list it."""


def left(found: Iterable[Demand], on_unknown: OnUnknown) -> list[Demand]:
    """Return what a limit is held against: where it does not deny, without what no reader knows."""
    return [demand for demand in found if on_unknown == "deny" or not demand.unread]


class NoSettings:
    """The settings of a rule that has none: asked like a `RuleConfig`, and read without loading pydantic."""

    model_fields: ClassVar[Mapping[str, Any]] = {}

    @classmethod
    def model_validate(cls, values: Mapping[str, Any]) -> NoSettings:
        """Return the settings; any key is refused as pydantic refuses it."""
        if values:
            from kaito_iac.rules.config import RuleConfig

            RuleConfig.model_validate(values)
        return cls()

    @classmethod
    def model_json_schema(cls, *, by_alias: bool = True) -> dict[str, Any]:
        """Return the schema of no settings."""
        from kaito_iac.rules.config import RuleConfig

        return RuleConfig.model_json_schema(by_alias=by_alias)


class LaterDemands(Sequence[Demand]):
    """What resources hold of GPUs, counted at first use."""

    def __init__(self, resources: Sequence[Resource]) -> None:
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
    resources: Sequence[Resource] = ()
    """Every resource of the stack, parents before children, as the engine shows a whole stack: by its outputs."""
    each: Sequence[Resource] = ()
    """The resources that rules about one resource are asked of: by its inputs."""

    @classmethod
    def of(cls, resources: Sequence[Resource], today: date, folder: Path, each: Sequence[Resource] | None = None) -> StackFacts:
        """Return what rules may look at, of resources alone; `each` where inputs and outputs differ."""
        one_by_one = resources if each is None else each
        return cls(demands=LaterDemands(resources), today=today, folder=folder, resources=resources, each=one_by_one)


C = TypeVar("C", bound="RuleConfig | NoSettings")
F = TypeVar("F")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[F, C]):
    """What every rule has: words for the user it stops, a configuration, and a check over plain facts."""

    code: str
    name: str
    """Name of the policy in a pack."""
    title: str
    config: type[C]
    check: Callable[[F, C], Iterator[Problem]]
    why: str
    """Reason for the rule, for the user it stops."""
    level: Level = "mandatory"
    severity: Literal["low", "medium", "high", "critical"] = "high"
    fix: str = ""
    tags: tuple[str, ...] = field(default=())
    url: str = ""
    """Address of a page that says more; empty when there is none."""

    def judge(self, facts: F, settings: Mapping[str, Any]) -> Iterator[Problem]:
        """Check the settings, then the facts; what cannot be read is a finding, never an exception."""
        from pydantic import ValidationError

        from kaito_iac.validation import validation_problems

        try:
            config: Any = self.config.model_validate(dict(settings))
        except ValidationError as error:
            model: Any = self.config
            yield from validation_problems(self.code, self.name, model, error)
            return
        yield from self.ask(facts, config)

    def ask(self, facts: F, config: C) -> Iterator[Problem]:
        """Check the facts with settings that are checked already; a rule that fails is a finding, never an exception."""
        try:
            yield from self.check(facts, config)
        except Exception as error:
            yield broken(self.code, self.name, error)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRule(Rule[StackFacts, C]):
    """One rule about a whole stack; the engine asks it when everything is registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRule(Rule[Resource, C]):
    """One rule about one resource; the engine asks it before the resource exists."""

    about: str
    """Pattern of the Pulumi types it is about, such as `kubernetes:kaito[.]sh/.*`: it is asked of no other."""
    remedy: Callable[[Resource, C], Mapping[str, Any] | None] | None = None
    """Return inputs that the rule has nothing against; None: the resource needs none, or a person has to decide."""

    def ask(self, facts: Resource, config: C) -> Iterator[Problem]:
        """Judge one resource; one whose inputs cannot be read is a finding."""
        if isinstance(facts.inputs, Unknown):
            yield Problem(self.code, facts.name, str(facts.inputs), "inputs that can be read")
        else:
            yield from Rule.ask(self, facts, config)

    def concerns(self, kind: str) -> bool:
        """Return whether the rule is about resources of a Pulumi type."""
        return _matches(self.about, kind)

    def remedied(self, fact: Resource, config: C) -> Mapping[str, Any] | None:
        """Return the inputs as the rule wants them; None when it leaves them as they are, whatever the reason."""
        if self.remedy is None:
            return None
        try:
            return self.remedy(fact, config)
        except Exception:  # the check that follows says what is wrong
            return None


@lru_cache(maxsize=8192)
def _matches(pattern: str, kind: str) -> bool:
    return re.fullmatch(pattern, kind) is not None


AnyRule = StackRule[Any] | ResourceRule[Any]


def broken(code: str, where: str, error: Exception) -> Problem:
    """Return the finding of a rule that failed."""
    message = f"could not be judged: {type(error).__name__}: {error}"
    return Problem(code, where, message, "readable resources", "report this as a defect of the pack")
