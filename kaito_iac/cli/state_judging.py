"""The command `state`: what a saved state holds, costs, and what packs and quota say of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kaito_iac.cli.planning import plan_reply, run
from kaito_iac.cli.reply import Reply

if TYPE_CHECKING:
    from kaito_iac.planning.plan import Plan
    from kaito_iac.stack.resource import Stack

STDIN: Final = "-"


def read(file: Path) -> Stack:
    """Read a state from a file, or from standard input for `-`; what cannot be read is a problem in it."""
    from kaito_iac.stack.saved_state import load_state, read_state

    if str(file) != STDIN:
        return load_state(file)
    raw = sys.stdin.buffer.read() if sys.stdin is not None else b""
    return read_state(raw.decode("utf-8", "replace"), "stdin")


def judge(
    file: Path,
    *,
    packs: Sequence[Path] = (),
    policy_config: Path | None = None,
    quota: Path | None = None,
    ledger: Sequence[Path] = (),
    subscription: str = "",
    region: str | None = None,
) -> Reply:
    """Judge a saved state; exit code 1 when any problem has severity error."""
    from kaito_iac.planning.state import judge_state

    def work() -> Plan:
        return judge_state(
            read(file),
            name="stdin" if str(file) == STDIN else file.stem,
            packs=packs,
            policy_config=policy_config,
            quota=quota,
            ledger=ledger,
            subscription=subscription,
            region=region,
        )

    return plan_reply(run(f"judging {file} …", work))
