"""Verdicts about a plan that was made: what is public in it, and whether it fits a quota file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kaito_iac.problem import Problem

if TYPE_CHECKING:
    from kaito_iac.planning.plan import Plan


def exposed(plan: Plan) -> tuple[Problem, ...]:
    """Return what is reachable from outside the network, or may be: load balancers, routes without login, Ray's ports."""
    from kaito_iac.offline.recording import Recording
    from kaito_iac.planning.judgement import Judged, findings, where
    from kaito_iac.rules import no_auth, public_load_balancer, ray_ports
    from kaito_iac.rules.rule import AnyRule
    from kaito_iac.rules.settings import settings_of

    recording = Recording(
        project=plan.project,
        stack=plan.stack,
        organization="",
        dry_run=True,
        resources=plan.resources,
        exports={},
        logs=(),
        unseen=(),
        error=None,
    )
    rules: list[AnyRule] = [public_load_balancer.RULE, no_auth.RULE, ray_ports.RULE]
    settings, _ = settings_of(rules, {})
    found = findings(Judged.of(recording), rules, settings, Path.cwd())
    return tuple(dict.fromkeys(_at(where(one.name, one.problem.path), one.problem) for one in found))


def _at(path: str, problem: Problem) -> Problem:
    return Problem(problem.code, path, problem.found, problem.accepted, problem.fix)


def beyond_quota(plan: Plan, quota: Path, *, ledger: Sequence[Path] = (), subscription: str = "") -> tuple[Problem, ...]:
    """Return where a plan does not fit a quota file, or where it is unknown whether it does."""
    from kaito_iac.planning.judgement import quota_problems
    from kaito_iac.quota.file import read_quota
    from kaito_iac.quota.stated_size import with_stated

    found = tuple(with_stated(plan.demands, read_quota(quota)[0]))
    problems = quota_problems(found, quota, date.today(), ledger=ledger, subscription=subscription)
    return tuple(problem for problem in problems if problem.severity == "error")
