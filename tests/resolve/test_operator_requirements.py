# ruff: noqa: E501 -- messages are whole lines
"""Workloads under an operator: what it has is not mentioned, what it lacks is refused, what is unknown is reported."""

import pulumi
import pytest
from pulumi.output import UNKNOWN

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.admission.vocabulary import KIND_GATES, UPGRADE_GATE
from kaito_iac.testing import record

A100 = "Standard_NC24ads_A100_v4"
H100 = "Standard_NC40ads_H100_v5"
POOL = {"instance_type": H100, "selector": {"apps": "mig"}, "max_count": 2}
PHI = {"preset": "phi-4-mini-instruct"}
SLICE = {"preset": "qwen3.5-2b", "node_pool": POOL, "partition": {"mode": "mig", "profile": "2g.24gb"}}
ROLES = {"preset": "phi-4", "prefill": {"instance_type": A100}, "decode": {"instance_type": A100}}
MIRROR = {"preset": "phi-4", "storage_class": "nfs"}
TUNE = {
    "preset": "phi-4-mini-instruct-qlora",
    "dataset": {"urls": ["https://data.example.com/a.parquet"]},
    "output": {"image": "registry.example.com/a:1", "push_secret": "push"},
}
UPGRADED = {**PHI, "auto_upgrade": {"enabled": True}}
STREAMED = {**PHI, "annotations": {"kaito.sh/streaming-service-account": "kaito-streaming"}}
OFF = {**dict.fromkeys(KIND_GATES.values(), False), UPGRADE_GATE: False, "enableMIG": False, "ModelStreaming": False}
ON = dict.fromkeys(OFF, True)
AZURE = {"version": "0.12.0", "provisioner": "azure-gpu-provisioner", "cloud": "azure", "missing": [], "feature_gates": ON}
KARPENTER = {**AZURE, "provisioner": "karpenter", "node_classes": ["image-family-ubuntu", "big"]}
BYO = {**AZURE, "provisioner": "byo"}
AWS = {**KARPENTER, "cloud": "aws", "node_classes": ["default"]}
ADDON = {"version": "0.6.0", "provisioner": "azure-gpu-provisioner", "cloud": "azure", "feature_gates": {}}

SILENT = [
    pytest.param("KaitoWorkspace", PHI, AZURE, id="workspace"),
    pytest.param("KaitoWorkspace", PHI, ADDON, id="workspace on the add-on"),
    pytest.param("KaitoWorkspace", SLICE, BYO, id="slice of a node, with its gate"),
    pytest.param("KaitoWorkspace", STREAMED, AZURE, id="streaming, with its gate"),
    pytest.param("KaitoWorkspace", {**PHI, "node_class": "big"}, KARPENTER, id="node class that the operator manages"),
    pytest.param("KaitoWorkspace", {**PHI, "instance_type": "p4d.24xlarge"}, AWS, id="size of the operator's cloud"),
    pytest.param("KaitoInferenceSet", UPGRADED, AZURE, id="upgrades, with their gate"),
    pytest.param("KaitoTuning", TUNE, KARPENTER, id="tuning"),
    pytest.param("KaitoMultiRoleInference", ROLES, AZURE, id="roles, with their gate"),
    pytest.param("KaitoModelMirror", MIRROR, BYO, id="mirror, with its gate"),
    pytest.param("KaitoRagEngine", {}, BYO, id="RAG engine without a node of its own"),
]


@pytest.mark.parametrize(("kind", "args", "operator"), SILENT)
def test_nothing_to_say(remarks, kind, args, operator):
    """An operator that has what a workload needs is not mentioned."""
    assert remarks(kind, "chat", {**args, "operator": operator}) == ""


