"""The quota file: limits of vCPU families by region, and of which day they are."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from kaito_iac.policies.rule import RuleConfig, config_problems
from kaito_iac.presets.yaml_file import read_yaml
from kaito_iac.problem import Problem


def _iso(value: Any) -> Any:
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


class Limit(RuleConfig):
    """vCPUs of one family in one region."""

    family: str = Field(
        min_length=1,
        description="Quota family as the cloud names it; blanks and case do not matter. `cores`: all families together.",
    )
    region: str = Field(min_length=1, description="Region the limit holds in.")
    limit: int = Field(ge=0, description="vCPUs the subscription may use.")
    used: int = Field(0, ge=0, description="vCPUs in use by others than this stack.")
    subscription: str = Field("", description="Subscription or account, for readers.")


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
        return None, [Problem("KQ103", problem.path, problem.found, problem.accepted) for problem in problems]
    try:
        return QuotaFile.model_validate(document.data), []
    except ValidationError as error:
        found = []
        for entry, problem in zip(error.errors(include_url=False), config_problems("KQ103", path.name, error), strict=True):
            where = f"{path.name}:{document.line(tuple(entry['loc']))}"
            key = ".".join(str(part) for part in entry["loc"])
            found.append(Problem("KQ103", where, f"{key}: {problem.found}", problem.accepted, "mend the quota file"))
        return None, found


def family_key(name: str) -> str:
    """Gives a family name as Azure's lists agree on it: without blanks, in lower case."""
    return "".join(name.split()).lower()
