"""The command `state`: what a saved state holds, costs, and and the findings of packs and quota."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kaito_iac.cli.planning import plan_reply, run
from kaito_iac.cli.reply import Reply
from kaito_iac.cli.strictness import LENIENT, Strictness

if TYPE_CHECKING:
    from kaito_iac.planning.plan import Plan
    from kaito_iac.planning.request import Limits
    from kaito_iac.stack.resource import Stack

STDIN: Final = "-"


def read(file: Path) -> Stack:
    """Read a state from a file, or from standard input for `-`; what cannot be read is a problem in it."""
    from kaito_iac.files import STATE_BYTES, FileError, read_stdin
    from kaito_iac.stack.saved_state import load_state, read_state, unreadable

    if str(file) != STDIN:
        return load_state(file)
    try:
        return read_state(read_stdin(STATE_BYTES).decode("utf-8", "replace"), "stdin")
    except FileError as error:
        return unreadable("stdin", error)


def judge(
    file: Path,
    limits: Limits,
    *,
    packs: Sequence[Path] = (),
    policy_config: Path | None = None,
    strictness: Strictness = LENIENT,
) -> Reply:
    """Judge a saved state; exit code 1 when any problem has severity error."""
    from kaito_iac.planning.state import judge_state

    def work() -> Plan:
        name = "stdin" if str(file) == STDIN else file.stem
        return judge_state(read(file), limits, name=name, packs=packs, policy_config=policy_config)

    return plan_reply(run(f"judging {file} …", work), strictness)
