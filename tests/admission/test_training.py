"""Training configurations as KAITO's webhook, its controller and its tuning program read them."""

import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.training import folder_is_admitted, folder_works, quantisation_found, unknown_field, unknown_section
from kaito_iac.admission.verdict import Cluster


@pytest.mark.parametrize(
    ("section", "field", "severity"),
    [
        pytest.param("LoraConfig", "lora_alpha", None, id="field of peft 0.11.1"),
        pytest.param("LoraConfig", "lora-alpha", None, id="hyphens stand for underscores"),
        pytest.param("LoraConfig", "lora_bias", "error", id="field of a later peft"),
        pytest.param("DatasetConfig", "shufle_dataset", "error", id="field that does not exist"),
        pytest.param("DatasetConfig", "response-column", "warning", id="field that nothing reads"),
        pytest.param("DataCollator", "mask_replace_prob", None, id="field of a collator"),
        pytest.param("DataCollator", "mask", "warning", id="collators are not listed for the version in the image"),
        pytest.param("TrainingArguments", "num_train_epochs", None, id="argument of every TRL"),
        pytest.param("TrainingArguments", "no_bf16", None, id="a switch that is negated"),
        pytest.param("TrainingArguments", "learning_rte", "error", id="argument of no TRL from 1.0 on"),
    ],
)
def test_fields(section, field, severity):
    """A field is one of its section's class, in the version that the image of KAITO 0.12 has."""
    found = unknown_field(section, field)
    assert (found.severity if found else None) == severity


def test_sections():
    """A section is one of six, and the answer says which was meant."""
    assert unknown_section("LoraConfig") is None
    found = unknown_section("LoRAConfig")
    assert found is not None
    assert (found.path, found.fix) == (("LoRAConfig",), "did you mean 'LoraConfig'?")


@pytest.mark.parametrize(
    ("fields", "method", "said"),
    [
        ({}, "lora", []),
        ({}, "qlora", ["QuantizationConfig: neither load_in_4bit nor load_in_8bit"]),
        ({"load_in_4bit": True}, "qlora", []),
        ({"load_in_8bit": True}, "lora", ["QuantizationConfig.load_in_8bit: true with method lora"]),
        (
            {"load_in_4bit": True, "load_in_8bit": True},
            "qlora",
            ["QuantizationConfig: load_in_4bit and load_in_8bit together"],
        ),
        ({"load_in_4bit": "no"}, "lora", ["QuantizationConfig.load_in_4bit: 'no'"]),
    ],
)
def test_quantisation(fields, method, said):
    """qlora needs one of two switches, lora excludes both, and both are truth values."""
    assert [f"{'.'.join(wrong.path)}: {wrong.found}" for wrong in quantisation_found(fields, method)] == said


@pytest.mark.parametrize(
    ("folder", "admitted", "works"),
    [
        pytest.param("results", True, True, id="joined to the mount"),
        pytest.param("/mnt/results", True, True, id="below the mount"),
        pytest.param("/mnt/", True, False, id="the mount itself is admitted, and never starts"),
        pytest.param("../mnt2/x", True, False, id="begins like the mount"),
        pytest.param("../etc", False, False, id="outside"),
        pytest.param("", False, True, id="nothing"),
    ],
)
def test_folders(folder, admitted, works):
    """Admission joins every folder to /mnt, the controller only those that do not begin like it."""
    assert (folder_is_admitted(folder), folder_works(folder)) == (admitted, works)


ENDS = "the job ends with an error"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("LoraConfig: {}", [], id="a section without a field, written as one"),
        pytest.param(
            "LoraConfig:",
            [f"tuning.config: LoraConfig without a field: {ENDS}; expected a field, or {{}} [KS226]"],
            id="nothing, or comments alone",
        ),
        pytest.param(
            "TrainingArguments:",
            [f"tuning.config: TrainingArguments without a field: {ENDS}; expected a field, or {{}} [KS226]"],
            id="nothing in the section that most people edit",
        ),
        pytest.param(
            "DatasetConfig: [a]",
            [f"tuning.config: DatasetConfig is no mapping: {ENDS}; expected a field, or {{}} [KS226]"],
            id="a list, which admission does not look at",
        ),
        pytest.param("TrainingArguments: {max_steps: 100, seed: 0x10, learning_rate: 2e-4}", [], id="numbers of Python"),
        pytest.param(
            "TrainingArguments: {max_steps: 1e2, seed: 1.0}",
            [
                f"tuning.config: TrainingArguments.max_steps: '1e2': {ENDS}; expected a whole number [KS226]",
                f"tuning.config: TrainingArguments.seed: '1.0': {ENDS}; expected a whole number [KS226]",
            ],
            id="numbers that are text to Python, and whole ones with a fraction",
        ),
        pytest.param(
            "QuantizationConfig: {bnb_4bit_compute_dtype: fp16, bnb_4bit_quant_type: nf5}",
            [
                f"tuning.config: QuantizationConfig.bnb_4bit_compute_dtype: 'fp16': {ENDS}; expected bfloat16, float16, float32, "
                "float64, half, float, double [KS226]",
                f"tuning.config: QuantizationConfig.bnb_4bit_quant_type: 'nf5': {ENDS}; expected fp4, nf4 [KS226]",
            ],
            id="words of bitsandbytes",
        ),
        pytest.param(
            "TrainingArguments: {hub_token: hf_abc}",
            ["tuning.config: TrainingArguments.hub_token: a secret in a ConfigMap; expected no secret [KS221]"],
            id="a token",
        ),
    ],
)
def test_settings_of_a_training(text, said):
    """A ConfigMap is read as KAITO's tuning program reads it, with Python's YAML."""
    manifest = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": "tune"},
        "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "tune"}}},
        "tuning": {
            "preset": {"name": "phi-4"},
            "method": "lora",
            "config": "mine",
            "input": {"urls": ["https://example.com/a.parquet"]},
            "output": {"image": "registry.example.com/a:1", "imagePushSecret": "push"},
        },
    }
    cluster = Cluster(config_maps={("default", "mine"): {"training_config.yaml": f"training_config:\n  {text}\n"}})
    found = judge(manifest, cluster=cluster).problems
    assert [problem.headline for problem in found if problem.severity != "info"] == said
