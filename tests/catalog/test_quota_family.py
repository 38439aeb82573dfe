"""Which quota the vCPUs of a size count against."""

from __future__ import annotations

import pytest

from kaito_iac.catalog.load import sizes
from kaito_iac.catalog.quota_family import EC2_QUOTAS, ec2_code, quota_family
from kaito_iac.problem import Unknown


@pytest.mark.parametrize(
    ("name", "spot", "family"),
    [
        pytest.param("Standard_NC24ads_A100_v4", False, "StandardNCADSA100v4Family", id="Azure"),
        pytest.param("Standard_NC24ads_A100_v4", True, "lowPriorityCores", id="Azure spot"),
        pytest.param("p5.48xlarge", False, "Running On-Demand P instances", id="P5"),
        pytest.param("p5.48xlarge", True, "All P5 Spot Instance Requests", id="P5 spot has a quota of its own"),
        pytest.param("p4d.24xlarge", True, "All P4, P3 and P2 Spot Instance Requests", id="P4 spot"),
        pytest.param("g6.xlarge", True, "All G and VT Spot Instance Requests", id="G spot"),
        pytest.param("gr6.4xlarge", True, "All G and VT Spot Instance Requests", id="GR spot"),
        pytest.param("inf2.xlarge", True, "All Inf Spot Instance Requests", id="Inf spot"),
        pytest.param(
            "Standard_NC4_A2", True, Unknown("no quota of spot requests is known for Standard_NC4_A2"), id="on premises"
        ),
    ],
)
def test_family(name: str, spot: bool, family: str | Unknown) -> None:
    """Spot nodes count against other families than nodes on demand, on both clouds."""
    assert quota_family(sizes()[name], spot=spot) == family


def test_families_of_the_catalogue_are_those_of_service_quotas() -> None:
    """What the catalogue says of EC2 sizes agrees with the code of their quota."""
    for size in sizes().values():
        if size.cloud == "aws":
            assert EC2_QUOTAS[ec2_code(size.name)] == size.quota_family, size.name
