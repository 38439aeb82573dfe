"""The command `report run`: previews programs with the engine, or plans them offline, and reports what changes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.cli.reporting import Asked, beside_others, day, replied

if TYPE_CHECKING:
    from kaito_iac.report.model import StackReport


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be previewed."""

    programs: tuple[Path, ...]
    stack: str | None = None
    packs: tuple[Path, ...] = ()
    policy_config: Path | None = None
    base: str = ""
    offline: bool = False
    refresh: bool = False


def run_programs(wanted: Wanted, given: Mapping[str, Any], asked: Asked) -> Reply:
    """Preview every program, of base and head when a base is named, and report the difference."""
    from kaito_iac.offline.recording import Refusal
    from kaito_iac.report.model import Report
    from kaito_iac.report.pending import subtract

    if wanted.offline and not wanted.base:
        raise Refused("--offline compares two plans; name the target branch with --base")
    missing = [str(program) for program in wanted.programs if not program.is_dir()]
    if missing:
        raise Refused(f"no folder {missing[0]}")
    stacks, holes = [], []
    root = _repository(wanted.programs[0])
    with _worktree(root, wanted.base) as before:
        for program in wanted.programs:
            inside = _inside(program, root)
            old = before / inside if before is not None else None
            try:
                head = _one(program, old, wanted, {**given, "root": inside, "today": day(asked.time)}, asked)
                stacks.append(subtract(head[0], head[1]) if len(head) > 1 else head[0])
            except Refusal as refusal:
                raise Refused(refusal.title, refusal.problems) from refusal
            except OSError as error:
                holes.append(f"{program.name}: {error.strerror or type(error).__name__}")
    return replied(Report(stacks=beside_others(stacks, asked), holes=tuple(holes)), asked)


def _one(program: Path, old: Path | None, wanted: Wanted, given: Mapping[str, Any], asked: Asked) -> list[StackReport]:
    from kaito_iac.planning import pulumi_preview
    from kaito_iac.report.findings import Facts
    from kaito_iac.report.offline import compared
    from kaito_iac.report.run import preview

    facts = Facts(**given)
    if wanted.offline:
        return [compared(program, old, stack=wanted.stack, packs=wanted.packs, policy_config=wanted.policy_config, facts=facts)]
    new = pulumi_preview.Wanted(
        program=program, stack=wanted.stack, packs=wanted.packs, policy_config=wanted.policy_config, refresh=wanted.refresh
    )
    head = preview(new, facts, asked.output)
    if old is None or not old.is_dir():
        return [head]
    return [head, preview(pulumi_preview.Wanted(program=old, stack=wanted.stack), facts, None)]


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True)
    except OSError as error:
        raise Refused("git is not on PATH") from error
    if done.returncode != 0:
        raise Refused(f"git {words[0]}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")
    return done.stdout.strip()


def _repository(program: Path) -> Path | None:
    try:
        return Path(_git(program, "rev-parse", "--show-toplevel"))
    except Refused:
        return None


def _inside(program: Path, root: Path | None) -> str:
    """Return the folder of a program inside its repository."""
    if root is None:
        return ""
    found = program.resolve()
    return "" if found == root.resolve() else found.relative_to(root.resolve()).as_posix()


@contextmanager
def _worktree(root: Path | None, base: str) -> Iterator[Path | None]:
    """Give the repository as it is at a reference, in a folder of its own; nothing where no reference is named."""
    if not base:
        yield None
        return
    if root is None:
        raise Refused("--base needs a git repository")
    with TemporaryDirectory(prefix="kaito-iac-base-") as folder:
        place = Path(folder) / "base"
        _git(root, "worktree", "add", "--detach", "--quiet", str(place), base)
        try:
            yield place
        finally:
            _git(root, "worktree", "remove", "--force", str(place))