REFUSED = [
    pytest.param(
        "KaitoWorkspace",
        SLICE,
        {**BYO, "feature_gates": OFF},
        """\
KaitoWorkspace 'chat': 1 problem
  operator: its gate enableMIG is off, so KAITO refuses partition; expected enableMIG on [KO402]
    fix: feature_gates={'enableMIG': True} of the operator""",
        id="slice without its gate",
    ),
    pytest.param(
        "KaitoWorkspace",
        SLICE,
        {**BYO, "version": "0.11.0", "feature_gates": {}},
        """\
KaitoWorkspace 'chat': 1 problem
  operator: KAITO 0.11.0 has no gate enableMIG, so it refuses partition; expected an operator that has it [KO402]""",
        id="slice on a release without the gate",
    ),
    pytest.param(
        "KaitoWorkspace",
        STREAMED,
        {**AZURE, "feature_gates": OFF},
        """\
KaitoWorkspace 'chat': 1 problem
  operator: its gate ModelStreaming is off, so KAITO ignores annotations; expected ModelStreaming on [KO402]
    fix: feature_gates={'ModelStreaming': True} of the operator""",
        id="streaming without its gate",
    ),
    pytest.param(
        "KaitoInferenceSet",
        PHI,
        {**AZURE, "feature_gates": OFF},
        """\
KaitoInferenceSet 'chat': 1 problem
  operator: its gate enableInferenceSetController is off, so KAITO ignores InferenceSet; expected enableInferenceSetController on [KO402]
    fix: feature_gates={'enableInferenceSetController': True} of the operator""",
        id="set without its controller",
    ),
    pytest.param(
        "KaitoInferenceSet",
        UPGRADED,
        {**AZURE, "feature_gates": {**ON, UPGRADE_GATE: False}},
        """\
KaitoInferenceSet 'chat': 1 problem
  operator: its gate enableBaseImageAutoUpgrade is off, so KAITO ignores auto_upgrade; expected enableBaseImageAutoUpgrade on [KO402]
    fix: feature_gates={'enableBaseImageAutoUpgrade': True} of the operator""",
        id="upgrades without their gate",
    ),
    pytest.param(
        "KaitoInferenceSet",
        PHI,
        ADDON,
        """\
KaitoInferenceSet 'chat': 1 problem
  operator: KAITO 0.6.0 run by Azure has no InferenceSet; expected an operator that has it [KS105]
    fix: mode='release' of the operator""",
        id="set on the add-on",
    ),
    pytest.param(
        "KaitoMultiRoleInference",
        ROLES,
        {**AZURE, "feature_gates": OFF},
        """\
KaitoMultiRoleInference 'chat': 1 problem
  operator: its gate enableMultiRoleInferenceController is off, so KAITO ignores MultiRoleInference; expected enableMultiRoleInferenceController on [KO402]
    fix: feature_gates={'enableMultiRoleInferenceController': True} of the operator""",
        id="roles without their controller",
    ),
    pytest.param(
        "KaitoModelMirror",
        MIRROR,
        {"version": "0.12.0", "feature_gates": {}},
        """\
KaitoModelMirror 'chat': 1 problem
  operator: its gate ModelMirror is off, so KAITO ignores ModelMirror; expected ModelMirror on [KO402]
    fix: feature_gates={'ModelMirror': True} of the operator""",
        id="mirror under the release's defaults",
    ),
    pytest.param(
        "KaitoRagEngine",
        {},
        {**AZURE, "missing": ["RAGEngine"]},
        """\
KaitoRagEngine 'chat': 1 problem
  operator: KAITO 0.12.0 has no RAGEngine; expected an operator that has it [KS105]
    fix: rag=True of the operator""",
        id="RAG engine without its chart",
    ),
    pytest.param(
        "KaitoRagEngine",
        {},
        ADDON,
        """\
KaitoRagEngine 'chat': 1 problem
  operator: KAITO 0.6.0 run by Azure has no RAGEngine; expected an operator that has it [KS105]
    fix: mode='release' of the operator""",
        id="RAG engine on the add-on",
    ),
    pytest.param(
        "KaitoWorkspace",
        {**PHI, "provisioner": "karpenter"},
        AZURE,
        """\
KaitoWorkspace 'chat': 1 problem
  provisioner: 'karpenter', but the operator has azure-gpu-provisioner; expected azure-gpu-provisioner [KS105]
    fix: leave provisioner out""",
        id="another provisioner",
    ),
    pytest.param(
        "KaitoWorkspace",
        PHI,
        BYO,
        """\
KaitoWorkspace 'chat': 1 problem
  operator: provisioner byo makes no nodes, and the workload has no node_pool; expected node_pool (tuning takes none), or an operator that makes nodes [KS105]""",
        id="nodes of KAITO's, which makes none",
    ),
    pytest.param(
        "KaitoTuning",
        TUNE,
        BYO,
        """\
KaitoTuning 'chat': 1 problem
  operator: provisioner byo makes no nodes, and the workload has no node_pool; expected node_pool (tuning takes none), or an operator that makes nodes [KS105]""",
        id="tuning where KAITO makes no nodes",
    ),
    pytest.param(
        "KaitoWorkspace",
        {**PHI, "node_pool": POOL},
        KARPENTER,
        """\
KaitoWorkspace 'chat': 1 problem
  node_pool: existing nodes, but the operator has provisioner karpenter: KAITO refuses a workload without instance_type; expected an operator with byo [KS105]
    fix: give instance_type instead of node_pool""",
        id="existing nodes, where KAITO makes them",
    ),
    pytest.param(
        "KaitoMultiRoleInference",
        {**ROLES, "provisioner": "karpenter"},
        AZURE,
        """\
KaitoMultiRoleInference 'chat': 1 problem
  provisioner: 'karpenter', but the operator has azure-gpu-provisioner; expected azure-gpu-provisioner [KS105]
    fix: leave provisioner out""",
        id="another provisioner of both roles",
    ),
    pytest.param(
        "KaitoWorkspace",
        {**PHI, "cloud": "azure"},
        AWS,
        """\
KaitoWorkspace 'chat': 1 problem
  cloud: 'azure', but the operator has aws; expected aws [KS105]
    fix: leave cloud out""",
        id="another cloud",
    ),
    pytest.param(
        "KaitoWorkspace",
        {**PHI, "instance_type": A100},
        AWS,
        """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'Standard_NC24ads_A100_v4' is not a size of KAITO 0.12 on aws: it is a size of azure; expected a size from `kaito-iac sizes` [KS201]""",
        id="size of another cloud",
    ),
    pytest.param(
        "KaitoWorkspace",
        {**PHI, "node_class": "mine"},
        KARPENTER,
        """\
KaitoWorkspace 'chat': 1 problem
  node_class: 'mine': KAITO refuses a NodeClass that it does not manage; expected image-family-ubuntu or big [KS311]
    fix: leave node_class out""",
        id="node class that the operator does not manage",
    ),
    pytest.param(
        "KaitoTuning",
        TUNE,
        {"version": 12, "provisioner": "gpu", "cloud": "moon", "feature_gates": {"vLLM": "yes"}, "missing": "all", "crd": []},
        """\
KaitoTuning 'chat': 6 problems
  operator.crd: not an argument; expected one of version, feature_gates, provisioner, cloud, namespace, crds, missing, node_classes, ready [KS102]
    fix: did you mean 'crds'?
  operator.version: 12; expected a KAITO release, such as 0.12.0 [KS102]
  operator.feature_gates.vLLM: 'yes'; expected true or false [KS102]
  operator.provisioner: 'gpu'; expected azure-gpu-provisioner or karpenter or byo [KS102]
  operator.cloud: 'moon'; expected azure or aws or arc [KS102]
  operator.missing: 'all'; expected a list [KS102]""",
        id="a mapping of something else",
    ),
    pytest.param(
        "KaitoWorkspace",
        PHI,
        "kaito",
        """\
KaitoWorkspace 'chat': 1 problem
  operator: 'kaito'; expected a KaitoOperator, or a mapping of its outputs [KS102]""",
        id="a name instead of an operator",
    ),
]


