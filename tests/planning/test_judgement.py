"""Packs and quota files mean the same to a plan, to a saved state, and to the pack as a process."""

import json
from pathlib import Path

import pytest

from kaito_iac.offline.analyze import analyze
from kaito_iac.planning.judgement import Judged, findings, where
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.request import Limits, Program
from kaito_iac.planning.state import judge_state
from kaito_iac.rules.settings import settings_of
from kaito_iac.rules.shipped import NAMES, packs_folder, shipped_rules
from kaito_iac.stack.saved_state import read_state
from kaito_iac.testing import run

ROOT = Path(__file__).resolve().parents[2]
POOL = "azure-native:containerservice:AgentPool"
PROGRAM = f"""\
import pulumi

pulumi.CustomResource("{POOL}", "gpu", {{"vmSize": "Standard_NC24ads_A100_v4", "count": 32, "location": "eastus"}})
"""
STATE = {
    "version": 3,
    "deployment": {
        "manifest": {},
        "resources": [
            {
                "urn": f"urn:pulumi:dev::shop::{POOL}::gpu",
                "type": POOL,
                "custom": True,
                "inputs": {"vmSize": "Standard_NC24ads_A100_v4", "count": 32, "location": "eastus"},
            }
        ],
    },
}
LEVELS = "advisory, mandatory, remediate or disabled [KO485]"
OVER = "stack: 32 GPUs (gpu 32); expected at most 4 [KQ101]"
OFF = {"all": "disabled"}


