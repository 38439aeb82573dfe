"""Stack policies see components by their outputs alone: the pack then knows what the plan knows."""

from pathlib import Path

import pytest

import kaito_iac as kaito
from kaito_iac.demand.stack import demands
from kaito_iac.offline.analyze import analyze
from kaito_iac.stack.resource import Resource
from kaito_iac.testing import record

pytest.importorskip("pulumi_policy")
PACK = Path(__file__).resolve().parents[2] / "policies/gpu-quota"
A100 = "Standard_NC24ads_A100_v4"


def workspace():
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instance_type": A100, "location": "eastus"})


LIMITS = {"limits": [{"family": "StandardNCADSA100v4Family", "region": "eastus", "limit": 23}]}


def test_region_in_the_pack():
    """The pack knows the region of a KaitoWorkspace that names one, as the plan does."""
    found = analyze(record(workspace), PACK, config={"vcpu-quota": LIMITS, "quota-age": "disabled"})
    told = "StandardNCADSA100v4Family in eastus: 24 vCPUs (chat 24); expected at most 23 (23 less 0 used) [KQ102]"
    fix = "\n  fix: use fewer or smaller nodes, or ask for quota"
    title = "The vCPUs of every family and region stay within the quota\n"
    assert [violation.message for violation in found] == [title + told + fix]


def _pool():
    cluster = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
    pool = kaito.GpuNodePool("a100", {"cluster_id": cluster, "instance_type": A100, "max_count": 2, "location": "eastus"})
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "node_pool": pool})


def _own_model():
    facts = {"weights_gib": 20, "bytes_per_token": 131072, "max_context_tokens": 8192}
    settings = {"preset": "acme/own", "model_facts": facts, "instance_type": A100, "location": "eastus", "max_nodes": 8}
    kaito.KaitoWorkspace("chat", settings)


FACTS = {"weights_gib": 20, "bytes_per_token": 131072, "max_context_tokens": 8192}


def _autoscaled():
    kaito.KaitoInferenceSet(
        "chat", {"preset": "phi-4", "instance_type": A100, "location": "eastus", "autoscale": {"max_count": 3}}
    )


def _set_of_own_model():
    settings = {"preset": "acme/own", "model_facts": FACTS, "instance_type": A100, "location": "eastus", "replicas": 2}
    kaito.KaitoInferenceSet("chat", settings)


def _set_on_pool():
    pool = {"instance_type": A100, "selector": {"apps": "gpu"}, "max_count": 2, "location": "eastus"}
    kaito.KaitoInferenceSet("chat", {"preset": "phi-4", "node_pool": pool, "replicas": 2})


def _tuning():
    data = {"dataset": {"claim": "data"}, "output": {"claim": "adapters"}}
    kaito.KaitoTuning("law", {"preset": "phi-4-lora", "location": "eastus", **data})


def _roles():
    size = {"instance_type": A100}
    kaito.KaitoMultiRoleInference(
        "chat", {"preset": "phi-4", "location": "eastus", "prefill": size, "decode": {**size, "replicas": 2}}
    )


def _roles_of_own_model():
    size = {"instance_type": "Standard_NV36ads_A10_v5", "replicas": 2}
    settings = {"preset": "acme/own", "model_facts": FACTS, "location": "eastus"}
    kaito.KaitoMultiRoleInference("chat", {**settings, "prefill": size, "decode": {"instance_type": A100}})


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(_autoscaled, id="a set that is scaled"),
        pytest.param(_set_of_own_model, id="replicas of a model of your own"),
        pytest.param(_set_on_pool, id="replicas on a pool"),
        pytest.param(_tuning, id="a tuning job"),
        pytest.param(_roles, id="two roles"),
        pytest.param(_roles_of_own_model, id="two roles of a model of your own"),
        pytest.param(workspace, id="a workspace that KAITO makes nodes for"),
        pytest.param(_pool, id="a workspace on a pool"),
        pytest.param(_own_model, id="a model of your own"),
    ],
)
def test_outputs_say_what_inputs_say(program):
    """Stack policies see outputs alone: they state the same region, nodes, GPUs, family and price as the plan's inputs."""
    recording = record(program)
    planned = demands(recording.resources)
    seen = demands([Resource(found.urn, found.type, found.name, found.parent, found.outputs) for found in recording.resources])
    shown = [(found.region, found.size_name, found.nodes, found.gpus, found.family, found.usd_per_month) for found in seen]
    wanted = [(found.region, found.size_name, found.nodes, found.gpus, found.family, found.usd_per_month) for found in planned]
    assert shown == wanted


@pytest.mark.parametrize(
    ("program", "held"),
    [
        pytest.param(_autoscaled, [("chat", "eastus", "InferenceSet", 1, 3)], id="a set that is scaled"),
        pytest.param(_set_of_own_model, [("chat", "eastus", "InferenceSet", 2, 2)], id="replicas of a model of your own"),
        pytest.param(_set_on_pool, [("chat", "eastus", "InferenceSet", 2, 2)], id="replicas on a pool"),
        pytest.param(_tuning, [("law", "eastus", "Workspace", 1, 1)], id="a tuning job"),
        pytest.param(
            _roles,
            [("chat", "eastus", "MultiRoleInference", 1, 1), ("chat", "eastus", "MultiRoleInference", 2, 2)],
            id="two roles",
        ),
        pytest.param(
            _roles_of_own_model,
            [("chat", "eastus", "MultiRoleInference", 4, 4), ("chat", "eastus", "MultiRoleInference", 1, 1)],
            id="two roles of a model of your own",
        ),
    ],
)
def test_demand_of_the_components(program, held):
    """Demand of every new component: whose it is, where, and from how many to how many nodes; it agrees with max_nodes."""
    recording = record(program)
    found = demands(recording.resources)
    told = [(one.component, one.region, one.kind, int(one.nodes.low), int(one.nodes.high)) for one in found]
    assert told == held
    outputs = recording.by_name(held[0][0]).outputs
    assert outputs.get("maxNodes", outputs.get("nodes")) == sum(row[4] for row in held)
