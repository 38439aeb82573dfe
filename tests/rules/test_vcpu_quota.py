"""KQ102: the vCPUs of every family and region stay within the limit on record."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.vcpu_quota import RULE

FAMILY = "StandardNCADSA100v4Family"
NO_SURGE = {"maxSurge": "0", "maxUnavailable": "1"}
A100 = {"name": "a100", "vmSize": "Standard_NC24ads_A100_v4", "count": 2, "upgradeSettings": NO_SURGE}
ONE = {**A100, "count": 1, "name": "one"}
A10 = {"name": "a10", "vmSize": "Standard_NV36ads_A10_v5", "count": 1, "upgradeSettings": NO_SURGE}
SPOT = {**A100, "name": "spot", "scaleSetPriority": "Spot"}
LATER = Unknown("set by an output")
LESS = "\n  fix: use fewer or smaller nodes, or ask for quota"
CONFIG = "\n  fix: correct the policy configuration"


def limit(limit=48, family=FAMILY, region="eastus", **more):
    return {"family": family, "region": region, "limit": limit, **more}


def over(held, left, limit, used=0, family=FAMILY, region="eastus"):
    return f"{family} in {region}: {held}; expected at most {left} ({limit} less {used} used) [KQ102]{LESS}"


def no_limit(held, family=FAMILY, region="eastus"):
    fix = f"\n  fix: add family {family}, region {region} to the quota file"
    return f"{family} in {region}: {held}, but no limit on record; expected an entry in the quota file [KQ102]{fix}"


@pytest.mark.parametrize(
    ("pools", "settings", "said"),
    [
        pytest.param([A100], {}, [], id="no limits, nothing to compare"),
        pytest.param([], {"limits": [limit()]}, [], id="nothing held"),
        pytest.param([A100], {"limits": [limit(48)]}, [], id="exactly the limit"),
        pytest.param(
            [{**A100, "upgradeSettings": {"maxSurge": "50%"}}],
            {"limits": [limit(48)]},
            [
                f"warning: {FAMILY} in eastus: 72 vCPUs while AKS upgrades: its surge needs quota too; expected at most 48"
                " (48 less 0 used) [KQ102]\n  fix: set maxSurge 0 and maxUnavailable 1 in the upgrade settings, or ask for quota"
            ],
            id="the surge of an upgrade needs quota too",
        ),
        pytest.param([{**A100, "upgradeSettings": {"maxSurge": "50%"}}], {"limits": [limit(72)]}, [], id="room for a surge"),
        pytest.param([A100], {"limits": [limit(47)]}, [over("48 vCPUs (a100 48)", 47, 47)], id="one above"),
        pytest.param([A100, ONE], {"limits": [limit()]}, [over("72 vCPUs (a100 48, one 24)", 48, 48)], id="all pools together"),
        pytest.param([A100], {"limits": [limit(1000, used=952)]}, [], id="exactly what is left"),
        pytest.param(
            [A100],
            {"limits": [limit(1000, used=953)]},
            [over("48 vCPUs (a100 48)", 47, "1,000", 953)],
            id="use by others is subtracted",
        ),
        pytest.param(
            [ONE], {"limits": [limit(10, used=12)]}, [over("24 vCPUs (one 24)", 0, 10, 12)], id="more used than allowed"
        ),
        pytest.param(
            [{**A100, "enableAutoScaling": True, "minCount": 0, "maxCount": 5}],
            {"limits": [limit(100)]},
            [over("120 vCPUs (a100 120)", 100, 100)],
            id="an autoscaler at its most",
        ),
        pytest.param([A100], {"limits": [limit(family="standard ncadsA100v4 FAMILY")]}, [], id="blanks and case of the family"),
        pytest.param(
            [A100],
            {"limits": [limit(40, family="Standard NCADSA100v4 Family")]},
            [over("48 vCPUs (a100 48)", 40, 40)],
            id="and it is compared",
        ),
        pytest.param(
            [{**A100, "location": "East US"}], {"limits": [limit(region="eastUS")]}, [], id="blanks and case of the region"
        ),
        pytest.param(
            [{**A100, "location": "East US"}, {**A100, "name": "b", "location": "eastus"}],
            {"limits": [limit()]},
            [over("96 vCPUs (a100 48, b 48)", 48, 48)],
            id="two spellings of a region are one",
        ),
        pytest.param(
            [A100, {**A100, "name": "west", "location": "westus"}],
            {"limits": [limit(), limit(40, region="westus")]},
            [over("48 vCPUs (west 48)", 40, 40, region="westus")],
            id="every region on its own",
        ),
        pytest.param(
            [A100], {"limits": [limit(region="westus")]}, [no_limit("48 vCPUs (a100 48)")], id="no limit for the region"
        ),
        pytest.param(
            [A100, A10],
            {"limits": [limit()]},
            [no_limit("36 vCPUs (a10 36)", "StandardNVADSA10v5Family")],
            id="no limit for one family",
        ),
        pytest.param([A100], {"limits": [limit(), limit(48, "cores")]}, [], id="exactly the limit of all families"),
        pytest.param(
            [A100, A10],
            {"limits": [limit(), limit(90, "StandardNVADSA10v5Family"), limit(80, "cores")]},
            [over("84 vCPUs (a100 48, a10 36)", 80, 80, family="cores")],
            id="all families together",
        ),
        pytest.param([SPOT], {"limits": [limit(48, "lowPriorityCores")]}, [], id="spot has a family of its own"),
        pytest.param(
            [SPOT],
            {"limits": [limit(40, "lowPriorityCores"), limit(1, "cores")]},
            [over("48 vCPUs (spot 48)", 40, 40, family="lowPriorityCores")],
            id="and does not count against all families",
        ),
        pytest.param(
            [{**A100, "scaleSetPriority": LATER}],
            {"limits": [limit()]},
            ["a100: quota family unknown (set by an output); expected what the quota can count [KQ102]"],
            id="unknown whether spot",
        ),
        pytest.param(
            [{**A100, "count": LATER}],
            {"limits": [limit()]},
            ["a100: vCPUs unknown (set by an output); expected what the quota can count [KQ102]"],
            id="an unknown count",
        ),
        pytest.param([{**A100, "count": LATER}], {"limits": [limit()], "onUnknown": "warn"}, [], id="left to unknown-demand"),
        pytest.param(
            [{**A100, "location": None}],
            {"limits": [limit()]},
            ["a100: region unknown (no location is named); expected what the quota can count [KQ102]"],
            id="no region",
        ),
        pytest.param(
            [{**A100, "location": None}], {"limits": [limit()], "region": "East US"}, [], id="no region, but one in the settings"
        ),
        pytest.param(
            [{**A100, "location": LATER}],
            {"limits": [limit()], "region": "eastus"},
            ["a100: region unknown (set by an output); expected what the quota can count [KQ102]"],
            id="a region that is not known is not replaced by the one in the settings",
        ),
        pytest.param(
            [{"name": "cpu", "vmSize": "Standard_D4s_v5", "count": 9}], {"limits": [limit(0)]}, [], id="nodes without GPUs"
        ),
        pytest.param(
            [],
            {"limits": [{"famly": FAMILY, "region": "eastus", "limit": "48"}], "regions": []},
            [
                f"vcpu-quota.limits.0.family: missing; expected a value [KQ102]{CONFIG}",
                f"vcpu-quota.limits.0.limit: '48'; expected a whole number [KQ102]{CONFIG}",
                "vcpu-quota.limits.0.famly: an unknown key; expected one of family, region, limit, used, subscription "
                "[KQ102]\n  fix: did you mean family?",
                "vcpu-quota.regions: an unknown key; expected one of quotaFile, subscription, ledger, limits, region, "
                "onUnknown [KQ102]\n  fix: did you mean region?",
            ],
            id="settings no one can read, all of them at once",
        ),
        pytest.param(
            [],
            {"limits": "48", "quotaFile": 3},
            [
                f"vcpu-quota.quotaFile: 3; expected a text [KQ102]{CONFIG}",
                f"vcpu-quota.limits: '48'; expected a list [KQ102]{CONFIG}",
            ],
            id="settings of wrong types",
        ),
    ],
)
def test_vcpu_quota(judged, pools, settings, said):
    """vCPUs count at their maximum, by family and region, against the limit less what others use."""
    assert judged(RULE, pools, settings) == said


FILE = """date: 2026-06-29
limits:
  - {family: StandardNCADSA100v4Family, region: eastus, limit: 24}
