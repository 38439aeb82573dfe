"""A policy configuration is read one way: levels, names and keys that does not exist are refused."""

import json

import pytest

from kaito_iac.rules import gpu_quota, guardrails
from kaito_iac.rules.policy_config import read_file, unknown_rules
from kaito_iac.rules.settings import settings_of

LEVELS = "advisory, mandatory, remediate or disabled [KO485]"
KEYS = "expected one of enforcementLevel, maxGpus, onUnknown [KO485]"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"environments": ["prod"]}, [], id="environments of Pulumi ESC, which the engine reads"),
        pytest.param({"gpu-budget": {"enforcementLevel": "advisory", "maxGpus": 4.0}}, [], id="a level and a setting"),
        pytest.param({"all": {"enforcementLevel": "disabled"}, "gpu-budget": "remediate"}, [], id="levels alone"),
        pytest.param(
            {"gpu-budget": {"enforcementLevel": "mandatroy"}},
            [f'gpu-budget.enforcementLevel: "mandatroy"; expected {LEVELS}\n  fix: write "mandatory"'],
            id="a misspelt level",
        ),
        pytest.param(
            {"gpu-budget": {"enforcementLevel": "Mandatory"}},
            [f'gpu-budget.enforcementLevel: "Mandatory"; expected {LEVELS}\n  fix: write "mandatory"'],
            id="a capital letter",
        ),
        pytest.param(
            {"resource-cap": "Mandatory", "stack-cost": "off"},
            [
                f'resource-cap: "Mandatory"; expected {LEVELS}\n  fix: write "mandatory"',
                f'stack-cost: "off"; expected {LEVELS}',
            ],
            id="levels without an object",
        ),
        pytest.param({"all": "strict"}, [f'all: "strict"; expected {LEVELS}'], id="a level for all"),
        pytest.param(
            {"vcpu-quota": True},
            ["vcpu-quota: true; expected an enforcement level or an object [KO485]"],
            id="a truth value",
        ),
        pytest.param(
            {"gpu-budget": {"enforcementLevel": None}},
            [f"gpu-budget.enforcementLevel: null; expected {LEVELS}"],
            id="a level of nothing",
        ),
        pytest.param(
            {"gpu-budgt": {"maxGpus": 0}},
            ["gpu-budgt: not a rule; expected a rule of gpu-quota [KO485]\n  fix: write gpu-budget"],
            id="a misspelt rule",
        ),
        pytest.param(
            {"owner-tag": "disabled"},
            [
                "owner-tag: not a rule; expected a rule of gpu-quota [KO485]\n"
                "  fix: it is a rule of guardrails: name that pack too, or take the rule out of this configuration"
            ],
            id="a rule of the other pack",
        ),
        pytest.param(
            {"gpu-budget": {"maxGpu": 0, "level": "mandatory", "max_gpus": 1}},
            [
                f"gpu-budget.maxGpu: not a setting; {KEYS}\n  fix: write maxGpus",
                f"gpu-budget.level: not a setting; {KEYS}\n  fix: take the key out",
                f"gpu-budget.max_gpus: not a setting; {KEYS}\n  fix: write maxGpus",
            ],
            id="keys that no rule reads",
        ),
        pytest.param(
            {"all": {"enforcementLevel": "mandatory", "maxGpus": 1}},
            [
                "all.maxGpus: a setting for all rules, which none of them reads; expected enforcementLevel [KO485]\n"
                "  fix: set it rule by rule"
            ],
            id="settings for all rules",
        ),
        pytest.param(
            {"gpu-budget": {"maxGpus": "4", "onUnknown": "ignore"}},
            [
                "gpu-budget.maxGpus: '4'; expected a whole number [KO485]",
                "gpu-budget.onUnknown: 'ignore'; expected 'deny', 'warn-unread' or 'warn' [KO485]",
            ],
            id="values of a wrong kind",
        ),
        pytest.param(
            {"environments": "prod"},
            ['environments: "prod"; expected a list of names of Pulumi ESC environments [KO485]'],
            id="environments that are no list",
        ),
    ],
)
def test_settings(config, said):
    """Every level, name and key is one that exists, or a problem with the closest one that does."""
    elsewhere = {rule.name: guardrails.NAME for rule in guardrails.RULES}
    known = [rule.name for rule in gpu_quota.RULES]
    problems = [
        *settings_of(gpu_quota.RULES, config)[1],
        *unknown_rules(config, known, [gpu_quota.NAME], elsewhere),
    ]
    assert [problem.text(indent="") for problem in problems] == said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("[]", "no JSON object", id="a list"),
        pytest.param(
            '{"gpu-budget": "disabled", "gpu-budget": "mandatory"}', "key 'gpu-budget' a second time", id="a rule twice"
        ),
        pytest.param('{"gpu-budget": {"maxGpus": NaN}}', "no JSON: NaN is no number", id="no number"),
        pytest.param('{"a":' * 100_000, "no JSON: nested too deep", id="too deep"),
        pytest.param(" " * (5 * 1024 * 1024), "file of more than 1,048,576 bytes", id="too long"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, text, found):
    """A file that is no JSON object is one problem."""
    path = tmp_path / "policy.json"
    path.write_text(text)
    told = [problem.headline for problem in read_file(path)[1]]
    assert told == [f"policy.json: {found}; expected a JSON object [KO485]"]


def test_a_file(tmp_path):
    """What a file holds is given as it is there."""
    path = tmp_path / "policy.json"
    path.write_text(json.dumps({"all": "disabled"}))
    assert (read_file(path), read_file(None)) == (({"all": "disabled"}, ()), ({}, ()))


def test_a_file_is_read_once_until_it_changes(tmp_path, monkeypatch):
    """Plan, guard and report ask for a file several times: it is read once, and again after it was written."""
    from kaito_iac.rules import policy_config

    read = []
    monkeypatch.setattr(policy_config, "read_json", lambda path: read.append(path.name) or json.loads(path.read_text()))
    file = tmp_path / "policy.json"
    file.write_text('{"all": "advisory"}')
    assert [read_file(file) for _ in range(3)] == [({"all": "advisory"}, ())] * 3
    assert read == ["policy.json"]
    file.write_text('{"all": "mandatory"}')
    assert read_file(file) == ({"all": "mandatory"}, ())
    assert read == ["policy.json"] * 2
