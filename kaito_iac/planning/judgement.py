"""Problems that policy packs and a quota file report of a stack."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaito_iac.demand.demand import Demand
from kaito_iac.offline.recording import Recording, Refusal
from kaito_iac.planning.exception import without_packs
from kaito_iac.planning.recorded_facts import registered, whole
from kaito_iac.problem import Problem, Severity

if TYPE_CHECKING:
    from kaito_iac.rules.rule import AnyRule
    from kaito_iac.rules.run import Finding
    from kaito_iac.rules.settings import Settings
    from kaito_iac.stack.resource import Resource


def quota_problems(
    found: Sequence[Demand],
    quota: Path | None,
    today: date,
    *,
    ledger: Sequence[Path] = (),
    subscription: str = "",
    waiving: Any = None,
) -> Iterator[Problem]:
    """Compare what a stack creates, and the plans of other stacks, with a quota file, if there is one.

    `waiving` is the setting of the rule `waivers`: findings that it lets pass are warnings with the words of the waiver.
    """
    if quota is None and not ledger:
        return  # a plan without either loads none of the rules
    from kaito_iac.rules.rule import StackFacts
    from kaito_iac.rules.run import run
    from kaito_iac.rules.settings import settings_of

    rules, given = _limit_rules(quota, ledger, subscription)
    settings, problems = settings_of(rules, given)
    yield from problems
    if waiving is not None:
        from kaito_iac.rules import waivers

        rules, settings = [*rules, waivers.RULE], {**settings, waivers.NAME: waiving}
    folder = Path.cwd() if quota is None else Path(os.path.realpath(quota)).parent
    results = list(run(rules, StackFacts(demands=found, today=today, folder=folder), settings))
    mandatory = [finding.problem for finding in results if finding.level == "mandatory"]
    yield from dict.fromkeys(mandatory)
    advised = dict.fromkeys(finding.problem for finding in results if finding.problem not in mandatory)
    yield from (replace(problem, severity="warning") for problem in advised)


def _limit_rules(quota: Path | None, ledger: Sequence[Path], subscription: str) -> tuple[list[AnyRule], dict[str, Any]]:
    """Return the rules that hold a stack against a quota file and plans of others, and their settings."""
    from kaito_iac.rules import ledger_age, namespace_budget, quota_age, team_budget, vcpu_quota

    plans = {"ledger": [os.path.realpath(path) for path in ledger]}
    given: dict[str, Any] = {ledger_age.RULE.name: plans}
    if quota is None:
        return [ledger_age.RULE], given
    named = {"quotaFile": quota.name or os.path.realpath(quota)}  # an empty path is a folder, and no quota file
    given |= {rule.name: {**named, **plans} for rule in (team_budget.RULE, namespace_budget.RULE)}
    given[vcpu_quota.RULE.name] = {**named, **plans, "subscription": subscription}
    given[quota_age.RULE.name] = named
    return [vcpu_quota.RULE, team_budget.RULE, namespace_budget.RULE, quota_age.RULE, ledger_age.RULE], given


@dataclass(frozen=True, slots=True)
class Judged:
    """What packs are asked about: a recording for processes, and the same resources for rules of this process."""

    recording: Recording
    each: Callable[[], Sequence[Resource]]
    """Return resources by their inputs."""
    whole: Callable[[Mapping[str, Mapping[str, Any]]], Sequence[Resource]]
    """Return resources as a whole stack shows them; inputs after remedies are handed over by URN."""
    remedies: bool = True
    """Whether what can be remedied is, before it is judged."""

    @classmethod
    def of(cls, recording: Recording) -> Judged:
        """Return a recorded run."""
        return cls(recording, lambda: registered(recording), lambda changed: whole(recording, changed))


def pack_problems(
    stack: Judged, packs: Sequence[Path], policy_config: Path | None, program: Path | None = None
) -> Iterator[Problem]:
    """Return what packs say: shipped ones by their rules, others as processes; what is mandatory is an error.

    Relative paths of a configuration are those of the program's folder, of the configuration's own, or of the pack.
    """
    if not packs:
        yield from without_packs(policy_config)
        return
    from kaito_iac.rules.policy_config import entries, placed, read_file, unknown_rules
    from kaito_iac.rules.shipped import pack_folder, pack_of_rules, shadowed, shipped_name, shipped_rules

    given, unreadable = read_file(policy_config)
    unreadable = unreadable or tuple(entries(given)[1])
    if unreadable:
        yield from unreadable
        return
    yield from (_two_of_one_name(pack, other) for pack in packs if (other := shadowed(pack)))
    known: set[str] = set()
    names: list[str] = []
    silent = False
    for folder in map(pack_folder, packs):
        shipped = shipped_name(folder)
        try:
            if shipped:
                rules = shipped_rules(shipped)
                known.update(rule.name for rule in rules)
                own = policy_config.parent if policy_config is not None else folder
                yield from _of_rules(stack, rules, *placed(given, [program or Path.cwd(), own, folder]), folder)
            else:
                policies, problems = _of_process(stack.recording, folder, given)
                known.update(policies)
                yield from problems
        except Refusal as refusal:
            silent = silent or not shipped
            yield from refusal.problems
        names.append(folder.name)
    if not silent:  # the rules of a pack that cannot be asked are unknown
        yield from unknown_rules(given, known, names, pack_of_rules() if given else {})


def _two_of_one_name(pack: Path, folder: str) -> Problem:
    message = f"the shipped pack and the folder {folder}"
    fix = f"write {folder} for the folder; rename it, or leave this folder, for the shipped pack"
    return Problem("KO484", str(pack), message, "one pack of this name", fix)


def _of_rules(
    stack: Judged, rules: Sequence[AnyRule], given: Mapping[str, Any], missing: Mapping[str, str], folder: Path
) -> Iterator[Problem]:
    """Ask the rules of a shipped pack; `missing` has whole paths of files that are not there, by their names."""
    from kaito_iac.rules.settings import settings_of

    settings, problems = settings_of(rules, given)
    if problems:
        yield from problems
        return
    for finding in findings(stack, rules, settings, folder):
        path = missing.get(finding.problem.path) or where(finding.name, finding.problem.path)
        yield replace(finding.problem, path=path, severity=_severity(finding.level))


def findings(stack: Judged, rules: Sequence[AnyRule], settings: Settings, folder: Path) -> Iterator[Finding]:
    """Return what rules find; of each resource first what they remedied, which is an advice."""
    from kaito_iac.rules.remedy import remedied
    from kaito_iac.rules.rule import StackFacts
    from kaito_iac.rules.run import Finding, run

    each = stack.each()
    changed: dict[str, Mapping[str, Any]] = {}
    if stack.remedies and any(setting.level == "remediate" for setting in settings.values()):
        after = [remedied(rules, resource, settings) for resource in each]
        for one in after:
            for rule in one.rules:
                problem = Problem(rule.code, one.resource.name, f"remediated: {rule.title}")
                yield Finding(rule, "advisory", one.resource.urn, one.resource.name, problem, remedied=True)
        changed = {one.resource.urn: one.resource.inputs for one in after if one.rules}
        each = [one.resource for one in after]
    yield from run(rules, StackFacts.of(stack.whole(changed), date.today(), folder, each), settings)


def _of_process(recording: Recording, folder: Path, given: Mapping[str, Any]) -> tuple[tuple[str, ...], list[Problem]]:
    """Run a pack as a process; return the names of its policies, and their messages, unchanged."""
    from kaito_iac.offline.analyze import analysis

    names = {resource.urn: resource.name for resource in recording.resources if resource.parent}
    found = analysis(recording, folder, config=given, shared=True)
    problems = []
    for one in found.violations:
        described, _, rest = one.message.partition("\n")
        path = where(names.get(one.urn, ""), one.pack)
        problems.append(Problem(one.policy, path, f"{described} {rest}".strip(), severity=_severity(one.level)))
    return found.policies, problems


def where(name: str, path: str) -> str:
    """Return the path of a finding about a resource, which begins with its name unless it does already."""
    return path if not name or path == name or path.startswith(f"{name}: ") else f"{name}: {path}"


def _severity(level: str) -> Severity:
    return "error" if level == "mandatory" else "warning"
