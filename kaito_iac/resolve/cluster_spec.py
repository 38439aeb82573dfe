"""A checked AKS cluster: what is made, or which one is adopted, and what others may rely on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem
from kaito_iac.resolve.pool_spec import id_part

NETWORK_CONTRIBUTOR: Final = "4d97b98b-1d4f-4787-a291-c67834d212e7"
"""Azure's built-in role Network Contributor."""
NEW_VERSIONS: Final = ("patch", "stable", "rapid")
"""Upgrade channels that move the Kubernetes version by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSpec:
    """A checked cluster; what pools and the operator decide by is plain."""

    name: str
    """Name in AKS; empty for an adopted one."""
    location: str
    """Region; empty when an adopted cluster's is not stated."""
    adopted: Any
    """ARM id of a cluster that exists, possibly an Output; None: a cluster is made."""
    resource_group: Any
    """Name of an existing resource group, possibly an Output; None: one is made."""
    addon: bool
    node_auto_provisioning: bool
    autoscaled: bool
    """Whether the system pool scales by itself."""
    protect: bool
    subnet: Any
    """Subnet of the nodes, possibly an Output; None: AKS makes a network."""
    identity: Any
    """User-assigned identity of the control plane; None: the cluster gets its own."""
    cluster_admin: bool
    """Whether the kubeconfig is the local administrator's, beside users of Entra ID."""
    channel: str
    """Channel of automatic upgrades; empty: AKS's own default."""
    tags: Mapping[str, Any]
    properties: Mapping[str, Any]
    """Further properties of the cluster, in the names of azure-native's class."""
    problems: tuple[Problem, ...]

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the cluster."""
        return {
            "name": self.name or None,
            "location": self.location or None,
            "adoptId": self.adopted,
            "addon": self.addon,
            "nodeAutoProvisioning": self.node_auto_provisioning,
            "protect": self.protect,
        }

    def managed_cluster(self, group: Any) -> dict[str, Any]:
        """Return the properties of the AKS cluster in a resource group, in the names of azure-native's class."""
        own = {"type": "SystemAssigned"}
        given = {"type": "UserAssigned", "user_assigned_identities": [self.identity]}
        return {
            "resource_group_name": group,
            "resource_name_": self.name,
            "location": self.location,
            "identity": own if self.identity is None else given,
            **({"tags": dict(self.tags)} if self.tags else {}),
            **self.properties,
        }

    def drifting(self) -> list[str]:
        """Return the properties that Azure changes by itself after the first time."""
        counts = ["agentPoolProfiles[0].count"] if self.autoscaled else []
        moved = ["kubernetesVersion", "agentPoolProfiles[0].orchestratorVersion"] if self.channel in NEW_VERSIONS else []
        return counts + moved

    def subnet_role(self, principal: Any) -> dict[str, Any]:
        """Return the role assignment by which a control plane with an identity of its own may use the subnet."""
        return {
            "scope": self.subnet,
            "principal_id": principal,
            "principal_type": "ServicePrincipal",
            "role_definition_id": pulumi.Output.from_input(self.subnet).apply(_network_contributor),
        }


def part_of(cluster_id: Any, name: str) -> pulumi.Output[str]:
    """Return the subscription, group or cluster of an ARM id."""
    return pulumi.Output.from_input(cluster_id).apply(lambda known: id_part(known, name))


def tenant_of(issuer: str | None) -> str | None:
    """Return the tenant that the address of an AKS OIDC issuer names: `https://REGION.oic…/TENANT/CLUSTER/`."""
    parts = (issuer or "").rstrip("/").split("/")
    return parts[-2] if len(parts) >= 5 else None


def the_adopted(title: str, asked: str, found: str) -> None:
    """Raise SpecError when Azure read a cluster of another subscription: it looks in the provider's, whatever the id names."""
    ours, theirs = id_part(found, "subscription"), id_part(asked, "subscription")
    if ours and ours.lower() != theirs.lower():
        message, fix = f"a cluster of {theirs}, looked for in {ours}", f"pulumi config set azure-native:subscriptionId {theirs}"
        raise SpecError(
            title, [Problem("KS102", "adopt_id", message, "a cluster in the subscription of the Azure provider", fix)]
        )


def ready_for_kaito(title: str, issuer: str | None, workload_identity: bool) -> str | None:
    """Return the issuer of an adopted cluster; raises SpecError when provisioners could not sign in by it."""
    missing = [("oidcIssuerProfile", "--enable-oidc-issuer")] if not issuer else []
    missing += [] if workload_identity else [("workloadIdentity", "--enable-workload-identity")]
    if missing:
        message = "without " + " and ".join(what for what, _ in missing)
        fix = "az aks update " + " ".join(flag for _, flag in missing)
        raise SpecError(title, [Problem("KO422", "adopt_id", message, "a cluster with OIDC issuer and workload identity", fix)])
    return issuer


def _network_contributor(subnet: str) -> str:
    return f"/subscriptions/{subnet.split('/')[2]}/providers/Microsoft.Authorization/roleDefinitions/{NETWORK_CONTRIBUTOR}"
