"""A checked KAITO operator: which charts in which order, and the identity and roles its provisioner needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.admission.verdict import AZURE_NODE_CLASSES
from kaito_iac.catalog.record import KaitoVersion
from kaito_iac.problem import Problem

AUDIENCE: Final = "api://AzureADTokenExchange"
"""Audience of every federated credential of workload identity."""
ROLES: Final[Mapping[str, str]] = {
    "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "Virtual Machine Contributor": "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
    "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
    "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
    "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
}
"""Built-in role of Azure to the id of its definition, the same in every tenant."""
KEEPER: Final = "kaito-iac-keep-crds"
"""Post-renderer that comes with this package and marks CRDs as kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart and the release it becomes."""

    name: str
    """Name of the release."""
    chart: str
    """Name in the repository, OCI reference, address of an archive, or path."""
    version: str | None
    """Version to install; None where the chart itself is the version."""
    repository: str | None
    namespace: str
    values: Mapping[str, Any]
    skip_crds: bool = False
    """Leave out the chart's crds folder: something else brings those CRDs."""
    client_id_at: tuple[str, ...] = ()
    """Where in the values the client id of the provisioner's identity goes; empty: nowhere."""

    def label(self) -> str:
        """Return chart and version as state shows them."""
        return f"{self.chart} {self.version}" if self.version else self.chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of Azure on a scope."""

    title: str
    scope: Any
    subscription: Any
    label: str = ""
    """What distinguishes it from another assignment of the same role; empty for the first one."""

    @property
    def suffix(self) -> str:
        """Return the end of the child's name."""
        return f"role-{self.title.lower().replace(' ', '-')}{f'-{self.label}' if self.label else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation:
    """The trust of an identity in a service account of the cluster."""

    credential: str
    """Name of the credential."""
    resource_group: Any
    """Resource group of the identity."""
    issuer: Any
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an identity may do, and who may be it."""

    resource_group: Any
    location: Any
    identity: Any
    """Name of an identity that exists; None: one is made."""
    principal: Any
    """Object id of an identity that exists; None: that of the one that is made."""
    roles: tuple[Role, ...]
    federations: tuple[Federation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Streaming:
    """Workload identity for the pods that stream weights from blob storage."""

    grant: Grant
    account: str
    """Name of the service account, the same in each namespace."""
    namespaces: tuple[str, ...]
    client_id: Any
    """Client id of the cluster's kubelet identity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSpec:
    """A checked operator; how many resources it is made of is plain."""

    version: KaitoVersion
    mode: str
    """`release`, `chart` or `addon`."""
    provisioner: str
    """The user's word: azure-gpu-provisioner, karpenter, node-auto-provisioning or byo."""
    cloud: str
    gates: Mapping[str, bool]
    """Every gate of the release, as the controller will see it."""
    keep_crds: bool
    postrender: str | None
    create_namespaces: bool
    guard: bool
    """Whether its removal waits for workloads and nodes, and is refused while a workload stays."""
    timeout_seconds: int
    tags: Mapping[str, Any]
    grant: Grant | None
    bootstrap_token: Any
    """Token by which Karpenter's nodes join, a secret; None where there is no such Karpenter."""
    provisioner_charts: tuple[Chart, ...]
    charts: tuple[Chart, ...]
    """KAITO's own: workspace, then ragengine."""
    streaming: Streaming | None
    missing: tuple[str, ...]
    """What the newest self-installed release has and this operator has not."""
    cluster_id: Any
    problems: tuple[Problem, ...]

    @property
    def node_provisioner(self) -> str:
        """Return KAITO's nodeProvisioner: node auto-provisioning is Karpenter run by Azure."""
        return "karpenter" if self.provisioner == "node-auto-provisioning" else self.provisioner

    @property
    def node_classes(self) -> tuple[str, ...] | None:
        """Return Karpenter's NodeClasses that a workload may name; None when an Output decides."""
        if self.node_provisioner != "karpenter":
            return ()
        try:
            own = self.charts[0].values["karpenterProviders"][self.cloud]["nodeClasses"]
        except KeyError:
            return AZURE_NODE_CLASSES
        names = tuple(one["name"] for one in own if isinstance(one.get("name"), str)) if isinstance(own, list) else ()
        return names if names and len(names) == len(own) else None

    @property
    def namespace(self) -> str:
        """Return the namespace of the controller."""
        return self.charts[0].namespace if self.charts else "kube-system"

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Return the namespaces that are made, in the order of their charts."""
        named = [chart.namespace for chart in (*self.provisioner_charts, *self.charts)]
        return tuple(one for one in dict.fromkeys(named) if self.create_namespaces and one not in ("kube-system", "default"))

    @property
    def crds(self) -> tuple[str, ...]:
        """Return the CRDs of KAITO that this operator serves."""
        charts = {chart.name.removeprefix("kaito-") for chart in self.charts}
        return tuple(
            crd["name"]
            for crd in self.version.crds
            if (self.mode == "addon" or crd["chart"] in charts) and (not crd["gate"] or self.gates.get(crd["gate"]))
        )

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the operator."""
        return {
            "version": self.version.version,
            "mode": self.mode,
            "provisioner": self.provisioner,
            "cloud": self.cloud,
            "featureGates": dict(self.gates),
            "charts": [chart.label() for chart in (*self.provisioner_charts, *self.charts)],
            "crds": "keep" if self.keep_crds else "delete",
            "clusterId": self.cluster_id,
        }

    def outputs(self) -> dict[str, Any]:
        """Return what the component hands on."""
        return {
            "version": self.version.version,
            "featureGates": dict(self.gates),
            "provisioner": self.node_provisioner,
            "cloud": self.cloud,
            "namespace": self.namespace,
            "crds": list(self.crds),
            "missing": list(self.missing),
            "nodeClasses": None if self.node_classes is None else list(self.node_classes),
            "ready": True,
        }