@pytest.mark.parametrize(("kind", "args", "operator", "said"), REFUSED)
def test_refused(refusal, kind, args, operator, said):
    """What an operator is known to lack is refused before anything is registered."""
    assert refusal(kind, "chat", {**args, "operator": operator}) == said


def test_default_provisioner():
    """Without a word of the user's, provisioner, cloud and so the NodeClass are the operator's."""
    recording = record(
        lambda: kaito.KaitoWorkspace("chat", {**PHI, "instance_type": A100, "operator": KARPENTER, "node_class": "big"})
    )
    (component,) = [found for found in recording.resources if found.type == "kaito-iac:index:KaitoWorkspace"]
    assert {key: component.inputs[key] for key in ("operator", "provisioner", "instanceType")} == {
        "operator": "0.12.0",
        "provisioner": "karpenter",
        "instanceType": A100,
    }


@pytest.mark.parametrize(
    ("operator", "said"),
    [
        pytest.param(
            None, "KAITO refuses it unless karpenter.node_classes of the operator lists it", id="no one states the operator"
        ),
        pytest.param(
            {"provisioner": "karpenter"},
            "KAITO refuses it unless karpenter.node_classes of the operator lists it",
            id="no one states its classes",
        ),
    ],
)
def test_doubtful_node_class(remarks, operator, said):
    """A NodeClass beside the chart's own is a warning as long as it is unknown what the operator manages."""
    args = {**PHI, "provisioner": "karpenter", "node_class": "mine", "operator": operator}
    assert remarks("KaitoWorkspace", "chat", args) == (
        f"node_class: 'mine': {said}; expected image-family-azure-linux or image-family-ubuntu [KS311]\n"
        "  fix: give operator, so that it is seen"
    )


def test_rag_engine_that_gets_no_node(remarks):
    """KAITO's RAG controller knows gpu-provisioner alone: a size is a warning with another one."""
    assert remarks("KaitoRagEngine", "docs", {"instance_type": A100, "operator": KARPENTER}) == (
        "instance_type: on an operator with karpenter: KAITO's RAG controller gets nodes only from gpu-provisioner; "
        "expected an existing node, or no separate node [KO445]\n"
        "  fix: leave it out"
    )


