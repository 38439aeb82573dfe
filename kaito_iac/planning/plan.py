"""The plan of a stack program: resources, what they hold, what it costs, where it answers, what is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from kaito_iac.catalog.judged_release import judged_release
from kaito_iac.catalog.price import LIST_PRICES, PriceBook
from kaito_iac.demand.declared import Declaration
from kaito_iac.demand.demand import Demand, with_gpus
from kaito_iac.demand.stack import demands
from kaito_iac.demand.total import Total, total, totals
from kaito_iac.offline.recording import Recording, Refusal
from kaito_iac.planning.exception import NO_EXCEPTIONS, Exceptions, Waived, exceptions, without_secrets
from kaito_iac.planning.gateway_list import GatewayPlan, gateways
from kaito_iac.planning.judgement import Judged, pack_problems, quota_problems
from kaito_iac.planning.needs import Need, needs
from kaito_iac.planning.price_note import price_note
from kaito_iac.planning.pricing import prices_of
from kaito_iac.planning.program_problems import program_problems, revealed
from kaito_iac.planning.rehearsal import Run, begin
from kaito_iac.planning.request import NO_LIMITS, Limits, Program
from kaito_iac.planning.secrecy import Secrets
from kaito_iac.planning.subscription import paying
from kaito_iac.planning.workload import Workload, workloads
from kaito_iac.problem import SEVERITIES, Problem, Unknown
from kaito_iac.problem import errors as errors_of
from kaito_iac.stack.resource import Resource, conceal, in_tree_order

SCHEMA: Final = 1
"""Version of the JSON shape; grows only when a key changes its meaning."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything a plan reports."""

    project: str
    stack: str
    made: date
    """Day of the plan."""
    complete: bool
    """Whether the program ran to its end; else it may hold more than the plan shows."""
    resources: tuple[Resource, ...]
    demands: tuple[Demand, ...]
    workloads: tuple[Workload, ...]
    exports: Mapping[str, Any]
    unseen: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    saved: bool = False
    """Whether it is of a saved state, and not of a program."""
    how: str = "offline"
    """How the program was run, in a word."""
    kaito: str = field(default_factory=judged_release)
    """KAITO release that it is predicted for."""
    prices: PriceBook = LIST_PRICES
    declarations: tuple[Declaration, ...] = ()
    waivers: tuple[Waived, ...] = ()

    @property
    def unread(self) -> bool:
        """Return whether nothing could be read or run: the plan holds problems alone."""
        return not self.complete and not self.resources

    @property
    def gateways(self) -> tuple[GatewayPlan, ...]:
        """Return the gateways, and which of the workloads answers behind each."""
        return tuple(gateways(self.resources, {workload.component: workload.endpoint for workload in self.workloads}))

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """Return what the clusters must have that the program uses and does not make."""
        return needs(self.resources)

    @property
    def gpus(self) -> dict[str, Total]:
        """Return the GPUs that are bought, by product."""
        return totals(with_gpus(self.demands), lambda demand: _name(demand.gpu_model), lambda demand: demand.gpus)

    @property
    def vcpus(self) -> dict[tuple[str, str], Total]:
        """Return the vCPUs that are bought, by quota family and region."""
        return totals(with_gpus(self.demands), _place_of, lambda demand: demand.vcpus)

    @property
    def surge(self) -> dict[tuple[str, str], float]:
        """Return the vCPUs that quota has to have room for while upgrades add nodes, by quota family and region."""
        found = totals(with_gpus(self.demands), _place_of, lambda demand: demand.quota_vcpus)
        return {key: held.known.high for key, held in found.items()}

    @property
    def usd_per_month(self) -> Total:
        """Return the cost of what is bought, USD a month."""
        return total(self.demands, lambda demand: demand.usd_per_month)

    @property
    def price_note(self) -> str:
        """Return which prices the cost is made of."""
        return price_note(self.demands, self.prices)

    @property
    def teams(self) -> dict[str | Unknown | None, tuple[Total, Total]]:
        """Return the GPUs and the cost of what each team uses; nothing when no team is named."""

        def of(demand: Demand) -> str | Unknown | None:
            return NOT_KNOWN if isinstance(demand.team, Unknown) else demand.team

        gpus = totals(self.demands, of, lambda demand: demand.gpus)
        cost = totals(self.demands, of, lambda demand: demand.usd_per_month)
        return {team: (gpus[team], cost[team]) for team in sorted(gpus, key=_last)} if set(gpus) - {None} else {}

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that stop the program, or break a limit."""
        return errors_of(self.problems)

    def text(self, *, width: int = 80, color: bool = False) -> str:
        """Return the plan as `kaito-iac plan` prints it."""
        from kaito_iac.planning.plan_text import plan_text

        return plan_text(self, width=width, color=color)

    def as_json(self) -> dict[str, Any]:
        """Return the plan as plain data, in the shape of docs/reference/plan.schema.json."""
        from kaito_iac.planning.plan_json import plan_json

        return plan_json(self)


RESERVED: Final = "within a capacity reservation"
"""Key of what needs no quota of its own."""
UNKNOWN: Final = "unknown"
"""Key of what is bought and belongs to no known product, family or region."""
NOT_KNOWN: Final = Unknown("owner not known")
"""Team of what has an unknown owner."""


def _last(team: str | Unknown | None) -> tuple[int, str]:
    """Sort teams by name, then what belongs to no team, then what is not known."""
    return (0, team) if isinstance(team, str) else (1 if team is None else 2, "")


def _place_of(demand: Demand) -> tuple[str, str]:
    found = demand.families
    return UNKNOWN if isinstance(found, Unknown) else " or ".join(found) or RESERVED, _name(demand.region)


def _name(value: str | Unknown) -> str:
    return UNKNOWN if isinstance(value, Unknown) else value


def make_plan(
    program: Program,
    limits: Limits = NO_LIMITS,
    *,
    packs: Sequence[Path] = (),
    policy_config: Path | None = None,
    begun: Run | None = None,
) -> Plan:
    """Run a stack program offline and judge it; a program that cannot be run is a plan with problems alone.

    `begun` is the run when it is under way already, or one of the engine.
    """
    book, unpriced = prices_of(limits.prices, limits.quota)
    ran = begun or begin(program)
    try:
        rehearsal = ran.finished()
    except Refusal as refusal:
        return replace(refused_plan(program.folder, program.stack, refusal.problems), how=ran.how)
    recording = replace(rehearsal.recording, resources=in_tree_order(rehearsal.recording.resources))
    program = program if ran.how == "offline" else replace(program, stack=recording.stack)
    secrets = Secrets(recording)
    resources = tuple(map(revealed, recording.resources))
    found = tuple(map(secrets.out_of_demand, counted(resources, limits, book)))
    granted = without_secrets(exceptions(resources, policy_config, program.folder), secrets.out_of)
    problems = [
        *program_problems(rehearsal, resources, found),
        *granted.problems(resources, found),
        *quota_problems(
            granted.for_limits(found),
            limits.quota,
            date.today(),
            ledger=limits.ledger,
            subscription=paying(program, limits),
            waiving=granted.waiving,
        ),
        *pack_problems(Judged.of(recording), packs, policy_config, program.folder),
        *unpriced,
    ]
    plan = plan_of(recording, granted.for_limits(found), map(secrets.out_of_problem, problems), granted)
    return replace(plan, how=ran.how, prices=book)


def counted(resources: Iterable[Resource], limits: Limits, prices: PriceBook) -> Iterable[Demand]:
    """Return what resources hold, with the facts that the quota file states of their sizes."""
    found = demands(resources, region=limits.region, prices=prices)
    if limits.quota is None:
        return found
    from kaito_iac.quota.file import read_quota
    from kaito_iac.quota.stated_size import with_stated

    return with_stated(found, read_quota(limits.quota)[0])


def plan_of(
    recording: Recording, found: Sequence[Demand], problems: Iterable[Problem], granted: Exceptions = NO_EXCEPTIONS
) -> Plan:
    """Return the plan of what was recorded: a run of a program, or a saved state."""
    return Plan(
        project=recording.project,
        stack=recording.stack,
        made=date.today(),
        complete=recording.error is None,
        resources=recording.resources,
        demands=tuple(found),
        workloads=tuple(workloads(recording, found)),
        exports={name: conceal(value) for name, value in recording.exports.items()},
        unseen=tuple((unseen.where, unseen.reason) for unseen in recording.unseen),
        problems=_ordered(problems),
        declarations=granted.declarations,
        waivers=granted.waivers,
    )


def refused_plan(program: Path, stack: str | None, problems: tuple[Problem, ...]) -> Plan:
    """Return the plan of a program that cannot be run: its problems alone."""
    return Plan(
        project=os.path.basename(os.path.realpath(program)),
        stack=stack or "dev",
        made=date.today(),
        complete=False,
        resources=(),
        demands=(),
        workloads=(),
        exports={},
        unseen=(),
        problems=problems,
    )


def _ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return every problem once, at the gravest of its severities, the gravest first."""
    unique: dict[tuple[str, str, str], Problem] = {}
    for problem in sorted(problems, key=lambda problem: SEVERITIES.index(problem.severity)):
        unique.setdefault((problem.code, problem.path, problem.found), problem)
    return tuple(unique.values())
