# ruff: noqa: E501 -- messages are whole lines
"""Presets of the user's own, in the folder that the stack configuration kaito-iac:presetFolder names."""

import pytest

import kaito_iac as kaito
from kaito_iac.testing import record

GOOD = """\
kind: inference
name: house-chat
model: phi-4-mini-instruct
vmSize: Standard_NC24ads_A100_v4
context: 32768
vllm:
  max-num-seqs: 64
why: >-
  One A100 answers the whole house and leaves room for long mails.
"""
BAD = """\
kind: inference
name: house-chat
model: phi-4-mini-instruct
vmsize: Standard_NC24ads_A100_v4
context: -1
why: short
"""


def _declare(folder, args):
    return record(lambda: kaito.KaitoWorkspace("chat", args), config={"kaito-iac:presetFolder": str(folder)})


def test_own_preset(tmp_path):
    """A preset file of the user's own gives size, context and engine arguments; arguments of the program win."""
    (tmp_path / "house-chat.yaml").write_text(GOOD)
    recording = _declare(tmp_path, {"preset": "house-chat", "vllm": {"max-num-seqs": None, "seed": 7}})
    assert recording.by_name("chat-workspace").inputs["resource"]["instanceType"] == "Standard_NC24ads_A100_v4"
    assert recording.by_name("chat-config").inputs["data"] == {
        "inference_config.yaml": "vllm:\n  max-model-len: 32768\n  seed: 7\n"
    }


def test_own_preset_wins_over_the_shipped_one(tmp_path):
    """A file with a shipped name takes its place."""
    text = GOOD.replace("house-chat", "phi-4-mini-instruct")
    (tmp_path / "phi-4-mini-instruct.yaml").write_text(text)
    recording = _declare(tmp_path, {"preset": "phi-4-mini-instruct"})
    assert recording.by_name("chat-workspace").inputs["resource"]["instanceType"] == "Standard_NC24ads_A100_v4"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            BAD,
            """\
KaitoWorkspace 'chat': 4 problems
  house-chat.yaml:1: vmSize: missing; expected this key [KS107]
    fix: add vmSize
  house-chat.yaml:4: vmsize: an unknown key; expected a key of `kaito-iac presets schema` [KS107]
  house-chat.yaml:5: context: -1; expected at least 1 [KS107]
  house-chat.yaml:6: why: 'short'; expected at least 20 characters [KS107]""",
            id="a file with four problems",
        ),
        pytest.param(
            GOOD.replace("phi-4-mini-instruct", "phi4-mini"),
            """\
KaitoWorkspace 'chat': 1 problem
  preset house-chat: model: 'phi4-mini' is not a model of KAITO 0.12; expected a name from `kaito-iac models` [KS101]
    fix: did you mean 'phi-4-mini-instruct' or 'phi-4'?""",
            id="an unknown model",
        ),
        pytest.param(
            GOOD.replace("phi-4-mini-instruct", "acme/rocket-7b"),
            """\
KaitoWorkspace 'chat': 1 problem
  preset house-chat: model: 'acme/rocket-7b' is not in the catalogue: KAITO would look it up on Hugging Face, which a plan cannot; expected a name from `kaito-iac models`, or model_facts [KS217]
    fix: give model_facts={'weights_gib': …, 'bytes_per_token': …, 'max_context_tokens': …} from the model's files and config.json""",
            id="a model outside the catalogue",
        ),
        pytest.param(
            GOOD.replace("32768", "262144"),
            """\
KaitoWorkspace 'chat': 1 problem
  context: 262144; expected at most 131072, the limit of microsoft/phi-4-mini-instruct [KS203]
    fix: leave context out, or set at most 131072""",
            id="a context beyond the limit",
        ),
        pytest.param(
            GOOD.replace("_A100_v4", "_A1000"),
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'Standard_NC24ads_A1000' is not a size of KAITO 0.12: KAITO admits the name and then fails to size it; expected a size from `kaito-iac sizes` [KS201]
    fix: did you mean 'Standard_NC24ads_A100_v4' or 'Standard_NC48ads_A100_v4'?""",
            id="an unknown size",
        ),
    ],
)
def test_bad_preset(tmp_path, refusal, text, said):
    """A preset of the user's own that cannot be used is refused with all its problems, by file and line."""
    (tmp_path / "house-chat.yaml").write_text(text)
    message = refusal("KaitoWorkspace", "chat", {"preset": "house-chat"}, {"kaito-iac:presetFolder": str(tmp_path)})
    assert message == said


def test_own_rag_preset(tmp_path):
    """A RAG preset of the user's own decides on volume and window."""
    text = "kind: rag\nname: wiki\nembedding: BAAI/bge-small-en-v1.5\nstorageGib: 7\nwhy: The wiki is small and read by few people.\n"
    (tmp_path / "wiki.yaml").write_text(text)
    config = {"kaito-iac:presetFolder": str(tmp_path)}
    recording = record(lambda: kaito.KaitoRagEngine("docs", {"preset": "wiki"}), config=config)
    assert recording.by_name("docs-index").inputs["spec"]["resources"] == {"requests": {"storage": "7Gi"}}


def test_folder_that_is_not_there(refusal):
    """A folder that does not exist is reported, not passed over."""
    said = refusal("KaitoWorkspace", "chat", {"preset": "phi-4"}, {"kaito-iac:presetFolder": "nowhere"})
    assert said == (
        "Stack configuration: 1 problem\n"
        "  kaito-iac:presetFolder: 'nowhere', which is no folder; expected a folder, relative to the program [KS106]"
    )
