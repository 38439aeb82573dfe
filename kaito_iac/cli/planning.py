"""The commands `plan` and `render`: what a stack program means, and its Kubernetes objects as files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
    from kaito_iac.planning.library import ask

    if engine is None:
        found = run(f"planning {program.folder} …", lambda: ask(program, limits, packs, policy_config, release))
        return plan_reply(found, strictness)
    from kaito_iac.planning.engine_preview import EngineRun

    asked = EngineRun(program, engine.events, engine.document)
    what = f"previewing {program.folder} …" if engine.events is None else f"reading {engine.events} …"
    return plan_reply(run(what, lambda: ask(program, limits, packs, policy_config, release, asked=asked)), strictness)


def plan_reply(found: Plan, strictness: Strictness = LENIENT) -> Reply:
    """Return a plan as the reply of a command.

    Exit code 3 when the program, the state or a policy pack could not be read or run; else 1 when any problem has severity error.
    """
    from kaito_iac.planning.plan_text import plan_text

    plan = replace(found, problems=strictness.kept(found.problems)) if strictness.ignore else found

    def text(page: Page) -> str:
        shown = plan_text(plan, width=page.width, color=page.color)
        return shown if shown.endswith("\n") else f"{shown}\n"

    unjudged = any(problem.code == "KO484" and problem.severity == "error" for problem in plan.problems)
    code = ExitCode.REFUSED if found.unread or unjudged else strictness.code(plan.problems)
    talk = strictness.notes(found.problems)
    if code is ExitCode.OK and not found.complete:
        code, talk = ExitCode.PROBLEMS, (*talk, "the program ends early, whatever is ignored")
    return Reply(data=plan.as_json, text=text, code=code, talk=talk)


def render_files(program: Program, folder: Path, strictness: Strictness = LENIENT) -> Reply:
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
    from kaito_iac.planning.library import config_doubts

    found = list(config_doubts(program))
    left_out += tuple(
        f"{doubt.severity}: {doubt.headline}{f'; fix: {doubt.fix}' if doubt.fix else ''}" for doubt in strictness.kept(found)
    )
    data = {"files": names, "leftOut": list(rendered.left_out)}
    return Reply(data=data, text=text, talk=(*left_out, *strictness.notes(found)), code=strictness.code(found))


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
