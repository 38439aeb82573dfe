# ruff: noqa: E501 -- messages are whole lines
"""The stack programs: everything they register and export, and what they say about a wrong or missing setting."""

import json
from pathlib import Path

import pytest

from kaito_iac import SpecError
from kaito_iac.offline.recording import Refusal
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.request import Program
from kaito_iac.problem import Unknown
from kaito_iac.testing import run

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT
CHAT_AND_DOCS = ROOT / "stacks" / "chat-and-docs"
NPC = ROOT / "stacks" / "npc"
PLATFORM = ROOT / "stacks" / "platform"
WORKLOADS = ROOT / "stacks" / "workloads"
MULTI_TEAM = ROOT / "stacks" / "multi-team"
REFERENCES = json.loads((WORKLOADS / "references.json").read_text())
CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"

PROGRAMS = [
    pytest.param(QUICKSTART, "dev", {}, "quickstart.json", id="quickstart, new pool"),
    pytest.param(
        QUICKSTART,
        "lab",
        {"nodes": "existing", "nodeLabel": "apps=lab-gpu"},
        "quickstart-existing.json",
        id="quickstart, existing nodes",
    ),
    pytest.param(CHAT_AND_DOCS, "dev", {}, "chat-and-docs.json", id="chat and docs"),
    pytest.param(NPC, "dev", {}, "npc.json", id="characters of a game"),
]


@pytest.mark.parametrize(("program", "stack", "config", "file"), PROGRAMS)
def test_program(program, stack, config, file, registrations, golden):
    """A program registers and exports what its golden file says, in the preview as in the update."""
    preview = run(program, stack=stack, config=config)
    text = registrations(preview)
    golden(f"stacks/{file}", text)
    assert registrations(run(program, stack=stack, config=config, preview=False)) == text
    assert [entry.message for entry in preview.logs if entry.severity not in ("debug", "info")] == []
    assert preview.unseen == ()


A100S = '{"a100": {"instanceType": "Standard_NC24ads_A100_v4", "count": 2}}'
PROVISIONER = (
    "provisioner: azure-gpu-provisioner: KAITO has deprecated it, new clusters should use Karpenter; "
    "expected karpenter or node-auto-provisioning [KO439]"
)
RAG = (
    "rag: on, with provisioner byo: KAITO's RAG controller gets nodes only from gpu-provisioner; "
    "expected RAG engines without instance_type [KO445]"
)


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize(
    ("program", "config", "references", "file", "said"),
    [
        pytest.param(PLATFORM, {}, None, "platform", [PROVISIONER], id="platform"),
        pytest.param(
            PLATFORM, {"provisioner": "byo", "pools": A100S}, None, "platform-byo", [RAG], id="platform of existing nodes"
        ),
        pytest.param(WORKLOADS, {}, REFERENCES, "workloads", [], id="workloads on a platform"),
        pytest.param(MULTI_TEAM, {}, None, "multi-team", [], id="teams"),
    ],
)
def test_joined_program(program, config, references, file, said, preview, registrations, golden):
    """What platform, workloads and teams register and export, in the preview as in the update, where Azure's ids are known, and what they say."""
    recording = run(program, config=config, references=references, preview=preview)
    ids = "-update" if program == PLATFORM and not preview else ""
    golden(f"stacks/{file}{ids}.json", registrations(recording))
    assert [entry.message for entry in recording.logs if entry.severity != "debug"] == said


def test_workloads_without_their_platform(registrations):
    """A plan without the platform's outputs says so, and names the same resources; what comes from there is unknown."""
    alone, joined = run(WORKLOADS), run(WORKLOADS, references=REFERENCES)
    assert [(one.where, one.reason) for one in alone.unseen] == [
        ("organization/kaito-platform/dev", "outputs of a stack that were not supplied")
    ]
    trees = [sorted((found.type, found.name, found.parent) for found in one.resources) for one in (alone, joined)]
    assert trees[0] == trees[1]
    assert alone.exports == joined.exports
    assert isinstance(alone.by_name("chat").inputs["operator"], Unknown)
    assert joined.by_name("chat").inputs["operator"] == "0.12.0"


