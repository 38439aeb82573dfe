"""KQ103: the quota file is there and not stale."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.quota_age import RULE

A100 = {"name": "a100", "vmSize": "Standard_NC24ads_A100_v4"}
AGAIN = "\n  fix: read limits and use again"


@pytest.mark.parametrize(
    ("day", "settings", "said"),
    [
        pytest.param("2026-06-30", {}, [], id="of today"),
        pytest.param("2026-05-31", {}, [], id="as old as may be"),
        pytest.param(
            "2026-05-30",
            {},
            [f"quota.yaml: limits of 2026-05-30, 31 days old; expected at most 30 days [KQ103]{AGAIN}"],
            id="a day older",
        ),
        pytest.param(
            "2026-06-29",
            {"maxAgeDays": 0},
            [f"quota.yaml: limits of 2026-06-29, 1 day old; expected at most 0 days [KQ103]{AGAIN}"],
            id="only of today",
        ),
        pytest.param(
            "2026-06-28",
            {"maxAgeDays": 1},
            [f"quota.yaml: limits of 2026-06-28, 2 days old; expected at most 1 day [KQ103]{AGAIN}"],
            id="at most of yesterday",
        ),
        pytest.param(
            "2026-07-01",
            {},
            ["quota.yaml: limits of 2026-07-01, a day to come; expected today or earlier [KQ103]\n  fix: correct the date"],
            id="of tomorrow",
        ),
        pytest.param(
            "2026-06-30",
            {"maxAgeDays": "a month"},
            [
                "quota-age.maxAgeDays: 'a month'; expected a whole number [KQ103]\n  fix: correct the policy configuration",
            ],
            id="a text for the days",
        ),
    ],
)
def test_age(judged, tmp_path, day, settings, said):
    """Limits are stale after so many days, and never of a day to come."""
    (tmp_path / "quota.yaml").write_text(f"date: {day}\nlimits: []\n")
    assert judged(RULE, [A100], {"quotaFile": "quota.yaml", **settings}) == said


MISSING = (
    "quotaFile: missing: vCPU quotas are not checked; expected the path of a quota file [KQ103]"
    "\n  fix: set quotaFile of vcpu-quota and quota-age"
)


@pytest.mark.parametrize(
    ("pools", "settings", "said"),
    [
        pytest.param([A100], {}, [MISSING], id="no file is named"),
        pytest.param([], {}, [], id="no file is named, and nothing is held"),
        pytest.param([{"vmSize": "Standard_D4s_v5"}], {}, [], id="no file is named, and no GPU is held"),
        pytest.param([{"vmSize": Unknown("set by an output")}], {}, [MISSING], id="GPUs may be held"),
        pytest.param(
            [A100],
            {"quotaFile": "quota.yaml"},
            [
                "quota.yaml: No such file or directory; expected a readable quota file [KQ103]\n"
                "  fix: name the file, or write one: kaito-iac quota fetch --subscription ID --region REGION"
            ],
            id="the file is not there",
        ),
    ],
)
def test_missing(judged, pools, settings, said):
    """A stack with GPUs and without a quota file is reported."""
    assert judged(RULE, pools, settings) == said
