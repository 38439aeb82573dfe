"""What the name of a size without GPUs tells."""

from __future__ import annotations

import pytest

from kaito_iac.catalog.plain_size import plain_vcpus


@pytest.mark.parametrize(
    ("name", "vcpus"),
    [
        pytest.param("Standard_D4s_v5", 4, id="premium disks"),
        pytest.param("Standard_D96_v5", 96, id="the largest"),
        pytest.param("Standard_D16ads_v6", 16, id="AMD with a local disk"),
        pytest.param("Standard_D8pds_v5", 8, id="ARM with a local disk"),
        pytest.param("standard_d2s_v3", 2, id="another case"),
        pytest.param("Standard_DS2_v2", None, id="second generation: the number is no count"),
        pytest.param("Standard_D4_v2", None, id="D4_v2 has 8"),
        pytest.param("Standard_E4-2s_v5", None, id="constrained, where the second number counts"),
        pytest.param("Standard_DC4s_v3", None, id="another family"),
        pytest.param("Standard_D0s_v5", None, id="no such number"),
        pytest.param("m5.xlarge", None, id="another cloud"),
        pytest.param("", None, id="no name"),
    ],
)
def test_vcpus_of_a_name(name, vcpus):
    """General purpose sizes from the third generation on begin with their vCPUs; of others the name tells nothing for sure."""
    assert plain_vcpus(name) == vcpus
