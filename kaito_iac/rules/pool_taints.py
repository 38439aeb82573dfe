"""KO407: a GPU pool has the taint that KAITO's pods tolerate, and none that they do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, StrictBool

from kaito_iac.catalog.label import TAINT
from kaito_iac.demand.demand import Graph
from kaito_iac.demand.pool_source import pools_in
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.pool import ANY
from kaito_iac.rules.rule import ResourceRule, Watchful
from kaito_iac.rules.toleration import TOLERATED, Workload, tolerates
from kaito_iac.stack.resource import Resource


class Config(Watchful):
    """Settings of the rule."""

    reserved: StrictBool = Field(True, description=f"Whether GPU nodes have to carry {TAINT}, which keeps other pods away.")
    workloads: tuple[Workload, ...] = Field(("inference",), description="What has to run on GPU pools.")


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """Judge the taints of every pool with GPUs, whatever makes it."""
    for pool in pools_in(Graph((fact,)), fact):
        gpus = pool.has_gpus
        if gpus is False:
            continue
        if isinstance(pool.taints, Unknown):
            yield from config.unread("KO407", pool.taints_at, pool.taints, f"taints that are known, with {TAINT}")
            continue
        found = list(_of_pool(pool.taints_at, pool.taints, config))
        if found and isinstance(gpus, Unknown):
            yield from config.unread("KO407", pool.size_at, gpus, "a plain VM size")
        else:
            yield from found


def _of_pool(path: str, taints: tuple[Any, ...], config: Config) -> Iterator[Problem]:
    if config.reserved and TAINT not in taints and not any(isinstance(taint, Unknown) for taint in taints):
        yield Problem("KO407", path, f"no {TAINT}: any pod may fill the GPU nodes", f"the taint {TAINT}", "add it")
    for index, taint in enumerate(taints):
        if isinstance(taint, Unknown):
            yield from config.unread("KO407", f"{path}[{index}]", taint, "a taint that KAITO's pods tolerate")
        elif refusing := [
            workload for workload in TOLERATED if workload in config.workloads and not tolerates(workload, str(taint))
        ]:
            message = f"{str(taint)[:80]}, which pods of {' and '.join(refusing)} do not tolerate"
            yield Problem("KO407", f"{path}[{index}]", message, TAINT, "use the taint that all KAITO pods tolerate")


def remedy(fact: Resource, config: Config) -> Mapping[str, Any] | None:
    """Add the reserved taint to an agent pool of its own; inside a cluster a person decides."""
    taints = fact.inputs.get("nodeTaints")
    if not fact.type.endswith(":AgentPool") or not config.reserved:
        return None
    if any(pool.has_gpus is not True for pool in pools_in(Graph((fact,)), fact)):
        return None
    held = list(taints) if isinstance(taints, list) else []
    if (taints is not None and not isinstance(taints, list)) or TAINT in held or any(isinstance(t, Unknown) for t in held):
        return None
    return {**fact.inputs, "nodeTaints": [*held, TAINT]}


RULE = ResourceRule(
    code="KO407",
    name="pool-taints",
    title="A GPU pool has the taint that KAITO's pods tolerate, and no other",
    config=Config,
    check=check,
    remedy=remedy,
    about=ANY,
    why="With another taint the pods stay Pending while the nodes cost money; without a taint other pods use the nodes.",
    fix=f"Give the pool the taint {TAINT} and no other.",
    severity="medium",
    tags=("operation", "pool"),
)
