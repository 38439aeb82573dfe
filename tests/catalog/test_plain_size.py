"""What the name of a size without GPUs states."""

from __future__ import annotations

import pytest

from kaito_iac.catalog.plain_size import plain_cloud, plain_name, plain_vcpus


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
        pytest.param("m5.xlarge", 4, id="EC2"),
        pytest.param("c7i.2xlarge", 8, id="EC2, of several"),
        pytest.param("t3.large", 2, id="EC2, burstable"),
        pytest.param("t3.medium", 2, id="EC2, burstable below large"),
        pytest.param("t4g.nano", 2, id="EC2, the smallest of all"),
        pytest.param("t2.medium", None, id="EC2, an older generation below large"),
        pytest.param("m5.metal", None, id="EC2, bare metal"),
        pytest.param("", None, id="no name"),
    ],
)
def test_vcpus_of_a_name(name, vcpus):
    """General purpose sizes from the third generation on begin with their vCPUs; of others the name states nothing for sure."""
    assert plain_vcpus(name) == vcpus


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("standard_d4s_V5", ("azure", "Standard_D4s_v5"), id="Azure takes any case"),
        pytest.param("m5.xlarge", ("aws", "m5.xlarge"), id="EC2"),
        pytest.param("Standard_B2ms", ("azure", "Standard_B2ms"), id="a series that is not known"),
    ],
)
def test_cloud_and_spelling(name, told):
    """A name states its cloud, and how the cloud spells it."""
    assert (plain_cloud(name), plain_name(name)) == told