"""


@pytest.mark.parametrize(
    ("text", "settings", "said"),
    [
        pytest.param(FILE, {}, [over("48 vCPUs (a100 48)", 24, 24)], id="limits of a file"),
        pytest.param(FILE, {"limits": [limit(48)]}, [], id="limits in the settings stand above those of the file"),
        pytest.param(
            "date: 2026-06-29\nlimits: []\n", {}, [no_limit("48 vCPUs (a100 48)")], id="a file without limits allows nothing"
        ),
        pytest.param(
            "date: soon\nlimits: []\n",
            {},
            ["quota.yaml:1: date: 'soon'; expected a day such as 2026-01-31 [KQ103]\n  fix: correct the quota file"],
            id="a file that cannot be read stops the stack",
        ),
        pytest.param(
            None,
            {},
            [
                "quota.yaml: No such file or directory; expected a readable quota file [KQ103]\n"
                "  fix: name the file, or write one: kaito-iac quota fetch --subscription ID --region REGION"
            ],
            id="a file that is not there",
        ),
    ],
)
def test_limits_of_a_file(judged, tmp_path, text, settings, said):
    """A quota file is read from the folder of the stack; one that cannot be used is a finding."""
    if text is not None:
        (tmp_path / "quota.yaml").write_text(text)
    assert judged(RULE, [A100], {"quotaFile": "quota.yaml", **settings}) == said


SHARED = """date: 2026-06-29
subscriptions:
  00000000-0000-0000-0000-000000000001:
    regions:
      eastus:
        families:
          StandardNCADSA100v4Family: {limit: 192, used: USED}
          cores: {limit: 1000, used: 0}
          lowPriorityCores: {limit: 24, used: 0}
        running: RUNNING
