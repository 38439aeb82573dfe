"""Pods of KServe's LLMInferenceService."""

import pytest

from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

EIGHT = {"containers": [{"name": "main", "resources": {"limits": {"nvidia.com/gpu": 8}}}]}
PLAIN = {"containers": [{"name": "main", "resources": {"limits": {"cpu": 4}}}]}
DEFAULT = "KServe's default configuration decides its GPUs"
LATER = Unknown("set by an output")


def held(spec, *beside):
    inputs = {"metadata": {"name": "llm"}, "spec": spec}
    token = "kubernetes:serving.kserve.io/v1alpha1:LLMInferenceService"
    found = [demand.gpus for demand in demands([Resource("urn:llm", token, "llm", None, inputs), *beside])]
    return [gpus.reason for gpus in found if isinstance(gpus, Unknown)] or sum(gpus.high for gpus in found)


@pytest.mark.parametrize(
    ("spec", "most"),
    [
        pytest.param({"template": EIGHT}, 8, id="one pod"),
        pytest.param({"template": EIGHT, "replicas": 3}, 24, id="replicas"),
        pytest.param({"template": EIGHT, "replicas": LATER}, ["set by an output"], id="replicas not known"),
        pytest.param({"template": PLAIN, "replicas": 3}, 0, id="no GPUs"),
        pytest.param({"template": EIGHT, "prefill": {"template": EIGHT, "replicas": 2}}, 24, id="decode and prefill"),
        pytest.param({"template": EIGHT, "prefill": LATER}, ["set by an output"], id="prefill not known"),
        pytest.param(
            {"template": EIGHT, "scaling": {"minReplicas": 1, "maxReplicas": 5}}, 40, id="its autoscaler at its maximum"
        ),
        pytest.param(
            {"template": EIGHT, "scaling": {}}, ["no maxReplicas bounds its autoscaler"], id="an autoscaler without a maximum"
        ),
        pytest.param(
            {"template": EIGHT, "worker": EIGHT, "parallelism": {"data": 32, "dataLocal": 8}, "replicas": 2},
            64,
            id="a group of four by data parallelism",
        ),
        pytest.param({"template": EIGHT, "worker": EIGHT, "parallelism": {"pipeline": 2}}, 16, id="a group of two by pipeline"),
        pytest.param({"template": EIGHT, "worker": EIGHT}, 8, id="a group of its leader alone"),
        pytest.param(
            {"template": EIGHT, "worker": EIGHT, "parallelism": {"data": LATER}},
            ["set by an output"],
            id="parallelism not known",
        ),
        pytest.param({}, [DEFAULT], id="no template"),
        pytest.param({"template": {"containers": [{"name": "main"}]}}, [DEFAULT], id="a container without resources"),
        pytest.param(
            {"template": EIGHT, "baseRefs": [{"name": "big"}]}, ["its baseRefs decide its pods too"], id="a base configuration"
        ),
        pytest.param(
            {"template": PLAIN, "router": {"scheduler": {"template": EIGHT, "replicas": 2}}}, 16, id="pods of the scheduler"
        ),
        pytest.param({"template": PLAIN, "router": {"scheduler": {}}}, 0, id="a scheduler of KServe's"),
    ],
)
def test_llm_service(spec, most):
    """Decode and prefill count as KServe makes their pods, at their maximum; what comes from elsewhere is unknown."""
    assert held(spec) == most


def test_an_autoscaler_beside():
    """An autoscaler of the stack that names the service raises its replicas."""
    target = {"scaleTargetRef": {"kind": "LLMInferenceService", "name": "llm"}, "maxReplicaCount": 4}
    scaler = Resource("urn:s", "kubernetes:keda.sh/v1alpha1:ScaledObject", "s", None, {"metadata": {"name": "s"}, "spec": target})
    assert held({"template": EIGHT}, scaler) == 32
