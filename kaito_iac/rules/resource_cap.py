"""KQ111: no single resource holds more than a cap, or nodes of a size that is not allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydantic import Field

from kaito_iac.catalog.label import PLANNED_NODES
from kaito_iac.demand.demand import Demand, with_gpus
from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Problem, Unknown
from kaito_iac.quota.amount import amount
from kaito_iac.quota.model import Amount, Name, Usd, without_null
from kaito_iac.rules.rule import OnUnknown, ResourceRule, RuleConfig, left
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource


class Config(RuleConfig):
    """Settings of the rule; what is left out is not limited."""

    max_gpus: Amount | None = Field(default=None, description="GPUs one resource may hold.", json_schema_extra=without_null)
    max_nodes: Amount | None = Field(default=None, description="GPU nodes one resource may hold.", json_schema_extra=without_null)
    max_usd_per_month: Usd | None = Field(
        default=None, description="US dollars a month one resource may cost at list price.", json_schema_extra=without_null
    )
    allowed_sizes: tuple[Name, ...] = Field((), description="VM sizes with GPUs that may be held; empty: all.")
    denied_sizes: tuple[Name, ...] = Field((), description="VM sizes with GPUs that may not be held.")
    region: str = Field("", description="Region of resources that name none, for their price; empty: unknown.")
    on_unknown: OnUnknown = Field(
        "deny",
        description="deny: what is not known breaks the cap."
        " warn-unread: leave unknown types to unread-resources. warn: leave all of it to unknown-demand.",
    )


def capped(demand: Demand, config: Config) -> Iterator[Problem]:
    """Hold one demand against every cap, at its maximum."""
    path = f"{demand.kind} '{demand.resource}'"
    yield from _sized(demand, config, path)
    caps: tuple[tuple[str, float | None, Range | Unknown], ...] = (
        ("GPUs", config.max_gpus, demand.gpus),
        ("nodes", config.max_nodes, demand.nodes),
        ("USD a month", config.max_usd_per_month, demand.usd_per_month),
    )
    for what, most, held in caps:
        if most is None:
            continue
        if isinstance(held, Unknown):
            if config.on_unknown != "warn":
                yield Problem("KQ111", path, f"{what} unknown ({held.reason})", f"at most {amount(most)} {what}")
        elif held.high > most:
            message = f"{what}: {amount(round(held.high, 2))}"
            yield Problem("KQ111", path, message, f"at most {amount(most)}", "use fewer or smaller nodes")


def _sized(demand: Demand, config: Config, path: str) -> Iterator[Problem]:
    if not config.allowed_sizes and not config.denied_sizes:
        return
    names = list(dict.fromkeys(way.size_name for way in demand.ways)) or [demand.size_name]
    if not all(names):
        reason = demand.size.reason if isinstance(demand.size, Unknown) else "no VM size is named"
        if config.on_unknown != "warn":
            yield Problem("KQ111", path, f"VM size unknown ({reason})", "a size the cap can judge")
    for name in filter(None, names):
        if config.allowed_sizes and not _among(name, config.allowed_sizes):
            yield Problem("KQ111", path, name, f"one of {', '.join(config.allowed_sizes)}", "choose another size")
        if _among(name, config.denied_sizes):
            yield Problem("KQ111", path, f"{name}, a denied size", "any size that is not denied", "choose another size")


def _among(name: str, sizes: Sequence[str]) -> bool:
    return name.strip().lower() in {size.strip().lower() for size in sizes}


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """Hold everything that one resource creates against the cap, as far as the resource shows it without its neighbours."""
    for demand in with_gpus(left(demands([fact], region=config.region or None), config.on_unknown)):
        if demand.bought:
            yield from capped(_targeted(demand, fact), config)


def _targeted(demand: Demand, fact: Resource) -> Demand:
    """Return a Workspace whose context is in a ConfigMap the nodes that its component counted."""
    if demand.kind != "Workspace" or not isinstance(demand.nodes, Unknown):
        return demand
    nodes = field(fact.inputs, "metadata", "annotations", PLANNED_NODES)
    return replace(demand, nodes=Range.exactly(int(nodes))) if isinstance(nodes, str) and nodes.isdecimal() else demand


RULE = ResourceRule(
    code="KQ111",
    name="resource-cap",
    title="No single resource holds more than a cap",
    config=Config,
    check=check,
    why="A typing error in the size of one pool is found before the pool exists, even if the budget of the stack would allow it.",
    fix="Use fewer or smaller nodes, choose an allowed size, or raise the cap with the owner of the budget.",
    tags=("gpu", "cost"),
    about=r"azure.*:containerservice.*|aws.*:eks.*|kubernetes:(kaito|karpenter)[.]sh/.*",
)
