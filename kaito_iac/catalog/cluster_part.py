"""What brings kinds and classes into a cluster: API groups that are not Kubernetes' own, their charts and add-ons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPart:
    """Software of a cluster, and the kinds that come with it."""

    title: str
    """What to install, as its project calls it."""
    groups: tuple[str, ...]
    """API groups; one that begins with a dot stands for every group that ends so."""
    charts: tuple[str, ...] = ()
    """Helm charts that bring its CRDs."""
    kinds: tuple[str, ...] = ()
    """Kinds of these groups that it has; empty: all of them."""
    addon: str = ""
    """Where a ManagedCluster of azure-native switches it on; `=VALUE` at the end for another value than true."""
    addon_kinds: tuple[str, ...] = ()
    """Kinds that the add-on alone has; empty: the same."""
    classes: tuple[str, ...] = ()
    """Controllers' classes that it brings, as `GatewayClass/istio`."""


GPU_OPERATOR: Final = "the NVIDIA GPU operator"
PARTS: Final = (
    ClusterPart(
        title="KAITO (chart workspace; KaitoOperator)",
        groups=("kaito.sh",),
        kinds=("Workspace", "InferenceSet", "MultiRoleInference", "ModelMirror"),
        charts=("workspace",),
        addon="aiToolchainOperatorProfile.enabled",
        addon_kinds=("Workspace",),
    ),
    ClusterPart(
        title="KAITO's RAG engine (chart ragengine; KaitoOperator with rag=True)",
        groups=("kaito.sh",),
        kinds=("RAGEngine",),
        charts=("ragengine",),
    ),
    ClusterPart(
        title="KAITO's production stack", groups=("kaito.sh",), kinds=("APIKey",), charts=("productionstack", "production-stack")
    ),
    ClusterPart(title="KEDA", groups=("keda.sh", ".keda.sh"), charts=("keda",), addon="workloadAutoScalerProfile.keda.enabled"),
    ClusterPart(
        title="Istio",
        groups=("networking.istio.io", "security.istio.io", "telemetry.istio.io", "extensions.istio.io"),
        charts=("base", "istio-base", "istiod"),
        addon="serviceMeshProfile.mode=Istio",
        classes=("GatewayClass/istio", "GatewayClass/istio-remote"),
    ),
    ClusterPart(
        title="the Gateway API",
        groups=("gateway.networking.k8s.io",),
        charts=("gateway-api", "gateway-helm", "gateway-api-crds"),
        addon="ingressProfile.gatewayAPI.installation=Standard",
    ),
    ClusterPart(
        title="the Gateway API Inference Extension",
        groups=("inference.networking.k8s.io", "inference.networking.x-k8s.io"),
        charts=("inference-extension-crds",),
    ),
    ClusterPart(
        title="the Prometheus operator",
        groups=("monitoring.coreos.com",),
        charts=("kube-prometheus-stack", "prometheus-operator-crds", "prometheus-operator"),
    ),
    ClusterPart(
        title="Azure Monitor's managed Prometheus",
        groups=("azmonitoring.coreos.com",),
        addon="azureMonitorProfile.metrics.enabled",
    ),
    ClusterPart(
        title="Karpenter",
        groups=("karpenter.sh", "karpenter.azure.com", "karpenter.k8s.aws"),
        charts=("karpenter", "karpenter-crd"),
        addon="nodeProvisioningProfile.mode=Auto",
    ),
    ClusterPart(title="EKS Auto Mode", groups=("eks.amazonaws.com",)),
    ClusterPart(
        title="the Secrets Store CSI driver",
        groups=("secrets-store.csi.x-k8s.io",),
        charts=("secrets-store-csi-driver", "csi-secrets-store-provider-azure"),
        addon="addonProfiles.azureKeyvaultSecretsProvider.enabled",
    ),
    ClusterPart(title=GPU_OPERATOR, groups=("nvidia.com", ".nvidia.com"), charts=("gpu-operator", "nvidia-gpu-operator")),
    ClusterPart(
        title="Flux",
        groups=(".toolkit.fluxcd.io",),
        charts=("flux2",),
    ),
    ClusterPart(title="Argo", groups=("argoproj.io",), charts=("argo-cd", "argo-workflows", "argo-rollouts", "argo-events")),
    ClusterPart(title="External Secrets", groups=("external-secrets.io", ".external-secrets.io"), charts=("external-secrets",)),
    ClusterPart(title="Sealed Secrets", groups=("bitnami.com",), charts=("sealed-secrets",)),
    ClusterPart(title="cert-manager", groups=("cert-manager.io", ".cert-manager.io"), charts=("cert-manager",)),
    ClusterPart(title="KubeRay", groups=("ray.io",), charts=("kuberay-operator",)),
    ClusterPart(title="Kueue", groups=("kueue.x-k8s.io",), charts=("kueue",)),
)
"""Sources of the groups: each project's own CRDs; of the add-ons: azure-native's ManagedCluster of API 2025-09-01."""

KNOWN_CHARTS: Final = frozenset(
    {chart for part in PARTS for chart in part.charts}
    | {"gpu-provisioner", "keda-kaito-scaler", "metrics-server", "nvidia-device-plugin", "node-feature-discovery"}
    | {"nfd", "gpu-feature-discovery", "ingress-nginx", "qdrant", "grafana"}
)
"""Charts whose kinds are known: one that is missing here may bring anything."""

AKS_STORAGE: Final = frozenset(
    {"default", "managed", "managed-premium", "managed-csi", "managed-csi-premium"}
    | {"azurefile", "azurefile-premium", "azurefile-csi", "azurefile-csi-premium"}
)
"""StorageClasses of every AKS cluster; source: https://learn.microsoft.com/azure/aks/concepts-storage."""
BLOB_STORAGE: Final = frozenset({"azureblob-nfs-premium", "azureblob-fuse-premium"})
"""StorageClasses of an AKS cluster with the blob driver."""

_OWN: Final = frozenset(("", "core", "apps", "batch", "autoscaling", "policy", "extensions"))
_THEIRS: Final = ("gateway.networking.k8s.io", "inference.networking.k8s.io", "snapshot.storage.k8s.io", "metrics.k8s.io")
_PLURALS: Final = {"ch": "es", "sh": "es", "ss": "es"}


def of_kubernetes(group: str) -> bool:
    """Return whether every API server has the kinds of a group."""
    return group in _OWN or (group.endswith(".k8s.io") and group not in _THEIRS and not group.endswith(".x-k8s.io"))


def part_of(group: str, kind: str) -> ClusterPart | None:
    """Return what brings a kind, if it is on record."""
    for part in PARTS:
        fits = any(group == one or (one.startswith(".") and group.endswith(one)) for one in part.groups)
        if fits and (not part.kinds or kind in part.kinds):
            return part
    return None


def crd_name(group: str, kind: str) -> str:
    """Return the name of the CustomResourceDefinition of a kind, by Kubernetes' rule for plurals."""
    plural = kind.lower()
    if plural.endswith("y") and not re.search(r"[aeiou]y$", plural):
        return f"{plural[:-1]}ies.{group}"
    return f"{plural}{_PLURALS.get(plural[-2:], 'es' if plural.endswith(('s', 'x')) else 's')}.{group}"
