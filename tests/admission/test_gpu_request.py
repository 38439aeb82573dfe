"""Whether an own pod asks for GPUs."""

import pytest

from kaito_iac.admission.gpu_request import requests_gpu


def pod(resources, **more):
    return {
        "spec": {
            "containers": [{"name": "a", "image": "b", **({"resources": resources} if resources is not None else {})}],
            **more,
        }
    }


@pytest.mark.parametrize(
    ("template", "asks"),
    [
        pytest.param(pod(None), False, id="no resources"),
        pytest.param(pod({"limits": {"cpu": 1}}), False, id="a processor alone"),
        pytest.param(pod({"limits": {"nvidia.com/gpu": 1}}), True, id="a GPU"),
        pytest.param(pod({"requests": {"nvidia.com/mig-1g.10gb": 1}}), True, id="a slice"),
        pytest.param(pod(None, resourceClaims=[{"name": "gpu"}]), True, id="a claim"),
        pytest.param(pod("late"), True, id="resources that cannot be read"),
        pytest.param({}, True, id="no pod"),
    ],
)
def test_requests(template, asks):
    """A GPU, a slice or a claim is a request; what cannot be read is taken for one."""
    assert requests_gpu(template) is asks
