"""Files that a command judges by: one that cannot be read ends the command before anything runs, as nothing would be judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kaito_iac.cli.reply import Refused


def quota_file(path: Path | None) -> Path | None:
    """Return a quota file that can be read; raises Refused with what is wrong with it."""
    if path is not None:
        from kaito_iac.quota.file import read_quota

        quota, problems = read_quota(path)
        if quota is None:
            raise Refused("--quota", problems)
    return path


def price_file(path: Path | None) -> Path | None:
    """Return a file of prices that can be read; raises Refused with what is wrong with it."""
    if path is not None:
        from kaito_iac.quota.price_file import read_prices

        book, problems = read_prices(path)
        if book is None:
            raise Refused("--prices", problems)
    return path


def plans(paths: Sequence[Path] | None) -> Sequence[Path] | None:
    """Return plans of other stacks that can be read; raises Refused with what is wrong with any."""
    if paths:
        from kaito_iac.quota.ledger import unreadable_plans

        problems = unreadable_plans(paths)
        if problems:
            raise Refused("--ledger", problems)
    return paths