@pytest.fixture
def both(tmp_path):
    """Return the headlines of the errors that a plan and a saved state of the same stack have."""

    def judge(config, packs=(Path("gpu-quota"),)):
        (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (tmp_path / "__main__.py").write_text(PROGRAM)
        path = tmp_path / "policy.json"
        path.write_text(json.dumps(config))
        plans = (
            make_plan(Program(tmp_path), packs=packs, policy_config=path),
            judge_state(read_state(json.dumps(STATE)), packs=packs, policy_config=path),
        )
        return [[problem.headline for problem in plan.problems if problem.severity == "error"] for plan in plans]

    return judge


@pytest.mark.parametrize(
    ("config", "errors"),
    [
        pytest.param({**OFF, "gpu-budget": {"enforcementLevel": "mandatory", "maxGpus": 4}}, [OVER], id="over budget"),
        pytest.param({**OFF, "gpu-budget": {"enforcementLevel": "remediate", "maxGpus": 4}}, [OVER], id="nothing to remedy"),
        pytest.param({**OFF, "gpu-budget": {"enforcementLevel": "advisory", "maxGpus": 4}}, [], id="a warning"),
        pytest.param(
            {"gpu-budget": {"enforcementLevel": "mandatroy", "maxGpus": 4}},
            [f'gpu-budget.enforcementLevel: "mandatroy"; expected {LEVELS}'],
            id="a misspelt level",
        ),
        pytest.param(
            {
                "gpu-budget": {"enforcementLevel": "Mandatory", "maxGpus": 1},
                "resource-cap": "Mandatory",
                "vcpu-quota": True,
                "stack-cost": "off",
            },
            [
                f'gpu-budget.enforcementLevel: "Mandatory"; expected {LEVELS}',
                f'resource-cap: "Mandatory"; expected {LEVELS}',
                "vcpu-quota: true; expected an enforcement level or an object [KO485]",
                f'stack-cost: "off"; expected {LEVELS}',
            ],
            id="levels that are none",
        ),
        pytest.param(
            {**OFF, "gpu-budgt": {"enforcementLevel": "mandatory", "maxGpus": 0}},
            ["gpu-budgt: not a rule; expected a rule of gpu-quota [KO485]"],
            id="a misspelt rule",
        ),
        pytest.param(
            {**OFF, "gpu-budget": {"maxGpu": 0}},
            ["gpu-budget.maxGpu: not a setting; expected one of enforcementLevel, maxGpus, onUnknown [KO485]"],
            id="a misspelt key",
        ),
    ],
)
def test_one_reader_of_policy_configurations(both, config, errors):
    """A configuration means the same to a plan and to a saved state, and what is unknown in it is an error of both."""
    assert both(config) == [errors, errors]


def test_one_configuration_for_several_packs(both):
    """With both packs a configuration may name the rules of either."""
    assert both({**OFF, "owner-tag": "disabled"}, (Path("gpu-quota"), packs_folder() / "guardrails")) == [[], []]


OWN = """\
from pulumi_policy import PolicyPack, StackValidationPolicy
def check(args, report):
    report("chat: 9; expected 8 [KQ101]")
PolicyPack(name="own", policies=[StackValidationPolicy(name="own-rule", description="Nine.", validate=check)])
"""


def test_text_of_another_pack_stays_text(both, tmp_path):
    """What another pack says is shown as it says it, below its own name, whatever it looks like; its rules may be configured."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (folder / "__main__.py").write_text(OWN)
    packs = (Path("gpu-quota"), folder)
    said = ["own: Nine. chat: 9; expected 8 [KQ101] [own-rule]"]
    assert both({**OFF, "own-rule": "mandatory"}, packs) == [said, said]
    unknown = ["own-rul: not a rule; expected a rule of gpu-quota or own [KO485]"]
    assert both({**OFF, "own-rul": "mandatory"}, packs) == [unknown, unknown]


QUOTA = """\
date: 2026-06-30
subscriptions: {sub: {regions: {eastus: {families: {StandardNCADSA100v4Family: {limit: 96, used: 0}}}}}}
"""
FAMILY = "StandardNCADSA100v4Family in eastus"
TOLD = f"{FAMILY}: 768 vCPUs (gpu 768)"
REST = "; expected at most 96 (96 less 0 used) [KQ102]"
WAIVER = {"rule": "vcpu-quota", "resource": FAMILY, "owner": "platform", "reason": "asked for", "expires": "2999-12-31"}
NO_PACK = "no policy pack is asked that has this rule; expected declared-demand or waivers [KO485]"


@pytest.mark.parametrize(
    ("config", "errors", "warnings"),
    [
        pytest.param({}, [f"{TOLD}{REST}"], [], id="no waiver"),
        pytest.param(
            {"waivers": {"granted": [WAIVER]}},
            [],
            [f"{TOLD}; waived until 2999-12-31 by platform: asked for{REST}"],
            id="a waiver lets it pass, in its words",
        ),
        pytest.param(
            {"waivers": {"granted": [{**WAIVER, "expires": "2026-01-31"}]}},
            [
                f"{TOLD}{REST}",
                f"waiver of vcpu-quota for {FAMILY}: the waiver of platform ended on 2026-01-31; expected a waiver that holds"
                " [KQ116]",
            ],
            [],
            id="one that is over is an error beside it",
        ),
        pytest.param(
            {"waivers": {"enforcementLevel": "disabled", "granted": [WAIVER]}}, [f"{TOLD}{REST}"], [], id="waivers switched off"
        ),
        pytest.param(
            {"waivers": {"granted": [{**WAIVER, "owner": ""}]}},
            [f"{TOLD}{REST}", "waivers.granted.0.owner: ''; expected at least 1 character [KO485]"],
            [],
            id="one without an owner is none",
        ),
        pytest.param(
            {"gpu-budget": {"maxGpus": 1}}, [f"{TOLD}{REST}", f"gpu-budget: {NO_PACK}"], [], id="a rule that no one asks"
        ),
        pytest.param([], [f"{TOLD}{REST}", "policy.json: no JSON object; expected a JSON object [KO485]"], [], id="no object"),
    ],
)
def test_waivers_of_a_quota_file(tmp_path, config, errors, warnings):
    """Waivers hold for what a quota file refuses, without any pack; what cannot be read or used of the file is an error."""
    (tmp_path / "quota.yaml").write_text(QUOTA)
    (tmp_path / "policy.json").write_text(json.dumps(config))
    plan = judge_state(
        read_state(json.dumps(STATE)), Limits(quota=tmp_path / "quota.yaml"), policy_config=tmp_path / "policy.json"
    )
    told = {level: [one.headline for one in plan.problems if one.severity == level] for level in ("error", "warning")}
    assert (told["error"], [one for one in told["warning"] if "KQ102" in one]) == (errors, warnings)


@pytest.mark.parametrize("path", ["", ".", "./", "/"])
def test_a_quota_file_without_a_name(tmp_path, path):
    """An empty path, as an unset variable leaves it, is an error and never taken for no quota file."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    plans = (
        make_plan(Program(tmp_path), Limits(quota=Path(path))),
        judge_state(read_state(json.dumps(STATE)), Limits(quota=Path(path))),
    )
    for plan in plans:
        assert {(one.code, one.found) for one in plan.problems if one.severity == "error"} == {("KQ103", "Is a directory")}