"""
BIG = {**A100, "count": 3}


@pytest.mark.parametrize(
    ("used", "running", "others", "here", "said"),
    [
        pytest.param(0, "{}", {}, [BIG], [], id="alone"),
        pytest.param(0, "{}", {"platform/prod": [A100], "ads/prod": [BIG]}, [ONE], [], id="exactly what others leave"),
        pytest.param(
            0,
            "{}",
            {"platform/prod": [A100], "ads/prod": [BIG]},
            [{**A100, "count": 4}],
            [
                f"{FAMILY} in eastus: 96 vCPUs (a100 96); "
                f"expected at most 72 (192 less 0 used, 72 of ads/prod, 48 of platform/prod) [KQ102]{LESS}"
            ],
            id="above",
        ),
        pytest.param(
            144,
            "{}",
            {},
            [BIG],
            [f"{FAMILY} in eastus: 72 vCPUs (a100 72); expected at most 48 (192 less 144 used) [KQ102]{LESS}"],
            id="use in the cloud that no one claims counts beside the plan",
        ),
        pytest.param(144, "{shop/dev: {StandardNCADSA100v4Family: 72}}", {}, [BIG], [], id="what runs of this stack counts once"),
        pytest.param(
            144,
            "{shop/dev: {StandardNCADSA100v4Family: 48}, platform/prod: {StandardNCADSA100v4Family: 72}}",
            {"platform/prod": [ONE]},
            [BIG, {**A100, "name": "b"}],
            [
                f"{FAMILY} in eastus: 120 vCPUs (a100 72, b 48); "
                f"expected at most 96 (192 less 24 used elsewhere, 72 of platform/prod) [KQ102]{LESS}"
            ],
            id="another stack counts with what it runs, as long as that is more than it plans",
        ),
        pytest.param(
            144,
            "{platform/prod: {StandardNCADSA100v4Family: 72}}",
            {},
            [BIG],
            [f"{FAMILY} in eastus: 72 vCPUs (a100 72); expected at most 48 (192 less 144 used) [KQ102]{LESS}"],
            id="a running stack without a plan stays in the use",
        ),
        pytest.param(
            0,
            "{}",
            {"platform/prod": [{**SPOT, "count": 1}]},
            [{**SPOT, "count": 1}],
            [
                "lowPriorityCores in eastus: 24 vCPUs (spot 24); "
                "expected at most 0 (24 less 0 used, 24 of platform/prod) [KQ102]" + LESS
            ],
            id="spot apart",
        ),
        pytest.param(
            0,
            "{}",
            {"platform/prod": [{**A100, "count": LATER}]},
            [ONE],
            ["platform/prod: a100: vCPUs unknown (set by an output); expected what the quota can count [KQ102]"],
            id="what another stack does not know",
        ),
        pytest.param(
            0,
            "{}",
            {f"p{index}/prod": [ONE] for index in range(7)},
            [{**A100, "name": "b"}],
            [
                f"{FAMILY} in eastus: 48 vCPUs (b 48); expected at most 24 "
                f"(192 less 0 used, 24 of p0/prod, 24 of p1/prod, 24 of p2/prod, 24 of p3/prod, "
                f"72 of 3 more stacks) [KQ102]{LESS}"
            ],
            id="many stacks, the biggest by name",
        ),
    ],
)
def test_one_quota_for_many_stacks(judged, plans, tmp_path, used, running, others, here, said):
    """Stacks share a quota: each counts once, with its plan or, if more, with what it runs."""
    (tmp_path / "quota.yaml").write_text(SHARED.replace("USED", str(used)).replace("RUNNING", running))
    plans("shop/dev", [{**A100, "count": 90}])
    for stack, pools in others.items():
        plans(stack, pools)
    assert judged(RULE, here, {"quotaFile": "quota.yaml", "ledger": ["plans"]}) == said


def test_a_ledger_that_cannot_be_read(judged, tmp_path):
    """A plan that cannot be read stops the stack, and the rest is judged all the same."""
    (tmp_path / "quota.yaml").write_text(FILE)
    said = judged(RULE, [A100], {"quotaFile": "quota.yaml", "ledger": ["none"]})
    again = (
        "none: No such file or directory; expected a readable plan [KQ112]\n  fix: write it again with `kaito-iac plan --json`"
    )
    assert said == [again, over("48 vCPUs (a100 48)", 24, 24)]
