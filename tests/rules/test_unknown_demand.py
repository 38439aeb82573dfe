"""KQ104: what a stack holds is known before it is created."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.unknown_demand import RULE

A100 = {"name": "a100", "vmSize": "Standard_NC24ads_A100_v4"}
LATER = Unknown("set by an output")
FIX = "\n  fix: give a plain value, so that quota and cost are known before deployment"


@pytest.mark.parametrize(
    ("pools", "settings", "said"),
    [
        pytest.param([A100], {}, [], id="all known"),
        pytest.param([{"name": "cpu", "vmSize": "Standard_D4s_v5", "count": LATER}], {}, [], id="unknown nodes without GPUs"),
        pytest.param([{**A100, "scaleSetPriority": LATER}], {}, [], id="unknown whether spot: the GPUs are known"),
        pytest.param(
            [{**A100, "count": LATER}, A100, {"name": "size", "vmSize": LATER}],
            {},
            [
                f"a100: ManagedCluster 'a100' holds an unknown number of GPUs (set by an output); expected a number [KQ104]{FIX}",
                f"size: ManagedCluster 'size' holds an unknown number of GPUs (set by an output); expected a number [KQ104]{FIX}",
            ],
            id="every unknown by name",
        ),
        pytest.param(
            [{"name": "old", "vmSize": "Standard_NZ6s_v9"}],
            {},
            [
                "old: ManagedCluster 'old' holds an unknown number of GPUs (Standard_NZ6s_v9 is a GPU size that is not in the "
                f"catalogue); expected a number [KQ104]{FIX}"
            ],
            id="a GPU size outside the catalogue",
        ),
        pytest.param(
            [],
            {"maxGpus": 3},
            ["unknown-demand.maxGpus: an unknown key; expected no key at all [KQ104]\n  fix: correct the policy configuration"],
            id="it has no settings",
        ),
    ],
)
def test_unknown_demand(judged, pools, settings, said):
    """Every resource with an unknown number of GPUs is named with its reason."""
    assert judged(RULE, pools, settings) == said
