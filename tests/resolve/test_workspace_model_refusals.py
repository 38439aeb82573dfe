# ruff: noqa: E501 -- messages are whole lines
"""Messages about a model that cannot be served: whole messages."""

import pytest


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {"preset": "phi4-mini"},
            """\
KaitoWorkspace 'chat': 1 problem
  preset: 'phi4-mini' is not a preset; expected a name from `kaito-iac presets`, or an `organisation/model` [KS101]
    fix: did you mean 'phi-4-mini-instruct' or 'phi-4' or 'phi-4-mini-instruct-lora'?""",
            id="preset with a near miss",
        ),
        pytest.param(
            {"preset": "zzz"},
            """\
KaitoWorkspace 'chat': 1 problem
  preset: 'zzz' is not a preset; expected a name from `kaito-iac presets`, or an `organisation/model` [KS101]""",
            id="preset that resembles nothing",
        ),
        pytest.param(
            {"preset": "microsoft/phi-4-mini-instrct", "instance_type": "Standard_NC24ads_A100_v4"},
            """\
KaitoWorkspace 'chat': 1 problem
  preset: 'microsoft/phi-4-mini-instrct' is not in the catalogue: KAITO would look it up on Hugging Face, which a plan cannot; expected a name from `kaito-iac models`, or model_facts [KS217]
    fix: give model_facts={'weights_gib': …, 'bytes_per_token': …, 'max_context_tokens': …} from the model's files and config.json; or: did you mean 'microsoft/phi-4-mini-instruct' or 'microsoft/phi-3.5-mini-instruct' or 'microsoft/phi-3-mini-4k-instruct'?""",
            id="model id with a typing error",
        ),
        pytest.param(
            {"preset": "acme/rocket-7b", "instance_type": "Standard_NC24ads_A100_v4"},
            """\
KaitoWorkspace 'chat': 1 problem
  preset: 'acme/rocket-7b' is not in the catalogue: KAITO would look it up on Hugging Face, which a plan cannot; expected a name from `kaito-iac models`, or model_facts [KS217]
    fix: give model_facts={'weights_gib': …, 'bytes_per_token': …, 'max_context_tokens': …} from the model's files and config.json""",
            id="model outside the catalogue",
        ),
        pytest.param(
            {"preset": "acme/", "model_facts": {"weights_gib": 1}, "instance_type": "Standard_NC24ads_A100_v4"},
            """\
KaitoWorkspace 'chat': 1 problem
  preset: 'acme/' is not a preset; expected a name from `kaito-iac presets`, or an `organisation/model` [KS101]""",
            id="model id with an empty half",
        ),
        pytest.param(
            {"preset": "falcon-7b", "instance_type": "Standard_NC24ads_A100_v4"},
            """\
KaitoWorkspace 'chat': 1 problem
  preset: 'falcon-7b' is retired: KAITO 0.12 answers 'Unsupported inference preset name falcon-7b'; expected a name from `kaito-iac models` [KS101]
    fix: name 'tiiuae/falcon-7b', its Hugging Face id, which KAITO takes as best effort""",
            id="retired model",
        ),
        pytest.param(
            {"preset": "phi-4-lora"},
            """\
KaitoWorkspace 'chat': 1 problem
  preset: 'phi-4-lora' is a tuning preset; expected an inference preset of `kaito-iac presets` [KS101]""",
            id="tuning preset",
        ),
        pytest.param(
            {"preset": "docs-faiss"},
            """\
KaitoWorkspace 'chat': 1 problem
  preset: 'docs-faiss' is a rag preset; expected an inference preset of `kaito-iac presets` [KS101]""",
            id="RAG preset",
        ),
        pytest.param(
            {"instance_type": "Standard_NC24ads_A100_v4"},
            """\
KaitoWorkspace 'chat': 1 problem
  preset: missing; expected preset or template [KS102]
    fix: give preset, such as 'phi-4-mini-instruct', or template""",
            id="neither preset nor template",
        ),
        pytest.param(
            {"preset": "../phi/phi-4"},
            """\
KaitoWorkspace 'chat': 1 problem
  preset: '../phi/phi-4' is not a preset; expected a name from `kaito-iac presets`, or an `organisation/model` [KS101]
    fix: did you mean 'phi-4'?""",
            id="path instead of a name",
        ),
        pytest.param(
            {"preset": 7},
            """\
KaitoWorkspace 'chat': 1 problem
  preset: 7; expected a name from `kaito-iac presets`, or an `organisation/model` [KS102]""",
            id="preset that is no text",
        ),
        pytest.param(
            {"preset": "", "instance_type": "Standard_NC24ads_A100_v4"},
            """\
KaitoWorkspace 'chat': 1 problem
  preset: ''; expected a name from `kaito-iac presets`, or an `organisation/model` [KS102]""",
            id="empty preset",
        ),
        pytest.param(
            {"preset": "acme/rocket-7b", "model_facts": {"weights_gib": 14.2}, "instance_type": "Standard_NC24ads_A100_v4"},
            """\
KaitoWorkspace 'chat': 2 problems
  model_facts.bytes_per_token: missing; expected a whole number [KS102]
    fix: give model_facts={'weights_gib': …, 'bytes_per_token': …, 'max_context_tokens': …} from the model's files and config.json
  model_facts.max_context_tokens: missing; expected a whole number [KS102]
    fix: give model_facts={'weights_gib': …, 'bytes_per_token': …, 'max_context_tokens': …} from the model's files and config.json""",
            id="facts incomplete",
        ),
        pytest.param(
            {
                "preset": "acme/rocket-7b",
                "model_facts": {"weights_gib": -1, "bytes_per_token": 0, "max_context_tokens": "8k", "gated": "no", "size": 7},
                "instance_type": "Standard_NC24ads_A100_v4",
            },
            """\
KaitoWorkspace 'chat': 5 problems
  model_facts.size: not an argument; expected one of weights_gib, bytes_per_token, max_context_tokens, layers, heads, kv_heads, gated [KS102]
    fix: use weights_gib
  model_facts.weights_gib: -1; expected the size of the weight files in GiB [KS102]
  model_facts.bytes_per_token: 0; expected a whole number from 1 to 2147483648 [KS102]
  model_facts.max_context_tokens: '8k'; expected a whole number from 1 to 2147483648 tokens [KS102]
  model_facts.gated: 'no'; expected true or false [KS102]""",
            id="facts wrong",
        ),
    ],
)
def test_model_that_cannot_be_served(refusal, args, said):
    """A name no one can serve is refused with the names that may have been meant."""
    assert refusal("KaitoWorkspace", "chat", args) == said
