"""KQ110: US dollars a month."""

import pytest

from kaito_iac.catalog.price import HOURS_PER_MONTH, usd_per_hour
from kaito_iac.demand.demand import sized
from kaito_iac.problem import Unknown
from kaito_iac.rules.stack_cost import RULE

SIZE = "Standard_NC24ads_A100_v4"
A100 = {"name": "a100", "vmSize": SIZE, "count": 2}
MONTH = usd_per_hour(sized(SIZE)[1], "eastus", spot=False) * HOURS_PER_MONTH
FIX = "\n  fix: use fewer or smaller nodes, use spot nodes, or raise maxUsdPerMonth of stack-cost"
CONFIG = "\n  fix: correct the policy configuration"


@pytest.mark.parametrize(
    ("pools", "settings", "said"),
    [
        pytest.param([A100], {}, [], id="no budget"),
        pytest.param([A100], {"maxUsdPerMonth": 2 * MONTH}, [], id="exactly the budget"),
        pytest.param(
            [A100],
            {"maxUsdPerMonth": 5000},
            [f"stack: {2 * MONTH:,.2f} USD a month (a100 {2 * MONTH:,.2f}); expected at most 5,000 [KQ110]{FIX}"],
            id="above",
        ),
        pytest.param(
            [{**A100, "enableAutoScaling": True, "minCount": 0, "maxCount": 3}],
            {"maxUsdPerMonth": 2 * MONTH},
            [f"stack: {3 * MONTH:,.2f} USD a month (a100 {3 * MONTH:,.2f}); expected at most {2 * MONTH:,.2f} [KQ110]{FIX}"],
            id="an autoscaler at its most",
        ),
        pytest.param([{"name": "cpu", "vmSize": "Standard_D4s_v5"}], {"maxUsdPerMonth": 0}, [], id="nodes without GPUs"),
        pytest.param(
            [{**A100, "location": None}],
            {"maxUsdPerMonth": 9000},
            [
                "stack: a100: USD a month unknown (price depends on the region: no location is named); "
                "expected a number the budget can count [KQ110]"
            ],
            id="no region, no price",
        ),
        pytest.param(
            [{**A100, "count": Unknown("set by an output")}],
            {"maxUsdPerMonth": 9000, "onUnknown": "warn"},
            [],
            id="left to unknown-demand",
        ),
        pytest.param(
            [],
            {"maxUsdPerMonth": "9000"},
            [f"stack-cost.maxUsdPerMonth: '9000'; expected a number [KQ110]{CONFIG}"],
            id="a text",
        ),
        pytest.param(
            [],
            {"maxUsdPerMonth": -1},
            [f"stack-cost.maxUsdPerMonth: -1; expected at least 0 [KQ110]{CONFIG}"],
            id="below nothing",
        ),
    ],
)
def test_stack_cost(judged, pools, settings, said):
    """GPU nodes cost their list price for 730 hours, at their maximum."""
    assert judged(RULE, pools, settings) == said
