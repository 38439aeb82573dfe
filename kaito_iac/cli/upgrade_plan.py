"""The command `versions FROM TO PROGRAM`: what an upgrade of KAITO changes for one program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from kaito_iac.catalog.judged_release import judged_releases, judging_by
from kaito_iac.cli.planning import run
from kaito_iac.cli.reply import Reply, code_of
from kaito_iac.cli.table import facts, judged, prose
from kaito_iac.cli.terminal import Page
from kaito_iac.cli.version_list import compare_versions
from kaito_iac.problem import Problem, Unknown, errors

_VERSION: Final = re.compile(r"\b(vLLM|KAITO) \d+(?:\.\d+)+(?:-rc\.\d+)?")

if TYPE_CHECKING:
    from kaito_iac.planning.plan import Plan
    from kaito_iac.planning.request import Program


def compare(old: str, new: str, program: Program, region: str | None) -> Reply:
    """Plan a program by both releases; exit code 1 when the new one refuses something that the old one takes."""
    from kaito_iac.planning.plan import make_plan
    from kaito_iac.planning.request import Limits

    releases = compare_versions(old, new)
    names = [name.strip().removeprefix("v") for name in (old, new)]
    if releases.problems or not all(name in judged_releases() for name in names):
        return releases if releases.problems else _not_judged(names)

    def planned(release: str) -> Plan:
        with judging_by(release):
            return make_plan(program, Limits(region=region))

    before, after = (run(f"planning {program.folder} for KAITO {name} …", partial(planned, name)) for name in names)
    rows = list(_differences(before, after))
    stays = {_of_any_release(problem) for problem in before.problems} if after.complete else set()
    came = tuple(problem for problem in after.problems if _of_any_release(problem) not in stays)
    left = {_of_any_release(problem) for problem in after.problems}
    gone = tuple(problem for problem in before.problems if _of_any_release(problem) not in left)
    data = {
        "from": names[0],
        "to": names[1],
        "changes": [{"what": what, "from": old, "to": new} for what, old, new in rows],
        "came": [problem.as_json() for problem in came],
        "gone": [problem.as_json() for problem in gone],
    }
    return Reply(data=data, text=lambda page: _text(names, rows, came, gone, page), code=code_of(errors(came)))


def _of_any_release(problem: Problem) -> tuple[str, ...]:
    """Return what a problem says whatever the release: an argument that neither vLLM has is not gone with the upgrade."""
    said = (problem.code, problem.severity, problem.path, problem.found, problem.accepted, problem.fix)
    return tuple(_VERSION.sub(r"\1", str(one)) for one in said)


def _not_judged(names: list[str]) -> Reply:
    unknown = next(name for name in names if name not in judged_releases())
    problem = Problem("KO443", "release", f"'{unknown}', by which nothing can be judged here", " or ".join(judged_releases()))
    return Reply(
        data={"problems": [problem.as_json()]},
        text=lambda page: "",
        problems=(problem,),
        title="versions",
        code=code_of((problem,)),
    )


def _differences(before: Plan, after: Plan) -> Iterator[tuple[str, Any, Any]]:
    """Return what differs of nodes, contexts, vCPUs and cost, by component."""
    pairs = [("nodes of", _nodes(before), _nodes(after)), ("context of", _contexts(before), _contexts(after))]
    for what, old, new in pairs:
        for name in dict.fromkeys((*old, *new)):
            if old.get(name) != new.get(name):
                yield f"{what} {name}", old.get(name), new.get(name)
    old_cost, new_cost = (plan.usd_per_month.known.high for plan in (before, after))
    if round(old_cost) != round(new_cost):
        yield "USD a month (what is known of it)", round(old_cost), round(new_cost)


def _nodes(plan: Plan) -> dict[str, Any]:
    return {
        f"{demand.component} ({demand.size_name})": None if isinstance(demand.nodes, Unknown) else demand.nodes.high
        for demand in plan.demands
    }


def _contexts(plan: Plan) -> dict[str, Any]:
    found = {workload.component: workload.endpoint.get("contextTokens") for workload in plan.workloads}
    return {name: value for name, value in found.items() if isinstance(value, int | float)}


def _text(
    names: list[str], rows: list[tuple[str, Any, Any]], came: tuple[Problem, ...], gone: tuple[Problem, ...], page: Page
) -> str:
    title = f"KAITO {names[0]} -> {names[1]}"
    shown = [(what, f"{_number(old)} -> {_number(new)}") for what, old, new in rows]
    text = facts(title, shown, page) if shown else f"{title}: nodes, contexts and cost stay as they are.\n"
    if came:
        text += "\n" + judged("what comes", came, page)
    if gone:
        text += "\n" + judged("what goes", gone, page)
    return text + "\n" + prose(f"`kaito-iac versions {names[0]} {names[1]}` lists what changes whatever the program.", page)


def _number(value: Any) -> str:
    return "unknown" if value is None else f"{value:,.0f}"