@pytest.mark.parametrize("program", [PLATFORM], ids=["platform"])
def test_what_workloads_read_is_exported(program):
    """The platform exports what workloads read of it, in the form they take it."""
    exports = run(program).exports
    assert sorted(exports) == ["cluster", "kubeconfig", "location", "operator", "pools"]
    assert sorted(exports["operator"]) == sorted(next(iter(REFERENCES.values()))["operator"])
    own = {"organization/kaito-platform/dev": {"kubeconfig": "", "operator": exports["operator"]}}
    assert run(WORKLOADS, references=own).by_name("docs").inputs["operator"] == "0.12.0"


@pytest.mark.parametrize(
    ("operator", "said"),
    [
        pytest.param(
            {"missing": ["RAGEngine"]},
            """\
KaitoRagEngine 'docs': 1 problem
  operator: KAITO 0.12.0 has no RAGEngine; expected an operator that has it [KS105]
    fix: rag=True of the operator""",
            id="no RAG chart",
        ),
        pytest.param(
            {"featureGates": {"enableInferenceSetController": False}},
            """\
KaitoInferenceSet 'summaries': 1 problem
  operator: its gate enableInferenceSetController is off, so KAITO ignores InferenceSet; expected enableInferenceSetController on [KO402]
    fix: feature_gates={'enableInferenceSetController': True} of the operator""",
            id="gate off",
        ),
    ],
)
def test_workloads_on_a_platform_that_lacks_something(operator, said):
    """A platform that lacks what a workload needs stops the preview, not the nodes."""
    known = {"kubeconfig": "", "operator": {**REFERENCES["organization/kaito-platform/dev"]["operator"], **operator}}
    recording = run(WORKLOADS, references={"organization/kaito-platform/dev": known}, allow_error=True)
    assert str(recording.error.cause) == said


def test_quickstart_exports():
    """What the README promises is what the quickstart exports, and it is known before anything exists."""
    assert run(QUICKSTART).exports == {
        "endpoint": {
            "url": "http://chat.default.svc.cluster.local/v1",
            "model": "phi-3.5-mini-instruct",
            "contextTokens": 131072,
        }
    }


def test_chat_and_docs_exports():
    """The chat API and the addresses of the documents are known before anything exists."""
    assert run(CHAT_AND_DOCS, config={"namespace": "ai"}).exports == {
        "chat": {"url": "http://chat.ai.svc.cluster.local/v1", "model": "phi-4-mini-instruct", "contextTokens": 16384},
        "docs": "http://docs.ai.svc.cluster.local",
        "documents": "http://docs.ai.svc.cluster.local/index",
    }


def test_npc_exports():
    """Every character of the list has an endpoint, and is its own model name."""
    cast = '[{"name": "smith"}, {"name": "bard", "preset": "qwen3.5-4b", "slice": "2g.24gb", "context": 4096}]'
    assert run(NPC, config={"characters": cast, "namespace": "game"}).exports == {
        "characters": {
            name: {"url": f"http://{name}.game.svc.cluster.local/v1", "model": name, "contextTokens": tokens}
            for name, tokens in (("smith", 8192), ("bard", 4096))
        }
    }


def test_npc_slices_are_counted():
    """More slices than the GPUs of the nodes can be cut into are refused by the plan."""
    cast = json.dumps([{"name": f"villager-{number}"} for number in range(8)])
    said = [
        problem.headline
        for problem in make_plan(Program(NPC, config={"characters": cast})).problems
        if problem.severity == "error"
    ]
    assert said == [
        "slices: 2 GPUs are needed for parts of nodes, cut into 8 x 1g.12gb, the pool has at most 1; "
        "expected a pool of 2 or more nodes [KS223]"
    ]


