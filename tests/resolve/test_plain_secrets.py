"""Tokens in plain text are refused, by every component, and never repeated in messages."""

import pytest

TOKEN = "hf_" + "a1B2" * 8
SAID = "a token in plain text, readable in the state and in the cluster; expected the name of a Secret that holds it [KS221]"
FIX = "    fix: kubectl create secret generic NAME --from-literal=HF_TOKEN=…"

GPU = {"resources": {"limits": {"nvidia.com/gpu": 1}}}


@pytest.mark.parametrize(
    ("kind", "args", "said"),
    [
        pytest.param(
            "KaitoWorkspace",
            {"preset": "phi-4-mini-instruct", "access_secret": TOKEN},
            f"""\
KaitoWorkspace 'chat': 2 problems
  access_secret: '[token]'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]
  access_secret: {SAID}
{FIX}""",
            id="the token itself instead of its Secret's name",
        ),
        pytest.param(
            "KaitoWorkspace",
            {"preset": "phi-4-mini-instruct", "annotations": {"note": f"use {TOKEN} to log in"}},
            f"KaitoWorkspace 'chat': 1 problem\n  annotations.note: {SAID}\n{FIX}",
            id="inside an annotation",
        ),
        pytest.param(
            "KaitoWorkspace",
            {
                "template": {
                    "spec": {
                        "containers": [{"name": "m", "image": "m", **GPU, "env": [{"name": "HF_TOKEN", "value": "whatever"}]}]
                    }
                },
                "instance_type": "Standard_NC24ads_A100_v4",
            },
            """\
KaitoWorkspace 'chat': 1 problem
  template.spec.containers[0].env[0].value: the value of HF_TOKEN in plain text; expected valueFrom.secretKeyRef [KS221]
    fix: keep the value in a Secret and refer to it""",
            id="an environment variable of a pod template",
        ),
        pytest.param(
            "KaitoRagEngine",
            {"llm": "https://models.example/v1", "context_window": 4096, "labels": {"key": "sk-" + "a" * 40}},
            f"KaitoRagEngine 'chat': 1 problem\n  labels.key: {SAID}\n{FIX}",
            id="a label of a RAG engine",
        ),
        pytest.param(
            "GpuNodePool",
            {
                "instance_type": "Standard_NC24ads_A100_v4",
                "labels": {"apps": "gpu"},
                "pool_name": None,
                "tags": {"key": "ghp_" + "a" * 36},
            },
            None,
            id="a tag that has no effect is a token all the same",
        ),
    ],
)
def test_tokens_are_refused(refusal, kind, args, said):
    """A token is refused with its path, and its text appears nowhere."""
    message = refusal(kind, "chat", args)
    assert TOKEN not in message
    if said is None:
        assert f"tags.key: {SAID}" in message
    else:
        assert message == said


def test_reference_to_a_secret_is_fine(remarks):
    """A variable that refers to a Secret is what is wanted."""
    reference = {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf", "key": "HF_TOKEN"}}}
    template = {"spec": {"containers": [{"name": "m", "image": "m", **GPU, "env": [reference]}]}}
    assert remarks("KaitoWorkspace", "chat", {"template": template, "instance_type": "Standard_NC24ads_A100_v4"}) == ""
