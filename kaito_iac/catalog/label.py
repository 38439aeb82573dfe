"""Labels, annotations and taints that KAITO 0.12, Kubernetes, Karpenter, Pulumi and this package read on objects."""

from __future__ import annotations

from typing import Final

RESERVED: Final = frozenset(
    {
        "kaito.sh/workspace",
        "kaito.sh/ragengine",
        "kaito.sh/workspacenamespace",
        "kaito.sh/ragenginenamespace",
        "karpenter.kaito.sh/workspace-name",
        "karpenter.kaito.sh/workspace-namespace",
        "karpenter.kaito.sh/inferenceset",
        "karpenter.kaito.sh/inferenceset-namespace",
    }
)
"""Labels of KAITO's own, which it leaves out of selectors."""
CREATED_BY_SET: Final = "inferenceset.kaito.sh/created-by"
"""Label of a replica with the name of its InferenceSet."""
NODE_CLASS: Final = "kaito.sh/node-class-name"
"""Annotation with the NodeClass of the nodes KAITO creates."""
RUNTIME: Final = "kaito.sh/runtime"
"""Annotation with the runtime of a served model, vllm or transformers."""
NO_BENCHMARK: Final = "kaito.sh/disable-benchmark"
"""Annotation whose value `true` leaves the benchmark out."""
PERFORMANCE_MODE: Final = "kaito.sh/performance-mode"
"""Annotation with balanced, interactivity or throughput."""
LOCAL_WEIGHTS: Final = "kaito.sh/use-local-weights"
"""Annotation whose value `true` loads the weights from the node."""
KAITO_CAPACITY: Final = "kaito.sh/capacity-type"
"""Annotation of KAITO 0.13 whose value `spot` takes spot nodes."""
SPECULATIVE: Final = "kaito.sh/enable-speculative-decoding"
"""Annotation of KAITO 0.13 whose value `true` decodes speculatively."""
ENABLE_LB: Final = "kaito.sh/enablelb"
"""Annotation whose value `True` gives a Workspace a public load balancer."""
SCALER: Final = "scaledobject.kaito.sh/"
"""Beginning of the annotations that KAITO's KEDA scaler reads."""
INFERENCE_KEY: Final = "inference_config.yaml"
TRAINING_KEY: Final = "training_config.yaml"
"""Keys of the ConfigMaps that KAITO reads."""

TAINT: Final = "sku=gpu:NoSchedule"
"""The only taint that every KAITO workload tolerates."""
GPU: Final = "nvidia.com/gpu"
"""What pods and Karpenter's limits call a whole GPU."""
ARCHITECTURE: Final = "kubernetes.io/arch"
"""Label of nodes with the architecture of their processors."""
INSTANCE_TYPE: Final = "node.kubernetes.io/instance-type"
"""Label of a node with its VM size."""
NODE_POOL: Final = "karpenter.sh/nodepool"
"""Label of a node with the NodePool that made it."""
ZONE: Final = "topology.kubernetes.io/zone"
"""Label of a node with its availability zone."""
CAPACITY_TYPE: Final = "karpenter.sh/capacity-type"
"""Label of a node, `spot` or `on-demand`."""
AZURE_INTERNAL: Final = "service.beta.kubernetes.io/azure-load-balancer-internal"
"""Annotation whose value `true` keeps a load balancer of AKS inside its network."""

WAIT_FOR: Final = "pulumi.com/waitFor"
"""Annotation with the condition that Pulumi waits for."""
SKIP_AWAIT: Final = "pulumi.com/skipAwait"
"""Annotation by which Pulumi waits for nothing."""
PLANNED_NODES: Final = "kaito-iac/target-nodes"
"""Annotation with the planned node count: KAITO counts once, so another plan replaces the Workspace."""

KEPT_DOMAINS: Final = ("kubernetes.azure.com", "karpenter.sh", "karpenter.azure.com", "karpenter.k8s.aws")
"""Domains of labels that AKS refuses on agent pools, or the CRD of Karpenter on node pools."""
KEPT_LABELS: Final = ("agentpool", "storageprofile", "accelerator")
"""Labels without a domain that AKS sets itself, as the CRD of Karpenter 1.14 on Azure does.

Source: https://learn.microsoft.com/azure/aks/use-labels, which also keeps the prefix kubernetes.io/.
"""


def kept_domain(label: str) -> str:
    """Return the domain of a label that AKS and Karpenter keep to themselves; empty: they keep it not."""
    domain = label.rpartition("/")[0]
    kept = domain == "kubernetes.io" or any(domain == one or domain.endswith(f".{one}") for one in KEPT_DOMAINS)
    return domain if kept else ""
