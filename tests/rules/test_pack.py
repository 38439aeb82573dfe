"""The pack gpu-quota as a process of its own, asked over gRPC as the engine asks."""

import importlib
import json
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import grpc
import jsonschema
import pulumi
import pytest
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2_grpc

from kaito_iac.offline.analyze import PolicyViolation, analyze
from kaito_iac.offline.pack import Pack
from kaito_iac.offline.recording import Refusal
from kaito_iac.rules import gpu_budget, unknown_demand
from kaito_iac.rules.gpu_quota import RULES
from kaito_iac.rules.rule import StackFacts
from kaito_iac.testing import record, run

pytest.importorskip("pulumi_policy")
pack = importlib.import_module("kaito_iac.rules.pack")
ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "policies/gpu-quota"
A100 = "Standard_NC24ads_A100_v4"
NO_FILE = PolicyViolation(
    "quota-age",
    "gpu-quota",
    "advisory",
    "The quota file is there and not stale\nquotaFile: missing: vCPU quotas are not checked; expected the path of a quota file "
    "[KQ103]\n  fix: set quotaFile of vcpu-quota and quota-age",
    "",
    "medium",
)
WARN = {"onUnknown": "warn"}
BUDGET = "The GPUs of a stack stay within its budget\n"


def budget(text):
    return PolicyViolation("gpu-budget", "gpu-quota", "mandatory", BUDGET + text, "", "high")


@pytest.fixture(scope="module")
def quickstart():
    """The quickstart, recorded once."""
    return run(ROOT)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        pytest.param({}, [NO_FILE], id="the defaults let it pass, with one advice"),
        pytest.param(json.loads((PACK / "config.json").read_text()), [NO_FILE], id="so does the sample configuration"),
        pytest.param({"quota-age": "disabled"}, [], id="without the advice"),
        pytest.param({"gpu-budget": {"maxGpus": 1}, "quota-age": "disabled"}, [], id="exactly the budget"),
        pytest.param(
            {"gpu-budget": {"maxGpus": 0}, "quota-age": "disabled"},
            [
                budget(
                    "stack: 1 GPU (a100 1); expected at most 0 [KQ101]\n"
                    "  fix: hold fewer or smaller nodes, or raise maxGpus of gpu-budget"
                )
            ],
            id="no GPU allowed",
        ),
        pytest.param(
            {"gpu-budget": {"maxGpu": 0}, "quota-age": "disabled"},
            [
                budget(
                    "gpu-budget.maxGpu: a key nobody knows; expected one of maxGpus, onUnknown [KQ101]\n"
                    "  fix: mend the policy configuration"
                )
            ],
            id="a misspelt key stops the stack",
        ),
    ],
)
def test_quickstart(quickstart, config, said):
    """The pack says of the quickstart what its configuration asks for."""
    assert analyze(quickstart, PACK, config=config) == tuple(said)


@pytest.mark.parametrize(
    ("config", "headline"),
    [
        pytest.param({"gpu-budget": {"maxGpus": -1}}, "gpu-budget.maxGpus: -1; expected at least 0 [KO485]", id="below nothing"),
        pytest.param({"gpu-budget": {"maxGpus": "many"}}, 'gpu-budget.maxGpus: "many"; expected integer [KO485]', id="a text"),
        pytest.param(
            {"gpu-budget": {"onUnknown": "ignore"}},
            'gpu-budget.onUnknown: "ignore"; expected one of "deny", "warn-unread", "warn" [KO485]',
            id="a choice",
        ),
    ],
)
def test_configuration_against_the_schema(quickstart, config, headline):
    """A configuration that the schema forbids is refused before anything is judged."""
    with pytest.raises(Refusal) as refusal:
        analyze(quickstart, PACK, config=config)
    assert [problem.headline for problem in refusal.value.problems] == [headline]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        pytest.param({}, ["gpu-budget", "quota-age", "unknown-demand", "autoscaler-maximum"], id="denied by default"),
        pytest.param(
            {"gpu-budget": WARN, "autoscaler-maximum": WARN}, ["quota-age", "unknown-demand"], id="left to unknown-demand"
        ),
        pytest.param(
            {"gpu-budget": WARN, "autoscaler-maximum": WARN, "unknown-demand": "disabled"},
            ["quota-age"],
            id="let through on purpose",
        ),
    ],
)
def test_unknown_count(config, said):
    """A count that only the update knows stops the stack unless both rules are told to let it pass."""

    class Later(pulumi.CustomResource):
        made: pulumi.Output[int]

        def __init__(self, name):
            super().__init__("random:index/randomInteger:RandomInteger", name, {"made": None})

    def program():
        pool = {"vmSize": A100, "count": Later("thing").made}
        pulumi.CustomResource("azure-native:containerservice:AgentPool", "pool", pool)

    found = analyze(record(program), PACK, config=config)
    assert [violation.policy for violation in found] == said
    if "gpu-budget" in said:
        reason = "known only after the update"
        assert found[0] == budget(f"pool: GPU count unknown ({reason}); expected a number the budget can count [KQ101]")


