"""The pack gpu-quota as a process of its own, asked over gRPC as the engine asks."""

import json
import time
from pathlib import Path

import grpc
import jsonschema
import pulumi
import pytest
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from kaito_iac.offline.analyze import PolicyViolation, analyze
from kaito_iac.offline.pack import Pack
from kaito_iac.offline.recording import Refusal
from kaito_iac.rules import guardrails, pack
from kaito_iac.rules.gpu_quota import RULES
from kaito_iac.testing import record, run

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "policies/gpu-quota"
A100 = "Standard_NC24ads_A100_v4"
NO_FILE = PolicyViolation(
    "quota-age",
    "gpu-quota",
    "advisory",
    "The quota file exists and is not stale\nquotaFile: missing: vCPU quotas are not checked; expected the path of a quota file "
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
                    "  fix: use fewer or smaller nodes, or raise maxGpus of gpu-budget"
                )
            ],
            id="no GPU allowed",
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
        pytest.param(
            {"gpu-budgt": "mandatory"}, "gpu-budgt: not a rule; expected a rule of gpu-quota [KO485]", id="a misspelt rule"
        ),
        pytest.param(
            {"gpu-budget": {"maxGpu": 0}},
            "gpu-quota: policy configuration does not fit\n"
            "  gpu-budget.maxGpu: not a setting; expected one of enforcementLevel, maxGpus, onUnknown [KO485]\n"
            "    fix: write maxGpus; expected a configuration that the pack takes [KO485]",
            id="a misspelt key, which the pack itself refuses",
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
    """A count that only the update knows stops the stack unless both rules are set to let it pass."""

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
        "declared-demand": ["declarations", "declared"],
        "waivers": ["granted"],
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


class Refused(Exception):
    """Ends a question as the engine's protocol does."""


class Context:
    """Simulates one question over gRPC."""

    def abort(self, code, details):
        raise Refused(code.name, details)


def request(kind, name, **properties):
    asked = analyzer_pb2.AnalyzeRequest(type=kind, urn=f"urn:pulumi:dev::shop::{kind}::{name}", name=name)
    asked.properties.update(properties)
    return asked


def asked_with(config):
    levels = {"advisory": 0, "mandatory": 1, "disabled": 2, "remediate": 3}
    entries = {
        name: analyzer_pb2.PolicyConfig(enforcementLevel=levels[level], properties=properties)
        for name, (level, properties) in config.items()
    }
    return analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=entries)


def test_configuration_that_the_engine_hands_over():
    """Rules and keys that do not exist are refused when the engine configures the pack, whatever its own schema lets through."""
    served = pack.Analyzer("gpu-quota", RULES)
    config = {
        "all": ("mandatory", {}),
        "gpu-budgt": ("mandatory", {"maxGpus": 0}),
        "owner-tag": ("disabled", {}),
        "gpu-budget": ("mandatory", {"maxGpus": 8, "max_gpus": 1}),
    }
    with pytest.raises(Refused) as refused:
        served.Configure(asked_with(config), Context())
    code, details = refused.value.args
    assert (code, details.splitlines()[0]) == ("INVALID_ARGUMENT", "policy configuration does not fit")
    assert sorted(line.strip() for line in details.splitlines()[1:]) == [
        "fix: it is a rule of guardrails: name that pack too, or take the rule out of this configuration",
        "fix: write gpu-budget",
        "fix: write maxGpus",
        "gpu-budget.max_gpus: not a setting; expected one of enforcementLevel, maxGpus, onUnknown [KO485]",
        "gpu-budgt: not a rule; expected a rule of gpu-quota [KO485]",
        "owner-tag: not a rule; expected a rule of gpu-quota [KO485]",
    ]


def test_defaults_without_a_configuration():
    """A pack that is never configured judges by its defaults."""
    served = pack.Analyzer("gpu-quota", RULES)
    stack = analyzer_pb2.AnalyzeStackRequest()
    shown = stack.resources.add(type="azure-native:containerservice:AgentPool", urn="urn:pulumi:dev::shop::x::a", name="a")
    shown.properties.update({"vmSize": A100, "count": 9})
    told = [diagnostic.policyName for diagnostic in served.AnalyzeStack(stack, Context()).diagnostics]
    assert told == ["gpu-budget", "quota-age"]


def test_a_resource_is_read_once(monkeypatch):
    """Every question reads each resource once, whatever number of rules it asks, and not at all where none is concerned."""
    read = []
    real = pack.shown_resource
    monkeypatch.setattr(pack, "shown_resource", lambda message, parent: read.append(message.name) or real(message, parent))
    served = pack.Analyzer("guardrails", guardrails.RULES)
    served.Analyze(request("random:index:RandomId", "id", byteLength=8), Context())
    served.Analyze(request("kubernetes:kaito.sh/v1beta1:Workspace", "chat", metadata={"name": "chat"}), Context())
    assert read == ["chat"]


def test_introduction_of_the_stack_and_of_the_plugin():
    """The engine may report the stack and ask for a version."""
    served = pack.Analyzer("gpu-quota", RULES)
    assert served.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="dev"), Context()).ByteSize() == 0
    assert served.GetPluginInfo(empty_pb2.Empty(), Context()).version == "0.0.1"
