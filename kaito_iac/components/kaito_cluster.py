"""The AKS cluster below everything: made for KAITO with its system pool, or adopted as it is."""

import base64
from typing import Any, Unpack, overload

import pulumi

from kaito_iac.components.dependencies import after
from kaito_iac.components.home_cluster import own_provider
from kaito_iac.components.outputs import publish
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.kinds.kaito_cluster import KaitoClusterArgs
from kaito_iac.resolve.cluster import resolve_cluster
from kaito_iac.resolve.cluster_spec import ClusterSpec, part_of, ready_for_kaito, tenant_of, the_adopted
from kaito_iac.resolve.operator_cluster import FACTS
from kaito_iac.spelling import camel


@collectable
class KaitoCluster(pulumi.ComponentResource):
    """An AKS cluster that KAITO can be installed on; pools and the operator take it as their cluster."""

    cluster_id: pulumi.Output[str]
    """ARM id of the cluster."""
    cluster_name: pulumi.Output[str]
    """Name of the cluster in AKS."""
    resource_group_name: pulumi.Output[str]
    """Resource group of the cluster."""
    node_resource_group: pulumi.Output[str]
    """Resource group of its nodes, which AKS makes."""
    location: pulumi.Output[str]
    """Region."""
    oidc_issuer_url: pulumi.Output[str]
    """Address of the OIDC issuer, for federated credentials."""
    kubeconfig: pulumi.Output[str]
    """Credentials for the cluster; a secret."""
    kubelet_identity_client_id: pulumi.Output[str]
    """Client id of the identity that nodes pull images with."""
    kubelet_identity_object_id: pulumi.Output[str]
    """Object id of that identity, for role assignments."""
    subscription_id: pulumi.Output[str]
    """Subscription of the cluster."""
    tenant_id: pulumi.Output[str | None]
    """Tenant that the cluster's issuer names; null where it names none."""

    @overload
    def __init__(
        self, resource_name: str, args: KaitoClusterArgs | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[KaitoClusterArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: KaitoClusterArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec: ClusterSpec = resolve_cluster(resource_name, args)
        super().__init__("kaito-iac:index:KaitoCluster", resource_name, self.spec.inputs(), opts)
        warn(resource_name, self.spec.problems, self)
        if self.spec.adopted is not None:
            outputs = outputs_of_adopted(self, resource_name, self.spec)
        else:
            outputs = outputs_of_made(self, self.spec, *managed_cluster(self, resource_name, self.spec))
        publish(self, outputs)

    def provider(self) -> pulumi.ProviderResource:
        """Return the Kubernetes provider of this cluster; made at the first call, the same one ever after."""
        made: pulumi.ProviderResource | None = getattr(self, "_own_provider", None)
        if made is None:
            from pulumi_kubernetes import Provider

            own = pulumi.ResourceOptions(parent=self)
            credentials, identifier = self.kubeconfig, self.cluster_id
            made = Provider(f"{self._name}-kubernetes", kubeconfig=credentials, cluster_identifier=identifier, opts=own)
            self._own_provider = made
            own_provider(self, made)
        return made

    @property
    def reference(self) -> pulumi.Output[dict[str, Any]]:
        """Return what another stack gives as cluster=, as one value to export; a secret, because the kubeconfig is in it."""
        return pulumi.Output.all(**{camel(fact): getattr(self, fact) for fact in FACTS if hasattr(self, fact)})


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
    issuer = pulumi.Output.all(checked, read).apply(lambda both: _ready(title, both[1]))
    return {
        "clusterId": pulumi.Output.from_input(spec.adopted),
        "clusterName": cluster,
        "resourceGroupName": group,
        "location": pulumi.Output.from_input(spec.location) if spec.location else read.location,
        "kubeconfig": kubeconfig(parent, spec, group, cluster),
        **outputs_of_azure(read, issuer),
    }


def _ready(title: str, found: Any) -> str | None:
    """Return the issuer of a cluster that Azure read; of an answer without one, as mocks of tests give it, nothing."""
    if not found.id:
        return None
    return ready_for_kaito(title, issuer_of(found.oidc_issuer_profile), signs_in(found.security_profile))


def outputs_of_azure(found: Any, issuer: pulumi.Output[str | None]) -> dict[str, Any]:
    """Return what only Azure knows of a cluster that is created or read."""
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
    return pulumi.Output.secret(found.kubeconfigs.apply(_first))


def _first(listed: Any) -> str:
    """Return the first of the credentials; an answer without any, as mocks of tests give it, leaves them unknown."""
    if not listed:
        return pulumi.UNKNOWN  # type: ignore[return-value]  # what the SDK takes for a value that is not known
    return base64.b64decode(listed[0].value).decode()


def issuer_of(profile: Any) -> str | None:
    """Return the address of the OIDC issuer, if the cluster has one."""
    return profile.issuer_url if profile and profile.enabled else None


def signs_in(profile: Any) -> bool:
    """Return whether workload identity is on."""
    return bool(profile and profile.workload_identity and profile.workload_identity.enabled)
