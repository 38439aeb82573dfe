"""KQ111: no single resource holds more than a cap, or nodes of a size that is not allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from kaito_iac.policies.quota_model import Amount, Name, Usd, without_null
from kaito_iac.policies.rule import RuleConfig, StackFacts, StackRule, amount
from kaito_iac.problem import Problem, Unknown
from kaito_iac.sizing.demand import Demand, Range, with_gpus


class Config(RuleConfig):
    """Settings of the rule; what is left out is not limited."""

    max_gpus: Amount | None = Field(default=None, description="GPUs one resource may hold.", json_schema_extra=without_null)
    max_nodes: Amount | None = Field(default=None, description="GPU nodes one resource may hold.", json_schema_extra=without_null)
    max_usd_per_month: Usd | None = Field(
        default=None, description="US dollars a month one resource may cost at list price.", json_schema_extra=without_null
    )
    allowed_sizes: tuple[Name, ...] = Field((), description="VM sizes with GPUs that may be held; empty: all.")
    denied_sizes: tuple[Name, ...] = Field((), description="VM sizes with GPUs that may not be held.")
    on_unknown: Literal["deny", "warn"] = Field(
        "deny", description="deny: what is not known breaks the cap. warn: leave it to unknown-demand."
    )


def capped(demand: Demand, config: Config) -> Iterator[Problem]:
    """Holds one demand against every cap, at its maximum."""
    path = f"{demand.component}: {demand.kind} '{demand.resource}'"
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
            if config.on_unknown == "deny":
                yield Problem("KQ111", path, f"{what} unknown ({held.reason})", f"at most {amount(most)} {what}")
        elif held.high > most:
            told = f"{what}: {amount(round(held.high, 2))}"
            yield Problem("KQ111", path, told, f"at most {amount(most)}", "hold fewer or smaller nodes")


def _sized(demand: Demand, config: Config, path: str) -> Iterator[Problem]:
    if not config.allowed_sizes and not config.denied_sizes:
        return
    if not demand.size_name:
        reason = demand.size.reason if isinstance(demand.size, Unknown) else "no VM size is named"
        if config.on_unknown == "deny":
            yield Problem("KQ111", path, f"VM size unknown ({reason})", "a size the cap can judge")
        return
    if config.allowed_sizes and not _among(demand.size_name, config.allowed_sizes):
        yield Problem("KQ111", path, demand.size_name, f"one of {', '.join(config.allowed_sizes)}", "choose another size")
    if _among(demand.size_name, config.denied_sizes):
        yield Problem("KQ111", path, f"{demand.size_name}, a denied size", "any size that is not denied", "choose another size")


def _among(name: str, sizes: Sequence[str]) -> bool:
    return name.strip().lower() in {size.strip().lower() for size in sizes}


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Holds everything that is bought against the cap, each on its own."""
    for demand in with_gpus(facts.demands):
        if demand.bought:
            yield from capped(demand, config)


RULE = StackRule(
    code="KQ111",
    name="resource-cap",
    title="No single resource holds more than a cap",
    config=Config,
    check=check,
    why="A zero too many in one pool is found before the pool exists, even where the budget of the stack would allow it.",
    fix="Hold fewer or smaller nodes, choose an allowed size, or raise the cap with whoever owns the budget.",
    tags=("gpu", "cost"),
)
