"""Names of VM sizes as people write them."""

import pytest

from kaito_iac.catalog.size_name import looks_like_gpus, visible_name


@pytest.mark.parametrize(
    "name",
    [
        "Standard_ND96isr_H100_v5",
        "Standard\u200b_ND96isr_H100_v5",
        "Standard_\uff2e\uff24_of_tomorrow",
        "NC24ads_A100_v4",
        "standard-nv36ads-a10-v5",
        "Standard_ND_of_tomorrow",
        "p5.48xlarge",
        "gr6f.4xlarge",
        "trn2.48xlarge",
    ],
)
def test_like_a_gpu_size(name):
    """What resembles a GPU size does, however it is written."""
    assert looks_like_gpus(name)


@pytest.mark.parametrize("name", ["Standard_D4s_v5", "m5n.large", "t3.medium", "r6g.large", "Standard_F8s", "sizes without GPUs"])
def test_like_no_gpu_size(name):
    """Sizes of other families resemble none."""
    assert not looks_like_gpus(name)


def test_visible_name():
    """Letters that look the same are the same, and nothing that is not seen counts."""
    assert visible_name(" Standard\u200b_\uff2eC24ads_A100_v4 ") == "Standard_NC24ads_A100_v4"
