"""Images of node groups."""

import pytest

from kaito_iac.planning.eks_image import image_problems
from kaito_iac.stack.resource import Resource


@pytest.mark.parametrize(
    ("image", "size", "told"),
    [
        pytest.param(
            "AL2023_x86_64_STANDARD",
            "g6.xlarge",
            [
                "gpu: amiType: AL2023_x86_64_STANDARD on g6.xlarge, an image without NVIDIA's driver: nodes would offer no GPU; "
                "expected an accelerated image, such as AL2023_x86_64_NVIDIA [KS283]"
            ],
            id="no driver",
        ),
        pytest.param("AL2023_x86_64_NVIDIA", "g6.xlarge", [], id="accelerated"),
        pytest.param("AL2_x86_64_GPU", "g6.xlarge", [], id="accelerated, the older one"),
        pytest.param("BOTTLEROCKET_x86_64", "p5.48xlarge", ["gpu: amiType: "], id="Bottlerocket without"),
        pytest.param("BOTTLEROCKET_x86_64_NVIDIA", "p5.48xlarge", [], id="Bottlerocket with"),
        pytest.param("CUSTOM", "g6.xlarge", [], id="an image of your own"),
        pytest.param("AL2023_x86_64_STANDARD", "m5.large", [], id="no GPU"),
        pytest.param(None, "g6.xlarge", [], id="EKS chooses"),
    ],
)
def test_image(image, size, told):
    """A node group with GPUs and an image without the driver is warned of."""
    group = Resource("urn:g", "aws:eks/nodeGroup:NodeGroup", "gpu", None, {"amiType": image, "instanceTypes": [size]})
    found = [problem.headline for problem in image_problems([group])]
    assert len(found) == len(told)
    assert all(one.startswith(start) for one, start in zip(found, told, strict=True))
