# ruff: noqa: E501 -- messages are whole lines
"""The stack programs: everything they register and export, and what they say about a wrong or missing setting."""

import json
from pathlib import Path

import pytest

from kaito_iac import SpecError
from kaito_iac.offline.recording import Refusal
from kaito_iac.report.plan import make_plan
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
    said = [problem.headline for problem in make_plan(NPC, config={"characters": cast}).problems if problem.severity == "error"]
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
  clusterId: missing; expected the ARM id of the AKS cluster [KS102]
    fix: give cluster or clusterId, or kind='existing' for nodes that are there""",
            id="no cluster",
        ),
        pytest.param(
            QUICKSTART,
            {"clusterId": "quickstart"},
            """\
GpuNodePool 'a100': 1 problem
  clusterId: 'quickstart'; expected /subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/… [KS102]
    fix: az aks show --query id -o tsv""",
            id="a name instead of a cluster id",
        ),
        pytest.param(
            QUICKSTART,
            {"nodes": "eks"},
            """\
GpuNodePool 'a100': 1 problem
  kind: 'eks'; expected aks or karpenter or existing [KS102]
    fix: kind='aks'""",
            id="nodes that nobody knows",
        ),
        pytest.param(
            QUICKSTART,
            {"nodes": "eks", "clusterId": ""},
            """\
GpuNodePool 'a100': 1 problem
  kind: 'eks'; expected aks or karpenter or existing [KS102]
    fix: kind='aks'""",
            id="nodes that nobody knows, and no cluster",
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
            NPC,
            {"characters": '[{"name": "guard", "slice": "2g.24GB", "mood": "grim"}]'},
            """\
KaitoInferenceSet 'guard': 2 problems
  partition.profile: '2g.24GB' is no MIG profile KAITO knows; expected a MIG profile such as 2g.24gb [KS218]
    fix: did you mean '2g.24gb' or '4g.24gb' or '2g.45gb'?
  mood: not an argument; expected one of the documented arguments [KS102]""",
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
