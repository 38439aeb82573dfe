"""The pack guardrails as a process of its own, its starter configurations, and its remedies."""

import json
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import grpc
import jsonschema
import pulumi
import pytest
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2_grpc

from kaito_iac.code import CODES
from kaito_iac.offline.analyze import analyze
from kaito_iac.offline.pack import Pack
from kaito_iac.rules import gpu_quota
from kaito_iac.rules.guardrails import NAME, RULES
from kaito_iac.rules.rule import ResourceRule
from kaito_iac.testing import record, run

pytest.importorskip("pulumi_policy")
ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "policies/guardrails"
STARTERS = ("sandbox", "team", "production")
PACKS = {NAME: RULES, gpu_quota.NAME: gpu_quota.RULES}
REMEDIES = ["owner-tag", "pool-taints", "public-load-balancer"]
A100 = "Standard_NC24ads_A100_v4"
INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"


@pytest.fixture(scope="module")
def quickstart():
    """The quickstart, recorded once."""
    return run(ROOT)


def config(name, pack=NAME):
    return json.loads((ROOT / "policies" / pack / f"{name}.json").read_text())


def told(recording, settings, pack=PACK):
    """Level, rule, resource and message without its title."""
    found = analyze(recording, pack, config=settings)
    return [(one.level, one.policy, one.urn.rpartition("::")[2], one.message.partition("\n")[2] or one.message) for one in found]


NO_OWNER = "tags.owner: missing; expected the name of the responsible person or team [KO409]\n  fix: tags={'owner': 'NAME'}"
NOT_PROTECTED = (
    "a100-nodes: not protected, under chat-workspace; expected a protected pool [KO404]\n"
    "  fix: set protect=True; remove it only when you intend to replace the pool"
)
NO_LABEL = (
    "metadata.labels.owner: missing; expected the name of the responsible person or team [KO409]\n  fix: labels={'owner': 'NAME'}"
)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param(
            {},
            [("advisory", "owner-tag", "a100-nodes", NO_OWNER), ("advisory", "pool-replacement", "", NOT_PROTECTED)],
            id="the defaults let it pass, with two advices",
        ),
        pytest.param(config("config"), None, id="so does the sample configuration"),
        pytest.param(
            config("sandbox"),
            [("remediate", "owner-tag", "a100-nodes", "remediated: Resources that cost money name their owner")],
            id="a sandbox gets its owner",
        ),
        pytest.param(
            config("team"),
            [("mandatory", "owner-tag", "a100-nodes", NO_OWNER), ("advisory", "pool-replacement", "", NOT_PROTECTED)],
            id="a team has to name one",
        ),
        pytest.param(
            config("production"),
            [
                ("mandatory", "owner-tag", "a100-nodes", NO_OWNER),
                ("mandatory", "owner-tag", "chat-workspace", NO_LABEL),
                ("mandatory", "pool-replacement", "", NOT_PROTECTED),
            ],
            id="production protects its pool, too",
        ),
        pytest.param({"all": "disabled"}, [], id="everything off"),
    ],
)
def test_quickstart(quickstart, settings, said):
    """The pack says of the quickstart what its configuration asks for."""
    assert told(quickstart, settings) == (told(quickstart, {}) if said is None else said)


def test_metadata(quickstart):
    """The pack introduces every rule with level, severity, tags, next steps and a valid JSON schema of its settings."""
    with Pack(PACK, quickstart) as started, grpc.insecure_channel(f"127.0.0.1:{started.port(60)}") as channel:
        info = analyzer_pb2_grpc.AnalyzerStub(channel).GetAnalyzerInfo(empty_pb2.Empty(), timeout=30, wait_for_ready=True)
    level, severity = ["advisory", "mandatory"], ["", "low", "medium", "high", "critical"]
    seen = [
        (policy.name, level[policy.enforcementLevel], severity[policy.severity], tuple(policy.tags), policy.remediation_steps)
        for policy in info.policies
    ]
    assert seen == [(rule.name, rule.level, rule.severity, (rule.code, *rule.tags), f"{rule.fix} {rule.why}") for rule in RULES]
    assert [policy.name for policy in info.policies if policy.policy_type == 1] == [
        rule.name for rule in RULES if isinstance(rule, ResourceRule)
    ]
    for policy in info.policies:
        schema = {"type": "object", "properties": json_format.MessageToDict(policy.configSchema.properties)}
        jsonschema.Draft202012Validator.check_schema(schema)
        assert all("description" in terms and "default" in terms for terms in schema["properties"].values())
        assert "$ref" not in json.dumps(schema)


def test_rules():
    """At least 25 rules, each with a name of its own, a known code and words for the user it stops."""
    assert len(RULES) >= 25
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert [rule.name for rule in RULES if not (rule.code in CODES and rule.title and rule.why and rule.fix and rule.tags)] == []
    assert sorted(rule.name for rule in RULES if isinstance(rule, ResourceRule) and rule.remedy) == REMEDIES


@pytest.mark.parametrize("name", ["config", *STARTERS])
@pytest.mark.parametrize("pack", PACKS)
def test_starter_configurations(pack, name):
    """Every starter configuration names rules of its pack, levels they have, and settings that fit their schema."""
    rules = {rule.name: rule for rule in PACKS[pack]}
    found = config(name, pack)
    assert sorted(found.keys() - rules.keys()) == []
    for rule, settings in found.items():
        level = settings.pop("enforcementLevel")
        assert level in ("advisory", "mandatory", "disabled", *(["remediate"] if rule in REMEDIES else []))
        schema = rules[rule].config.model_json_schema(by_alias=True)
        jsonschema.validate(settings, schema)
        rules[rule].config.model_validate(settings)


