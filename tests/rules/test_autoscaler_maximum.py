"""KQ109: the maximum of an autoscaler."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.autoscaler_maximum import RULE

POOL = {"name": "a100", "vmSize": "Standard_NC24ads_A100_v4", "enableAutoScaling": True}
WHERE = "a100: ManagedCluster 'a100': "
LOWER = "\n  fix: lower the maximum"
RAISE = "\n  fix: lower the maximum, or raise the minimum to what is used anyway"
CONFIG = "\n  fix: correct the policy configuration"


@pytest.mark.parametrize(
    ("pool", "settings", "said"),
    [
        pytest.param({"minCount": 1, "maxCount": 10}, {}, [], id="exactly ten times the minimum"),
        pytest.param(
            {"minCount": 1, "maxCount": 11},
            {},
            [f"{WHERE}scales from 1 to 11 nodes; expected at most 10 nodes, 10 times the minimum [KQ109]{RAISE}"],
            id="one above",
        ),
        pytest.param(
            {"minCount": 0, "maxCount": 3},
            {"maxTimesMin": 2},
            [f"{WHERE}scales from 0 to 3 nodes; expected at most 2 nodes, 2 times the minimum [KQ109]{RAISE}"],
            id="a minimum of 0 counts as 1",
        ),
        pytest.param({"minCount": 8, "maxCount": 16}, {}, [], id="exactly the cap"),
        pytest.param(
            {"minCount": 8, "maxCount": 17},
            {},
            [f"{WHERE}scales from 8 to 17 nodes; expected at most 16 nodes [KQ109]{LOWER}"],
            id="above the cap",
        ),
        pytest.param(
            {"minCount": 1, "maxCount": 40},
            {},
            [
                f"{WHERE}scales from 1 to 40 nodes; expected at most 16 nodes [KQ109]{LOWER}",
                f"{WHERE}scales from 1 to 40 nodes; expected at most 10 nodes, 10 times the minimum [KQ109]{RAISE}",
            ],
            id="both",
        ),
        pytest.param({"enableAutoScaling": False, "count": 40}, {}, [], id="a fixed count is no autoscaler"),
        pytest.param({"minCount": 20, "maxCount": 20}, {}, [], id="nothing to scale"),
        pytest.param({"vmSize": "Standard_D4s_v5", "minCount": 1, "maxCount": 90}, {}, [], id="nodes without GPUs"),
        pytest.param(
            {"minCount": 1, "maxCount": Unknown("set by an output")},
            {},
            [f"{WHERE}nodes unknown (set by an output); expected a minimum and a maximum [KQ109]"],
            id="an unknown maximum",
        ),
        pytest.param(
            {"minCount": 1},
            {},
            [f"{WHERE}nodes unknown (autoscaled without maxCount); expected a minimum and a maximum [KQ109]"],
            id="no maximum",
        ),
        pytest.param({"minCount": 1}, {"onUnknown": "warn"}, [], id="left to unknown-demand"),
        pytest.param(
            {},
            {"maxTimesMin": 0, "maxNodes": "many"},
            [
                f"autoscaler-maximum.maxTimesMin: 0; expected at least 1 [KQ109]{CONFIG}",
                f"autoscaler-maximum.maxNodes: 'many'; expected a whole number [KQ109]{CONFIG}",
            ],
            id="settings of wrong types",
        ),
    ],
)
def test_autoscaler_maximum(judged, pool, settings, said):
    """An autoscaler stays within a factor of its minimum, and within a cap."""
    assert judged(RULE, [{**POOL, **pool}], settings) == said
