"""The command `report post`: writes or updates the one comment of a pull request; the exit code is the report's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.cli.reporting import Asked, replied
from kaito_iac.files import reason
from kaito_iac.project_url import pip_install

if TYPE_CHECKING:
    from kaito_iac.report.ci import Pipeline
    from kaito_iac.report.model import Report

_FIX = pip_install(("report",))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the comment goes; what is empty comes from the environment of the pipeline."""

    platform: str = ""
    repository: str = ""
    number: str = ""
    url: str = ""
    run: int = 0
    dry_run: bool = False


def post_files(files: tuple[Path, ...], place: Place, asked: Asked, environment: Mapping[str, str] | None = None) -> Reply:
    """Merge reports and post them; a forge that refuses is reported on stderr, and the page of the run is still written."""
    from kaito_iac.report.ci import pipeline
    from kaito_iac.report.load import load_reports, merge
    from kaito_iac.report.post import body_of
    from kaito_iac.report.together import together

    found = pipeline(os.environ if environment is None else environment, place.platform)
    at = replace(
        found,
        repository=place.repository or found.repository,
        number=place.number or found.number,
        url=place.url or found.url,
        run=place.run or found.run,
    )
    reports, holes = load_reports(files)
    report = merge(reports, holes)
    report = replace(report, stacks=together(report.stacks))
    reply = replied(report, replace(asked, platform=at.platform))
    from kaito_iac.report.stamp import stamped

    report = stamped(report, time=asked.time, commit=asked.commit, link=asked.link, key=asked.key)
    if place.dry_run:
        body = body_of(report, at.platform, at.run)
        return replace(reply, text=lambda page: body)
    talk = _summary(report, at)
    result = _posted(report, at)
    return replace(reply, text=lambda page: "", talk=(*reply.talk, *talk, result))


def _summary(report: Report, at: Pipeline) -> tuple[str, ...]:
    """Add the report to the page of the run; return what to report when that fails."""
    from kaito_iac.report.outputs import text_of

    if at.summary:
        text = text_of(report, "summary")
        try:
            with Path(at.summary).open("a", encoding="utf-8", errors="replace") as file:
                file.write(text)
        except (OSError, ValueError) as error:
            return (f"the page of the run is not written: {reason(error)}",)
    return ()


def _posted(report: Report, at: Pipeline) -> str:
    missing = [
        name
        for name, value in (
            ("--repository", at.repository),
            ("--number", at.number),
            ("--url", at.url),
            (f"the variable {at.token_name}", at.token),
        )
        if not value
    ]
    if missing:
        raise Refused(f"no pull request to write to: {', '.join(missing)} missing")
    try:
        from kaito_iac.report.forge import PostError
        from kaito_iac.report.forge_azure import AzureDevOps
        from kaito_iac.report.forge_github import GitHub
        from kaito_iac.report.forge_gitlab import GitLab
    except ImportError as error:
        raise Refused(f"posting needs the package {error.name}; {_FIX}") from error
    from kaito_iac.report.post import outcome_text, post

    kind = {"gitlab": GitLab, "azure-devops": AzureDevOps}.get(at.platform, GitHub)
    try:
        # every forge takes the same four arguments, which its type does not say
        return outcome_text(post(kind(at.url, at.token, at.repository, at.number), report, at.platform, run=at.run))  # type: ignore[arg-type]
    except PostError as error:
        return f"the comment was not written: {error}"
