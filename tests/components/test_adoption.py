"""What is registered for an object that exists: an import that replaces nothing, after a look at the running one."""

import pytest

import kaito_iac as kaito
from kaito_iac.testing import record

CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
A100 = "Standard_NC24ads_A100_v4"
POOL = {"instance_type": A100, "selector": {"apps": "gpu"}}


def options(found):
    return found.options.import_id, found.options.retain_on_delete, found.options.replace_on_changes


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize(
    ("make", "child"),
    [
        pytest.param(
            lambda adopt: kaito.KaitoWorkspace("a", preset="phi-4", node_pool=POOL, adopt=adopt), "a-workspace", id="Workspace"
        ),
        pytest.param(
            lambda adopt: kaito.KaitoInferenceSet("a", preset="phi-4", node_pool=POOL, adopt=adopt), "a-inferenceset", id="set"
        ),
        pytest.param(lambda adopt: kaito.KaitoRagEngine("a", adopt=adopt), "a-ragengine", id="RAG engine"),
    ],
)
def test_adopted(make, child, preview):
    """The object is imported, kept by a destroy, never replaced, and comes after the look at the running one."""
    recording = record(lambda: make({"object": "default/a"}), preview=preview)
    found = recording.by_name(child)
    assert options(found) == ("default/a", True, ())
    running = recording.by_name("a-running")
    assert (running.read, running.type, running.parent) == (True, found.type, found.parent)
    assert running.inputs["metadata"] == {"namespace": "default", "name": "a"}  # where the provider reads
    assert "pulumi.com/patchForce" not in found.inputs["metadata"]["annotations"]
    if not preview:
        assert running.urn in found.options.depends_on
    without = record(lambda: make(None), preview=preview)
    assert without.by_name(child).inputs == found.inputs
    assert options(without.by_name(child))[:2] == ("", False)
    assert without.by_name("a").inputs == recording.by_name("a").inputs


def test_forced():
    """By force the provider takes fields that others set, and a destroy deletes it where that is reported."""
    adopt = {"object": "default/a", "force": True, "delete": True}
    found = record(lambda: kaito.KaitoWorkspace("a", preset="phi-4", node_pool=POOL, adopt=adopt)).by_name("a-workspace")
    assert options(found) == ("default/a", False, ())
    assert found.inputs["metadata"]["annotations"]["pulumi.com/patchForce"] == "true"


def test_pool():
    """An agent pool is imported by its ARM id."""
    identity = f"{CLUSTER}/agentPools/a100"
    args = {"cluster_id": CLUSTER, "instance_type": A100, "adopt": {"object": identity}}
    recording = record(lambda: kaito.GpuNodePool("a100", args))
    assert options(recording.by_name("a100-nodes")) == (identity, True, ())
