"""A plan for people: at most 80 columns unless there is more room, colour only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kaito_iac.demand.demand import Demand, with_gpus
from kaito_iac.demand.total import Total
from kaito_iac.planning.equal_notes import without_repeats
from kaito_iac.planning.figure import hourly, in_currency, money, number, span
from kaito_iac.planning.gateway_list import GatewayPlan, Route
from kaito_iac.planning.needs_text import needs_lines
from kaito_iac.planning.page_line import clean, cut, indented, wrapped
from kaito_iac.planning.plan import UNKNOWN, Plan
from kaito_iac.planning.workload import Workload
from kaito_iac.problem import Problem, Unknown
from kaito_iac.stack.resource import Resource

COLOURS: Final[Mapping[str, str]] = {"head": "1", "error": "31;1", "warning": "33", "info": "36", "dim": "2"}
Paint = Callable[[str, str], str]
MOST_ROWS: Final = 200
"""Rows of a table that are shown; the rest is counted, and whole in the JSON."""
NARROWEST: Final = 11
"""Columns of a name at least; more where the page has them and a name needs them."""
MOST_REASONS: Final = 8
"""Unknown prices whose reasons are shown."""
PODS: Final = frozenset(
    "Pod ReplicationController Deployment StatefulSet ReplicaSet DaemonSet Job CronJob LeaderWorkerSet RayCluster RayJob "
    "RayCronJob RayService JobSet InferenceService LLMInferenceService VirtualMachineInstance VirtualMachineInstanceReplicaSet "
    "VirtualMachinePool".split()
)
"""Kinds that use GPUs of nodes, and no nodes as a whole."""


def plan_text(plan: Plan, *, width: int = 80, color: bool = False) -> str:
    """Return the plan as text of so many columns, at least 60."""
    width = max(60, min(width, 120))

    def paint(kind: str, text: str) -> str:
        return f"\x1b[{COLOURS[kind]}m{text}\x1b[0m" if color else text

    kind, how = ("State", f"saved {plan.made.isoformat()}") if plan.saved else ("Plan", plan.how)
    how = "not read" if plan.saved and plan.unread else how
    title = cut(clean(f"{kind} of {plan.project}, stack {plan.stack}"), width - 36)
    blocks = [
        [paint("head", title) + paint("dim", f"  ({how}, KAITO {plan.kaito})")],
        _block("Resources", _tree(plan.resources, width), paint),
        _block("GPU nodes", _nodes(plan.demands, width), paint),
        _block("Other nodes", _other_nodes(plan.demands, width), paint),
        _block("Endpoints", [*_endpoints(plan.workloads, width), *_gateways(plan.gateways, width)], paint),
        _block("Totals", _totals(plan, width), paint) if plan.demands else [],
        _block("Teams", _teams(plan), paint),
        _block("Declared demand", _declarations(plan, width), paint),
        _block("Waivers", _waivers(plan, width), paint),
        _block("Needs in the cluster", _needs(plan, width), paint),
        _block("Not seen offline", _unseen(plan.unseen, width), paint),
        _problems(plan.problems, width, paint),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _block(title: str, lines: list[str], paint: Paint) -> list[str]:
    if len(lines) > MOST_ROWS:
        lines = [*lines[:MOST_ROWS], f"  … and {len(lines) - MOST_ROWS} more lines; --json has them all"]
    return [paint("head", title), *lines] if lines else []


def short_type(token: str) -> str:
    """Return a Pulumi type as people call it: `Workspace (kaito.sh/v1beta1)`, `AgentPool (azure-native)`."""
    package, _, rest = token.partition(":")
    module, _, kind = rest.rpartition(":")
    if package == "kubernetes":
        return f"{kind} ({module.removeprefix('core/')})"
    return kind if package in ("kaito-iac", "pulumi") else f"{kind} ({package})"


def _tree(resources: tuple[Resource, ...], width: int) -> list[str]:
    children: dict[str | None, list[Resource]] = {}
    known = {resource.urn for resource in resources}
    for resource in resources:
        children.setdefault(resource.parent if resource.parent in known else None, []).append(resource)

    lines = []
    waiting = [("", "", resource) for resource in reversed(children.get(None, []))]
    while waiting:  # no recursion: components may be nested deeper than Python calls
        branch, prefix, resource = waiting.pop()
        lines.append(cut(f"  {branch}{clean(resource.name)}  {clean(short_type(resource.type))}", width))
        below = children.get(resource.urn, [])
        for index in reversed(range(len(below))):
            last = index == len(below) - 1
            waiting.append((prefix + ("└─ " if last else "├─ "), prefix + ("   " if last else "│  "), below[index]))
    return lines


def _nodes(found: tuple[Demand, ...], width: int) -> list[str]:
    rows = [demand for demand in with_gpus(found) if demand.bought or demand.kind != "RAGEngine"]
    if not rows:
        return []
    longest = max(len(clean(demand.component)) for demand in rows)
    wide = max(NARROWEST, min(longest, width - 69))
    lines = [f"  {'COMPONENT':<{wide}} {'SIZE':<25} {'NODES':>5} {'GPUS':>5} {'VCPUS':>7} {'USD/H':>7} {'USD/MONTH':>12}"]
    for demand in rows:
        name, size = cut(clean(demand.component), wide), cut(clean(demand.size_name or "unknown"), 25)
        held = f"{span(demand.gpus):>5} {span(demand.vcpus):>7} {hourly(demand):>7} {span(demand.usd_per_month):>12}"
        pods = demand.kind in PODS
        if demand.node_part:
            lines.append(f"  {name:<{wide}} {size:<25} {f'{span(demand.nodes)} x {demand.node_part} of a node':>40}")
            continue
        if not demand.bought:
            held = f"{span(demand.gpus):>5} {'of existing nodes':>28}" if pods else f"{'on pool or existing nodes':>34}"
        lines.append(f"  {name:<{wide}} {size:<25} {'' if pods else span(demand.nodes):>5} {held}".rstrip())
    return lines


def _other_nodes(found: tuple[Demand, ...], width: int) -> list[str]:
    """Return the nodes without GPUs that are bought; what they cost, or that it is unknown, is in the totals."""
    lines = []
    for demand in found:
        if demand.size is None and demand.bought:
            vcpus = "" if isinstance(demand.vcpus, Unknown) else f", {span(demand.vcpus)} vCPUs"
            cost = "" if isinstance(demand.usd_per_month, Unknown) else f", {money(demand.usd_per_month)}"
            lines += wrapped(clean(f"{demand.component}: {span(demand.nodes)} x {demand.size_name}{vcpus}{cost}"), 2, width)
    return lines


def _endpoints(workloads: tuple[Workload, ...], width: int) -> list[str]:
    lines = []
    for workload in workloads:
        lines.append(f"  {clean(workload.component)}: {clean(str(workload.model))}")
        nodes = f"{span(workload.nodes)} x {workload.place}" if workload.nodes is not None else workload.place
        lines += wrapped(clean(nodes), 4, width)
        if workload.why:
            lines += wrapped(clean(workload.why), 4, width)
        lines.append(f"    {_address(workload.endpoint)}")
        context = workload.endpoint.get("contextTokens")
        if context is not None:
            lines.append(f"    model {_text(workload.endpoint.get('model'))}, context {_text(context)} tokens (est.)")
    return lines


GUARDED: Final[Mapping[str, str]] = {"apiKey": "callers send an API key", "none": "no key is required"}
REACHED: Final[Mapping[str, str]] = {
    "cluster": "in the cluster alone",
    "internal": "on a private load balancer",
    "public": "on a public load balancer",
}


def _gateways(found: tuple[GatewayPlan, ...], width: int) -> list[str]:
    """Return the address of every gateway, and which component answers for each model behind it."""
    lines = []
    for gateway in found:
        message = f"{REACHED.get(gateway.expose, gateway.expose)}, {GUARDED.get(gateway.auth, gateway.auth)}"
        lines += [f"  {clean(gateway.component)}: gateway", *wrapped(clean(message), 4, width), f"    {_text(gateway.url)}"]
        for route in gateway.routes:
            models = "models known after the update" if isinstance(route.models, Unknown) else ", ".join(route.models)
            lines += wrapped(clean(f"{models}: {_answering(route)}"), 4, width, hang=6)
    return lines


def _answering(route: Route) -> str:
    if route.component:
        return f"answered by {route.component}"
    if isinstance(route.target, Unknown):
        return f"route {route.name}, answered by what is known after the update"
    kind, name, namespace = route.target
    return f"answered by {kind} {name} in {namespace}, which is not of this program"


def _needs(plan: Plan, width: int) -> list[str]:
    return [line for indent, text in needs_lines(plan.needs) for line in wrapped(clean(text), indent, width, hang=indent + 2)]


def _unseen(found: tuple[tuple[str, str], ...], width: int) -> list[str]:
    return [line for where, reason in found for line in wrapped(f"{clean(where)}: {clean(reason)}", 2, width, hang=4)]


def _declarations(plan: Plan, width: int) -> list[str]:
    """Return what a person stated of what cannot be counted: where, why, and whether limits are held against it."""
    lines = []
    for one in plan.declarations:
        place = (one.source or "in the program") if one.urn else "policy configuration"
        counts = "" if one.counts else "; not counted (declared-demand does not accept declarations of a program)"
        lines += wrapped(clean(f"{one.resource}: {one.amount}, {place}: {one.reason}{counts}"), 2, width, hang=4)
    return lines


def _waivers(plan: Plan, width: int) -> list[str]:
    lines = (f"{one.rule} of {one.resource} until {one.expires.isoformat()}, {one.owner}: {one.reason}" for one in plan.waivers)
    return [line for text in lines for line in wrapped(clean(text), 2, width, hang=4)]


def _address(endpoint: Mapping[str, Any]) -> str:
    """Return where a workload answers: its address, the pool behind a gateway, or the adapter it leaves."""
    if "pool" in endpoint:
        return f"InferencePool {_text(endpoint['pool'])}, for a gateway"
    if "adapter" in endpoint:
        adapter = endpoint["adapter"]
        if not isinstance(adapter, Mapping):
            return "adapter known after the update"
        return f"adapter {_text(adapter.get('image') or 'on a volume')}"
    if "url" in endpoint and endpoint["url"] is None:
        return "no address: made without a Service"
    return _text(endpoint.get("url"))


def _text(value: Any) -> str:
    return "address known after the update" if isinstance(value, Unknown) or value is None else clean(str(value))


def _totals(plan: Plan, width: int) -> list[str]:
    if not any(demand.bought for demand in plan.demands):
        return ["  No nodes are created: everything runs on existing nodes."]
    lines = [f"  GPUs   {_sum(held)} {_kind(model, 'product')}" for model, held in plan.gpus.items()]
    for (family, region), held in plan.vcpus.items():
        most = plan.surge[family, region]
        surge = f", {number(most)} while AKS upgrades its nodes" if most > held.known.high else ""
        message = f"vCPUs  {_sum(held)} {_kind(family, 'family')} in {_kind(region, 'region')}{surge}"
        lines += wrapped(message, 2, width, hang=9)
    return lines + _cost(plan, plan.usd_per_month, width)


def _cost(plan: Plan, cost: Total, width: int) -> list[str]:
    partial = f", and {len(cost.unknown)} unknown price{'s' if len(cost.unknown) > 1 else ''} not counted" if cost.unknown else ""
    message = f"{money(cost.known)}{in_currency(cost.known, plan.prices)}{partial}"
    amount = message if cost.known.high or not cost.unknown else "unknown"
    lines = wrapped(f"Cost   {amount} (estimate: {plan.price_note})", 2, width, hang=9)
    for name, why in cost.unknown[:MOST_REASONS]:
        lines += wrapped(f"{clean(name)}: {clean(why.reason)}", 9, width, hang=11)
    return lines + _more(len(cost.unknown), MOST_REASONS, "prices")


def _teams(plan: Plan) -> list[str]:
    """Return what each team uses, when there is more than one, or something that is no team's."""
    if len(plan.teams) < 2:
        return []
    lines = [f"  {'TEAM':<30} {'GPUS':>19} {'USD/MONTH':>23}"]
    for team, (gpus, cost) in plan.teams.items():
        name = "owner not known" if isinstance(team, Unknown) else "no team" if team is None else clean(team)
        lines.append(f"  {cut(name, 30):<30} {_sum(gpus):>19} {_sum(cost):>23}")
    return lines


