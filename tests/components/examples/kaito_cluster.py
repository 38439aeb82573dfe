"""Programs with a KaitoCluster: one of every way to use it."""

from __future__ import annotations

import pulumi

import kaito_iac as kaito

CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
SUBNET = "/subscriptions/0/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/main/subnets/nodes"


def cluster_made() -> None:
    kaito.KaitoCluster("models", {"location": "eastus"}).provider()


def cluster_switched() -> None:
    kaito.KaitoCluster(
        "models",
        {
            "name": "prod",
            "location": "eastus",
            "resource_group": pulumi.Output.from_input("platform"),
            "kubernetes_version": "1.34",
            "tier": "Premium",
            "system_pool": {
                "instance_type": "Standard_D8s_v5",
                "count": 3.0,
                "zones": [1, "2"],
                "os_disk": "Ephemeral",
                "os_disk_gib": 128,
            },
            "network": {
                "subnet_id": SUBNET,
                "pod_cidr": "10.244.0.0/16",
                "service_cidr": "10.0.0.0/16",
                "dns_service_ip": "10.0.0.10",
            },
            "authorized_ip_ranges": ["203.0.113.0/24"],
            "aad": {"admin_groups": ["11111111-0000-0000-0000-000000000000"]},
            "auto_upgrade": {"channel": "patch", "node_os": "SecurityPatch"},
            "node_auto_provisioning": True,
            "blob_driver": True,
            "tags": {"owner": "ml"},
        },
    ).provider()


def cluster_private() -> None:
    kaito.KaitoCluster(
        "models",
        {
            "location": "eastus",
            "tier": "Free",
            "system_pool": {"min_count": 1, "max_count": 3},
            "network": {"subnet_id": SUBNET, "dataplane": "cilium", "outbound_type": "userDefinedRouting"},
            "private_cluster": True,
            "identity_id": "/subscriptions/0/resourceGroups/net/providers/Microsoft.ManagedIdentity/userAssignedIdentities/main",
            "aad": {"azure_rbac": True},
            "local_accounts": False,
            "addon": True,
            "protect": False,
        },
    )


def cluster_adopted() -> None:
    kaito.KaitoCluster("models", {"adopt_id": CLUSTER, "location": "eastus"}).provider()
