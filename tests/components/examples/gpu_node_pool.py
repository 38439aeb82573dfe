"""Programs with a GpuNodePool: one of every way to use it."""

from __future__ import annotations

import pulumi

import kaito_iac as kaito

CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
A100 = "Standard_NC24ads_A100_v4"
SUBNET = "/subscriptions/0/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/main/subnets/nodes"


def pool_fixed() -> None:
    kaito.GpuNodePool(
        "a100",
        {
            "cluster_id": CLUSTER,
            "instance_type": A100,
            "count": 2,
            "labels": {"team": "ml"},
            "os_disk_gib": 512,
            "tags": {"owner": "ml"},
        },
    )


def pool_autoscaled_spot() -> None:
    kaito.GpuNodePool(
        "batch",
        {
            "cluster_id": CLUSTER,
            "instance_type": "Standard_NC40ads_H100_v5",
            "min_count": 0,
            "max_count": 4,
            "spot": True,
            "max_price": 3.5,
            "zones": ["1", "2"],
            "driver": "None",
            "pool_name": "batch",
            "location": "eastus",
            "subnet_id": f"{CLUSTER}/subnet",
        },
    )


def pool_existing() -> None:
    kaito.GpuNodePool("lab", {"gpu": {"product": "NVIDIA-L40S", "count": 2, "memory_mib": 46068}, "labels": {"apps": "lab-gpu"}})


def pool_in_a_cluster() -> None:
    cluster = kaito.KaitoCluster("models", {"location": "eastus"})
    kaito.GpuNodePool(
        "a100",
        {
            "cluster": cluster,
            "instance_type": A100,
            "min_count": 1,
            "max_count": 3,
            "for_models": ["phi-4-mini-instruct", "Qwen/Qwen3.6-27B"],
            "os_disk": "Ephemeral",
            "image_family": "AzureLinux",
            "subnet_id": pulumi.Output.from_input(SUBNET),
            "upgrade": {
                "max_surge": "0",
                "max_unavailable": "1",
                "drain_timeout_minutes": 60,
                "node_soak_minutes": 5,
                "undrainable": "Cordon",
            },
            "protect": True,
        },
    )


def pool_of_slices() -> None:
    pool = kaito.GpuNodePool(
        "slices",
        {
            "cluster_id": CLUSTER,
            "instance_type": "Standard_NC40ads_H100_v5",
            "mig": "MIG2g",
            "driver": "None",
            "location": "eastus",
        },
    )
    kaito.KaitoWorkspace("npc", {"preset": "qwen3.5-2b", "node_pool": pool, "partition": {"mode": "mig", "profile": "2g.24gb"}})


def pool_karpenter_kept() -> None:
    cluster = kaito.KaitoCluster("models", {"location": "eastus", "node_auto_provisioning": True})
    pool = kaito.GpuNodePool(
        "a100",
        {
            "kind": "karpenter",
            "cluster": cluster,
            "instance_type": A100,
            "count": 2,
            "zones": ["1"],
            "labels": {"team": "ml"},
            "driver": "None",
            "for_models": ["gpt-oss-120b"],
            "subnet_id": SUBNET,
            "replace_drifted": 1,
            "tags": {"owner": "ml"},
            "protect": True,
        },
    )
    here = pulumi.ResourceOptions(provider=cluster.provider())
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "node_pool": pool, "context": 8192}, here)


def pool_karpenter_as_pods_need() -> None:
    kaito.GpuNodePool(
        "Batch",
        {
            "kind": "karpenter",
            "instance_type": "Standard_NC48ads_A100_v4",
            "max_count": 3.0,  # type: ignore[typeddict-item]  # as other languages send it
            "spot": True,
            "taint": "none",
            "pool_name": "gpu-batch",
            "node_class": "image-family-ubuntu",
            "empty_after": "1h",
            "expire_after": "720h",
            "location": "eastus",
        },
    )


def pool_karpenter_aws() -> None:
    kaito.GpuNodePool(
        "g5",
        {
            "kind": "karpenter",
            "instance_type": "g5.12xlarge",
            "count": 1,
            "eks_cluster": pulumi.Output.from_input("models"),
            "zones": ["us-west-2a"],
            "image_family": "al2023@v20260801",
            "os_disk_gib": 500,
            "tags": {"owner": "ml"},
            "wait": False,
            "location": "us-west-2",
        },
    )