def test_every_rule_is_in_every_starter_configuration():
    """No rule of guardrails is forgotten in a starter configuration, and the sample shows every setting."""
    names = [rule.name for rule in RULES]
    assert {name: list(config(name)) for name in ("config", *STARTERS)} == dict.fromkeys(("config", *STARTERS), names)
    for rule in RULES:
        assert sorted(config("config")[rule.name].keys() - {"enforcementLevel"}) == sorted(
            field.alias or name for name, field in rule.config.model_fields.items()
        )


class Later(pulumi.CustomResource):
    """Something whose outputs are known after the update alone."""

    made: pulumi.Output[str]

    def __init__(self, name):
        super().__init__("test:index:Thing", name, {"made": None})


def unsafe():
    """A pool, a cluster and a Service that each lack something."""
    later = Later("thing").made
    secret = pulumi.Output.secret("k3y")
    tags = {"team": "chat", "key": secret, "later": later}
    pool = {"vmSize": A100, "count": 1, "tags": tags, "nodeTaints": ["nvidia.com/gpu:NoSchedule"]}
    pulumi.CustomResource("azure-native:containerservice:AgentPool", "pool", pool)
    metadata = {"name": "web", "annotations": {"note": later}}
    spec = {"type": "LoadBalancer", "ports": [{"port": 80}], "loadBalancerSourceRanges": ["203.0.113.0/24"]}
    pulumi.CustomResource(
        "kubernetes:core/v1:Service", "web", {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}
    )


REMEDIATE = {name: {"enforcementLevel": "remediate"} for name in REMEDIES} | {
    "owner-tag": {"enforcementLevel": "remediate", "value": "platform"},
    "plain-secret": {"onUnknown": "warn"},
    "unknown-values": "disabled",
}


def test_what_remedies_mend():
    """Without remedies three rules stop the stack; with them the pack corrects it, and nothing is left to say."""
    recording = record(unsafe)
    asked = {name: {**terms, "enforcementLevel": "mandatory"} for name, terms in REMEDIATE.items() if name in REMEDIES}
    rest = {name: terms for name, terms in REMEDIATE.items() if name not in REMEDIES}
    stopped = [(level, policy, name) for level, policy, name, _ in told(recording, {**rest, **asked})]
    assert stopped == [
        ("mandatory", "pool-taints", "pool"),
        ("mandatory", "owner-tag", "pool"),
        ("mandatory", "public-load-balancer", "web"),
    ]
    assert [found[:3] for found in told(recording, REMEDIATE)] == [
        ("remediate", "pool-taints", "pool"),
        ("remediate", "owner-tag", "pool"),
        ("remediate", "public-load-balancer", "web"),
    ]


def test_what_remedies_write():
    """A remedy adds what is missing: secrets stay secrets, and what is not known stays what it is."""
    from pulumi.runtime.proto import analyzer_pb2

    from kaito_iac.offline.pack_config import reconcile
    from kaito_iac.offline.subject import Subjects

    recording = record(unsafe)
    with Pack(PACK, recording) as started, grpc.insecure_channel(f"127.0.0.1:{started.port(60)}") as channel:
        stub = analyzer_pb2_grpc.AnalyzerStub(channel)
        info = stub.GetAnalyzerInfo(empty_pb2.Empty(), timeout=30, wait_for_ready=True)
        stub.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=reconcile(info, REMEDIATE, NAME)), timeout=30)
        subjects = Subjects(recording)
        answers = [stub.Remediate(subjects.request(recording.by_name(name)), timeout=30) for name in ("pool", "web")]
    pool, web = (json_format.MessageToDict(answer.remediations[-1].properties) for answer in answers)
    before = json_format.MessageToDict(subjects.request(recording.by_name("pool")).properties)
    assert pool == {
        **before,
        "nodeTaints": ["nvidia.com/gpu:NoSchedule", "sku=gpu:NoSchedule"],
        "tags": {**before["tags"], "owner": "platform"},
    }
    assert before["tags"]["key"] == {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "k3y"}
    assert web["metadata"]["annotations"] == {"note": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", INTERNAL: "true"}


def test_copy_of_the_pack(quickstart, tmp_path):
    """A copy of the folder says the same from anywhere."""
    copy = tmp_path / "guardrails"
    shutil.copytree(PACK, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert told(quickstart, {}, copy) == told(quickstart, {})


def test_installed_package_and_copied_folder(quickstart, tmp_path, monkeypatch):
    """The pack runs without this checkout: the wheel unpacked into one folder, the pack copied into another."""
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    if "No module named hatchling" in built.stderr:
        pytest.skip("hatchling is not installed")
    assert built.returncode == 0, built.stderr
    site, copy = tmp_path / "site", tmp_path / "packs/guardrails"
    zipfile.ZipFile(next(tmp_path.glob("*.whl"))).extractall(site)
    shutil.copytree(site / "kaito_iac/rules/packs/guardrails", copy)
    (copy / "__main__.py").write_text(
        f"import kaito_iac\n\nassert kaito_iac.__file__.startswith({str(site)!r}), kaito_iac.__file__\n"
        + (copy / "__main__.py").read_text()
    )
    monkeypatch.setenv("PYTHONPATH", str(site))
    assert told(quickstart, config("team"), copy) == told(quickstart, config("team"))


def test_cost_of_the_pack(quickstart):
    """Starting the pack and asking it everything takes seconds at most."""
    started = time.monotonic()
    analyze(quickstart, PACK)
    assert time.monotonic() - started < 10