def _kind(name: str, what: str) -> str:
    return (
        f"of an unknown {what}"
        if name == UNKNOWN and what == "product"
        else f"unknown {what}"
        if name == UNKNOWN
        else clean(name)
    )


def _more(count: int, most: int, what: str) -> list[str]:
    return [f"  … and {count - most} more {what}; --json has them all"] if count > most else []


def _sum(held: Total) -> str:
    if not held.unknown:
        return span(held.known)
    return f"{span(held.known)} and unknown" if held.known.high else "unknown"


def _problems(problems: tuple[Problem, ...], width: int, paint: Paint) -> list[str]:
    if not problems:
        return [paint("head", "Problems"), "  none"]
    counts = [
        f"{count} {severity}{'s' if count > 1 and severity != 'info' else ''}"
        for severity in ("error", "warning", "info")
        if (count := sum(problem.severity == severity for problem in problems))
    ]
    lines = [paint("head", f"Problems: {', '.join(counts)}")]
    shown = without_repeats(problems)
    for problem in shown[:MOST_ROWS]:
        mark = f"{problem.severity}: "
        first, *more = problem.headline.splitlines()
        first_lines = wrapped(mark + clean(first), 2, width, hang=4)
        first_lines[0] = first_lines[0].replace(mark, paint(problem.severity, mark), 1)
        lines += [*first_lines, *indented(more, 4, width)]
        first, *more = problem.fix.splitlines() or [""]
        lines += [*wrapped(f"fix: {clean(first)}", 4, width, hang=9), *indented(more, 9, width)] if first else []
    return lines + _more(len(shown), MOST_ROWS, "problems")
