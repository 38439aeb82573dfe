"""The ledger: plans of other stacks, each counted once, and what is wrong with their files."""

import json
from datetime import date

import pytest

from kaito_iac.demand.range import Range
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.request import Program
from kaito_iac.quota.ledger import identity, read_ledger
from kaito_iac.rules.ledger_age import RULE

A100 = {"name": "a100", "vmSize": "Standard_NC24ads_A100_v4", "count": 2}
AGAIN = "\n  fix: write it again with `kaito-iac plan --json`"
NO_PLAN = f"expected what `kaito-iac plan --json` writes [KQ112]{AGAIN}"
BROKEN = f"x.json: no JSON: Expecting property name enclosed in double quotes: line 1 column 2; {NO_PLAN}"
PLAN = "\n  fix: plan that stack again"
CONFIG = "\n  fix: correct the policy configuration"


def cents(value):
    """Return a range as the JSON of a plan rounds it."""
    return Range(*(round(part, 2) for part in (value.low, value.expected, value.high))) if isinstance(value, Range) else value


def test_a_plan_gives_back_its_demand(tmp_path):
    """What a program holds is the same whether it is planned here or read from its plan."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "__main__.py").write_text(
        "import pulumi, kaito_iac as kaito\n"
        "size = {'instance_type': 'Standard_NC24ads_A100_v4', 'location': 'eastus'}\n"
        "kaito.KaitoWorkspace('chat', {'preset': 'phi-4', 'namespace': 'rag', **size})\n"
        "kaito.KaitoInferenceSet('set', {'preset': 'phi-4', 'autoscale': {'max_count': 3}, **size})\n"
        "kaito.GpuNodePool('spot', {'spot': True, 'max_count': 4, 'cluster_id': '/subscriptions/s/resourceGroups/g/providers/"
        "Microsoft.ContainerService/managedClusters/c', **size})\n"
        "needs = [{'key': 'node.kubernetes.io/instance-type', 'operator': 'In', 'values': ['Standard_NC24ads_A100_v4',"
        " 'Standard_NV36ads_A10_v5']}]\n"
        "spec = {'template': {'spec': {'requirements': needs}}, 'limits': {'nvidia.com/gpu': '8'}}\n"
        "pulumi.CustomResource('kubernetes:karpenter.sh/v1:NodePool', 'k', {'metadata': {'name': 'k'}, 'spec': spec})\n"
    )
    plan = make_plan(Program(folder))
    (tmp_path / "plan.json").write_text(json.dumps(plan.as_json()))
    ledger = read_ledger([tmp_path / "plan.json"])
    assert ledger.problems == ()
    (read,) = ledger.plans
    assert (read.stack, read.made, read.file) == ("shop/dev", date.today(), "plan.json")
    assert identity(read.demands) == identity(plan.demands) == "shop/dev"
    kept = ("gpus", "vcpus", "family", "region", "usd_per_month", "namespace", "team", "pool", "bought", "component", "spot")
    assert [[cents(getattr(demand, key)) for key in kept] for demand in read.demands] == [
        [cents(getattr(demand, key)) for key in kept] for demand in plan.demands
    ]


def test_what_is_unknown_stays_unknown(tmp_path, plans):
    """A value that the plan does not know is unknown in the ledger too, with the same reason."""
    plans("platform/prod", [{**A100, "enableAutoScaling": True}])
    (read,) = read_ledger([tmp_path / "plans"]).plans
    assert read.demands[0].vcpus.reason == "autoscaled without maxCount"


def test_every_stack_once(tmp_path, plans):
    """The own plan is left out; of two plans of a stack the newer one counts."""
    plans("shop/dev", [A100])
    plans("platform/prod", [A100], name="a.json", made="2026-06-01")
    plans("platform/prod", [{**A100, "count": 5}], name="b.json", made="2026-06-02")
    plans("platform/prod", [A100], name="c.json", made=None)
    ledger = read_ledger([tmp_path / "plans"], "shop/dev")
    assert ledger.problems == ()
    assert [(plan.stack, plan.file, plan.demands[0].nodes) for plan in ledger.plans] == [
        ("platform/prod", "b.json", Range(5, 5, 5))
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("{", [BROKEN], id="no JSON"),
        pytest.param(
            "[" * 100000,
            [f"x.json: no JSON: nested too deep; {NO_PLAN}"],
            id="too deep",
        ),
        pytest.param(
            '{"schema": 2, "project": "p", "stack": 3, "complete": true, "demands": []}',
            [
                f"x.json: schema: input should be 1; expected a plan of this version [KQ112]{AGAIN}",
                f"x.json: stack: input should be a valid string; expected a plan of this version [KQ112]{AGAIN}",
            ],
            id="another version, and a wrong type",
        ),
        pytest.param(
            '{"schema": 1, "project": "p", "stack": "s", "demands": [1, 2, 3, 4, 5, 6, 7], "complete": true}',
            [
                *(f"x.json: demands.{index}: no mapping; expected a plan of this version [KQ112]{AGAIN}" for index in range(5)),
                f"x.json: 2 more of the kind; expected a plan of this version [KQ112]{AGAIN}",
            ],
            id="demands that are none",
        ),
        pytest.param(
            '{"schema": 1, "project": "p", "stack": "s", "made": "soon", "complete": true, "demands": []}',
            [f"x.json: no JSON of a plan; {NO_PLAN}"],
            id="no day",
        ),
        pytest.param(
            '{"schema": 1, "project": "p", "stack": "s", "complete": false, "demands": []}',
            [
                "x.json: the program of p/s ended early: it may hold more than its plan; "
                "expected a whole plan [KQ112]"
                "\n  fix: correct that stack, and plan it again"
            ],
            id="a program that failed",
        ),
        pytest.param(
            '{"schema": 1, "project": "p", "stack": "s", "complete": true, "demands": [], "problems": [{"code": "KQ102"}]}',
            [],
            id="over quota is no reason to mistrust it",
        ),
    ],
)
def test_unreadable_plans(tmp_path, text, said):
    """A file that is no whole plan is a problem, never a stack that holds nothing."""
    (tmp_path / "x.json").write_text(text)
    assert [problem.text(indent="") for problem in read_ledger([tmp_path / "x.json"]).problems] == said


def test_missing_files(tmp_path, plans):
    """A path without a plan is a problem, and so are two plans of one day."""
    (tmp_path / "empty").mkdir()
    plans("platform/prod", [A100], name="a.json")
    plans("platform/prod", [A100], name="b.json")
    found = read_ledger([tmp_path / "none.json", tmp_path / "empty", tmp_path / "plans"]).problems
    assert [problem.text(indent="") for problem in found] == [
        f"none.json: No such file or directory; expected a readable plan [KQ112]{AGAIN}",
        "empty: no plan in it; expected JSON files of `kaito-iac plan --json` [KQ112]",
        "b.json: a second plan of platform/prod of the same day; the first is a.json; expected one plan per stack [KQ112]"
        "\n  fix: keep the one that holds",
    ]


@pytest.mark.parametrize(
    ("made", "settings", "said"),
    [
        pytest.param("2026-06-30", {}, [], id="of today"),
        pytest.param("2026-05-31", {}, [], id="as old as may be"),
        pytest.param(
            "2026-05-30",
            {},
            [f"platform-prod.json: plan of platform/prod of 2026-05-30, 31 days old; expected at most 30 days [KQ112]{PLAN}"],
            id="a day older",
        ),
        pytest.param(
            "2026-07-01",
            {},
            [f"platform-prod.json: plan of platform/prod of 2026-07-01, a day to come; expected today or earlier [KQ112]{PLAN}"],
            id="of tomorrow",
        ),
        pytest.param(
            "2026-07-02",
            {},
            [
                "platform-prod.json: plan of platform/prod of 2026-07-02, more than a day ahead; expected today or earlier "
                "[KQ112]\n  fix: write it again with `kaito-iac plan --json`"
            ],
            id="further ahead than any time zone",
        ),
        pytest.param(
            None,
            {"maxAgeDays": 1},
            [f"platform-prod.json: plan of platform/prod without a day; expected at most 1 day [KQ112]{PLAN}"],
            id="without a day",
        ),
        pytest.param(
            "2026-06-30",
            {"ledger": "plans", "maxAgeDays": "old"},
            [
                f"ledger-age.ledger: 'plans'; expected a list [KQ112]{CONFIG}",
                f"ledger-age.maxAgeDays: 'old'; expected a whole number [KQ112]{CONFIG}",
            ],
            id="settings of wrong types",
        ),
    ],
)
def test_ledger_age(judged, plans, made, settings, said):
    """A plan is stale after so many days, and never of a day to come."""
    plans("platform/prod", [A100], made=made)
    assert judged(RULE, [], {"ledger": ["plans"], **settings}) == said


def test_no_ledger(judged):
    """Without a ledger there is nothing to say."""
    assert judged(RULE, [A100], {}) == []


def test_a_stack_that_its_guard_refuses(tmp_path):
    """A program that a guard ends is no whole plan: what comes after is not known."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(
        "import pulumi, kaito_iac as kaito\n"
        "kaito.guard(gpus=0)\n"
        "pool = {'vmSize': 'Standard_NC24ads_A100_v4', 'count': 1}\n"
        "pulumi.CustomResource('azure-native:containerservice:AgentPool', 'raw', pool)\n"
    )
    (tmp_path / "plan.json").write_text(json.dumps(make_plan(Program(tmp_path)).as_json()))
    (problem,) = read_ledger([tmp_path / "plan.json"]).problems
    assert problem.found == "the program of shop/dev ended early: it may hold more than its plan"


