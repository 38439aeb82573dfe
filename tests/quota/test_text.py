"""The text of a quota file: figures anew, everything else word by word."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaito_iac.quota.fetch import Usage
from kaito_iac.quota.file import read_quota_text
from kaito_iac.quota.model import Budget, Budgets, FamilyQuota, QuotaFile, Region, Subscription, TeamBudget
from kaito_iac.quota.text import quota_text, regions_to_read, updated

ONE, TWO = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
TODAY = date(2026, 6, 30)
USAGES = [
    Usage(region="eastus", family="lowPriorityCores", limit=100, used=0),
    Usage(region="eastus", family="StandardNCADSA100v4Family", limit=96, used=72),
]
FRESH = f"""\
date: 2026-06-30
source: Azure
subscriptions:
  "{ONE}":
    regions:
      eastus:
        families:
          lowPriorityCores: {{limit: 100, used: 0}}
          StandardNCADSA100v4Family: {{limit: 96, used: 72}}
"""
OLD = f"""\
# Ours; ask the platform team before you raise anything.

date: 2026-06-01   # by hand
subscriptions:
  {ONE}:
    name: research
    regions:
      # the first
      East US:
        families:
          StandardNCADSA100v4Family: {{limit: 48, used: 24}}
        running:
          platform/prod: {{StandardNCADSA100v4Family: 24}}

# Why eight: one node.
budgets:
  teams:
    search:   # Ada's
      namespaces: [chat]
      gpus: 8

# the end
"""
KEPT = f"""\
# Ours; ask the platform team before you raise anything.

date: 2026-06-30
source: Azure
subscriptions:
  "{ONE}":
    name: research
    regions:
      eastus:
        families:
          lowPriorityCores: {{limit: 100, used: 0}}
          StandardNCADSA100v4Family: {{limit: 96, used: 72}}
        running:
          platform/prod: {{StandardNCADSA100v4Family: 24}}

# Why eight: one node.
budgets:
  teams:
    search:   # Ada's
      namespaces: [chat]
      gpus: 8

# the end
"""
FIRST = """\
date: 2026-06-01
limits:
- {family: a, region: b, limit: 3}
# ours
budgets: {namespaces: {chat: {gpus: 2}}}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", FRESH, id="a new file"),
        pytest.param(OLD, KEPT, id="budgets, comments, name and what is running stay"),
        pytest.param(
            FIRST, f"{FRESH}\n# ours\nbudgets: {{namespaces: {{chat: {{gpus: 2}}}}}}\n", id="limits of the first version go"
        ),
    ],
)
def test_whole_text(before, after):
    """The text of a file before and after its figures are read anew."""
    old = read_quota_text(before, "quota.yaml")[0] if before else None
    quota = updated(old, ONE, USAGES, "Azure", TODAY)
    text = quota_text(quota, before)
    assert text == after
    assert read_quota_text(text, "quota.yaml") == (quota, ())


def test_another_subscription_keeps_the_day():
    """Figures of a subscription that was not read stay, and so does the day, which would promise too much."""
    old = updated(None, TWO, USAGES, "Azure", date(2026, 6, 1))
    new = updated(old, ONE, USAGES, "Azure", TODAY)
    assert (new.date, list(new.subscriptions)) == (date(2026, 6, 1), [TWO, ONE])
    assert new.subscriptions[TWO] == old.subscriptions[TWO]
    assert updated(updated(None, ONE, USAGES, "Azure", date(2026, 6, 1)), ONE, USAGES, "Azure", TODAY).date == TODAY


def test_regions_of_the_file_are_read_again():
    """Regions that the file has are read too, so that all figures are of one day."""
    old = read_quota_text(OLD, "quota.yaml")[0]
    assert regions_to_read(old, ONE, ["West US"]) == ["westus", "eastus"]
    assert regions_to_read(old, TWO, ["West US"]) == ["westus"]
    assert regions_to_read(None, ONE, ["westus", "West US"]) == ["westus"]


NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12)
AMOUNTS = st.integers(0, 10**9)
FAMILIES = st.dictionaries(st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,9}", fullmatch=True), st.tuples(AMOUNTS, AMOUNTS), max_size=4)


@st.composite
def quota_files(draw):
    """Any quota file that has no problem."""
    subscriptions = {}
    for account in draw(st.lists(NAMES, unique=True, max_size=3)):
        regions = {}
        for index in range(draw(st.integers(0, 3))):
            families = {name.lower(): FamilyQuota(limit=limit, used=used) for name, (limit, used) in draw(FAMILIES).items()}
            running = {f"{draw(NAMES).replace('/', '')}/dev": dict.fromkeys(families, 0)} if draw(st.booleans()) else {}
            regions[f"region{index}"] = Region(families=families, running=running)
        subscriptions[account] = Subscription(name=draw(NAMES), regions=regions)
    return QuotaFile(date=draw(st.dates(date(1000, 1, 1))), source=draw(NAMES), subscriptions=subscriptions)


@given(quota_files())
def test_what_is_written_is_read(quota):
    """Whatever names there are: what is written is what is read."""
    assert read_quota_text(quota_text(quota), "quota.yaml") == (quota, ())


def test_budgets_are_text():
    """Budgets are never written, only kept: their comments are the point."""
    budgets = Budgets(teams={"search": TeamBudget(gpus=8)}, namespaces={"chat": Budget(gpus=2)})
    quota = QuotaFile(date=TODAY, subscriptions={}, budgets=budgets)
    assert quota_text(quota) == "date: 2026-06-30\nsubscriptions: {}\n"
