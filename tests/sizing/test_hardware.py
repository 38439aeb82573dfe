"""What one node offers, by size, slice, labels or part."""

from __future__ import annotations

import pytest

from kaito_iac.catalog.estimator import estimator, of_gpu
from kaito_iac.catalog.load import mig_profiles, sizes
from kaito_iac.catalog.record import GIB
from kaito_iac.problem import Unknown
from kaito_iac.sizing.hardware import Hardware, of_accelerators, of_existing, of_labels, of_mig, of_size


def hardware(label: str, gpus: int, gib: int, gpu_model: str, *, nvme: bool = False, mig: bool = False) -> Hardware:
    return Hardware(label=label, gpus=gpus, node_gpu_memory_bytes=gib * GIB, gpu_model=gpu_model, nvme=nvme, mig=mig)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(
            of_size(sizes()["Standard_NC48ads_A100_v4"]),
            hardware("Standard_NC48ads_A100_v4", 2, 160, "NVIDIA A100", nvme=True),
            id="a size that KAITO provisions",
        ),
        pytest.param(
            of_mig(mig_profiles()["1g.6gb"]),
            hardware("1g.6gb", 1, 6, "nvidia.com/mig-1g.6gb", mig=True),
            id="a slice",
        ),
        pytest.param(
            of_labels("NVIDIA-L4", 4, 23034), hardware("NVIDIA-L4", 4, 88, "NVIDIA-L4"), id="labels are rounded down to the GiB"
        ),
        pytest.param(
            of_labels("NVIDIA-A100-SXM4-80GB", 8, 81920),
            hardware("NVIDIA-A100-SXM4-80GB", 8, 640, "NVIDIA-A100-SXM4-80GB"),
            id="labels of whole GiB",
        ),
        pytest.param(of_labels("x", 1, 512), hardware("x", 1, 1, "x"), id="half a GiB is rounded up"),
        pytest.param(
            of_existing(sizes()["g6.12xlarge"]),
            hardware("g6.12xlarge", 4, 88, "g6.12xlarge"),
            id="existing nodes state less than is sold",
        ),
        pytest.param(
            of_existing(sizes()["g4ad.xlarge"]),
            of_size(sizes()["g4ad.xlarge"]),
            id="where no one knows the label, what is sold",
        ),
        pytest.param(
            of_accelerators(of_size(sizes()["Standard_NC96ads_A100_v4"]), 3),
            hardware("3 of 4 GPUs of Standard_NC96ads_A100_v4", 3, 240, "NVIDIA A100", nvme=True),
            id="part of a node",
        ),
        pytest.param(of_accelerators(of_size(sizes()["g5.xlarge"]), 2), None, id="more GPUs than the node has"),
    ],
)
def test_what_a_node_offers(found: Hardware | None, expected: Hardware | None) -> None:
    """Hardware is counted in whole GPUs and bytes, whichever way KAITO learns of it."""
    assert found == expected


@pytest.mark.parametrize(
    ("gpu_model", "share"),
    [
        pytest.param("NVIDIA A10", 0.82, id="exactly an A10"),
        pytest.param("NVIDIA A10G", 0.84, id="an A10G is none"),
        pytest.param("NVIDIA-A10", 0.84, id="the label of an existing A10 reads otherwise"),
        pytest.param("NVIDIA A100", 0.84, id="any other"),
    ],
)
def test_the_share_vllm_is_launched_with(gpu_model: str, share: float) -> None:
    """vLLM gets 0.84 of the memory, and 0.82 where the GPU is called exactly NVIDIA A10."""
    assert of_gpu(estimator().launch_utilization, gpu_model) == share


def test_memory_of_one_gpu_is_cut() -> None:
    """The memory of one GPU is the node's divided by its GPUs, cut to whole bytes."""
    assert Hardware(label="x", gpus=3, node_gpu_memory_bytes=100, gpu_model="x").gpu_memory_bytes == 33


@pytest.mark.parametrize("size", sizes().values(), ids=lambda size: size.name)
def test_existing_nodes_never_offer_more(size: object) -> None:
    """For every size, nodes that exist already offer at most what the size is sold with."""
    existing, sold = of_existing(size), of_size(size)  # type: ignore[arg-type]
    assert existing.gpus == sold.gpus
    assert existing.gpu_memory_bytes <= sold.gpu_memory_bytes
    assert isinstance(size.label_memory_mib, Unknown) or existing.gpu_memory_bytes >= 0.9 * sold.gpu_memory_bytes  # type: ignore[attr-defined]
