"""Files that a command judges by: one that cannot be read ends the command before anything runs, as nothing would be judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kaito_iac.cli.reply import Refused
from kaito_iac.problem import Problem


def quota_file(path: Path | None) -> Path | None:
    """Return a quota file that can be read; raises Refused with what is wrong with it."""
    if path is not None:
        from kaito_iac.quota.file import read_quota

        _refuse("--quota", *read_quota(path))
    return path


def price_file(path: Path | None) -> Path | None:
    """Return a file of prices that can be read; raises Refused with what is wrong with it."""
    if path is not None:
        from kaito_iac.quota.price_file import read_prices

        _refuse("--prices", *read_prices(path))
    return path


def _refuse(option: str, found: object | None, problems: Sequence[Problem]) -> None:
    """Refuse a file of which nothing could be read."""
    if found is None:
        raise Refused(option, problems)


def plans(paths: Sequence[Path] | None) -> Sequence[Path] | None:
    """Return plans of other stacks that can be read; raises Refused with what is wrong with any."""
    if paths:
        from kaito_iac.quota.ledger import unreadable_plans

        problems = unreadable_plans(paths)
        if problems:
            raise Refused("--ledger", problems)
    return paths
