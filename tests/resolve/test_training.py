"""The training configuration: what is written is what KAITO reads, and its name follows from it."""

import pytest
import yaml

import kaito_iac as kaito
from kaito_iac.presets.files import preset_files
from kaito_iac.presets.load import read_preset
from kaito_iac.resolve.training import training_name, training_text
from kaito_iac.testing import record

DATA = {"urls": ["https://data.example.com/a.parquet"]}
OUT = {"claim": "adapters"}
TUNING = sorted(name for name, path in preset_files().items() if read_preset(path)[0].kind == "tuning")


def _tuned(args):
    recording = record(lambda: kaito.KaitoTuning("law", {"dataset": DATA, "output": OUT, **args}))
    return {resource.name: resource for resource in recording.resources}


@pytest.mark.parametrize("name", TUNING)
def test_every_preset_can_be_tuned(name):
    """Every tuning preset is accepted, and its sections reach training_config.yaml unchanged."""
    made = _tuned({"preset": name})
    config = yaml.safe_load(made["law-config"].inputs["data"]["training_config.yaml"])
    assert config == {"training_config": read_preset(preset_files()[name])[0].training}
    assert made["law-workspace"].inputs["tuning"]["config"] == made["law-config"].inputs["metadata"]["name"]


def test_arguments_are_put_over_the_preset():
    """A field of the program wins over the preset's, beside it the preset's stay."""
    made = _tuned({"preset": "phi-4-mini-instruct-lora", "training": {"LoraConfig": {"r": 16.0}, "DataCollator": {"mlm": False}}})
    assert made["law-config"].inputs["data"]["training_config.yaml"] == (
        "training_config:\n"
        "  ModelConfig:\n"
        '    torch_dtype: "bfloat16"\n'
        "  LoraConfig:\n"
        "    lora_alpha: 8\n"
        "    lora_dropout: 0.0\n"
        "    r: 16\n"
        "  TrainingArguments:\n"
        "    num_train_epochs: 1\n"
        '    output_dir: "results"\n'
        "    per_device_train_batch_size: 1\n"
        "  DataCollator:\n"
        "    mlm: false\n"
    )


def test_name_follows_from_the_content():
    """Another content has another name, so that a change starts another job; the order of fields changes nothing."""
    one = training_name("law", {"LoraConfig": {"r": 8, "lora_alpha": 8}})
    same = training_name("law", {"LoraConfig": {"lora_alpha": 8, "r": 8}})
    other = training_name("law", {"LoraConfig": {"r": 16, "lora_alpha": 8}})
    assert one == same
    assert one != other
    assert one.startswith("law-training-")


def test_nothing_to_say_needs_no_config_map():
    """Without sections KAITO's own defaults hold, and no ConfigMap is made."""
    assert training_text({}) == ""
    made = _tuned({"model": "phi-4", "method": "qlora", "instance_type": "Standard_NC24ads_A100_v4"})
    assert sorted(made) == ["law", "law-workspace", "project-dev"]
    assert "config" not in made["law-workspace"].inputs["tuning"]


def test_config_of_ones_own():
    """A ConfigMap of the user's is named, and the preset's sections are left out."""
    made = _tuned({"preset": "phi-4-lora", "config": "mine"})
    assert sorted(made) == ["law", "law-workspace", "project-dev"]
    assert made["law-workspace"].inputs["tuning"]["config"] == "mine"
