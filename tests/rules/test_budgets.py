"""KQ107 and KQ108: budgets of teams and namespaces, over this stack and those of the ledger."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules import namespace_budget, team_budget

SIZE = "Standard_NC24ads_A100_v4"
LATER = Unknown("set by an output")
TEAM = "\n  fix: hold less, or raise the budget of the team in quota.yaml"
SPACE = "\n  fix: hold less, or raise the budget of the namespace in quota.yaml"
CONFIG = "\n  fix: correct the policy configuration"


def pool(name="gpu", team=None, **more):
    tags = {"tags": {"team": team}} if team else {}
    return {"name": name, "vmSize": SIZE, "count": 2, "nodeLabels": {"pool": name}, **tags, **more}


def workload(name, namespace="chat", *, on=None, team=None):
    """A Workspace on nodes of its own, or on those of a pool."""
    labels = {"labels": {"team": team}} if team else {}
    place = {"labelSelector": {"matchLabels": {"pool": on}}} if on else {"instanceType": SIZE}
    return {
        "kind": "Workspace",
        "name": name,
        "metadata": {"name": name, "namespace": namespace, **labels},
        "resource": place,
        "inference": {"preset": {"name": "phi-4-mini-instruct"}},
    }


def budgets(teams="", namespaces=""):
    return f"date: 2026-06-30\nbudgets:\n  teams: {{{teams}}}\n  namespaces: {{{namespaces}}}\n"


@pytest.mark.parametrize(
    ("teams", "stack", "settings", "said"),
    [
        pytest.param("search: {gpus: 2}", [pool(team="search")], {}, [], id="exactly the budget"),
        pytest.param(
            "search: {gpus: 1}",
            [pool(team="search")],
            {},
            [f"team search: 2 GPUs (gpu 2); expected at most 1 [KQ107]{TEAM}"],
            id="one above",
        ),
        pytest.param(
            "search: {gpus: 1}, ads: {gpus: 9}", [pool(team="ads"), pool(name="b")], {}, [], id="of another team, and of no one"
        ),
        pytest.param(
            "search: {gpus: 1}",
            [pool(team="Search")],
            {},
            ["warning: gpu: team Search has no budget; expected one of search [KQ107]\n  fix: write search"],
            id="of a team that no budget knows",
        ),
        pytest.param(
            "search: {gpus: 2}",
            [pool(team="search"), workload("bot", on="gpu", team="search")],
            {},
            [],
            id="a workload on a pool that counts for its team already",
        ),
        pytest.param(
            "search: {gpus: 0}, ads: {gpus: 9}",
            [pool(team="ads"), workload("bot", on="gpu", team="search")],
            {},
            [f"team search: 1 GPU (bot 1); expected at most 0 [KQ107]{TEAM}"],
            id="a workload on a pool of another team",
        ),
        pytest.param(
            "search: {gpus: 0, namespaces: [chat]}, ads: {gpus: 9}",
            [pool(), workload("bot", on="gpu"), workload("guest", on="gpu", team="ads")],
            {},
            [f"team search: 1 GPU (bot 1); expected at most 0 [KQ107]{TEAM}"],
            id="by namespace, below which a label is",
        ),
        pytest.param(
            "search: {gpus: 0, namespaces: [chat]}",
            [workload("guest", team="ghost")],
            {},
            [
                f"team search: 1 GPU (guest 1); expected at most 0 [KQ107]{TEAM}",
                "warning: guest: team ghost has no budget; expected one of search [KQ107]\n"
                "  fix: give ghost a budget in quota.yaml, or write another team",
            ],
            id="a label that no budget knows takes nothing out of the budget of its namespace's team",
        ),
        pytest.param(
            "search: {gpus: 9, gpusByProduct: {A100: 1}, vcpusByFamily: {standardncadsa100v4family: 24}, usdPerMonth: 100}",
            [pool(team="search", count=2)],
            {},
            [
                f"team search: 2 A100 GPUs (gpu 2); expected at most 1 [KQ107]{TEAM}",
                f"team search: 48 vCPUs (gpu 48); expected at most 24 [KQ107]{TEAM}",
                f"team search: 5,362.58 USD a month (gpu 5,362.58); expected at most 100 [KQ107]{TEAM}",
            ],
            id="every line of a budget",
        ),
        pytest.param(
            "search: {gpus: 2}",
            [pool(team="search", count=LATER)],
            {},
            ["team search: gpu: GPUs unknown (set by an output); expected a number the budget can count [KQ107]"],
            id="an unknown number",
        ),
        pytest.param(
            "search: {gpus: 2}",
            [pool(team=LATER)],
            {},
            [
                "gpu: team unknown (set by an output); expected a plain team [KQ107]\n"
                "  fix: labels={'team': 'NAME'} of the component, or a plain namespace"
            ],
            id="an unknown team",
        ),
        pytest.param("search: {gpus: 2}", [pool(team=LATER)], {"onUnknown": "warn"}, [], id="left to unknown-demand"),
        pytest.param("", [pool(team=LATER)], {}, [], id="no budget of any team"),
        pytest.param(
            "search: {gpus: 2}",
            [],
            {"quotaFile": 3, "ledger": [1]},
            [
                f"team-budget.quotaFile: 3; expected a text [KQ107]{CONFIG}",
                f"team-budget.ledger.0: 1; expected a text [KQ107]{CONFIG}",
            ],
            id="settings of wrong types",
        ),
    ],
)
def test_team_budget(judged, tmp_path, teams, stack, settings, said):
    """A team counts what it creates, and its workloads on nodes that do not count for it already."""
    (tmp_path / "quota.yaml").write_text(budgets(teams))
    assert judged(team_budget.RULE, stack, {"quotaFile": "quota.yaml", **settings}) == said


@pytest.mark.parametrize(
    ("namespaces", "stack", "settings", "said"),
    [
        pytest.param("chat: {gpus: 2}", [workload("a"), workload("b")], {}, [], id="exactly the budget"),
        pytest.param(
            "chat: {gpus: 1}",
            [workload("a"), workload("b")],
            {},
            [f"namespace chat: 2 GPUs (a 1, b 1); expected at most 1 [KQ108]{SPACE}"],
            id="one above",
        ),
        pytest.param(
            "chat: {gpus: 1}",
            [pool(), workload("a"), workload("b", on="gpu")],
            {},
            [f"namespace chat: 2 GPUs (a 1, b 1); expected at most 1 [KQ108]{SPACE}"],
            id="created or on shared nodes",
        ),
        pytest.param("chat: {gpus: 0}", [pool(), workload("a", "rag", on="gpu")], {}, [], id="another namespace, and a pool"),
        pytest.param(
            "chat: {gpus: 2}",
            [workload("a", LATER)],
            {},
            [
                "a: namespace unknown (set by an output); expected a plain namespace [KQ108]\n  fix: "
                "give the namespace as a plain value"
            ],
            id="an unknown namespace",
        ),
        pytest.param("chat: {gpus: 2}", [workload("a", LATER)], {"onUnknown": "warn"}, [], id="left to unknown-demand"),
        pytest.param(
            "chat: {gpus: 2}",
            [workload("a", on="elsewhere")],
            {},
            [
                "namespace chat: a: GPUs unknown (the size of the existing nodes is not stated); "
                "expected a number the budget can count [KQ108]"
            ],
            id="nodes that no one describes",
        ),
        pytest.param(
            "chat: {gpus: many}",
            [],
            {},
            [
                "quota.yaml:4: budgets.namespaces.chat.gpus: 'many'; expected a whole number [KQ103]\n"
                "  fix: correct the quota file"
            ],
            id="a quota file no one can read",
        ),
        pytest.param("chat: {gpus: 0}", [workload("a")], {"quotaFile": ""}, [], id="no quota file"),
        pytest.param(
            "",
            [],
            {"on": "x"},
            [f"namespace-budget.on: an unknown key; expected one of quotaFile, ledger, onUnknown [KQ108]{CONFIG}"],
            id="an unknown key",
        ),
    ],
)
def test_namespace_budget(judged, tmp_path, namespaces, stack, settings, said):
    """A namespace counts every workload in it, created or on shared nodes."""
    (tmp_path / "quota.yaml").write_text(budgets(namespaces=namespaces))
    assert judged(namespace_budget.RULE, stack, {"quotaFile": "quota.yaml", **settings}) == said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param(
            team_budget.RULE,
            [f"team search: 3 GPUs (platform/prod:gpu 2, bot 1); expected at most 2 [KQ107]{TEAM}"],
            id="of a team",
        ),
        pytest.param(
            namespace_budget.RULE,
            [f"namespace chat: 2 GPUs (bot 1, platform/prod:old 1); expected at most 1 [KQ108]{SPACE}"],
            id="of a namespace",
        ),
    ],
)
def test_budgets_of_many_stacks(judged, plans, tmp_path, rule, said):
    """A budget holds over this stack and those of the ledger; the own plan in the ledger does not count twice."""
    (tmp_path / "quota.yaml").write_text(budgets("search: {gpus: 2}", "chat: {gpus: 1}"))
    plans("platform/prod", [pool(team="search"), workload("old", on="gpu", team="search")])
    plans("shop/dev", [workload("bot", team="search"), workload("more", team="search")])
    stack = [workload("bot", team="search")]
    assert judged(rule, stack, {"quotaFile": "quota.yaml", "ledger": ["plans"]}) == said
    (tmp_path / "plans" / "broken.json").write_text("{")
    told = "no JSON: Expecting property name enclosed in double quotes: line 1 column 2"
    broken = f"broken.json: {told}; expected what `kaito-iac plan --json` writes [KQ112]"
    fix = "\n  fix: write it again with `kaito-iac plan --json`"
    assert judged(rule, stack, {"quotaFile": "quota.yaml", "ledger": ["plans"]}) == [broken + fix, *said]