def test_a_plan_of_a_day_to_come_hides_no_other(tmp_path, plans):
    """A plan of a day that is not yet there is reported, and counts only where the stack has no other."""
    plans("platform/prod", [A100], made="2026-06-29")
    plans("platform/prod", [{**A100, "count": 0}], name="later.json", made="2999-01-01")
    plans("docs/prod", [A100], made="2999-01-01")
    found = read_ledger([tmp_path / "plans"], today=date(2026, 6, 30))
    assert [(plan.stack, plan.file) for plan in found.plans] == [
        ("docs/prod", "docs-prod.json"),
        ("platform/prod", "platform-prod.json"),
    ]
    assert [one.headline for one in found.problems] == [
        f"{file}: plan of {stack} of 2999-01-01, more than a day ahead; expected today or earlier [KQ112]"
        for file, stack in (("docs-prod.json", "docs/prod"), ("later.json", "platform/prod"))
    ]


def test_plans_in_subfolders(tmp_path, plans):
    """A folder is read whole: folders inside it, and files whatever the case of their suffix."""
    plans("platform/prod", [A100], name="PLATFORM.JSON")
    deep = tmp_path / "plans" / "eu"
    deep.mkdir()
    plans("docs/prod", [A100]).rename(deep / "docs.json")
    assert [plan.stack for plan in read_ledger([tmp_path / "plans"]).plans] == ["docs/prod", "platform/prod"]
