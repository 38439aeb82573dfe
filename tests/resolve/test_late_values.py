# ruff: noqa: E501 -- messages are whole lines
"""Values that are Outputs: checked in the preview when they are known there, in the update always; secrets stay secret."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.testing import conceal, record

CLUSTER = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
PHI = {"preset": "phi-4-mini-instruct"}
A100 = {"instance_type": "Standard_NC24ads_A100_v4"}
TITLES = {"KaitoWorkspace": "chat", "KaitoRagEngine": "docs", "GpuNodePool": "a100"}

CASES = [
    pytest.param(
        "KaitoWorkspace",
        lambda later: {**PHI, "namespace": later("Team_A")},
        """\
KaitoWorkspace 'chat': 1 problem
  namespace: 'Team_A'; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]
    fix: namespace='team-a'""",
        id="namespace of a workspace",
    ),
    pytest.param(
        "KaitoWorkspace",
        lambda later: {**PHI, "access_secret": later("hf_token")},
        """\
KaitoWorkspace 'chat': 1 problem
  access_secret: 'hf_token'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]""",
        id="access secret",
    ),
    pytest.param(
        "KaitoWorkspace",
        lambda later: {**PHI, "labels": {"team": later("a b")}},
        """\
KaitoWorkspace 'chat': 1 problem
  labels.team: 'a b'; expected up to 63 letters, digits, '-', '_', '.' as text [KS104]""",
        id="label",
    ),
    pytest.param(
        "KaitoWorkspace",
        lambda later: {**PHI, "annotations": {"note": later(7)}},
        """\
KaitoWorkspace 'chat': 1 problem
  annotations.note: 7; expected text [KS102]""",
        id="annotation",
    ),
    pytest.param(
        "KaitoWorkspace",
        lambda later: {**PHI, "node_selector": {"apps": later("-gpu")}},
        """\
KaitoWorkspace 'chat': 1 problem
  node_selector.apps: '-gpu'; expected up to 63 letters, digits, '-', '_', '.' as text [KS104]""",
        id="node selector",
    ),
    pytest.param(
        "KaitoWorkspace",
        lambda later: {**PHI, "adapters": [{"name": "law", "image": later(7)}]},
        """\
KaitoWorkspace 'chat': 1 problem
  adapters[0].image: 7; expected text [KS102]""",
        id="image of an adapter",
    ),
    pytest.param(
        "KaitoRagEngine",
        lambda later: {"llm": later("ftp://llm.example.com"), "context_window": 8192},
        """\
KaitoRagEngine 'docs': 1 problem
  llm: 'ftp://llm.example.com'; expected an absolute http or https address [KS102]""",
        id="address of the model",
    ),
    pytest.param(
        "KaitoRagEngine",
        lambda later: {"llm": later("https://me:secret@llm.example.com/v1"), "context_window": 8192},
        """\
KaitoRagEngine 'docs': 1 problem
  llm: an address with credentials in it; expected an address without them [KS221]
    fix: give the key by a Secret""",
        id="credentials in the address",
    ),
    pytest.param(
        "KaitoRagEngine",
        lambda later: {"llm": later({"url": "http://chat.default.svc.cluster.local/v1", "context_tokens": None})},
        """\
KaitoRagEngine 'docs': 1 problem
  context_window: missing, and the address does not contain it; expected a positive number of tokens [KS102]
    fix: give context_window: the context of the model behind the address, in tokens""",
        id="endpoint without a context",
    ),
    pytest.param(
        "KaitoRagEngine",
        lambda later: {"vector_store": {"kind": "qdrant", "url": later("qdrant:6333")}},
        """\
KaitoRagEngine 'docs': 1 problem
  vector_store.url: 'qdrant:6333'; expected an absolute http or https address [KS102]""",
        id="address of the store",
    ),
    pytest.param(
        "GpuNodePool",
        lambda later: {**A100, "cluster_id": later("my-cluster")},
        """\
GpuNodePool 'a100': 1 problem
  cluster_id: 'my-cluster'; expected /subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/… [KS102]
    fix: az aks show --query id -o tsv""",
        id="cluster id",
    ),
    pytest.param(
        "GpuNodePool",
        lambda later: {**A100, "cluster_id": CLUSTER, "tags": {"owner": later(7)}},
        """\
