"""Arguments of an AKS cluster."""

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

import pulumi


class SystemPoolArgs(TypedDict):
    """Nodes of AKS itself and of the KAITO operator."""

    instance_type: NotRequired[str]
    """VM size. Default: Standard_D4s_v5."""
    count: NotRequired[int]
    """Number of nodes, fixed. Default: 2."""
    min_count: NotRequired[int]
    """Minimum number of nodes of an autoscaled pool. Default: none, the number is fixed."""
    max_count: NotRequired[int]
    """Maximum number of nodes of an autoscaled pool. Default: none, the number is fixed."""
    zones: NotRequired[list[str]]
    """Availability zones. Default: none."""
    os_disk_gib: NotRequired[int]
    """OS disk, GiB. Default: AKS's own choice."""
    os_disk: NotRequired[Literal["Managed", "Ephemeral"]]
    """Managed or Ephemeral. Default: AKS's own choice."""
    pool_name: NotRequired[str]
    """Name in AKS, 1 to 12 lower-case letters and digits. Default: system."""


class ClusterNetworkArgs(TypedDict):
    """Network of the cluster; every address range is in CIDR notation."""

    subnet_id: NotRequired[pulumi.Input[str]]
    """ARM id of the subnet of the nodes. Default: AKS creates one."""
    dataplane: NotRequired[Literal["azure", "cilium"]]
    """azure or cilium. Default: AKS's own choice."""
    policy: NotRequired[str]
    """Network policy engine. Default: that of the dataplane."""
    pod_cidr: NotRequired[pulumi.Input[str]]
    """Addresses of pods. Default: AKS's."""
    service_cidr: NotRequired[pulumi.Input[str]]
    """Addresses of Services. Default: AKS's."""
    dns_service_ip: NotRequired[pulumi.Input[str]]
    """Address of the DNS Service, inside service_cidr. Default: AKS's."""
    outbound_type: NotRequired[
        Literal["loadBalancer", "managedNATGateway", "userAssignedNATGateway", "userDefinedRouting", "none"]
    ]
    """loadBalancer, managedNATGateway, userAssignedNATGateway or userDefinedRouting. Default: loadBalancer."""


class EntraIdArgs(TypedDict):
    """Sign-in by Entra ID."""

    admin_groups: NotRequired[list[pulumi.Input[str]]]
    """Object ids of the groups whose members administer the cluster. Default: none."""
    azure_rbac: NotRequired[bool]
    """Authorize by Azure roles. Default: true."""
    tenant_id: NotRequired[pulumi.Input[str]]
    """Tenant of the groups. Default: that of the subscription."""


class ClusterUpgradeArgs(TypedDict):
    """Upgrades that AKS makes by itself."""

    channel: NotRequired[Literal["none", "node-image", "patch", "stable", "rapid"]]
    """Channel of Kubernetes upgrades: none, node-image, patch, stable or rapid. Default: AKS's own."""
    node_os: NotRequired[Literal["None", "Unmanaged", "SecurityPatch", "NodeImage"]]
    """Channel of node image upgrades: None, Unmanaged, SecurityPatch or NodeImage. Default: AKS's own."""


class KaitoClusterArgs(TypedDict):
    """Arguments of a KaitoCluster: those of a new one, or adopt_id.

    Keys: adopt_id, name, location, resource_group, kubernetes_version, tier, system_pool, network, authorized_ip_ranges,
    private_cluster, identity_id, aad, local_accounts, auto_upgrade, addon, node_auto_provisioning, blob_driver, protect,
    tags.
    """

    adopt_id: NotRequired[pulumi.Input[str]]
    """ARM id of an existing cluster: it is read, and never changed. Default: a cluster is created."""
    name: NotRequired[str]
    """Name in AKS, and of the resource group if one is created. Default: the component's name."""
    location: NotRequired[str]
    """Region. Must be known in a preview. Default: azure-native:location of the stack."""
    resource_group: NotRequired[pulumi.Input[str]]
    """Name of an existing resource group. Default: one is created."""
    kubernetes_version: NotRequired[pulumi.Input[str]]
    """Version of Kubernetes, such as 1.34. Default: AKS's default when the cluster is created."""
    tier: NotRequired[Literal["Free", "Standard", "Premium"]]
    """Free, Standard (with uptime guarantee) or Premium. Default: Standard."""
    system_pool: NotRequired[SystemPoolArgs]
    """Nodes of AKS and operator. Default: 2 Standard_D4s_v5."""
    network: NotRequired[ClusterNetworkArgs]
    """Network of nodes, pods and Services. Default: AKS's overlay."""
    authorized_ip_ranges: NotRequired[list[pulumi.Input[str]]]
    """Address ranges that reach the API server. Default: every address."""
    private_cluster: NotRequired[bool]
    """API server without a public address; the machine that runs the program must reach its network. Default: false."""
    identity_id: NotRequired[pulumi.Input[str]]
    """ARM id of a user-assigned identity of the control plane, with its roles. Default: a system-assigned one."""
    aad: NotRequired[EntraIdArgs]
    """Sign-in by Entra ID. Default: none."""
    local_accounts: NotRequired[bool]
    """Keep certificates that sign in without Entra ID; without them the kubeconfig needs kubelogin. Default: true."""
    auto_upgrade: NotRequired[ClusterUpgradeArgs]
    """Upgrades that AKS makes by itself. Default: AKS's own."""
    addon: NotRequired[bool]
    """AKS's own KAITO, the AI toolchain operator add-on, instead of a KaitoOperator with charts. Default: false."""
    node_auto_provisioning: NotRequired[bool]
    """Karpenter run by AKS; needs Cilium, and excludes the cluster autoscaler in every pool. Default: false."""
    blob_driver: NotRequired[bool]
    """The Blob storage CSI driver, which model streaming needs. Default: false."""
    protect: NotRequired[bool]
    """Refuse to delete or replace cluster and resource group. Default: true."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Azure tags of cluster and resource group."""
