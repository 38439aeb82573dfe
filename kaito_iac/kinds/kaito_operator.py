"""Arguments of the KAITO operator."""

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

import pulumi

from kaito_iac.kinds.references import ClusterLike


class NodeClassArgs(TypedDict):
    """A NodeClass that the workspace chart creates for Karpenter."""

    name: str
    """Name of the NodeClass."""
    default: NotRequired[bool]
    """Whether workloads without node_class use it; exactly one of the list does. Default: false."""
    spec: NotRequired[Mapping[str, Any]]
    """Its specification, as Karpenter's CRD has it."""


class KarpenterArgs(TypedDict):
    """Properties of the cluster for Karpenter, and the NodeClasses that it manages."""

    bootstrap_token: NotRequired[pulumi.Input[str]]
    """Bootstrap token by which nodes join, token-id.token-secret, a secret; needed on Azure."""
    ssh_public_key: NotRequired[pulumi.Input[str]]
    """SSH public key of the nodes; needed on Azure."""
    subnet_id: NotRequired[pulumi.Input[str]]
    """ARM id of the subnet that nodes join; needed on Azure."""
    cluster_endpoint: NotRequired[pulumi.Input[str]]
    """Address of the API server. Default: that of the cluster's kubeconfig."""
    vnet_guid: NotRequired[pulumi.Input[str]]
    """GUID of the virtual network. Default: none."""
    network_policy: NotRequired[pulumi.Input[str]]
    """Network policy engine of the cluster. Default: cilium."""
    node_classes: NotRequired[list[NodeClassArgs]]
    """NodeClasses. Default: one, called default."""
    node_role: NotRequired[pulumi.Input[str]]
    """IAM role of the nodes on AWS. Default: KarpenterNodeRole-<cluster name>."""


class ControllerImageArgs(TypedDict):
    """Image of the workspace controller."""

    repository: NotRequired[pulumi.Input[str]]
    """Image without its tag. Default: the chart's, or registry with the chart's name."""
    tag: NotRequired[pulumi.Input[str]]
    """Tag. Default: the chart's."""
    pull_policy: NotRequired[pulumi.Input[str]]
    """imagePullPolicy. Default: the chart's."""


class ModelStreamingArgs(TypedDict):
    """Identity of the pods that stream model weights from Azure storage."""

    namespaces: NotRequired[list[str]]
    """Namespaces of the workloads. Default: none."""
    service_account: NotRequired[str]
    """ServiceAccount of the pods. Default: kaito-model-streamer."""
    storage_class: NotRequired[pulumi.Input[str]]
    """StorageClass of ModelMirrors without one. Default: KAITO's."""


class KaitoOperatorArgs(TypedDict):
    """Arguments of a KaitoOperator; provisioner is needed unless Azure runs the operator.

    Keys: mode, version, cluster, cloud, provisioner, install_provisioner, provisioner_namespace, provisioner_values,
    provisioner_chart_source, karpenter, feature_gates, gpu_operator, spot, registry, image, image_pull_secrets, values,
    rag, rag_values, rag_namespace, namespace, create_namespaces, chart_source, crds, postrender, guard, model_streaming,
    upgrades_from, addon_principal_id, timeout_minutes, replica_count, tags.
    """

    mode: NotRequired[Literal["release", "chart", "addon"]]
    """release: a Helm release. chart: rendered objects. addon: the AKS add-on, nothing is installed. Default: release."""
    version: NotRequired[str]
    """KAITO release, one of `kaito-iac versions`. Default: the newest."""
    cluster: NotRequired[ClusterLike | Mapping[str, Any] | pulumi.Output[Any]]
    """KaitoCluster, or a mapping with its outputs: cluster_id, node_resource_group, oidc_issuer_url, …; also one Output of it."""
    cloud: NotRequired[Literal["azure", "aws", "arc"]]
    """azure, aws or arc. Default: azure."""
    provisioner: NotRequired[Literal["azure-gpu-provisioner", "karpenter", "node-auto-provisioning", "byo"]]
    """What creates the nodes: azure-gpu-provisioner, karpenter, node-auto-provisioning (Karpenter run by Azure) or byo."""
    install_provisioner: NotRequired[bool]
    """Install the provisioner and its identity; false if they exist already. Default: true."""
    provisioner_namespace: NotRequired[str]
    """Namespace of the provisioner. Default: gpu-provisioner; karpenter on Azure, kube-system on AWS."""
    provisioner_values: NotRequired[Mapping[str, Any]]
    """Further Helm values of the provisioner."""
    provisioner_chart_source: NotRequired[str]
    """Where the provisioner's charts are: repository, oci:// registry or folder. Default: the public repository."""
    karpenter: NotRequired[KarpenterArgs]
    """Properties of the cluster for Karpenter, and its NodeClasses. Default: those of cluster."""
    feature_gates: NotRequired[Mapping[str, bool]]
    """Feature gates of the release; what they need is checked."""
    gpu_operator: NotRequired[bool]
    """NVIDIA's GPU operator manages driver, device plugin and labels: KAITO's are switched off. Default: false."""
    spot: NotRequired[bool]
    """Let KAITO's device plugin run on Azure spot nodes. Default: false."""
    registry: NotRequired[pulumi.Input[str]]
    """Registry with KAITO's images instead of mcr.microsoft.com/aks/kaito: controllers, presets, gpu-provisioner."""
    image: NotRequired[ControllerImageArgs]
    """Controller image of the workspace chart. Default: the chart's."""
    image_pull_secrets: NotRequired[list[pulumi.Input[str]]]
    """Names of pull secrets for controllers; inference pods do not use them."""
    values: NotRequired[Mapping[str, Any]]
    """Further Helm values of the workspace chart; what an argument decides is refused."""
    rag: NotRequired[bool]
    """Install the ragengine chart too. Default: false."""
    rag_values: NotRequired[Mapping[str, Any]]
    """Further Helm values of the ragengine chart."""
    rag_namespace: NotRequired[str]
    """Namespace of the ragengine chart. Default: kaito-ragengine."""
    namespace: NotRequired[str]
    """Namespace of the workspace chart. Default: kaito-workspace."""
    create_namespaces: NotRequired[bool]
    """Create the namespaces of the charts, and delete them with the operator. Default: true."""
    chart_source: NotRequired[str]
    """Where KAITO's charts are: repository, oci:// registry or a folder with them. Default: KAITO's repository."""
    crds: NotRequired[Literal["keep", "delete"]]
    """keep: CRDs and objects of KAITO remain when the operator is deleted. delete: they are deleted too. Default: keep."""
    postrender: NotRequired[str]
    """Command on the engine's PATH that marks CRDs as kept, mode release. Default: kaito-iac-keep-crds of this package."""
    guard: NotRequired[bool]
    """Refuse to delete the operator while workloads or their nodes exist; destroy needs --run-program. Default: true."""
    model_streaming: NotRequired[ModelStreamingArgs]
    """Identity of streaming pods; needs the gates ModelMirror and ModelStreaming. Default: none."""
    upgrades_from: NotRequired[str]
    """Installed release: the plan lists which CRD versions, fields and gates change."""
    addon_principal_id: NotRequired[pulumi.Input[str]]
    """Object id of the add-on's identity, ai-toolchain-operator-CLUSTER, which then gets role and federation."""
    timeout_minutes: NotRequired[int]
    """Maximum wait for a chart, minutes. Default: 10."""
    replica_count: NotRequired[int]
    """Only 1 is accepted: KAITO's controllers have no leader election."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Azure tags of the identity."""
