"""The JSON schema of preset files says what the loader says."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from kaito_iac.presets.files import preset_files
from kaito_iac.presets.load import read_preset
from kaito_iac.presets.schema import json_schema

ROOT = Path(__file__).parents[2]
CHAT = {"kind": "inference", "name": "chat", "model": "phi-4", "vmSize": "x", "why": "One A100 holds it with room to spare."}
TUNE = {"kind": "tuning", "name": "chat", "model": "phi-4", "method": "lora", "vmSize": "x", "why": "One A100 is enough for it."}
DOCS = {"kind": "rag", "name": "chat", "embedding": "x", "why": "Nothing else has to be run for it."}


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_every_shipped_file_is_valid(validator: Draft202012Validator) -> None:
    """The schema accepts every shipped file."""
    refused = {name: path for name, path in preset_files().items() if not validator.is_valid(yaml.safe_load(path.read_text()))}
    assert refused == {}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({**CHAT, "vmsize": "x"}, id="an unknown key"),
        pytest.param({**CHAT, "vm_size": "x"}, id="a key as Python writes it"),
        pytest.param({key: value for key, value in CHAT.items() if key != "model"}, id="a missing key"),
        pytest.param({key: value for key, value in CHAT.items() if key != "kind"}, id="no kind"),
        pytest.param({**CHAT, "kind": "serving"}, id="an unknown kind"),
        pytest.param({**CHAT, "kind": "rag"}, id="keys of another kind"),
        pytest.param({**CHAT, "context": "8k"}, id="a text for a number"),
        pytest.param({**CHAT, "context": 0}, id="no context"),
        pytest.param({**CHAT, "context": 8.5}, id="part of a token"),
        pytest.param({**CHAT, "model": 4}, id="a number for a text"),
        pytest.param({**CHAT, "model": ""}, id="no model"),
        pytest.param({**CHAT, "name": "Chat"}, id="capitals in a name"),
        pytest.param({**CHAT, "name": "a" * 64}, id="a name of 64"),
        pytest.param({**CHAT, "why": "Fast."}, id="a reason that says nothing"),
        pytest.param({**CHAT, "why": "x" * 401}, id="a reason that no one reads"),
        pytest.param({**CHAT, "vllm": ["a"]}, id="a list of arguments"),
        pytest.param({**CHAT, "vllm": {"a": [1]}}, id="an argument that is a list"),
        pytest.param({**CHAT, "vllm": {"a": None}}, id="an argument that is null"),
        pytest.param({**TUNE, "method": "full"}, id="an unknown method"),
        pytest.param({**TUNE, "training": {"LoraConfig": 8}}, id="a section that is a number"),
        pytest.param({**DOCS, "vectorStore": "milvus"}, id="an unknown store"),
        pytest.param({**DOCS, "storageGib": 70000}, id="a  that does not exist"),
        pytest.param([], id="a list"),
    ],
)
def test_schema_and_loader_refuse_alike(validator: Draft202012Validator, tmp_path: Path, data: Any) -> None:
    """What the schema refuses, the loader refuses too."""
    (tmp_path / "chat.yaml").write_text(yaml.safe_dump(data))
    assert not validator.is_valid(data)
    assert read_preset(tmp_path / "chat.yaml")[0] is None


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(CHAT, id="the least for inference"),
        pytest.param({**CHAT, "context": 2048, "vllm": {"a": 1, "b": 0.5, "c": "x", "d": True}}, id="all for inference"),
        pytest.param({**CHAT, "context": None}, id="null is as good as left out"),
        pytest.param(TUNE, id="the least for tuning"),
        pytest.param({**TUNE, "training": {"LoraConfig": {"r": 8, "target_modules": ["q"]}}}, id="all for tuning"),
        pytest.param(DOCS, id="the least for RAG"),
        pytest.param(
            {**DOCS, "vectorStore": "qdrant", "storageGib": 65536, "contextWindow": 1, "vmSize": "x"},
            id="all for RAG",
        ),
    ],
)
def test_schema_and_loader_accept_alike(validator: Draft202012Validator, tmp_path: Path, data: dict[str, Any]) -> None:
    """What the schema accepts, the loader reads."""
    (tmp_path / "chat.yaml").write_text(yaml.safe_dump(data))
    assert validator.is_valid(data)
    assert read_preset(tmp_path / "chat.yaml")[1] == []


def test_every_key_is_explained() -> None:
    """Every key of every kind has a description, for editors to show."""
    for kind in json_schema()["$defs"].values():
        unexplained = [
            name for name, entry in kind["properties"].items() if name != "kind" and len(entry.get("description", "")) < 20
        ]
        assert unexplained == []


def test_the_published_schema_is_current() -> None:
    """The committed schema is the one that the code gives."""
    assert json.loads((ROOT / "docs" / "reference" / "preset.schema.json").read_text()) == json_schema()


def test_a_preset_cannot_be_changed() -> None:
    """A preset that has been read is read-only."""
    preset, _ = read_preset(preset_files()["phi-4"])
    with pytest.raises(FrozenInstanceError, match=r"cannot assign to field .model."):
        preset.model = "phi-3"
