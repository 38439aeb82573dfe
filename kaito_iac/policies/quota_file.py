"""The quota file: limits of vCPU families by region, and of which day they are."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, ValidationError

from kaito_iac.policies.rule import RuleConfig, Whole, config_problems
from kaito_iac.presets.yaml_file import Document, read_yaml
from kaito_iac.problem import Problem
from kaito_iac.sizing.demand import region_key

_TOP: Final = "the keys date and limits"


def _iso(value: Any) -> Any:
    if type(value) is datetime.date:
        return value
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("a day such as 2026-01-31") from None


class Limit(RuleConfig):
    """vCPUs of one family in one region."""

    family: str = Field(
        min_length=1,
        description="Quota family as the cloud names it; blanks and case do not matter. `cores`: all families together.",
    )
    region: str = Field(min_length=1, description="Region the limit holds in.")
    limit: Whole = Field(ge=0, description="vCPUs the subscription may use.")
    used: Whole = Field(0, ge=0, description="vCPUs in use by others than this stack.")
    subscription: str = Field("", description="Subscription or account, for readers.")

    @property
    def key(self) -> tuple[str, str]:
        """Gives family and region in the one spelling that limits are looked up by."""
        return family_key(self.family), region_key(self.region)


class QuotaFile(RuleConfig):
    """Limits, read on one day."""

    date: Annotated[datetime.date, BeforeValidator(_iso)] = Field(description="Day the limits and uses were read.")
    limits: tuple[Limit, ...] = Field(description="One entry per family and region.")


def read_quota(path: Path) -> tuple[QuotaFile | None, list[Problem]]:
    """Reads a quota file; gives None and every problem, with lines, when it cannot be used."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else "no UTF-8 text"
        return None, [Problem("KQ103", path.name, told, "a readable quota file")]
    document, problems = read_yaml(text, path.name)
    if document is None:
        return None, [
            Problem("KQ103", problem.path, problem.found, _TOP if "mapping at the top" in problem.found else problem.accepted)
            for problem in problems
        ]
    try:
        quota = QuotaFile.model_validate(document.data)
    except ValidationError as error:
        return None, list(_misfits(document, path.name, error))
    problems = list(_repeated(quota, document, path.name))
    return None if problems else quota, problems


def _misfits(document: Document, name: str, error: ValidationError) -> Iterator[Problem]:
    told = config_problems("KQ103", "", QuotaFile, error, "mend the quota file")
    for entry, problem in zip(error.errors(include_url=False), told, strict=True):
        where = f"{name}:{document.line(tuple(entry['loc']))}"
        key = problem.path.lstrip(".")
        yield Problem("KQ103", where, f"{key}: {problem.found}" if key else problem.found, problem.accepted, problem.fix)


def _repeated(quota: QuotaFile, document: Document, name: str) -> Iterator[Problem]:
    """Says which limits stand there twice, so that nobody knows which one holds."""
    lines: dict[tuple[str, str], int] = {}
    for index, limit in enumerate(quota.limits):
        line = document.line(("limits", index))
        first = lines.setdefault(limit.key, line)
        if first != line:
            told = f"{limit.family} in {limit.region} a second time, first on line {first}"
            yield Problem("KQ103", f"{name}:{line}", told, "one limit per family and region", "keep the one that holds")


def family_key(name: str) -> str:
    """Gives a family name as Azure's lists agree on it: without blanks, in lower case."""
    return "".join(name.split()).lower()