def test_a_folder_of_the_name_of_a_shipped_pack(both, tmp_path, monkeypatch):
    """A folder beside the user that has the name of a shipped pack is never taken for it in silence."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "gpu-quota"
    folder.mkdir()
    told = [f"gpu-quota: the shipped pack and the folder {folder}; expected one pack of this name [KO484]"]
    assert both(OFF) == [told, told]
    monkeypatch.chdir(packs_folder())
    assert both(OFF) == [[], []]


STACKS = {
    "quickstart": (ROOT, {}),
    **{folder.name: (folder, {}) for folder in sorted((ROOT / "stacks").iterdir()) if (folder / "Pulumi.yaml").is_file()},
}
CONFIGS = ("none", "config", "sandbox", "team", "production")
PAIRS = [
    *((stack, CONFIGS[index % len(CONFIGS)]) for index, stack in enumerate(STACKS)),
    *(("multi-team", name) for name in CONFIGS),
]
"""Every stack with one configuration, and one stack with all of them."""


@pytest.fixture(scope="module")
def recorded():
    """Return every stack, recorded once."""
    held = {}

    def record(name):
        if name not in held:
            folder, config = STACKS[name]
            held[name] = run(folder, config=config)
        return held[name]

    return record


def _file(pack, name):
    return {} if name == "none" else json.loads((packs_folder() / pack / f"{name}.json").read_text())


@pytest.mark.parametrize("pack", NAMES)
@pytest.mark.parametrize(("stack", "name"), sorted(set(PAIRS)))
def test_rules_here_say_what_the_process_says(recorded, stack, pack, name):
    """The rules of a shipped pack find in this process what they find in their own: same levels, texts and resources."""
    pytest.importorskip("pulumi_policy")
    recording, config, folder = recorded(stack), _file(pack, name), packs_folder() / pack
    rules = shipped_rules(pack)
    settings, problems = settings_of(rules, config)
    assert problems == ()
    here = sorted(
        (found.rule.name, found.level, f"{found.rule.title}\n{found.message}", found.urn)
        for found in findings(Judged.of(recording), rules, settings, folder)
        if not found.remedied
    )
    told = analyze(recording, folder, config=config)
    there = sorted((one.policy, one.level, one.message, one.urn) for one in told if one.level != "remediate")
    assert here == there
    remedied = [
        (found.rule.name, found.urn) for found in findings(Judged.of(recording), rules, settings, folder) if found.remedied
    ]
    assert remedied == [(one.policy, one.urn) for one in told if one.level == "remediate"]


@pytest.mark.parametrize(
    ("name", "path", "shown"),
    [
        pytest.param("preset", "inference.preset.name", "preset: inference.preset.name", id="a name that is a part of the path"),
        pytest.param("s", "spec.replicas", "s: spec.replicas", id="a name that is one letter of it"),
        pytest.param("spec", "spec.replicas", "spec: spec.replicas", id="a name that begins it"),
        pytest.param("chat", "chat: spec.replicas", "chat: spec.replicas", id="a path that has the name already"),
        pytest.param("chat", "chat", "chat", id="the resource as a whole"),
        pytest.param("", "stack", "stack", id="of no resource"),
    ],
)
def test_a_finding_keeps_its_resource(name, path, shown):
    """The path of a finding begins with the whole name of its resource."""
    assert where(name, path) == shown


LIMIT_24 = "date: 2026-11-20\nlimits: [{family: StandardNCADSA100v4Family, region: eastus, limit: 24}]\n"
OVER_24 = "StandardNCADSA100v4Family in eastus: 768 vCPUs (gpu 768); expected at most 24 (24 less 0 used) [KQ102]"


@pytest.mark.parametrize("beside", ["program", "configuration"])
def test_relative_paths_of_a_configuration(tmp_path, beside):
    """A quota file is looked for in the program's folder, then beside the configuration."""
    program, other = tmp_path / "program", tmp_path / "configuration"
    for folder in (program, other):
        folder.mkdir()
    (program / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (program / "__main__.py").write_text(PROGRAM.replace('"location": "eastus"', '"location": "eastus", "upgradeSettings": {}'))
    (tmp_path / beside / "quota.yaml").write_text(LIMIT_24)
    config = other / "policy.json"
    config.write_text(json.dumps({**OFF, "vcpu-quota": {"enforcementLevel": "mandatory", "quotaFile": "quota.yaml"}}))
    plan = make_plan(Program(program), packs=(Path("gpu-quota"),), policy_config=config)
    assert [problem.headline for problem in plan.problems if problem.severity == "error"] == [OVER_24]
    (tmp_path / beside / "quota.yaml").unlink()
    plan = make_plan(Program(program), packs=(Path("gpu-quota"),), policy_config=config)
    assert [problem.headline for problem in plan.problems if problem.severity == "error"] == [
        f"{program}/quota.yaml: No such file or directory; expected a readable quota file [KQ103]"
    ]
