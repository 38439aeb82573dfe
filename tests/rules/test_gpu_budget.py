"""KQ101: the GPUs of a stack stay within its budget."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.gpu_budget import RULE

A100 = {"name": "a100", "vmSize": "Standard_NC24ads_A100_v4"}
FOUR = {"name": "four", "vmSize": "Standard_NC96ads_A100_v4"}
SCALED = {"name": "scaled", "vmSize": FOUR["vmSize"], "enableAutoScaling": True, "minCount": 0, "maxCount": 3}
LATER = {"name": "later", "vmSize": A100["vmSize"], "count": Unknown("set by an output")}
CPU = {"name": "system", "vmSize": "Standard_D4s_v5", "count": 40}
FIX = "\n  fix: use fewer or smaller nodes, or raise maxGpus of gpu-budget"
CONFIG = "\n  fix: correct the policy configuration"


@pytest.mark.parametrize(
    ("pools", "settings", "said"),
    [
        pytest.param([], {}, [], id="nothing"),
        pytest.param([A100], {}, [], id="within the default of eight"),
        pytest.param([FOUR, FOUR], {}, [], id="exactly the default"),
        pytest.param(
            [FOUR, FOUR, A100],
            {},
            [f"stack: 9 GPUs (four 8, a100 1); expected at most 8 [KQ101]{FIX}"],
            id="one above the default, the biggest first",
        ),
        pytest.param([FOUR], {"maxGpus": 4}, [], id="exactly the budget"),
        pytest.param([FOUR], {"maxGpus": 3}, [f"stack: 4 GPUs (four 4); expected at most 3 [KQ101]{FIX}"], id="one above"),
        pytest.param(
            [A100], {"maxGpus": 0}, [f"stack: 1 GPU (a100 1); expected at most 0 [KQ101]{FIX}"], id="one GPU, none allowed"
        ),
        pytest.param(
            [SCALED],
            {"maxGpus": 11.0},
            [f"stack: 12 GPUs (scaled 12); expected at most 11 [KQ101]{FIX}"],
            id="an autoscaler at its most",
        ),
        pytest.param([CPU], {"maxGpus": 0}, [], id="nodes without GPUs"),
        pytest.param(
            [LATER],
            {},
            ["later: GPU count unknown (set by an output); expected a number the budget can count [KQ101]"],
            id="an unknown is denied by default",
        ),
        pytest.param([LATER], {"onUnknown": "warn"}, [], id="an unknown is left to unknown-demand"),
        pytest.param(
            [LATER, FOUR],
            {"maxGpus": 2},
            [
                "later: GPU count unknown (set by an output); expected a number the budget can count [KQ101]",
                f"stack: 4 GPUs (four 4); expected at most 2 [KQ101]{FIX}",
            ],
            id="an unknown does not hide what is known",
        ),
        pytest.param(
            [LATER, FOUR],
            {"maxGpus": 2, "onUnknown": "warn"},
            [f"stack: 4 GPUs (four 4); expected at most 2 [KQ101]{FIX}"],
            id="what is known counts with onUnknown warn too",
        ),
        pytest.param(
            [{**A100, "name": f"pool{number:02}"} for number in range(12)],
            {},
            [
                "stack: 12 GPUs (pool00 1, pool01 1, pool02 1, pool03 1, pool04 1, pool05 1, pool06 1, pool07 1, and 4 more); "
                f"expected at most 8 [KQ101]{FIX}"
            ],
            id="a long list is cut",
        ),
        pytest.param(
            [FOUR],
            {"maxGpus": "many"},
            [f"gpu-budget.maxGpus: 'many'; expected a whole number [KQ101]{CONFIG}"],
            id="a text for the budget",
        ),
        pytest.param(
            [FOUR], {"maxGpus": True}, [f"gpu-budget.maxGpus: True; expected a whole number [KQ101]{CONFIG}"], id="a truth value"
        ),
        pytest.param(
            [FOUR], {"maxGpus": 1.5}, [f"gpu-budget.maxGpus: 1.5; expected a whole number [KQ101]{CONFIG}"], id="half a GPU"
        ),
        pytest.param(
            [FOUR], {"maxGpus": -1}, [f"gpu-budget.maxGpus: -1; expected at least 0 [KQ101]{CONFIG}"], id="below nothing"
        ),
        pytest.param(
            [FOUR],
            {"onUnknown": "ignore"},
            [f"gpu-budget.onUnknown: 'ignore'; expected 'deny', 'warn-unread' or 'warn' [KQ101]{CONFIG}"],
            id="another way with unknowns",
        ),
        pytest.param(
            [FOUR],
            {"maxGPUs": 4, "limit": 1},
            [
                "gpu-budget.maxGPUs: an unknown key; expected one of maxGpus, onUnknown [KQ101]\n  fix: did you mean maxGpus?",
                f"gpu-budget.limit: an unknown key; expected one of maxGpus, onUnknown [KQ101]{CONFIG}",
            ],
            id="unknown keys",
        ),
    ],
)
def test_gpu_budget(judged, pools, settings, said):
    """Every GPU counts at its maximum; unknowns and unreadable settings are findings."""
    assert judged(RULE, pools, settings) == said
