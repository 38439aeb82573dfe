"""The starter configurations of the packs: every rule is in them, and they stop what their names promise."""

import json
import shutil
from datetime import date
from pathlib import Path

import pulumi
import pytest
from pydantic import ValidationError

from kaito_iac.offline.analyze import analyze
from kaito_iac.rules import gpu_quota, guardrails
from kaito_iac.testing import record

pytest.importorskip("pulumi_policy")
ROOT = Path(__file__).resolve().parents[2]
STARTERS = ("sandbox", "team", "production")
PACKS = {gpu_quota.NAME: gpu_quota.RULES, guardrails.NAME: guardrails.RULES}
FILES = [(pack, name) for pack in PACKS for name in ("config", *STARTERS)]
TODAY = date.today().isoformat()
QUOTA = f"""\
date: {TODAY}
subscriptions:
  research:
    regions:
      eastus:
        families:
          StandardNCADSA100v4Family: {{limit: 192}}
budgets:
  teams:
    search: {{gpus: 3}}
"""
A100 = "Standard_NC24ads_A100_v4"


def config(pack, name):
    return json.loads((ROOT / "policies" / pack / f"{name}.json").read_text())


@pytest.mark.parametrize(("pack", "name"), FILES, ids=[f"{name} of {pack}" for pack, name in FILES])
def test_settings(pack, name):
    """A starter configuration names every rule of its pack, with a level and settings that the rule takes."""
    given = config(pack, name)
    assert list(given) == [rule.name for rule in PACKS[pack]]
    wrong = []
    for rule in PACKS[pack]:
        level, settings = given[rule.name]["enforcementLevel"], {**given[rule.name]}
        del settings["enforcementLevel"]
        try:
            rule.config.model_validate(settings)
        except ValidationError as error:
            wrong.append((rule.name, str(error)))
        if level not in ("advisory", "mandatory", "disabled", *(["remediate"] if getattr(rule, "remedy", None) else [])):
            wrong.append((rule.name, level))
    assert wrong == []


@pytest.mark.parametrize("pack", PACKS)
def test_stricter(pack):
    """What a team may not do production may not either: no rule has a lower level, and none that stops ignores unknowns."""
    order = {"disabled": 0, "advisory": 1, "remediate": 2, "mandatory": 2}
    levels = [{rule: order[terms["enforcementLevel"]] for rule, terms in config(pack, name).items()} for name in STARTERS]
    assert [rule for rule in levels[1] if levels[2][rule] < levels[1][rule]] == []
    assert [rule for rule, terms in config(pack, "production").items() if terms.get("onUnknown", "deny") != "deny"] == []


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The pack in a folder outside the repository, with a quota file and the plan of another stack beside it."""
    folder = tmp_path_factory.mktemp("elsewhere") / "gpu-quota"
    shutil.copytree(ROOT / "policies/gpu-quota", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "quota.yaml").write_text(QUOTA)
    (folder / "plans").mkdir()
    plan = {"schema": 1, "project": "docs", "stack": "prod", "made": TODAY, "complete": True, "demands": []}
    (folder / "plans/docs.json").write_text(json.dumps(plan))
    return folder


def stack(**inputs):
    def program():
        pool = {"vmSize": A100, "count": 1, "location": "eastus", **inputs}
        pulumi.CustomResource("azure-native:containerservice:AgentPool", "gpu", pool)

    return record(program)


@pytest.mark.parametrize(
    ("inputs", "stopped"),
    [
        pytest.param({}, {"sandbox": set(), "team": set(), "production": set()}, id="one A100"),
        pytest.param(
            {"count": 3},
            {"sandbox": {"gpu-budget", "stack-cost", "resource-cap"}, "team": set(), "production": set()},
            id="three A100 are no sandbox",
        ),
        pytest.param(
            {"count": 5},
            {"sandbox": {"gpu-budget", "stack-cost", "resource-cap"}, "team": {"resource-cap"}, "production": set()},
            id="five in one pool are no team's",
        ),
        pytest.param(
            {"count": 9},
            {
                "sandbox": {"gpu-budget", "stack-cost", "resource-cap"},
                "team": {"gpu-budget", "vcpu-quota", "gpu-products", "resource-cap"},
                "production": {"vcpu-quota"},
            },
            id="over the vCPU quota",
        ),
        pytest.param(
            {"count": 4, "tags": {"team": "search"}},
            {
                "sandbox": {"gpu-budget", "stack-cost", "resource-cap"},
                "team": {"team-budget"},
                "production": {"team-budget"},
            },
            id="over the budget of its team",
        ),
        pytest.param(
            {"enableAutoScaling": True, "minCount": 0, "maxCount": 6},
            {
                "sandbox": {"gpu-budget", "stack-cost", "resource-cap", "autoscaler-maximum"},
                "team": {"resource-cap"},
                "production": {"autoscaler-maximum"},
            },
            id="an autoscaler with room",
        ),
        pytest.param(
            {"vmSize": "Standard_NC40ads_H100_v5"},
            {
                "sandbox": {"gpu-products", "stack-cost", "resource-cap"},
                "team": {"vcpu-quota"},
                "production": {"vcpu-quota"},
            },
            id="an H100 of a family without quota",
        ),
    ],
)
def test_what_stops(copied, inputs, stopped):
    """Each starter configuration of gpu-quota stops a stack by the rules that it promises, and by no other."""
    found = {}
    for name in STARTERS:
        said = analyze(stack(**inputs), copied, config=config("gpu-quota", name))
        found[name] = {violation.policy for violation in said if violation.level == "mandatory"}
    assert found == stopped


@pytest.mark.parametrize("name", ["team", "production"])
def test_without_its_files(name):
    """Where the quota file and the plans are missing, no stack passes, and each rule that needs them says so."""
    said = analyze(stack(), ROOT / "policies/gpu-quota", config=config("gpu-quota", name))
    stopped = {violation.policy for violation in said if violation.level == "mandatory"}
    assert {"vcpu-quota", "team-budget", "namespace-budget"} <= stopped
    assert any("quota.yaml: No such file or directory" in violation.message for violation in said)
