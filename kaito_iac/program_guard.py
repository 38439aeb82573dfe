"""The guard in a stack program: whatever would break a budget or a quota is refused before it is registered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any, Final, Literal

import pulumi
from pydantic import ValidationError

from kaito_iac import errors
from kaito_iac.catalog.resource_types import is_harmless
from kaito_iac.demand.declared import program_declarations, with_declared
from kaito_iac.demand.demand import Demand, with_gpus
from kaito_iac.demand.elsewhere import may_change
from kaito_iac.demand.stack import demands, is_counted
from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem, Unknown
from kaito_iac.quota.file import quotas, read_quota
from kaito_iac.quota.ledger import read_ledger
from kaito_iac.rules import (
    gpu_budget,
    gpu_products,
    namespace_budget,
    namespace_gpus,
    node_parts,
    pool_capacity,
    stack_cost,
    team_budget,
    vcpu_quota,
)
from kaito_iac.rules.rule import OnUnknown, StackFacts, StackRule
from kaito_iac.rules.run import run
from kaito_iac.rules.settings import Setting
from kaito_iac.stack.program import Registry
from kaito_iac.stack.resource import Resource
from kaito_iac.validation import validation_problems

_TITLE: Final = "guard"
_MEND: Final = "correct the arguments of kaito_iac.guard"
_ARGUMENTS: Final = {
    gpu_budget.RULE.code: ("maxGpus", "gpus"),
    gpu_products.RULE.code: ("maxGpus", "gpus_by_product"),
    stack_cost.RULE.code: ("maxUsdPerMonth", "usd_per_month"),
}
"""Code of a rule to its setting, and the argument that gives it."""
_CROWDED: Final = (pool_capacity.CAPACITY, node_parts.RULE, namespace_gpus.GPUS)
"""Rules that need no setting: whether what is declared fits where it runs."""
Check = tuple[StackRule[Any], Mapping[str, Any]]
Checks = Sequence[Check]


def guard(
    *,
    gpus: int | None = None,
    gpus_by_product: Mapping[str, int] | None = None,
    usd_per_month: float | None = None,
    quota_file: str | PathLike[str] | None = None,
    subscription: str = "",
    ledger: Sequence[str | PathLike[str]] = (),
    region: str = "",
    on_unknown: OnUnknown = "deny",
    declarations: Literal["none", "program"] = "none",
) -> None:
    """Refuse every resource of this program that would go over a limit, before it is registered.

    Call it at the top of the program; what is registered earlier is neither counted nor refused. `gpus`,
    `gpus_by_product` and `usd_per_month` limit the stack, autoscalers at their maximum; a quota file limits vCPUs by
    family and region, and teams and namespaces, together with the plans in `ledger`. What does not fit on its pool, or
    into the GPU quota of its namespace, is refused, too. Relative paths are looked for in
    the program's folder. `region` is that of resources that name none. A value that is known only after the update
    is refused, unless `on_unknown` is `warn`; a chart or an unknown type also passes `warn-unread`, or
    counts as `kaito_iac.declare` above it states, where `declarations` is `program`. Raises SpecError, with
    all problems: here when the guard itself cannot work, later from the constructor of the resource that goes over.
    """
    paths = [str(path) for path in ledger]
    named = (str(quota_file) or ".") if quota_file is not None else ""
    terms = {"onUnknown": on_unknown}
    table = {"quotaFile": named, "ledger": paths, **terms}
    checks = _limits(gpus, gpus_by_product, usd_per_month, terms)
    if quota_file is not None:
        checks.append((vcpu_quota.RULE, {**table, "subscription": subscription, "region": region}))
        checks += [(team_budget.RULE, table), (namespace_budget.RULE, table)]
    folder = Path.cwd()
    useless = _useless(gpus_by_product, ledger, quota=quota_file is not None)
    problems = [*useless, *_misused(checks, declarations), *_unreadable(folder, named, subscription, paths)]
    problems = list(dict.fromkeys(problems))
    if problems:
        raise SpecError(_TITLE, problems)
    pulumi.runtime.register_stack_transformation(_Guard(checks, folder, region, declared=declarations == "program"))


def _limits(gpus: Any, gpus_by_product: Any, usd_per_month: Any, terms: Mapping[str, Any]) -> list[Check]:
    """Return the rules about the stack, with their settings."""
    checks: list[Check] = []
    if gpus is not None:
        checks.append((gpu_budget.RULE, {"maxGpus": gpus, **terms}))
    if gpus_by_product is not None:
        checks.append((gpu_products.RULE, {"maxGpus": dict(gpus_by_product), **terms}))
    if usd_per_month is not None:
        checks.append((stack_cost.RULE, {"maxUsdPerMonth": usd_per_month, **terms}))
    return checks


def _useless(gpus_by_product: Any, ledger: Any, *, quota: bool) -> Iterator[Problem]:
    """Return arguments that limit nothing: no product at all, plans without the limits that they are held against."""
    if gpus_by_product is not None and not gpus_by_product:
        yield Problem("KS102", "gpus_by_product", "no product", "a limit by product", _MEND)
    if isinstance(ledger, str):
        yield Problem("KS102", "ledger", repr(ledger)[:80], "a list of files and folders", _MEND)
    elif ledger and not quota:
        yield Problem("KS102", "ledger", "without quota_file", "the limits that the plans are held against", _MEND)


def _misused(checks: Checks, declarations: str) -> Iterator[Problem]:
    if declarations not in ("none", "program"):
        yield Problem("KS102", "declarations", f"{declarations!r}"[:80], "none or program", _MEND)
    if not checks:
        yield Problem("KS102", _TITLE, "no limit is given", "gpus, gpus_by_product, usd_per_month or quota_file", _MEND)
    for rule, settings in checks:
        try:
            rule.config.model_validate(dict(settings))
        except ValidationError as error:
            for problem in validation_problems(rule.code, _TITLE, rule.config, error, _MEND):
                setting, argument = _ARGUMENTS.get(rule.code, ("", ""))
                yield replace(problem, path=problem.path.replace(f"{_TITLE}.{setting}", argument, 1)) if setting else problem


def _unreadable(folder: Path, quota_file: str, subscription: str, ledger: Sequence[str]) -> Iterator[Problem]:
    if quota_file:
        quota, problems = read_quota(folder / quota_file)
        yield from problems
        if quota is not None and (quota.subscriptions or quota.limits):
            yield from quotas(quota, subscription)[1]
    own = f"{pulumi.get_project()}/{pulumi.get_stack()}"
    yield from read_ledger([folder / path for path in ledger], own).problems


class _Guard:
    """Counts what a program registers, and refuses what goes over."""

    def __init__(self, checks: Checks, folder: Path, region: str, *, declared: bool) -> None:
        self._rules = [rule for rule, _ in checks]
        self._settings = {rule.name: Setting("mandatory", rule.config.model_validate(dict(given))) for rule, given in checks}
        self._folder = folder
        self._region = region or None
        self._declared = declared
        self._registry = Registry(_may_hold)
        self._held: dict[str, list[Demand]] = {}
        """What every resource holds, by its URN."""
        self._sums: dict[Any, Demand] = {}
        """Demands that every rule counts in the same place, added up."""
        self._alone: dict[str, list[Demand]] = {}
        """Demands that cannot be added up by their nodes, by URN."""
        self._beside: dict[Any, dict[str, list[Demand]]] = {}
        """What runs on each pool, and what is in each namespace."""

    def __call__(self, args: pulumi.ResourceTransformationArgs) -> None:
        """Look at one resource before it is registered; raises SpecError when it goes over."""
        resource = self._registry.add(args)
        if resource is None:
            return
        changed = self._registry.changed_by(resource)
        found = [demand for one in changed for demand in self._demands(one)]
        if not found:
            return
        before = [demand for one in changed for demand in self._let_go(one.urn)]
        problems = self._problems(found)
        if not problems:
            self._hold(found)
            return
        self._hold(before)
        kind = found[0].kind if changed[0] is resource else resource.type.rpartition(":")[2]
        refusal = SpecError(f"{kind} '{resource.name}'", problems)
        if not errors.collect(refusal):
            raise refusal

    def _demands(self, resource: Resource) -> list[Demand]:
        around = self._registry.around(resource)
        found: Sequence[Demand] = demands([*around, resource], region=self._region)
        if self._declared:
            found = with_declared(found, program_declarations(self._registry.declarations))
        return [one for one in with_gpus(found) if one.urn == resource.urn]

    def _problems(self, found: Sequence[Demand]) -> list[Problem]:
        """Return what is wrong once these are held too: asked of sums, and only when something is, of everything by name."""
        crowded = self._crowded(found)
        alone = (one for held in self._alone.values() for one in held)
        if not self._judged([*self._sums.values(), *alone, *found]):
            return crowded
        return [*self._judged([*(one for held in self._held.values() for one in held), *found]), *crowded]

    def _crowded(self, found: Sequence[Demand]) -> list[Problem]:
        """Return what does not fit on the pool or into the namespace it is for, with what is there already."""
        places = dict.fromkeys(place for demand in found for place in _places(demand))
        beside = {id(one): one for place in places for held in self._beside.get(place, {}).values() for one in held}
        facts = StackFacts(
            demands=[*beside.values(), *found], today=date.today(), folder=self._folder, resources=self._registry.namespace_quotas
        )
        return list(dict.fromkeys(problem for rule in _CROWDED for problem in rule.judge(facts, {})))

    def _judged(self, held: Sequence[Demand]) -> list[Problem]:
        facts = StackFacts(demands=held, today=date.today(), folder=self._folder)
        return list(
            dict.fromkeys(
                problem for finding in run(self._rules, facts, self._settings) if (problem := finding.problem).severity == "error"
            )
        )

    def _hold(self, found: Sequence[Demand]) -> None:
        for demand in found:
            self._held.setdefault(demand.urn, []).append(demand)
            for place in _places(demand):
                self._beside.setdefault(place, {}).setdefault(demand.urn, []).append(demand)
            if isinstance(demand.nodes, Unknown) or _stands_alone(demand):
                self._alone.setdefault(demand.urn, []).append(demand)
                continue
            key = _alike(demand)
            before = self._sums.get(key)
            nodes = demand.nodes if before is None or isinstance(before.nodes, Unknown) else before.nodes.plus(demand.nodes)
            self._sums[key] = replace(demand, nodes=nodes)

    def _let_go(self, urn: str) -> list[Demand]:
        """Take what a resource held out of all sums; an autoscaler that came later decides anew how much it is."""
        before = self._held.pop(urn, [])
        self._alone.pop(urn, None)
        for demand in before:
            for place in _places(demand):
                self._beside[place].pop(urn, None)
            summed = None if _stands_alone(demand) else self._sums.get(_alike(demand))
            if summed is not None and not isinstance(demand.nodes, Unknown) and not isinstance(summed.nodes, Unknown):
                self._sums[_alike(demand)] = replace(summed, nodes=summed.nodes.plus(demand.nodes.times(-1)))
        return before


def _may_hold(token: str) -> bool:
    return is_counted(token) or not is_harmless(token) or may_change(token)


def _places(demand: Demand) -> Iterator[tuple[str, ...]]:
    """Return the pool that something runs on, and the namespace it is in."""
    if demand.on is not None:
        yield ("pool", demand.on.urn, demand.on.path)
    if isinstance(demand.namespace, str):
        yield ("namespace", demand.namespace)


def _stands_alone(demand: Demand) -> bool:
    """Return whether what a demand holds does not follow from its nodes and its size."""
    return demand.stated_gpus is not None or demand.stated_vcpus is not None or bool(demand.ways)


def _alike(demand: Demand) -> tuple[Any, ...]:
    """Return what two demands share that every rule counts in the same place."""
    owner = demand.urn if demand.team is not None or not demand.bought else ""
    return (
        demand.size_name,
        demand.region,
        demand.spot,
        demand.bought,
        demand.namespace,
        demand.team,
        demand.pool,
        owner,
        demand.reserved,
        demand.zones,
    )
