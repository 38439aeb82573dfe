"""The plan as a library call: what `kaito-iac plan` answers, for platform code, tests and pipelines."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaito_iac.planning.request import Limits, Program
from kaito_iac.problem import Problem

if TYPE_CHECKING:
    from kaito_iac.planning.plan import Plan
    from kaito_iac.planning.rehearsal import Run

AnyPath = str | os.PathLike[str]


def plan(
    program: AnyPath | Callable[[], Any] = ".",
    *,
    stack: str | None = None,
    config: Mapping[str, Any] | None = None,
    quota: AnyPath | None = None,
    ledger: Sequence[AnyPath] = (),
    prices: AnyPath | None = None,
    subscription: str = "",
    region: str | None = None,
    policy_packs: Sequence[AnyPath] = (),
    policy_config: AnyPath | None = None,
    references: AnyPath | Mapping[str, Mapping[str, Any]] | None = None,
    invokes: AnyPath | Sequence[Mapping[str, Any]] | None = None,
    kaito_version: str | None = None,
    timeout_minutes: float | None = None,
    project: str = "project",
    preview: bool = False,
) -> Plan:
    """Return what a stack program would create, what it costs and what is wrong: nothing is created, no network is used.

    `program` is the folder of a program, which runs in a process and environment of its own, or a function such as the
    inline program of the Automation API, which runs in this process, perhaps twice, as stack `stack` of `project`. A program
    that fails or cannot be run is no exception but a plan with problems; `plan.errors` are those that stop it, or break a
    limit. The arguments are the options of `kaito-iac plan`; with `preview` the Pulumi CLI previews the folder, in whatever
    language it is written. Raises ValueError for a `kaito_version` that is not described, and for a function with `preview`.
    """
    asked = _asked(program, project, stack, config, references, invokes, timeout_minutes)
    held = tuple(map(Path, ledger))
    limits = Limits(quota=_path(quota), ledger=held, subscription=subscription, region=region, prices=_path(prices))
    from kaito_iac.rules.shipped import configuration

    packs = tuple(map(Path, policy_packs))
    engine = _previewed(asked) if preview else None
    return ask(asked, limits, packs, configuration(_path(policy_config), packs), _described(kaito_version), asked=engine)


def _previewed(program: Program) -> Run:
    """Return a preview by the engine, made when its result is asked for."""
    from kaito_iac.planning.engine_preview import EngineRun

    if program.function is not None:
        raise ValueError("preview needs the folder of a program; a function is previewed by the Automation API")
    return EngineRun(program)


def _asked(
    program: AnyPath | Callable[[], Any],
    project: str,
    stack: str | None,
    config: Mapping[str, Any] | None,
    references: AnyPath | Mapping[str, Mapping[str, Any]] | None,
    invokes: AnyPath | Sequence[Mapping[str, Any]] | None,
    minutes: float | None,
) -> Program:
    return Program(
        folder=Path(project) if callable(program) else Path(program),
        stack=stack,
        config=config or {},
        references=references if isinstance(references, Mapping) else _path(references),
        invokes=_path(invokes) if isinstance(invokes, str | os.PathLike) or invokes is None else list(invokes),
        minutes=minutes,
        function=program if callable(program) else None,
    )


def _path(given: AnyPath | None) -> Path | None:
    return None if given is None else Path(given)


def _described(release: str | None) -> str | None:
    from kaito_iac.catalog.judged_release import judged_releases

    known = judged_releases() if release is not None else ()
    if release is not None and release.removeprefix("v") not in known:
        raise ValueError(f"kaito_version {release!r} is none of {', '.join(known)}")
    return release.removeprefix("v") if release else None


def ask(
    program: Program,
    limits: Limits,
    packs: Sequence[Path] = (),
    policy_config: Path | None = None,
    release: str | None = None,
    *,
    asked: Run | None = None,
) -> Plan:
    """Plan a program by a KAITO release, or by its operator's where none is named; warn of a stack without a file.

    `asked` is what the program registered when it is known from elsewhere: the program is then not run.
    """

    def work() -> Plan:
        from kaito_iac.planning.rehearsal import begin

        with nullcontext(asked) if asked is not None else begin(program) as begun:
            from kaito_iac.planning.plan import make_plan  # this and the rules are loaded while the program runs

            if packs:
                from kaito_iac.rules.shipped import load_rules

                load_rules(packs)
            return make_plan(program, limits, packs=packs, policy_config=policy_config, begun=begun)

    found = _judged(work, release)
    doubts = config_doubts(program) if asked is None else ()
    return replace(found, problems=(*found.problems, *doubts)) if doubts else found


def _judged(work: Callable[[], Plan], release: str | None) -> Plan:
    """Return the plan by a release, else by the one that the program's operator has."""
    if release is not None:
        return _by(release, work)
    found = work()
    from kaito_iac.planning.operator_release import operator_release

    own = operator_release(found.resources)
    return found if own is None or own == found.kaito else _by(own, work)


def _by(release: str, work: Callable[[], Plan]) -> Plan:
    from kaito_iac.catalog.judged_release import judging_by

    with judging_by(release):
        return work()


def config_doubts(program: Program) -> tuple[Problem, ...]:
    """Return warnings about a stack that was named and has no file, and about misspelt keys of the configuration."""
    if (program.stack is None and not program.config) or program.function is not None:
        return ()
    from kaito_iac.offline.project import load
    from kaito_iac.offline.recording import Refusal

    try:
        project = load(program.folder)
    except Refusal:  # reported by the plan itself
        return ()
    declared = [key for key in map(str, project.config) if ":" not in key]
    return (*_stack_without_file(program.stack, project.config_folder), *_misspelt(program.config or {}, declared))


def _stack_without_file(stack: str | None, folder: Path) -> Iterator[Problem]:
    """Report a stack without a file: its configuration is what the program defaults to."""
    known = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in folder.glob("Pulumi.*.yaml"))
    if stack is None or stack in known:
        return
    near = get_close_matches(stack, known, 1)
    fix = f"did you mean {near[0]!r}?" if near else f"pulumi stack init {stack}, or leave --stack out"
    message = f"no such file in {folder.name}: defaults are used"
    yield Problem("KO482", f"Pulumi.{stack}.yaml", message, "the file of a stack", fix, "warning")


def _misspelt(given: Mapping[str, str], declared: Sequence[str]) -> Iterator[Problem]:
    """Report a key that Pulumi.yaml does not declare, and that is close to one that it does."""
    for key in given:
        near = get_close_matches(key, declared, 1, cutoff=0.8) if key not in declared and ":" not in key else []
        if near:
            message = "not declared in Pulumi.yaml"
            yield Problem(
                "KO482", f"config {key}", message, f"one of {', '.join(declared)}", f"did you mean {near[0]!r}?", "warning"
            )
