"""Facts about a pipeline in its environment: platform, repository, pull request, run, and the token by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaito_iac.files import PLAN_BYTES, read_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Where a pipeline runs."""

    platform: str
    url: str = ""
    repository: str = ""
    number: str = ""
    run: int = 0
    token: str = ""
    token_name: str = ""
    """Variable that holds the token."""
    summary: str = ""
    """File that becomes the page of the run."""


def pipeline(environment: Mapping[str, str], platform: str = "") -> Pipeline:
    """Return the facts in the environment of a pipeline; a platform that is named wins over what is found."""
    found = platform or _platform(environment)
    return {"gitlab": _gitlab, "azure-devops": _azure}.get(found, _github)(environment)


def _platform(found: Mapping[str, str]) -> str:
    if found.get("GITLAB_CI"):
        return "gitlab"
    return "azure-devops" if found.get("TF_BUILD") else "github"


def _github(found: Mapping[str, str]) -> Pipeline:
    pull = re.fullmatch(r"refs/pull/(\d+)/.*", found.get("GITHUB_REF", ""))
    number = pull.group(1) if pull else _event_number(found.get("GITHUB_EVENT_PATH", ""))
    return Pipeline(
        platform="github",
        url=found.get("GITHUB_API_URL", "https://api.github.com"),
        repository=found.get("GITHUB_REPOSITORY", ""),
        number=number,
        run=_number(found.get("GITHUB_RUN_NUMBER")),
        token=found.get("GITHUB_TOKEN", "") or found.get("GH_TOKEN", ""),
        token_name="GITHUB_TOKEN",
        summary=found.get("GITHUB_STEP_SUMMARY", ""),
    )


def _event_number(path: str) -> str:
    """Return the pull request of the event that started a workflow."""
    try:
        event: Any = read_json(Path(path), PLAN_BYTES) if path else {}
        pull = event.get("pull_request") or {}
        return str(pull["number"]) if type(pull.get("number")) is int else ""
    except (OSError, ValueError, AttributeError):
        return ""


def _gitlab(found: Mapping[str, str]) -> Pipeline:
    return Pipeline(
        platform="gitlab",
        url=found.get("CI_API_V4_URL", "https://gitlab.com/api/v4"),
        repository=found.get("CI_MERGE_REQUEST_PROJECT_ID", "") or found.get("CI_PROJECT_ID", ""),
        number=found.get("CI_MERGE_REQUEST_IID", ""),
        run=_number(found.get("CI_PIPELINE_IID")),
        token=found.get("GITLAB_TOKEN", ""),
        token_name="GITLAB_TOKEN",
    )


def _azure(found: Mapping[str, str]) -> Pipeline:
    project, name = found.get("SYSTEM_TEAMPROJECTID", ""), found.get("BUILD_REPOSITORY_ID", "")
    return Pipeline(
        platform="azure-devops",
        url=found.get("SYSTEM_COLLECTIONURI", "").rstrip("/"),
        repository=f"{project}/{name}" if project and name else "",
        number=found.get("SYSTEM_PULLREQUEST_PULLREQUESTID", ""),
        run=_number(found.get("BUILD_BUILDID")),
        token=found.get("SYSTEM_ACCESSTOKEN", ""),
        token_name="SYSTEM_ACCESSTOKEN",
    )


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() else 0
