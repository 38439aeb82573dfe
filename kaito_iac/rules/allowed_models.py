"""KO412: models and their licences are ones that are allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from pydantic import Field

from kaito_iac.catalog.find import find_model
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.kaito_object import KAITO
from kaito_iac.rules.ready_timeout import model
from kaito_iac.rules.rule import ResourceRule, Watchful
from kaito_iac.stack.resource import Resource


class Config(Watchful):
    """Settings of the rule; in every list `*` stands for any text, and case does not matter."""

    allowed_models: tuple[str, ...] = Field((), description="Models that may be used, such as `microsoft/*`; empty: any.")
    denied_models: tuple[str, ...] = Field((), description="Models that may not, whatever else allows them.")
    allowed_licences: tuple[str, ...] = Field((), description="Licences that may be used, such as `mit`; empty: any.")
    denied_licences: tuple[str, ...] = Field((), description="Licences that may not.")

    @property
    def asks(self) -> bool:
        """Return whether anything is restricted."""
        return bool(self.allowed_models or self.denied_models or self.allowed_licences or self.denied_licences)


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """Judge the model an object names, by its id and by the licence the catalogue has of it."""
    name = model(fact)
    if not config.asks or name is None:
        return
    if isinstance(name, Unknown):
        yield from config.unread("KO412", "model", name, "a model that is known")
        return
    card = find_model(name)
    names = (name, card.id, card.name, *card.aliases) if card else (name,)
    fix = "take another model, or ask the owner of the lists"
    if _any(names, config.denied_models):
        yield Problem("KO412", "model", f"{name} is denied", "another model", fix)
    elif config.allowed_models and not _any(names, config.allowed_models):
        yield Problem("KO412", "model", f"{name} is not allowed", f"one of {', '.join(config.allowed_models)}", fix)
    if config.allowed_licences or config.denied_licences:
        yield from _licence(name, card.license if card else "", config)


def _licence(name: str, licence: str, config: Config) -> Iterator[Problem]:
    accepted = f"one of {', '.join(config.allowed_licences)}" if config.allowed_licences else "another licence"
    if not licence:
        unknown = Unknown(f"the catalogue has no licence of {name}")
        yield from config.unread("KO412", "licence", unknown, accepted, "take a model of the catalogue")
    elif _any((licence,), config.denied_licences) or (config.allowed_licences and not _any((licence,), config.allowed_licences)):
        yield Problem("KO412", "licence", f"{licence}, of {name}", accepted, "take a model with another licence")


def _any(names: Sequence[str], patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name.lower(), pattern.lower()) for name in names for pattern in patterns)


RULE = ResourceRule(
    code="KO412",
    name="allowed-models",
    title="Models and their licences are allowed",
    config=Config,
    check=check,
    about=KAITO,
    why="A licence applies to everyone who serves the model; a violation that is found late can stop a product.",
    fix="Use a model and a licence of the lists: `kaito-iac models NAME` shows the licence.",
    severity="medium",
    tags=("operation", "licence"),
)
