"""Our agent pool is registered as azure-native's own class would register it."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from kaito_iac.resources.agent_pool import AgentPool
from kaito_iac.testing import record

azure = pytest.importorskip("pulumi_azure_native.containerservice")
PLAIN: dict[str, Any] = {
    "resource_group_name": "group",
    "resource_name_": "cluster",
    "agent_pool_name": "a100",
    "vm_size": "Standard_NC24ads_A100_v4",
    "count": 1,
    "node_labels": {"a_b": "c"},
    "node_taints": ["sku=gpu:NoSchedule"],
    "tags": {"cost_centre": "x"},
    "gpu_profile": {"driver": "Install"},
    "gpu_instance_profile": "MIG1g",
    "os_disk_size_gb": 512,
    "os_disk_type": "Ephemeral",
    "os_sku": "Ubuntu",
    "os_type": "Linux",
    "mode": "User",
    "availability_zones": ["1"],
    "vnet_subnet_id": "subnet",
    "enable_auto_scaling": True,
    "min_count": 0,
    "max_count": 3,
    "scale_set_priority": "Spot",
    "scale_set_eviction_policy": "Delete",
    "spot_max_price": -1,
    "upgrade_settings": {
        "max_surge": "1",
        "max_unavailable": "0",
        "drain_timeout_in_minutes": 5,
        "node_soak_duration_in_minutes": 1,
        "undrainable_node_behavior": "Cordon",
    },
}


def test_registered_as_the_typed_class_does() -> None:
    """Type, inputs and options, the version of the provider and every alias among them, are the same."""
    options = pulumi.ResourceOptions(ignore_changes=["count"], protect=True)
    ours = record(lambda: AgentPool("pool", PLAIN, options)).by_name("pool")
    theirs = record(lambda: azure.AgentPool("pool", **PLAIN, opts=options)).by_name("pool")
    assert (ours.type, ours.inputs, ours.options) == (theirs.type, theirs.inputs, theirs.options)
