"""GPUs that do not compute in the type that KAITO passes to vLLM."""

import pytest

from kaito_iac.catalog.other_size import gpu_capability

TOLD = (
    "node_pool: GPUs of compute capability 7.5: vLLM ends with an error over bfloat16, which KAITO passes for {}; expected "
    "compute capability 8.0 or more [KS212]\n  fix: {}"
)
HALF = "set dtype to half in the arguments of vLLM, or choose newer GPUs"


@pytest.mark.parametrize(
    ("size", "preset", "more", "found"),
    [
        pytest.param("Standard_NC4as_T4_v3", "phi-4-mini-instruct", {}, TOLD.format("phi-4-mini-instruct", HALF), id="a T4"),
        pytest.param("Standard_NC4as_T4_v3", "phi-4-mini-instruct", {"vllm": {"dtype": "half"}}, "", id="half is stated"),
        pytest.param("Standard_NC4as_T4_v3", "qwen/qwen3-8b-awq", {}, "", id="quantized: vLLM takes what the GPU has"),
        pytest.param(
            "Standard_NC4as_T4_v3",
            "gemma-3-4b-instruct",
            {"access_secret": "hf"},
            TOLD.format("gemma-3-4b-it", "choose newer GPUs"),
            id="a model without half",
        ),
        pytest.param("Standard_NV36ads_A10_v5", "phi-4-mini-instruct", {}, "", id="an A10"),
    ],
)
def test_pools(remarks, size, preset, more, found):
    """A pool of old GPUs serves; a model that vLLM would end over is warned of, with what helps."""
    pool = {"instance_type": size, "selector": {"apps": "gpu"}, "max_count": 2}
    assert remarks("KaitoWorkspace", "w", {"preset": preset, "node_pool": pool, **more}) == found


@pytest.mark.parametrize(
    ("name", "capability"),
    [
        ("Standard_NC4as_T4_v3", 7.5),
        ("Tesla-V100-PCIE-16GB", 7.0),
        ("NVIDIA-A100-SXM4-80GB", 8.0),
        ("NVIDIA-A10-24Q", 8.6),
        ("NVIDIA-H100-NVL", 9.0),
        ("Brand-New", None),
    ],
)
def test_capability(name, capability):
    """Sizes and products of labels have the capability of their GPU; what nobody knows has none."""
    assert gpu_capability(name) == capability
