"""A plan as plain data, in the shape of docs/reference/plan.schema.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kaito_iac.catalog.price import HOURS_PER_MONTH, PriceBook
from kaito_iac.demand.declared import Declaration
from kaito_iac.demand.demand import Demand
from kaito_iac.demand.range import Range
from kaito_iac.demand.total import Total
from kaito_iac.problem import Unknown

if TYPE_CHECKING:
    from kaito_iac.planning.gateway_list import GatewayPlan, Route
    from kaito_iac.planning.plan import Plan
    from kaito_iac.planning.workload import Workload
    from kaito_iac.stack.resource import Resource


def plan_json(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON values: camelCase keys, null where a value is unknown, secrets concealed."""
    from kaito_iac.planning.plan import SCHEMA

    return {
        "schema": SCHEMA,
        "kaitoVersion": plan.kaito,
        "project": plan.project,
        "stack": plan.stack,
        "made": plan.made.isoformat(),
        "complete": plan.complete,
        "resources": [_resource(resource) for resource in plan.resources],
        "demands": [demand_json(demand) for demand in plan.demands],
        "workloads": [_workload(workload) for workload in plan.workloads],
        "gateways": [_gateway(gateway) for gateway in plan.gateways],
        "totals": {
            "gpus": [{"gpuModel": _known(model), **_total(held)} for model, held in plan.gpus.items()],
            "vcpus": [
                {"vcpuFamily": _known(family), "region": _known(region), **_total(held)}
                for (family, region), held in plan.vcpus.items()
            ],
            "usdPerMonth": _total(plan.usd_per_month),
            "usdPerHour": _hourly(plan.usd_per_month),
            "teams": [
                {"team": _plain(team), "known": not isinstance(team, Unknown), "gpus": _total(gpus), "usdPerMonth": _total(cost)}
                for team, (gpus, cost) in plan.teams.items()
            ],
        },
        "prices": plan.price_note,
        "rates": _rates(plan.prices),
        "exports": _plain(plan.exports),
        "needs": [need.as_json() for need in plan.needs],
        "unseen": [{"where": where, "reason": reason} for where, reason in plan.unseen],
        "declarations": [_declaration(one) for one in plan.declarations],
        "waivers": [{**asdict(one), "expires": one.expires.isoformat()} for one in plan.waivers],
        "problems": [problem.as_json() for problem in plan.problems],
    }


def _declaration(one: Declaration) -> dict[str, Any]:
    return {
        "resource": one.resource,
        "type": one.type or None,
        "gpus": one.gpus,
        "size": one.size or None,
        "nodes": one.nodes,
        "reason": one.reason,
        "source": one.source or None,
        "by": "program" if one.urn else "pack",
        "counts": one.counts,
    }


def _rates(prices: PriceBook) -> dict[str, Any] | None:
    """Return whose rates a plan is priced by; null: list prices alone."""
    if not prices.name:
        return None
    return {
        "file": prices.name,
        "date": prices.date,
        "source": prices.source,
        "currency": prices.currency,
        "usdPerUnit": prices.usd_per_unit,
    }


def _hourly(month: Total) -> dict[str, float | None]:
    """Return what the cost of a month is for an hour."""
    return _range(month.known.times(1 / HOURS_PER_MONTH), lambda value: round(value, 4))


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "parent": resource.parent,
        "custom": resource.custom,
    }


def demand_json(demand: Demand) -> dict[str, Any]:
    """Return a demand as JSON values, with the reason of everything unknown."""
    values = {
        "nodes": demand.nodes,
        "gpuModel": demand.gpu_model,
        "gpus": demand.gpus,
        "vcpus": demand.vcpus,
        "quotaVcpus": demand.quota_vcpus,
        "vcpuFamily": demand.family,
        "spot": demand.spot,
        "region": demand.region,
        "namespace": demand.namespace,
        "team": demand.team,
        "usdPerHour": demand.usd_per_hour,
        "usdPerMonth": demand.usd_per_month,
    }
    return {
        "component": demand.component,
        "resource": demand.resource,
        "urn": demand.urn,
        "kind": demand.kind,
        "size": demand.size_name or None,
        "part": demand.node_part or None,
        "bought": demand.bought,
        "reserved": demand.reserved is True,
        "pool": demand.pool or None,
        "why": demand.why,
        **{key: _plain(value) for key, value in values.items()},
        "unknown": {key: value.reason for key, value in values.items() if isinstance(value, Unknown)},
    }


def _workload(workload: Workload) -> dict[str, Any]:
    return {
        "component": workload.component,
        "kind": workload.kind,
        "model": workload.model,
        "endpoint": _plain(workload.endpoint),
        "nodes": _plain(workload.nodes),
        "place": workload.place,
        "why": workload.why,
    }


def _gateway(gateway: GatewayPlan) -> dict[str, Any]:
    return {
        "component": gateway.component,
        "url": _plain(gateway.url),
        "auth": gateway.auth,
        "expose": gateway.expose,
        "routes": [_route(route) for route in gateway.routes],
    }


def _route(route: Route) -> dict[str, Any]:
    target = route.target
    parts = None if isinstance(target, Unknown) else dict(zip(("kind", "name", "namespace"), target, strict=True))
    return {"name": route.name, "models": _plain(route.models), "target": parts, "component": route.component or None}


def _known(name: str) -> str | None:
    from kaito_iac.planning.plan import UNKNOWN

    return None if name == UNKNOWN else name


def _total(held: Total) -> dict[str, Any]:
    return {**_plain(held.known), "unknown": [{"component": name, "reason": reason.reason} for name, reason in held.unknown]}


def _plain(value: Any) -> Any:
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Range):
        return _range(value, _number)
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def _range(value: Range, shown: Callable[[float], float]) -> dict[str, float | None]:
    low = shown(value.low) if value.low_known else None
    return {"min": low, "expected": shown(value.expected), "max": shown(value.high)}


def _number(value: float) -> float:
    return int(value) if float(value).is_integer() else round(value, 2)
