"""Whether an own pod asks for GPUs."""

import pytest

from kaito_iac.admission.gpu_request import gpus_found, requests_gpu


def pod(resources, **more):
    return {
        "spec": {
            "containers": [{"name": "a", "image": "b", **({"resources": resources} if resources is not None else {})}],
            **more,
        }
    }


ASKING = {"name": "i", "image": "b", "resources": {"limits": {"nvidia.com/gpu": 1}}}


@pytest.mark.parametrize(
    ("template", "asks"),
    [
        pytest.param(pod(None), False, id="no resources"),
        pytest.param(pod({"limits": {"cpu": 1}}), False, id="a processor alone"),
        pytest.param(pod({"limits": {"nvidia.com/gpu": 1}}), True, id="a GPU"),
        pytest.param(pod({"requests": {"nvidia.com/mig-1g.10gb": 1}}), True, id="a slice"),
        pytest.param(pod({"limits": {"nvidia.com/gpu": 0}}), False, id="no GPU, written as 0"),
        pytest.param(pod({"limits": {"nvidia.com/gpu": "0"}}), False, id="no GPU, in quotes"),
        pytest.param(pod(None, resourceClaims=[{"name": "gpu"}]), True, id="a claim"),
        pytest.param(pod("late"), True, id="resources that cannot be read"),
        pytest.param({}, True, id="no pod"),
        pytest.param(pod(None, initContainers=[ASKING]), False, id="an init container that ends"),
        pytest.param(pod(None, initContainers=[{**ASKING, "restartPolicy": "Always"}]), True, id="a sidecar"),
    ],
)
def test_requests(template, asks):
    """A GPU, a slice or a claim is a request; what cannot be read is taken for one."""
    assert requests_gpu(template) is asks


REFUSED = "Kubernetes will refuse the pod"


@pytest.mark.parametrize(
    ("template", "node", "found"),
    [
        pytest.param(pod({"limits": {"nvidia.com/gpu": 4}}), 4, [], id="as many as the node has"),
        pytest.param(
            pod({"limits": {"nvidia.com/gpu": "2"}}),
            1,
            [
                (
                    "2 GPUs requested, of nodes that have 1: the pod stays Pending",
                    "at most 1",
                    "request fewer, or choose a size with more GPUs",
                )
            ],
            id="more than the node has",
        ),
        pytest.param(pod({"limits": {"nvidia.com/gpu": 8}}), None, [], id="a node that is not known"),
        pytest.param(
            pod({"requests": {"nvidia.com/gpu": 1}}),
            1,
            [
                (
                    f"nvidia.com/gpu 1 requested, without a limit: {REFUSED}",
                    "a limit, and no other request",
                    "limits: {nvidia.com/gpu: 1}",
                )
            ],
            id="no limit",
        ),
        pytest.param(
            pod({"requests": {"nvidia.com/gpu": 1}, "limits": {"nvidia.com/gpu": 2}}),
            2,
            [
                (
                    f"nvidia.com/gpu 1 requested, 2 as limit: {REFUSED}",
                    "a limit, and no other request",
                    "limits: {nvidia.com/gpu: 1}",
                )
            ],
            id="another limit",
        ),
        pytest.param(
            pod({"limits": {"nvidia.com/gpu": "500m"}}),
            1,
            [
                (
                    f"nvidia.com/gpu 500m: {REFUSED}",
                    "a whole number of GPUs",
                    "a part of a GPU is a slice, or shared by the device plugin",
                )
            ],
            id="half a GPU",
        ),
        pytest.param(
            pod({"limits": {"nvidia.com/gpu": "1k"}}),
            8,
            [
                (
                    "1000 GPUs requested, of nodes that have 8: the pod stays Pending",
                    "at most 8",
                    "request fewer, or choose a size with more GPUs",
                )
            ],
            id="a number with a suffix",
        ),
        pytest.param(
            pod({"limits": {"nvidia.com/mig-1g.10gb": 1}}),
            1,
            [
                (
                    "nvidia.com/mig-1g.10gb requested, of nodes that offer nvidia.com/gpu alone: the pod stays Pending",
                    "nvidia.com/gpu",
                    "request whole GPUs, or use nodes of your own that offer it",
                )
            ],
            id="a slice of nodes that KAITO makes",
        ),
        pytest.param(pod({"limits": {"amd.com/gpu": 1}}), None, [], id="another maker's, of nodes that are not known"),
        pytest.param(pod("late"), 1, [], id="resources that cannot be read"),
    ],
)
def test_gpus(template, node, found):
    """GPUs are limits, which a request may repeat, and all of a pod are on one node (Kubernetes: extended resources)."""
    assert list(gpus_found(template, node)) == found
