"""Types of pools that rules are about: AKS agent pools, separate or inside a cluster, Karpenter's NodePools, EKS node groups."""

from __future__ import annotations

from typing import Final

_AZURE: Final = "azure-native(_containerservice_v[^:]+)?:containerservice(/v[^:]+)?:"
CLUSTER: Final = f"{_AZURE}ManagedCluster"
AKS: Final = f"{_AZURE}(AgentPool|ManagedCluster)"
KARPENTER: Final = "kubernetes:karpenter[.]sh/[^:]+:NodePool"
ANY: Final = f"{AKS}|{KARPENTER}|azure:containerservice/kubernetesCluster.*|aws:eks/nodeGroup:NodeGroup|aws-native:eks:Nodegroup"
"""Every type that declares nodes."""


def at(path: str, key: str) -> str:
    """Return the path of a key below a path."""
    return f"{path}.{key}" if path else key
