"""What of every family, region and budget is used, planned and left."""

from hypothesis import given
from hypothesis import strategies as st

from kaito_iac.demand.demand import Demand, sized
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.quota.file import Quota
from kaito_iac.quota.ledger import StackPlan
from kaito_iac.quota.model import Budget, Budgets, TeamBudget
from kaito_iac.quota.tally import tally

FAMILY = "StandardNCADSA100v4Family"
KEY = (FAMILY.lower(), "eastus")


def held(nodes, name="chat", team=None, namespace=None, region="eastus"):
    size_name, size = sized("Standard_NC24ads_A100_v4")
    return Demand(
        urn=f"urn:pulumi:dev::shop::x::{name}",
        resource=name,
        kind="Workspace",
        component=name,
        size_name=size_name,
        size=size,
        nodes=nodes if isinstance(nodes, Unknown) else Range(0, nodes, nodes),
        region=region,
        team=team,
        namespace=namespace,
    )


def plan(stack, nodes, **more):
    return StackPlan(stack=stack, made=None, demands=(held(nodes, **more),), file=f"{stack}.json")


def test_a_whole_tally():
    """Quotas by region and family with what no one holds, budgets line by line, and what is not known."""
    quota = Quota(family=FAMILY, region="eastus", limit=96, used=48, running={"ads/prod": 48})
    free = Quota(family="cores", region="westus", limit=10, used=3)
    budgets = Budgets(teams={"search": TeamBudget(gpus=2)}, namespaces={"rag": Budget(gpus_by_product={"A100": 1})})
    mine = [held(1, team="search", namespace="rag"), held(Unknown("later"), "b", team="search", namespace="rag")]
    plans = [plan("ads/prod", 1, team="search"), plan("new/prod", 2, namespace="rag", region="northeurope")]
    counted = tally(mine, plans, {KEY: quota, ("cores", "westus"): free}, budgets, own="shop/dev")
    assert counted.over
    assert counted.as_json() == {
        "quotas": [
            {
                "region": "eastus",
                "family": FAMILY,
                "limit": 96,
                "used": 48,
                "usedElsewhere": 0,
                "thisStack": 24,
                "otherStacks": {"ads/prod": 48},
                "left": 24,
            },
            {
                "region": "northeurope",
                "family": FAMILY,
                "limit": None,
                "used": None,
                "usedElsewhere": None,
                "thisStack": 0,
                "otherStacks": {"new/prod": 48},
                "left": None,
            },
            {
                "region": "westus",
                "family": "cores",
                "limit": 10,
                "used": 3,
                "usedElsewhere": 3,
                "thisStack": 0,
                "otherStacks": {},
                "left": 7,
            },
        ],
        "budgets": [
            {
                "of": "team",
                "name": "search",
                "what": "GPUs",
                "limit": 2,
                "thisStack": 1,
                "otherStacks": 1,
                "left": 0,
                "unknown": [{"component": "b", "reason": "later"}],
            },
            {
                "of": "namespace",
                "name": "rag",
                "what": "A100 GPUs",
                "limit": 1,
                "thisStack": 1,
                "otherStacks": 2,
                "left": -2,
                "unknown": [{"component": "b", "reason": "later"}],
            },
        ],
        "unknown": [{"component": "b", "what": "vCPUs", "reason": "later"}],
    }


COUNTS = st.integers(0, 5)


@given(COUNTS, st.lists(st.tuples(COUNTS, COUNTS), max_size=4), COUNTS, COUNTS, st.integers(0, 40))
def test_everything_counts_once(here, others, running_here, unclaimed, limit):
    """Left is the limit less what no one claims, this stack's plan, and the greater of plan and use of every other stack."""
    running = {f"p{index}/prod": 24 * used for index, (_, used) in enumerate(others)} | {"shop/dev": 24 * running_here}
    used = 24 * unclaimed + sum(running.values())
    quota = Quota(family=FAMILY, region="eastus", limit=24 * limit, used=used, running=running)
    plans = [plan(f"p{index}/prod", planned) for index, (planned, _) in enumerate(others)]
    (position,) = tally([held(here)], plans, {KEY: quota}, Budgets(), own="shop/dev").positions
    assert position.left == 24 * (limit - unclaimed - here - sum(map(max, others)))
