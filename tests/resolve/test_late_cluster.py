"""Values of clusters and pools that are known only later: checked when they are, and never skipped."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.errors import SpecError
from kaito_iac.testing import record

A100 = "Standard_NC24ads_A100_v4"
later = pulumi.Output.from_input


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize(
    ("kind", "args", "said"),
    [
        pytest.param(
            "KaitoCluster",
            {"location": "eastus", "kubernetes_version": later("latest")},
            "kubernetes_version: 'latest'; expected a version of Kubernetes, such as '1.34' or '1.34.2' [KS102]\n"
            "    fix: az aks get-versions --location REGION --output table",
            id="version",
        ),
        pytest.param(
            "KaitoCluster",
            {"location": "eastus", "network": {"service_cidr": later("10.0.0.0/33")}},
            "network.service_cidr: '10.0.0.0/33'; expected an IPv4 range, such as 10.244.0.0/16 [KS102]",
            id="range of addresses",
        ),
        pytest.param(
            "KaitoCluster",
            {"adopt_id": later("main")},
            "adopt_id: 'main'; expected "
            "/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/… [KS102]\n"
            "    fix: az aks show --query id -o tsv",
            id="cluster to adopt",
        ),
        pytest.param(
            "GpuNodePool",
            {"kind": "karpenter", "instance_type": A100, "count": 1, "subnet_id": later("nodes")},
            "subnet_id: 'nodes'; expected "
            "/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/… [KS102]\n"
            "    fix: az network vnet subnet show --query id -o tsv",
            id="subnet of Karpenter's nodes",
        ),
    ],
)
def test_a_late_value_is_checked_when_it_is_known(kind, args, said, preview):
    """An Output of a wrong value ends the program with the same message as a plain one."""
    error = record(lambda: getattr(kaito, kind)("models", args), preview=preview, allow_error=True).error
    assert error is not None
    assert isinstance(error.cause, SpecError)
    assert str(error.cause) == f"{kind} 'models': 1 problem\n  {said}"


def test_what_is_unknown_stays_so():
    """A resource group that does not exist before the update is unknown in cluster, pool and outputs; all else is whole."""

    def program():
        group = Group("group")
        cluster = kaito.KaitoCluster("models", {"location": "eastus", "resource_group": group.made})
        kaito.GpuNodePool("a100", {"cluster": cluster, "instance_type": A100})

    class Group(pulumi.CustomResource):
        made: pulumi.Output[str]

        def __init__(self, name):
            super().__init__("test:index:Group", name, {"made": None})

    recording = record(program)
    groups = {name: str(recording.by_name(name).inputs["resourceGroupName"]) for name in ("models-cluster", "a100-nodes")}
    assert groups == {
        "models-cluster": "unknown (set by an output of group)",
        "a100-nodes": "unknown (set by outputs of group and models-cluster)",
    }
    assert recording.by_name("a100-nodes").inputs["resourceName"] == "models"
