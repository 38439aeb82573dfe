"""The AKS cluster below everything: made for KAITO with its system pool, or adopted as it is."""

import base64
from typing import Any, NotRequired, TypedDict

import pulumi

from kaito_iac.components.dependencies import after
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.resolve.cluster import resolve_cluster
from kaito_iac.resolve.cluster_spec import ClusterSpec, part_of, ready_for_kaito, tenant_of, the_adopted


class KaitoClusterArgs(TypedDict):
    """Arguments of a KaitoCluster: those of a new one, or adoptId."""

    adoptId: NotRequired[pulumi.Input[str]]
    """ARM id of a cluster that exists: it is read, nothing is made or changed. Default: a cluster is made."""
    name: NotRequired[str]
    """Name in AKS, and of the resource group if one is made. Default: the component's name."""
    location: NotRequired[str]
    """Region. Plain, because prices and quota follow from it. Default: azure-native:location of the stack."""
    resourceGroup: NotRequired[pulumi.Input[str]]
    """Name of a resource group that exists. Default: one is made."""
    kubernetesVersion: NotRequired[pulumi.Input[str]]
    """Version of Kubernetes, such as 1.34. Default: AKS's own at the time the cluster is made."""
    tier: NotRequired[str]
    """Free, Standard (with uptime guarantee) or Premium. Default: Standard."""
    systemPool: NotRequired[dict[str, Any]]
    """Nodes of AKS and operator: instanceType, count or min and max, zones, osDisk, osDiskGiB. Default: 2 Standard_D4s_v5."""
    network: NotRequired[dict[str, Any]]
    """subnetId, dataplane (azure, cilium), policy, podCidr, serviceCidr, dnsServiceIp, outboundType. Default: AKS's overlay."""
    authorizedIpRanges: NotRequired[list[pulumi.Input[str]]]
    """Address ranges that reach the API server. Default: every address."""
    privateCluster: NotRequired[bool]
    """API server without a public address; whoever runs the program must reach its network. Default: false."""
    identityId: NotRequired[pulumi.Input[str]]
    """ARM id of a user-assigned identity of the control plane, with its roles. Default: a system-assigned one."""
    aad: NotRequired[dict[str, Any]]
    """Sign-in by Entra ID: adminGroups (object ids), azureRbac (default true), tenantId. Default: none."""
    localAccounts: NotRequired[bool]
    """Keep certificates that sign in without Entra ID; without them the kubeconfig needs kubelogin. Default: true."""
    autoUpgrade: NotRequired[dict[str, str]]
    """channel: none, node-image, patch, stable, rapid; nodeOs: None, Unmanaged, SecurityPatch, NodeImage. Default: AKS's own."""
    addon: NotRequired[bool]
    """AKS's own KAITO, the AI toolchain operator add-on, instead of a KaitoOperator with charts. Default: false."""
    nodeAutoProvisioning: NotRequired[bool]
    """Karpenter run by AKS; takes Cilium, and no cluster autoscaler in any pool. Default: false."""
    blobDriver: NotRequired[bool]
    """The Blob storage CSI driver, which model streaming needs. Default: false."""
    protect: NotRequired[bool]
    """Refuse to delete or replace cluster and resource group. Default: true."""
    tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Azure tags of cluster and resource group."""


@collectable
class KaitoCluster(pulumi.ComponentResource):
    """An AKS cluster that KAITO can be installed on; pools and the operator take it as their cluster."""

    clusterId: pulumi.Output[str]
    """ARM id of the cluster."""
    clusterName: pulumi.Output[str]
    """Name of the cluster in AKS."""
    resourceGroupName: pulumi.Output[str]
    """Resource group of the cluster."""
    nodeResourceGroup: pulumi.Output[str]
    """Resource group of its nodes, which AKS makes."""
    location: pulumi.Output[str]
    """Region."""
    oidcIssuerUrl: pulumi.Output[str]
    """Address of the OIDC issuer, for federated credentials."""
    kubeconfig: pulumi.Output[str]
    """Credentials for the cluster; a secret."""
    kubeletIdentityClientId: pulumi.Output[str]
    """Client id of the identity that nodes pull images with."""
    kubeletIdentityObjectId: pulumi.Output[str]
    """Object id of that identity, for role assignments."""
    subscriptionId: pulumi.Output[str]
    """Subscription of the cluster."""
    tenantId: pulumi.Output[str | None]
    """Tenant that the cluster's issuer names; null where it names none."""

    def __init__(self, name: str, args: KaitoClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self.spec: ClusterSpec = resolve_cluster(name, args)
        super().__init__("kaito-iac:index:KaitoCluster", name, self.spec.inputs(), opts)
        warn(name, self.spec.problems, self)
        if self.spec.adopted is not None:
            outputs = outputs_of_adopted(self, name, self.spec)
        else:
            outputs = outputs_of_made(self, self.spec, *managed_cluster(self, name, self.spec))
        for key, output in outputs.items():
            setattr(self, key, output)
        self.register_outputs(outputs)

    def provider(self) -> pulumi.ProviderResource:
        """Return the Kubernetes provider of this cluster; made at the first call, the same one ever after."""
        made: pulumi.ProviderResource | None = getattr(self, "_own_provider", None)
        if made is None:
            from pulumi_kubernetes import Provider

            own = pulumi.ResourceOptions(parent=self)
            credentials, identifier = self.kubeconfig, self.clusterId
            made = Provider(f"{self._name}-kubernetes", kubeconfig=credentials, cluster_identifier=identifier, opts=own)
            self._own_provider = made
        return made


def managed_cluster(parent: pulumi.Resource, name: str, spec: ClusterSpec) -> tuple[Any, Any]:
    """Declare the AKS cluster, its resource group if none is given, and the role on a subnet; return cluster and group."""
    from pulumi_azure_native import authorization, containerservice, resources

    kept = pulumi.ResourceOptions(parent=parent, protect=spec.protect)
    group = spec.resource_group
    if group is None:
        tags = dict(spec.tags) or None
        made = resources.ResourceGroup(
            f"{name}-group", resource_group_name=spec.name, location=spec.location, tags=tags, opts=kept
        )
        group = after(made, spec.name)
    own = pulumi.ResourceOptions(ignore_changes=spec.drifting() or None)
    options = pulumi.ResourceOptions.merge(kept, own)
    cluster = containerservice.ManagedCluster(f"{name}-cluster", **spec.managed_cluster(group), opts=options)
    if spec.subnet is not None and spec.identity is None:
        principal = once_there(cluster, cluster.identity).apply(lambda identity: identity.principal_id if identity else None)
        role = spec.subnet_role(principal)
        authorization.RoleAssignment(
            f"{name}-subnet-role", **role, opts=pulumi.ResourceOptions(parent=parent, depends_on=[cluster])
        )
    return cluster, group


def outputs_of_made(parent: pulumi.Resource, spec: ClusterSpec, cluster: Any, group: Any) -> dict[str, Any]:
    """Return what a cluster that is made hands on; its names are known before it exists."""
    issuer = once_there(cluster, cluster.oidc_issuer_profile).apply(issuer_of)
    return {
        "clusterId": cluster.id,
        "clusterName": after(cluster, spec.name),
        "resourceGroupName": after(cluster, group),
        "location": after(cluster, spec.location),
        "kubeconfig": kubeconfig(parent, spec, group, once_there(cluster, spec.name)),
        **outputs_of_azure(cluster, issuer),
    }


def once_there(cluster: pulumi.CustomResource, value: Any) -> pulumi.Output[Any]:
    """Return a value when the cluster exists: a preview would take half of a profile, or credentials of nothing, for known."""
    return cluster.id.apply(lambda _: value)


def outputs_of_adopted(parent: pulumi.Resource, name: str, spec: ClusterSpec) -> dict[str, Any]:
    """Return what a cluster that exists hands on; raises SpecError when provisioners could not sign in by it."""
    from pulumi_azure_native import containerservice

    group, cluster = part_of(spec.adopted, "group"), part_of(spec.adopted, "cluster")
    options = pulumi.InvokeOutputOptions(parent=parent)
    read = containerservice.get_managed_cluster_output(resource_group_name=group, resource_name=cluster, opts=options)
    title = f"KaitoCluster '{name}'"
    checked = pulumi.Output.all(spec.adopted, read.id).apply(lambda ids: the_adopted(title, *ids))
    issuer = pulumi.Output.all(checked, read).apply(
        lambda both: ready_for_kaito(title, issuer_of(both[1].oidc_issuer_profile), signs_in(both[1].security_profile))
    )
    return {
        "clusterId": pulumi.Output.from_input(spec.adopted),
        "clusterName": cluster,
        "resourceGroupName": group,
        "location": pulumi.Output.from_input(spec.location) if spec.location else read.location,
        "kubeconfig": kubeconfig(parent, spec, group, cluster),
        **outputs_of_azure(read, issuer),
    }


def outputs_of_azure(found: Any, issuer: pulumi.Output[str | None]) -> dict[str, Any]:
    """Return what only Azure can tell, of a cluster that is made or read."""
    kubelet = found.identity_profile.apply(lambda profile: (profile or {}).get("kubeletidentity"))
    return {
        "nodeResourceGroup": found.node_resource_group,
        "oidcIssuerUrl": issuer,
        "kubeletIdentityClientId": kubelet.apply(lambda identity: identity.client_id if identity else None),
        "kubeletIdentityObjectId": kubelet.apply(lambda identity: identity.object_id if identity else None),
        "subscriptionId": part_of(found.id, "subscription"),
        "tenantId": issuer.apply(tenant_of),
    }


def kubeconfig(parent: pulumi.Resource, spec: ClusterSpec, group: Any, cluster: Any) -> pulumi.Output[str]:
    """Return the credentials of the cluster as a secret: the local administrator's beside Entra ID, else the user's."""
    from pulumi_azure_native import containerservice as azure

    admin = azure.list_managed_cluster_admin_credentials_output
    ask: Any = admin if spec.cluster_admin else azure.list_managed_cluster_user_credentials_output
    options = pulumi.InvokeOutputOptions(parent=parent)
    found = ask(resource_group_name=group, resource_name=cluster, opts=options)
    return pulumi.Output.secret(found.kubeconfigs.apply(lambda all_of: base64.b64decode(all_of[0].value).decode()))


def issuer_of(profile: Any) -> str | None:
    """Return the address of the OIDC issuer, if the cluster has one."""
    return profile.issuer_url if profile and profile.enabled else None


def signs_in(profile: Any) -> bool:
    """Return whether workload identity is on."""
    return bool(profile and profile.workload_identity and profile.workload_identity.enabled)