@pytest.mark.parametrize(
    ("program", "config", "said"),
    [
        pytest.param(
            QUICKSTART,
            {"clusterId": ""},
            """\
GpuNodePool 'a100': 1 problem
  cluster_id: missing; expected the ARM id of the AKS cluster [KS102]
    fix: give cluster or cluster_id, or kind='existing' for existing nodes""",
            id="no cluster",
        ),
        pytest.param(
            QUICKSTART,
            {"clusterId": "quickstart"},
            """\
GpuNodePool 'a100': 1 problem
  cluster_id: 'quickstart'; expected /subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/… [KS102]
    fix: az aks show --query id -o tsv""",
            id="a name instead of a cluster id",
        ),
        pytest.param(
            QUICKSTART,
            {"nodes": "gke"},
            """\
GpuNodePool 'a100': 1 problem
  kind: 'gke'; expected aks or eks or karpenter or existing [KS102]""",
            id="nodes that does not exist",
        ),
        pytest.param(
            QUICKSTART,
            {"nodes": "gke", "clusterId": ""},
            """\
GpuNodePool 'a100': 1 problem
  kind: 'gke'; expected aks or eks or karpenter or existing [KS102]""",
            id="nodes that does not exist, and no cluster",
        ),
        pytest.param(
            QUICKSTART,
            {"nodes": "existing", "nodeLabel": "GPU nodes=yes"},
            """\
GpuNodePool 'a100': 1 problem
  labels: key 'GPU nodes'; expected an optional DNS prefix with '/', then up to 63 letters, digits, '-', '_', '.' [KS104]""",
            id="a label that is none",
        ),
        pytest.param(
            QUICKSTART,
            {"namespace": "Models"},
            """\
KaitoWorkspace 'chat': 1 problem
  namespace: 'Models'; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]
    fix: namespace='models'""",
            id="a namespace that is none",
        ),
        pytest.param(
            CHAT_AND_DOCS,
            {"context": "200000"},
            """\
KaitoWorkspace 'chat': 1 problem
  context: 200000; expected at most 131072, the limit of microsoft/phi-4-mini-instruct [KS203]
    fix: leave context out, or set at most 131072""",
            id="a context beyond the limit",
        ),
        pytest.param(
            PLATFORM,
            {"provisioner": "karpenters"},
            """\
KaitoOperator 'kaito': 1 problem
  provisioner: 'karpenters'; expected azure-gpu-provisioner or karpenter or node-auto-provisioning or byo [KS102]
    fix: provisioner='karpenter'""",
            id="a provisioner that does not exist",
        ),
        pytest.param(
            PLATFORM,
            {"pools": '{"a100": {"instanceType": "Standard_NC24ads_A100_v4", "count": 5}}'},
            """\
AgentPool 'a100-nodes': 2 problems
  stack: 5 GPUs (a100 5); expected at most 4 [KQ101]
    fix: use fewer or smaller nodes, or raise maxGpus of gpu-budget
  stack: 13,406.45 USD a month (a100 13,406.45); expected at most 12,000 [KQ110]
    fix: use fewer or smaller nodes, use spot nodes, or raise maxUsdPerMonth of stack-cost""",
            id="pools over the budget",
        ),
        pytest.param(
            PLATFORM,
            {"pools": '{"a100": {"instanceType": "Standard_NC24"}}'},
            """\
GpuNodePool 'a100': 1 problem
  instance_type: 'Standard_NC24', which azure retired on 2023-09-06: it creates no such nodes any more; expected a size that is available [KS294]
    fix: choose Standard_NC24ads_A100_v4 or Standard_NV72ads_A10_v5""",
            id="a pool of a size that does not exist",
        ),
        pytest.param(
            WORKLOADS,
            {"maxGpus": "2"},
            """\
InferenceSet 'summaries-inferenceset': 2 problems
  stack: 4 GPUs (summaries 2, chat 1, contracts-adapter 1); expected at most 2 [KQ101]
    fix: use fewer or smaller nodes, or raise maxGpus of gpu-budget
  contracts-quota: 2 GPUs, but workloads in contracts request 3 (chat 1, contracts-adapter 1, summaries 1); their nodes are created, and pods beyond are refused; expected 3 or more [KS275]
    fix: admit 3 GPUs, or run fewer in contracts""",
            id="workloads over the budget",
        ),
        pytest.param(
            WORKLOADS,
            {"instanceType": "Standard_NC24"},
            """\
KaitoTuning 'contracts-adapter': 1 problem
  instance_type: 'Standard_NC24' (4 x Tesla K80, 48 GiB, which azure retired on 2023-09-06) is a real size that KAITO 0.12 does not serve: KAITO admits the name and then fails to size it; expected a size from `kaito-iac sizes` [KS201]
    fix: the cheapest with as much GPU memory: Standard_NC24ads_A100_v4 or Standard_NV72ads_A10_v5""",
            id="workloads of a size that does not exist",
        ),
        pytest.param(
            MULTI_TEAM,
            {"teams": '{"search": {"gpus": 2, "models": {"chat": "phi-5"}}}'},
            """\
KaitoWorkspace 'search-chat': 1 problem
  preset: 'phi-5' is not a preset; expected a name from `kaito-iac presets`, or an `organisation/model` [KS101]
    fix: did you mean 'phi-4'?""",
            id="a  that does not exist",
        ),
        pytest.param(
            MULTI_TEAM,
            {"tlsSecret": "Models TLS"},
            """\
InferenceGateway 'games-gateway': 1 problem
  tls_secret: 'Models TLS'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]""",
            id="a TLS Secret that is none",
        ),
        pytest.param(
            NPC,
            {"characters": '[{"name": "guard", "slice": "2g.24GB", "mood": "grim"}]'},
            """\
KaitoInferenceSet 'guard': 2 problems
  partition.profile: '2g.24GB' is not a MIG profile of KAITO; expected a MIG profile such as 2g.24gb [KS218]
    fix: did you mean '2g.24gb' or '4g.24gb' or '2g.45gb'?
  mood: not an argument; expected one of preset, template, model_facts, namespace, operator, node_pool, instance_type, cloud, provisioner, node_selector, partition, location, context, runtime, vllm, vllm_extra, config, adapters, access_secret, local_weights, performance_mode, node_class, benchmark, timeout_minutes, name, replicas, autoscale, node_count_limit, update_strategy, auto_upgrade, max_nodes, labels, annotations, service, replica_labels, replica_annotations, wait, adopt [KS102]""",
            id="a character with a slice and a mood that do not exist",
        ),
    ],
)
def test_wrong_setting(program, config, said):
    """A wrong setting stops the program with the sentence that helps."""
    with pytest.raises(SpecError) as caught:
        run(program, config=config)
    assert str(caught.value) == said


def test_setting_of_a_wrong_type():
    """A setting that is declared as a number is checked before the program runs."""
    with pytest.raises(Refusal) as caught:
        run(CHAT_AND_DOCS, config={"context": "long"})
    assert str(caught.value) == (
        "Stack 'dev' of project 'kaito-chat-and-docs': 1 problem\n"
        '  context: "long"; expected a value of type integer [KO483]\n'
        "    fix: pulumi config set context <value> --stack dev"
    )


@pytest.mark.parametrize("program", [QUICKSTART, CHAT_AND_DOCS], ids=["quickstart", "chat and docs"])
def test_stack_without_a_file(program):
    """Every setting but the cluster has a default: a new stack needs no file of its own."""
    recording = run(program, stack="fresh", config={} if program == CHAT_AND_DOCS else {"clusterId": CLUSTER})
    assert recording.error is None