GpuNodePool 'a100': 1 problem
  tags.owner: 7; expected text [KS102]""",
        id="tag",
    ),
]


class Source(pulumi.CustomResource):
    """Something whose output is not known before it exists."""

    value: pulumi.Output

    def __init__(self, value):
        super().__init__("test:index:Source", "source", {"value": None})
        self.later = self.id.apply(lambda _: value)


def _outcome(kind, args, later, *, preview):
    recording = record(lambda: getattr(kaito, kind)(TITLES[kind], args(later())), config={}, preview=preview, allow_error=True)
    error = recording.error
    assert error is None or isinstance(error.cause, SpecError), error
    return error and str(error.cause)


@pytest.mark.parametrize(("kind", "args", "said"), CASES)
@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_output_known_at_once(kind, args, said, preview):
    """A wrong value that is known already stops the preview as it stops the update."""
    assert _outcome(kind, args, lambda: pulumi.Output.from_input, preview=preview) == said


@pytest.mark.parametrize(("kind", "args", "said"), CASES)
def test_output_known_after_something_exists(kind, args, said):
    """A value that the preview cannot know passes there; the update refuses it in the same words."""

    def later():
        return lambda value: Source(value).later

    assert _outcome(kind, args, later, preview=True) is None
    assert _outcome(kind, args, later, preview=False) == said


def test_wrong_secret_is_not_shown():
    """The message about a secret value says what is accepted, never what was given."""

    def program():
        kaito.KaitoWorkspace("chat", {**PHI, "access_secret": pulumi.Output.secret("hunter_2")})

    recording = record(program, allow_error=True)
    assert str(recording.error.cause) == (
        "KaitoWorkspace 'chat': 1 problem\n"
        "  access_secret: a secret value; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]"
    )
    assert "hunter_2" not in repr(recording)


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_secrets_stay_secret(preview):
    """A value that came in as a secret is a secret in everything that is registered."""

    def program():
        secret = pulumi.Output.secret
        kaito.KaitoWorkspace(
            "chat",
            {**PHI, "namespace": secret("ai"), "access_secret": secret("hf-token"), "labels": {"team": secret("ml"), "a": "b"}},
        )
        store = {"kind": "qdrant", "url": secret("http://qdrant.ai:6333"), "access_secret": secret("qdrant-key")}
        endpoint = {"url": "https://llm.example.com/v1", "context_tokens": 4096}
        kaito.KaitoRagEngine("docs", {"llm": secret(endpoint), "llm_secret": secret("key"), "vector_store": store})
        kaito.GpuNodePool("a100", {**A100, "cluster_id": secret(CLUSTER), "tags": {"owner": secret("me"), "a": "b"}})

    recording = record(program, preview=preview)
    shown = {resource.name: conceal(resource.inputs) for resource in recording.resources}
    assert shown["chat"]["namespace"] == "[secret]"
    assert shown["chat-workspace"]["metadata"] == {
        "name": "chat",
        "namespace": "[secret]",
        "labels": {"team": "[secret]", "a": "b"},
        "annotations": {
            "kaito-iac/target-nodes": "1",
            "kaito.sh/disable-benchmark": "true",
            "pulumi.com/waitFor": "condition=WorkspaceSucceeded",
        },
    }
    assert shown["chat-workspace"]["inference"] == {
        "preset": {"name": "phi-4-mini-instruct", "presetOptions": {"modelAccessSecret": "[secret]"}}
    }
    assert conceal(recording.by_name("chat").outputs["endpoint"]) == "[secret]"
    assert shown["docs-ragengine"]["spec"]["inferenceService"] == {
        "url": "[secret]",
        "contextWindowSize": "[secret]",
        "accessSecret": "[secret]",
    }
    assert shown["docs-ragengine"]["spec"]["storage"]["vectorDB"] == {
        "engine": "qdrant",
        "url": "[secret]",
        "accessSecret": "[secret]",
    }
    pool = shown["a100-nodes"]
    assert (pool["resourceGroupName"], pool["resourceName"], pool["tags"]) == (
        "[secret]",
        "[secret]",
        {"owner": "[secret]", "a": "b"},
    )