def test_metadata(quickstart):
    """The pack introduces its rules with level, severity, tags, next steps and a valid JSON schema of their settings."""
    with Pack(PACK, quickstart) as started, grpc.insecure_channel(f"127.0.0.1:{started.port(60)}") as channel:
        info = analyzer_pb2_grpc.AnalyzerStub(channel).GetAnalyzerInfo(empty_pb2.Empty(), timeout=30, wait_for_ready=True)
    assert (info.name, info.supportsConfig) == ("gpu-quota", True)
    told = [
        (policy.name, policy.enforcementLevel, policy.severity, tuple(policy.tags), policy.remediation_steps)
        for policy in info.policies
    ]
    level, severity = {"advisory": 0, "mandatory": 1}, {"medium": 2, "high": 3}
    assert told == [
        (rule.name, level[rule.level], severity[rule.severity], (rule.code, *rule.tags), f"{rule.fix} {rule.why}")
        for rule in RULES
    ]
    keys = {}
    for policy in info.policies:
        schema = {"type": "object", "properties": json_format.MessageToDict(policy.configSchema.properties)}
        jsonschema.Draft202012Validator.check_schema(schema)
        assert all("description" in terms for terms in schema["properties"].values())
        assert "$ref" not in json.dumps(schema)
        keys[policy.name] = sorted(schema["properties"])
    assert keys == {
        "gpu-budget": ["maxGpus", "onUnknown"],
        "vcpu-quota": ["ledger", "limits", "onUnknown", "quotaFile", "region", "subscription"],
        "quota-age": ["maxAgeDays", "quotaFile"],
        "unknown-demand": [],
        "unread-resources": [],
        "gpu-products": ["maxGpus", "onUnknown"],
        "team-budget": ["ledger", "onUnknown", "quotaFile"],
        "namespace-budget": ["ledger", "onUnknown", "quotaFile"],
        "autoscaler-maximum": ["maxNodes", "maxTimesMin", "onUnknown"],
        "stack-cost": ["maxUsdPerMonth", "onUnknown"],
        "resource-cap": ["allowedSizes", "deniedSizes", "maxGpus", "maxNodes", "maxUsdPerMonth", "onUnknown", "region"],
        "ledger-age": ["ledger", "maxAgeDays"],
    }


def test_quota_file_of_the_pack_folder(quickstart, tmp_path):
    """A copy of the pack in any folder reads a quota file beside it."""
    for name in ("PulumiPolicy.yaml", "__main__.py"):
        (tmp_path / name).write_text((PACK / name).read_text())
    family = "{family: StandardNCADSA100v4Family, region: eastus, limit: 100}"
    (tmp_path / "quota.yaml").write_text(f"date: 2000-01-01\nlimits: [{family}]\n")
    settings = {"quotaFile": "quota.yaml"}
    found = analyze(quickstart, tmp_path, config={"vcpu-quota": {**settings, "region": "eastus"}, "quota-age": settings})
    assert [violation.message.splitlines()[1].split(",")[0] for violation in found] == ["quota.yaml: limits of 2000-01-01"]


def test_cost_of_a_pack(quickstart):
    """Starting the pack and asking it everything takes seconds at most."""
    started = time.monotonic()
    analyze(quickstart, PACK, config={"all": "disabled"})
    assert time.monotonic() - started < 10


class AnalyzeResponse:
    """Stands in for the answer that all policies of one question report into."""

    def __init__(self):
        self.said = []


def test_rules_of_one_question_share_what_is_read(monkeypatch):
    """Resources are read once for every question, however many rules it asks; the next question is read anew."""
    read = []
    monkeypatch.setattr(pack, "seen", lambda args: read.append(args) or StackFacts.of([], date(2026, 6, 30), ROOT))

    def ask(answer, question):
        def report(message, urn=None):
            answer.said.append(message)

        for rule in (gpu_budget.RULE, unknown_demand.RULE):
            pack.stack_policy(rule).validate(SimpleNamespace(question=question, get_config=dict), report)

    first, second = AnalyzeResponse(), AnalyzeResponse()
    ask(first, 1)
    ask(second, 2)
    ask(first, 3)
    assert [args.question for args in read] == [1, 2, 3]
    assert first.said == second.said == []


def test_a_reporter_of_another_kind(monkeypatch):
    """Where nobody can tell questions apart every rule reads for itself."""
    read = []
    monkeypatch.setattr(pack, "seen", lambda args: read.append(args) or StackFacts.of([], date(2026, 6, 30), ROOT))
    for rule in (gpu_budget.RULE, unknown_demand.RULE):
        pack.stack_policy(rule).validate(SimpleNamespace(get_config=dict), print)
    assert len(read) == 2


def test_the_sdk_reports_into_one_answer():
    """The pinned policy SDK lets all policies of a question report into one answer, which is what reading once rests on."""
    from pulumi_policy.policy import _PolicyAnalyzerServicer

    names = _PolicyAnalyzerServicer._create_report_violation.__code__.co_varnames
    assert "response" in names
    assert "response" in _PolicyAnalyzerServicer._create_report_violation.__code__.co_cellvars
