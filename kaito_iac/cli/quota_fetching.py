"""The command `quota fetch`: asks Azure or AWS, and writes the quota file or prints it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kaito_iac.cli.progress import patience
from kaito_iac.cli.reply import Refused, Reply, code_of
from kaito_iac.files import FileError, read_text, write_text

if TYPE_CHECKING:
    from kaito_iac.quota.fetch import Usage
    from kaito_iac.quota.intake import Taken
    from kaito_iac.quota.model import QuotaFile


def fetch(subscription: str, regions: Sequence[str], output: Path | None) -> Reply:
    """Read limits and use of the regions, and of those the file has already; nothing is written unless all were read."""
    from kaito_iac.quota.file import RUNNING, read_quota_text
    from kaito_iac.quota.text import quota_text, regions_to_read, updated

    before, text = before_of(output)
    wanted = regions_to_read(before, subscription, regions)
    asked = _of_aws if subscription.isdecimal() else _of_azure
    usages, sizes, source, notes = asked(subscription, wanted)
    quota = updated(before, subscription, usages, source, date.today(), sizes)
    written = quota_text(quota, text)
    name = output.name if output else "quota.yaml"
    again, wrong = read_quota_text(written, name)
    stale = again is None and all(problem.cause == RUNNING for problem in wrong)
    if again != quota and not stale:
        raise Refused(f"{name} cannot be edited safely: write every key on a line of its own")
    if output is not None:
        replace_file(output, written)
    return Reply(
        data=quota.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        text=lambda page: _summary(written, output, quota),
        talk=(*_talk(quota, before, wanted, regions), *notes),
        problems=tuple(wrong),
        title=name,
        code=code_of(tuple(wrong)),
    )


Read = tuple[list["Usage"], "Taken", str, list[str]]
"""Limits and use, sizes that are sold, the source of both, and what could not be read."""


def _of_azure(subscription: str, regions: Sequence[str]) -> Read:
    from kaito_iac.quota.fetch import SOURCE, read_usage
    from kaito_iac.quota.fetch_sizes import read_sizes

    with patience("asking Azure …", sys.stderr):
        usages, problems = read_usage(subscription, regions)
        if problems:
            raise Refused("quota fetch", problems)
        sizes, unread = read_sizes(subscription, regions)
    return usages, sizes, SOURCE, [f"sizes that are sold were not read: {problem.headline}" for problem in unread]


def _of_aws(account: str, regions: Sequence[str]) -> Read:
    from kaito_iac.quota.fetch_aws import SOURCE, read_account

    with patience("asking AWS …", sys.stderr):
        usages, sizes, problems = read_account(account, regions)
    if problems:
        raise Refused("quota fetch", problems)
    return usages, sizes, SOURCE, []


def before_of(output: Path | None) -> tuple[QuotaFile | None, str]:
    """Return what the file says already; one that cannot be read is not overwritten."""
    from kaito_iac.quota.file import RUNNING, read_quota_text

    if output is None or not output.exists():
        return None, ""
    try:
        text = read_text(output)
    except FileError as error:
        raise Refused(f"cannot read {output}: {error}") from error
    if not text.strip():
        return None, ""
    before, problems = read_quota_text(text, output.name)
    if before is None and not all(problem.cause == RUNNING for problem in problems):
        raise Refused(f"{output.name} cannot be read, so it is not overwritten", problems)
    return before, text


def replace_file(output: Path, text: str) -> None:
    """Replace the file atomically, so that no reader sees half of it."""
    try:
        write_text(output, text)
    except FileError as error:
        raise Refused(f"cannot write {output}: {error}") from error


def _summary(written: str, output: Path | None, quota: QuotaFile) -> str:
    return written if output is None else f"{output}: limits and use of {quota.date.isoformat()}\n"


def _talk(quota: QuotaFile, before: QuotaFile | None, wanted: Sequence[str], asked: Sequence[str]) -> list[str]:
    talk = []
    if len(wanted) > len(set(asked)):
        talk.append(f"also read, as the file has them: {', '.join(wanted[len(set(asked)) :])}")
    if before and before.limits:
        talk.append("limits of the first version are replaced by subscriptions")
    if before and quota.date == before.date != date.today():
        talk.append(f"the day stays {quota.date.isoformat()}: another subscription in the file was not read")
    return talk
