"""Training configurations as KAITO's webhook, its controller and its tuning program read them."""

import pytest

from kaito_iac.admission.training import folder_is_admitted, folder_works, quantisation_found, unknown_field, unknown_section


@pytest.mark.parametrize(
    ("section", "field", "severity"),
    [
        pytest.param("LoraConfig", "lora_alpha", None, id="field of peft 0.11.1"),
        pytest.param("LoraConfig", "lora-alpha", None, id="hyphens stand for underscores"),
        pytest.param("LoraConfig", "lora_bias", "error", id="field of a later peft"),
        pytest.param("DatasetConfig", "shufle_dataset", "error", id="field nobody has"),
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
