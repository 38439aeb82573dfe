"""The commands `plan` and `render`: what a stack program means, and its Kubernetes objects as files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.progress import patience
from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.cli.strictness import LENIENT, Strictness
from kaito_iac.problem import Problem

if TYPE_CHECKING:
    from kaito_iac.cli.terminal import Page
    from kaito_iac.planning.plan import Plan
    from kaito_iac.planning.render import Rendered
    from kaito_iac.planning.request import Limits, Program

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Engine:
    """What the engine is asked for: a preview, or what an earlier one wrote."""

    events: Path | None = None
    """Events of a run; None: the program is previewed."""
    document: Path | None = None
    """The document of `pulumi preview --json` of the same run."""


def make(
    program: Program,
    limits: Limits,
    *,
    packs: Sequence[Path] = (),
    policy_config: Path | None = None,
    release: str | None = None,
    strictness: Strictness = LENIENT,
    engine: Engine | None = None,
) -> Reply:
    """Plan a program, by a KAITO release or by its operator's; exit code 1 when any problem has severity error.

    `engine` asks the engine for what the program registers, in whatever language it is written.
    """
    if engine is not None:
        found = _of_engine(program, limits, engine, packs=packs, policy_config=policy_config, release=release)
        return plan_reply(found, strictness)
    from kaito_iac.planning.rehearsal import begin

    def work() -> Plan:
        with begin(program) as begun:
            from kaito_iac.planning.plan import make_plan  # loaded while the program runs

            return make_plan(program, limits, packs=packs, policy_config=policy_config, begun=begun)

    plan = run(f"planning {program.folder} …", lambda: _judged(work, release))
    return plan_reply(_doubted(plan, stack_without_file(program)), strictness)


def _of_engine(
    program: Program, limits: Limits, engine: Engine, *, packs: Sequence[Path], policy_config: Path | None, release: str | None
) -> Plan:
    from kaito_iac.planning.engine_preview import EngineRun
    from kaito_iac.planning.plan import make_plan

    asked = EngineRun(program, engine.events, engine.document)

    def work() -> Plan:
        return make_plan(program, limits, packs=packs, policy_config=policy_config, begun=asked)

    what = f"previewing {program.folder} …" if engine.events is None else f"reading {engine.events} …"
    return run(what, lambda: _judged(work, release))


def _doubted(plan: Plan, doubt: Problem | None) -> Plan:
    return replace(plan, problems=(*plan.problems, doubt)) if doubt else plan


def stack_without_file(program: Program) -> Problem | None:
    """Return a warning about a stack that was named and has no file: its configuration is what the program defaults to."""
    stack = program.stack
    if stack is None:
        return None
    from kaito_iac.offline.project import load
    from kaito_iac.offline.recording import Refusal

    try:
        folder = load(program.folder).config_folder
    except Refusal:  # told by the plan itself
        return None
    known = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in folder.glob("Pulumi.*.yaml"))
    if stack in known:
        return None
    near = get_close_matches(stack, known, 1)
    fix = f"did you mean {near[0]!r}?" if near else ""
    told = f"no such file in {folder.name}: defaults are used"
    return Problem("KO482", f"Pulumi.{stack}.yaml", told, "the file of a stack", fix, "warning")


def _judged(work: Callable[[], Plan], release: str | None) -> Plan:
    """Return the plan by a release, else by the one that the program's operator has."""
    from kaito_iac.catalog.judged_release import judging_by
    from kaito_iac.planning.operator_release import operator_release

    with judging_by(release):
        found = work()
    own = None if release else operator_release(found.resources)
    if own is None or own == found.kaito:
        return found
    with judging_by(own):
        return work()


def plan_reply(found: Plan, strictness: Strictness = LENIENT) -> Reply:
    """Return a plan as the reply of a command.

    Exit code 3 when the program, or the state, could not be read or run; else 1 when any problem has severity error.
    """
    from kaito_iac.planning.plan_text import plan_text

    plan = replace(found, problems=strictness.kept(found.problems)) if strictness.ignore else found

    def text(page: Page) -> str:
        shown = plan_text(plan, width=page.width, color=page.color)
        return shown if shown.endswith("\n") else f"{shown}\n"

    code = ExitCode.REFUSED if found.unread else strictness.code(plan.problems)
    talk = strictness.notes(found.problems)
    if code is ExitCode.OK and not found.complete:
        code, talk = ExitCode.PROBLEMS, (*talk, "the program ends early, whatever is ignored")
    return Reply(data=plan.as_json, text=text, code=code, talk=talk)


def render_files(program: Program, folder: Path) -> Reply:
    """Write the Kubernetes objects of a program into a folder; return the files, in the order to apply them."""
    from kaito_iac.planning.rehearsal import begin

    def work() -> Rendered:
        with begin(program) as begun:
            from kaito_iac.planning.render import render

            return render(program, folder, begun=begun)

    rendered = run(f"running {program.folder} …", work)
    names = [str(file) for file in rendered.files]

    def text(page: Page) -> str:
        from kaito_iac.cli.escape import line

        return "".join(f"{line(name)}\n" for name in names)

    left_out = tuple(f"left out, no Kubernetes object: {name}" for name in rendered.left_out)
    doubt = stack_without_file(program)
    left_out += (f"warning: {doubt.headline}",) if doubt else ()
    return Reply(data={"files": names, "leftOut": list(rendered.left_out)}, text=text, talk=left_out)


def run(what: str, work: Callable[[], T]) -> T:
    """Do the work; an error that carries problems, or a file that cannot be read, refuses the command."""
    try:
        with patience(what, sys.stderr):
            return work()
    except OSError as error:
        if error.filename is None:
            raise
        raise Refused(f"cannot read or write {error.filename}: {error.strerror}") from error
    except Exception as error:
        problems = tuple(found for found in getattr(error, "problems", ()) if isinstance(found, Problem))
        if not problems:
            raise
        raise Refused(str(error).split("\n", 1)[0].rsplit(":", 1)[0], problems) from error
