"""Updates in place of what a pool of AKS keeps for life."""

from __future__ import annotations

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.report.fixed_at_creation import fixed_problems
from kaito_iac.stack.change import Change, State

URN = "urn:pulumi:dev::shop::TYPE::NAME"
POOL = "azure-native:containerservice:AgentPool"
CLUSTER = "azure-native:containerservice:ManagedCluster"
OWN = (
    "; expected a replacement [KS284] / replace_on_changes=['{}'] and delete_before_replace=True on the pool,"
    " or a pool of another name"
)
INSIDE = "; expected a replacement [KS284] / add a pool, move what runs there, and remove this one"
LIFE = "in place, which Azure refuses: a pool keeps it for life"
SIZE = {"vmSize": "Standard_NC24ads_A100_v4", "count": 1}


def change(before, after, kind=POOL, steps=("update",), name="gpu"):
    urn = URN.replace("TYPE", kind).replace("NAME", name)
    return Change(urn=urn, type=kind, steps=steps, before=State(inputs=before), after=State(inputs=after))


def said(*changes):
    return [f"{problem.headline} / {problem.fix}" for problem in fixed_problems(changes)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({}, {"count": 2}, [], id="a count changes in place"),
        pytest.param({}, {"gpuProfile": {"driver": "Install"}}, [], id="the default is reported"),
        pytest.param(
            {},
            {"gpuProfile": {"driver": "None"}},
            [f"gpu: gpuProfile.driver: Install becomes None {LIFE}{OWN.format('gpuProfile')}"],
            id="another owner of the driver",
        ),
        pytest.param(
            {"gpuProfile": {"nvidia": {"managementMode": "Unmanaged", "migStrategy": "Single"}}},
            {"gpuProfile": {"nvidia": {"managementMode": "Managed", "migStrategy": "Mixed"}}},
            [
                f"gpu: gpuProfile.nvidia.managementMode: Unmanaged becomes Managed {LIFE}{OWN.format('gpuProfile')}",
                f"gpu: gpuProfile.nvidia.migStrategy: Single becomes Mixed {LIFE}{OWN.format('gpuProfile')}",
            ],
            id="GPUs that AKS manages",
        ),
        pytest.param(
            {"gpuInstanceProfile": "MIG1g"},
            {},
            [f"gpu: gpuInstanceProfile: MIG1g becomes whole GPUs {LIFE}{OWN.format('gpuInstanceProfile')}"],
            id="slices become whole GPUs",
        ),
        pytest.param({"vmSize": "standard_nc24ads_a100_v4"}, {}, [], id="another case of the size"),
        pytest.param({"vmSize": Unknown("set by an output")}, {}, [], id="a size that is not known"),
    ],
)
def test_agent_pools(before, after, expected):
    """What the engine calls an update is refused by Azure; what is replaced is none of it."""
    assert said(change({**SIZE, **before}, {**SIZE, **after})) == expected
    assert said(change({**SIZE, **before}, {**SIZE, **after}, steps=("create-replacement", "replace", "delete-replaced"))) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            [{"name": "system", "vmSize": "Standard_D4s_v5"}],
            [{"name": "system", "vmSize": "Standard_D8s_v5"}],
            [f"aks: agentPoolProfiles[0].vmSize: Standard_D4s_v5 becomes Standard_D8s_v5 {LIFE}{INSIDE}"],
            id="another size of the system pool",
        ),
        pytest.param(
            [{"name": "system", "vmSize": "Standard_D4s_v5"}],
            [{"name": "sys", "vmSize": "Standard_D4s_v5"}],
            [f"aks: agentPoolProfiles[0].name: system becomes sys {LIFE}{INSIDE}"],
            id="another name of the only pool",
        ),
        pytest.param(
            [{"name": "a", "vmSize": "Standard_D4s_v5"}, {"name": "b", "vmSize": "Standard_D8s_v5"}],
            [{"name": "b", "vmSize": "Standard_D8s_v5"}, {"name": "a", "vmSize": "Standard_D4s_v5"}],
            [],
            id="another order",
        ),
    ],
)
def test_pools_inside_a_cluster(before, after, expected):
    """A cluster shows an update, too, as users of azure-native report."""
    changed = change({"agentPoolProfiles": before}, {"agentPoolProfiles": after}, CLUSTER, name="aks")
    assert said(changed) == expected


def test_other_resources():
    """Only clusters and pools of Azure are looked at."""
    assert said(change({"vmSize": "a"}, {"vmSize": "b"}, "azure-native:compute:VirtualMachine")) == []
