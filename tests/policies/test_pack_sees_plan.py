"""Stack policies see components by their outputs alone: the pack then knows what the plan knows."""

from pathlib import Path

import pytest

import kaito_iac as kaito
from kaito_iac.offline.analyze import analyze
from kaito_iac.policies.facts import Fact
from kaito_iac.sizing.stack_demand import demands
from kaito_iac.testing import record

pytest.importorskip("pulumi_policy")
PACK = Path(__file__).resolve().parents[2] / "policies/gpu-quota"
A100 = "Standard_NC24ads_A100_v4"


def workspace():
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instanceType": A100, "location": "eastus"})


LIMITS = {"limits": [{"family": "StandardNCADSA100v4Family", "region": "eastus", "limit": 23}]}


def test_region_in_the_pack():
    """The pack knows the region of a KaitoWorkspace that names one, as the plan does."""
    found = analyze(record(workspace), PACK, config={"vcpu-quota": LIMITS, "quota-age": "disabled"})
    told = "StandardNCADSA100v4Family in eastus: 24 vCPUs (chat 24); expected at most 23 (23 less 0 used) [KQ102]"
    fix = "\n  fix: hold fewer or smaller nodes, or ask for quota"
    title = "The vCPUs of every family and region stay within the quota\n"
    assert [violation.message for violation in found] == [title + told + fix]


def _pool():
    cluster = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
    pool = kaito.GpuNodePool("a100", {"clusterId": cluster, "instanceType": A100, "max": 2, "location": "eastus"})
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "nodePool": pool})


def _own_model():
    facts = {"weightsGiB": 20, "bytesPerToken": 131072, "maxContextTokens": 8192}
    settings = {"preset": "acme/own", "modelFacts": facts, "instanceType": A100, "location": "eastus", "maxNodes": 8}
    kaito.KaitoWorkspace("chat", settings)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(workspace, id="a workspace that KAITO makes nodes for"),
        pytest.param(_pool, id="a workspace on a pool"),
        pytest.param(_own_model, id="a model of one's own"),
    ],
)
def test_outputs_say_what_inputs_say(program):
    """Stack policies see outputs alone: they tell the same region, nodes, GPUs, family and price as the plan's inputs."""
    recording = record(program)
    planned = demands(recording.resources)
    seen = demands([Fact(found.urn, found.type, found.name, found.parent, found.outputs) for found in recording.resources])
    shown = [(found.region, found.size_name, found.nodes, found.gpus, found.family, found.usd_per_month) for found in seen]
    wanted = [(found.region, found.size_name, found.nodes, found.gpus, found.family, found.usd_per_month) for found in planned]
    assert shown == wanted