NOTE = (
    "partition: refused unless the operator runs with the gate enableMIG, which is off by default [KO402]\n"
    "  fix: featureGates.enableMIG=true in KAITO's chart"
)


@pytest.mark.parametrize(
    "operator",
    [
        pytest.param(lambda: None, id="no operator"),
        pytest.param(lambda: {"version": "0.12.0"}, id="no word of gates"),
        pytest.param(lambda: {**BYO, "feature_gates": pulumi.Output.from_input(ON)}, id="gates of an Output"),
        pytest.param(lambda: {**BYO, "feature_gates": {"enableMIG": pulumi.Output.from_input(True)}}, id="the gate is an Output"),
        pytest.param(lambda: pulumi.Output.from_input(BYO), id="an Output"),
        pytest.param(lambda: pulumi.Output.from_input(UNKNOWN), id="an Output that does not exist yet"),
    ],
)
def test_unknown_gate(remarks, operator):
    """A gate that does not exist now is reported, as it is without an operator."""
    assert remarks("KaitoWorkspace", "npc", lambda: {**SLICE, "operator": operator()}) == NOTE


LATE = [
    pytest.param("KaitoWorkspace", SLICE, {**BYO, "feature_gates": OFF}, id="gate"),
    pytest.param("KaitoRagEngine", {}, {**AZURE, "missing": ["RAGEngine"]}, id="kind"),
    pytest.param("KaitoTuning", TUNE, BYO, id="provisioner"),
    pytest.param("KaitoInferenceSet", {**PHI, "provisioner": "karpenter", "node_class": "mine"}, KARPENTER, id="node class"),
    pytest.param("KaitoMultiRoleInference", ROLES, {**AZURE, "feature_gates": OFF}, id="roles"),
    pytest.param("KaitoModelMirror", MIRROR, ADDON, id="the add-on"),
]


def _late(kind, args, operator, *, preview):
    return record(lambda: getattr(kaito, kind)("chat", {**args, "operator": operator()}), preview=preview, allow_error=True)


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize(("kind", "args", "operator"), LATE)
def test_late_operator(kind, args, operator, preview):
    """An Output is held against the workload as soon as it is known, with the message of a plain one and before its objects."""
    plain = _late(kind, args, lambda: operator, preview=preview)
    late = _late(kind, args, lambda: pulumi.Output.from_input(operator), preview=preview)
    partly = _late(kind, args, lambda: {key: pulumi.Output.from_input(value) for key, value in operator.items()}, preview=preview)
    assert isinstance(plain.error.cause, SpecError)
    assert [str(found.error.cause) for found in (late, partly)] == [str(plain.error.cause)] * 2
    assert [found.name for found in late.resources if found.type.startswith("kubernetes:kaito.sh/")] == []


def test_late_cloud():
    """A size of another cloud than the operator turns out to have is refused too."""
    found = _late("KaitoWorkspace", {**PHI, "instance_type": A100}, lambda: pulumi.Output.from_input(AWS), preview=True)
    assert str(found.error.cause) == (
        "KaitoWorkspace 'chat': 1 problem\n"
        "  instance_type: Standard_NC24ads_A100_v4, a size of azure, but the operator has cloud aws; expected a size of aws [KS105]\n"
        "    fix: see `kaito-iac sizes --cloud aws`"
    )


@pytest.mark.parametrize(("value", "told"), [(None, "nothing"), ("apiVersion: v1", "no mapping")])
def test_late_nonsense(value, told):
    """An Output of something else is refused, and not shown: it may be a secret."""
    found = _late("KaitoWorkspace", PHI, lambda: pulumi.Output.from_input(value), preview=False)
    assert str(found.error.cause) == (
        f"KaitoWorkspace 'chat': 1 problem\n  operator: {told}; expected a KaitoOperator, or a mapping of its outputs [KS102]"
    )


def test_unknown_operator_leaves_the_plan_whole():
    """While the operator's outputs are unknown the workload is planned as without them; its own input alone is unknown."""
    rows = [
        [
            (found.type, found.name, {key: value for key, value in found.inputs.items() if key != "operator"})
            for found in made.resources
        ]
        for made in (
            record(lambda: kaito.KaitoWorkspace("chat", {**PHI, "operator": pulumi.Output.from_input(UNKNOWN)})),
            record(lambda: kaito.KaitoWorkspace("chat", PHI)),
        )
    ]
    assert rows[0] == rows[1]
