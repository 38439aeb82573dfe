"""The command `quota import`: takes what the command lines of the clouds print, and writes the quota file or prints it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaito_iac.cli.quota_fetching import before_of, replace_file
from kaito_iac.cli.reply import Refused, Reply, code_of
from kaito_iac.files import STATE_BYTES, FileError, read_bytes, read_stdin
from kaito_iac.problem import Problem

if TYPE_CHECKING:
    from kaito_iac.quota.intake import Taken

SOURCE = "imported from the command lines of the cloud"


def take_in(files: Sequence[Path], output: Path | None, *, region: str | None, subscription: str) -> Reply:
    """Read the files, or stdin for `-`; nothing is written unless all can be read."""
    from kaito_iac.quota.file import RUNNING, read_quota_text
    from kaito_iac.quota.text import quota_text, with_taken

    before, text = before_of(output)
    taken = _taken(files, region or "")
    accounts = {one.account for one in taken if one.account} | ({subscription} if subscription else set())
    if not accounts and before and len(before.subscriptions) == 1:
        accounts = set(before.subscriptions)
    if len(accounts) != 1:
        message = f"{len(accounts)} accounts ({', '.join(sorted(accounts))})" if accounts else "no subscription or account named"
        raise Refused("quota import", [Problem("KQ121", "--subscription", message, "one id", "add --subscription ID")])
    quota = with_taken(before, accounts.pop(), taken, SOURCE, date.today())
    written = quota_text(quota, text)
    again, wrong = read_quota_text(written, output.name if output else "quota.yaml")
    if again is None and not all(problem.cause == RUNNING for problem in wrong):
        raise Refused("quota import", list(wrong))
    if output is not None:
        replace_file(output, written)
    return Reply(
        data=quota.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        text=lambda page: written if output is None else f"{output}: limits, use and sizes of {quota.date.isoformat()}\n",
        talk=tuple(note for one in taken for note in one.unused),
        problems=tuple(wrong),
        title="quota import",
        code=code_of(tuple(wrong)),
    )


def _taken(files: Sequence[Path], region: str) -> list[Taken]:
    from kaito_iac.quota.intake import ACCEPTED, take

    found: list[Taken] = []
    problems: list[Problem] = []
    for path in files:
        name = "stdin" if str(path) == "-" else path.name
        try:
            one, wrong = take(_json(path), name, region)
        except FileError as error:
            one, wrong = None, [Problem("KQ121", name, str(error), ACCEPTED)]
        except (ValueError, RecursionError):
            one, wrong = None, [Problem("KQ121", name, "no JSON", ACCEPTED, "print it with --output json")]
        problems += wrong
        if one is not None:
            found.append(one)
    if problems:
        raise Refused("quota import", problems)
    return found


def _json(path: Path) -> Any:
    return json.loads(read_stdin(STATE_BYTES) if str(path) == "-" else read_bytes(path, STATE_BYTES))
