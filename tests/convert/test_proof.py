"""Components are tried in an offline preview: their objects, or why there are none."""

from __future__ import annotations

from kaito_iac.convert import proof
from kaito_iac.convert.proof import Call, prove
from kaito_iac.convert.proposal import Nodes

SIZE = "Standard_NC40ads_H100_v5"


def test_objects_and_refusals():
    """Every call has the objects it declares, or its refusal; pools of existing nodes declare none."""
    nodes = Nodes((("apps", "gpu"),))
    calls = [
        Call(component="KaitoWorkspace", logical="chat", args={"preset": "phi-4", "node_pool": nodes, "context": 4096}),
        Call(component="KaitoWorkspace", logical="old", args={"preset": "falcon-7b", "instance_type": SIZE}),
        Call(component="KaitoRagEngine", logical="chat", args={"preset": "docs-memory"}),
    ]
    first, second, third = prove(calls, SIZE)
    assert [data["kind"] for data in first.objects] == ["ConfigMap", "Workspace"]
    assert first.objects[1]["resource"] == {"labelSelector": {"matchLabels": {"apps": "gpu"}}}
    assert (second.objects, second.refused) == (
        [],
        "preset: 'falcon-7b' is retired: KAITO 0.12 answers 'Unsupported inference preset name falcon-7b'; "
        "expected a name from `kaito-iac models` [KS101] (name 'tiiuae/falcon-7b', its Hugging Face id, "
        "which KAITO takes as best effort)",
    )
    assert [data["kind"] for data in third.objects] == ["RAGEngine"]


def test_pool_that_is_refused():
    """Labels that a pool cannot have refuse its workloads, each of them."""
    nodes = Nodes((("kaito.sh/workspace", "a"),))
    calls = [
        Call(component="KaitoWorkspace", logical=name, args={"preset": "phi-4", "node_pool": nodes}) for name in ("one", "two")
    ]
    told = (
        "labels.kaito.sh/workspace: 'kaito.sh/workspace' is KAITO's own: its provisioner deletes pools that carry it, "
        "and selectors drop it; expected a label of your own [KS208]"
    )
    assert [shown.refused for shown in prove(calls, SIZE)] == [told, told]


def test_names_alone(monkeypatch):
    """Of components that differ in their name alone the first is made; what the others make differs in the name alone."""
    given = {"preset": "phi-4-mini-instruct", "instance_type": "Standard_NC24ads_A100_v4", "namespace": "models"}
    names = ("chat-1", "chat-2", "chat-31", "chat.4", "a", "b")
    calls = [Call(component="KaitoWorkspace", logical=name, args={**given, "labels": {"app": name}}) for name in names]
    alone = [prove([call], None)[0] for call in calls]
    made = []
    tried = proof._tried
    monkeypatch.setattr(proof, "_tried", lambda some, size: made.extend(call.logical for call in some) or tried(some, size))
    assert [(one.objects, one.refused) for one in prove(calls, None)] == [(one.objects, one.refused) for one in alone]
    assert made == ["chat-1", "chat-31", "chat.4", "a", "b"]
