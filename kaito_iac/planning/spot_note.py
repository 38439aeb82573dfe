"""Warns of nodes that may turn out to be spot although the program does not ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kaito_iac.demand.demand import EITHER, Demand
from kaito_iac.problem import Problem

_BY_KAITO = frozenset(("Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference"))


def spot_problems(found: Iterable[Demand]) -> Iterator[Problem]:
    """Warn of each workload whose nodes Karpenter makes for KAITO, and of each node pool that leaves the capacity type open.

    KAITO 0.12 writes NodePools without a requirement on `karpenter.sh/capacity-type`, and Karpenter has no default.
    """
    for demand in found:
        if demand.spot != EITHER or not demand.bought or (demand.size is None and not demand.ways):
            continue
        message = "may run on spot nodes, which the cloud takes away at short notice"
        if demand.kind in _BY_KAITO:
            why = f"{message}: KAITO 0.12 leaves the capacity type to Karpenter"
            fix = "run it on a GpuNodePool of kind 'karpenter', which requests nodes on demand"
        else:
            why = f"{message}: no requirement names karpenter.sh/capacity-type, or it allows both"
            fix = "add a requirement: karpenter.sh/capacity-type In on-demand"
        yield Problem("KS280", demand.component, why, "nodes on demand, or spot by your choice", fix, "warning")
