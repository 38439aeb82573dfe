"""Types that are accepted as an operator, a pool or a cluster of the same program, and their values for another stack."""

from collections.abc import Mapping
from typing import NotRequired, Protocol, TypedDict

import pulumi

from kaito_iac.kinds.nested import GpuArgs


class OperatorLike(Protocol):
    """A KaitoOperator."""

    @property
    def feature_gates(self) -> pulumi.Output[dict[str, bool]]:
        """Return every gate of the release."""


class NodePoolLike(Protocol):
    """A GpuNodePool."""

    @property
    def gpus_per_node(self) -> pulumi.Output[int]:
        """Return the GPUs of one node."""


class ClusterLike(Protocol):
    """A KaitoCluster."""

    @property
    def oidc_issuer_url(self) -> pulumi.Output[str]:
        """Return the address of the OIDC issuer."""


class NodePoolReferenceArgs(TypedDict):
    """Values of a GpuNodePool for another stack, or properties of existing nodes."""

    selector: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Labels by which workloads find the nodes."""
    instance_type: NotRequired[pulumi.Input[str]]
    """VM size of the nodes. Default: none, with gpu."""
    gpu: NotRequired[pulumi.Input[GpuArgs]]
    """GPUs of one node as their labels state them. Default: from instance_type."""
    max_count: NotRequired[pulumi.Input[int]]
    """Maximum number of nodes. Default: not known."""
    location: NotRequired[pulumi.Input[str]]
    """Region, for prices and quota. Default: not known."""


class OperatorReferenceArgs(TypedDict):
    """Values of a KaitoOperator for another stack."""

    version: NotRequired[pulumi.Input[str]]
    """KAITO release. Default: not known."""
    provisioner: NotRequired[pulumi.Input[str]]
    """KAITO's nodeProvisioner. Default: not known."""
    cloud: NotRequired[pulumi.Input[str]]
    """KAITO's cloudProviderName. Default: not known."""
    feature_gates: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[bool]]]]
    """Feature gates by name. Default: not known."""
    missing: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Kinds and settings of the newest release that the operator lacks. Default: not known."""
    node_classes: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """NodeClasses of Karpenter that a workload may name. Default: not known."""


class ClusterReferenceArgs(TypedDict):
    """Values of a KaitoCluster for another stack, or properties of another cluster."""

    cluster_id: NotRequired[pulumi.Input[str]]
    """ARM id of the cluster. Default: not known."""
    cluster_name: NotRequired[pulumi.Input[str]]
    """Name of the cluster in AKS. Default: from cluster_id."""
    resource_group_name: NotRequired[pulumi.Input[str]]
    """Resource group of the cluster. Default: from cluster_id."""
    node_resource_group: NotRequired[pulumi.Input[str]]
    """Resource group of its nodes. Default: not known."""
    location: NotRequired[pulumi.Input[str]]
    """Region. Default: not known."""
    oidc_issuer_url: NotRequired[pulumi.Input[str]]
    """Address of the OIDC issuer. Default: not known."""
    kubeconfig: NotRequired[pulumi.Input[str]]
    """Credentials for the cluster, a secret. Default: not known."""
    kubelet_identity_client_id: NotRequired[pulumi.Input[str]]
    """Client id of the identity that nodes pull images with. Default: not known."""
    kubelet_identity_object_id: NotRequired[pulumi.Input[str]]
    """Object id of that identity. Default: not known."""
    kubelet_identity_id: NotRequired[pulumi.Input[str]]
    """ARM id of that identity. Default: the one that AKS makes."""
    subscription_id: NotRequired[pulumi.Input[str]]
    """Subscription of the cluster. Default: from cluster_id."""
    tenant_id: NotRequired[pulumi.Input[str]]
    """Tenant that the cluster's issuer names. Default: not known."""
