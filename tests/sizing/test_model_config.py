"""Facts of models from config.json: the figures of KAITO's preset generator, and what is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import kaito_iac as kaito
from kaito_iac.catalog.load import models
from kaito_iac.cli.main import main
from kaito_iac.sizing.model_config import ModelFacts, read_facts
from kaito_iac.testing import record

PHI4 = {
    "num_hidden_layers": 40,
    "num_attention_heads": 40,
    "num_key_value_heads": 10,
    "hidden_size": 5120,
    "max_position_embeddings": 16384,
}
DEEPSEEK = {
    "num_hidden_layers": 61,
    "num_attention_heads": 128,
    "num_key_value_heads": 128,
    "hidden_size": 7168,
    "kv_lora_rank": 512,
    "qk_rope_head_dim": 64,
    "max_position_embeddings": 163840,
}
FALCON = {"n_layer": 32, "n_head": 71, "multi_query": True, "hidden_size": 4544, "n_ctx": 2048}


def write(folder: Path, config: Any, **sizes: int) -> Path:
    """Writes a config.json, and weight files of so many bytes."""
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    for name, size in sizes.items():
        (folder / f"{name}.safetensors").write_bytes(b"\0" * size)
    return folder


@pytest.mark.parametrize(
    ("config", "told"),
    [
        pytest.param(PHI4, (204800, 16384, 40, 40, 10), id="grouped heads"),
        pytest.param({**PHI4, "head_dim": 64}, (102400, 16384, 40, 40, 10), id="a head of its own size"),
        pytest.param({"text_config": PHI4, "hidden_size": 1}, (204800, 16384, 40, 40, 10), id="a language model inside"),
        pytest.param(DEEPSEEK, (70272, 163840, 61, 128, 1), id="latent attention, which GPUs do not share"),
        pytest.param(FALCON, (8192, 2048, 32, 71, 1), id="one head of keys, other names"),
    ],
)
def test_facts(tmp_path: Path, config: dict[str, Any], told: tuple[int, ...]) -> None:
    """Bytes of a token, context, layers, heads and heads of keys and values."""
    facts, problems = read_facts(write(tmp_path / "m", config), weights_gib=2)
    assert problems == []
    assert isinstance(facts, ModelFacts)
    assert (facts.bytes_per_token, facts.max_context_tokens, facts.layers, facts.heads, facts.kv_heads) == told


def test_the_catalogue_says_the_same() -> None:
    """The figures of a model that the catalogue has are those of its config.json."""
    card = models()["microsoft/phi-4"]
    assert (card.bytes_per_token, card.max_context_tokens, card.layers, card.heads, card.kv_heads) == (204800, 16384, 40, 40, 10)


def test_weights_beside_it(tmp_path: Path) -> None:
    """The index beside a config.json says how large the weights are, else the files do."""
    folder = write(tmp_path / "m", PHI4, a=3 * 2**20, b=2**20)
    assert read_facts(folder)[0].weights_gib == 0.0  # type: ignore[union-attr]
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {"total_size": 15 * 2**30}}))
    assert read_facts(folder / "config.json")[0].weights_gib == 15.0  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            "{}",
            [
                *(
                    f"config.json: {key}: missing; expected a whole number above 0 [KS299]"
                    for key in ("num_hidden_layers", "num_attention_heads", "max_position_embeddings")
                ),
                "config.json: no model.safetensors.index.json and no safetensors file beside it: the size of the weights is not "
                "known [KS299]",
            ],
        ),
        ("[]", ["config.json: no JSON object; expected a config.json of Hugging Face [KS299]"]),
    ],
    ids=["nothing", "a list"],
)
def test_what_is_missing(tmp_path: Path, content: str, told: list[str]) -> None:
    """Everything that is missing is reported at once."""
    (tmp_path / "config.json").write_text(content)
    facts, problems = read_facts(tmp_path)
    assert (facts, [problem.headline for problem in problems]) == (None, told)


def test_a_program(tmp_path: Path) -> None:
    """A program takes the facts from the file; what is missing ends it with all of it."""
    folder = write(tmp_path / "m", PHI4)
    facts = kaito.model_facts(folder, weights_gib=27.31, gated=False)
    assert facts == {
        "weights_gib": 27.31,
        "bytes_per_token": 204800,
        "max_context_tokens": 16384,
        "layers": 40,
        "heads": 40,
        "kv_heads": 10,
        "gated": False,
    }
    size = "Standard_NC24ads_A100_v4"
    recording = record(lambda: kaito.KaitoWorkspace("own", preset="me/mine", model_facts=facts, instance_type=size))
    assert recording.by_name("own-workspace").inputs["resource"]["instanceType"] == size
    with pytest.raises(kaito.SpecError, match=r"^model_facts: 1 problem\n  config.json: no model.safetensors.index.json"):
        kaito.model_facts(folder)


def test_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`fit --config` sizes the model of a file as it sizes one of the catalogue with the same facts."""
    folder = write(tmp_path / "mine", PHI4)
    size = ("--size", "Standard_NC24ads_A100_v4", "--json")
    assert main(["fit", "--config", str(folder), "--weights-gib", "27.31", *size]) == 0
    own = json.loads(capsys.readouterr().out)
    assert main(["fit", "phi-4", *size]) == 0
    assert own == {**json.loads(capsys.readouterr().out), "model": "mine"}


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["fit", "phi-4", "--config", "x"], 2, "'phi-4' is in the catalogue: its facts are known; leave out --config"),
        (["fit", "--config", "none.json"], 3, "none.json: cannot be read (No such file or directory)"),
        (["fit", "--config", "x", "--models", "y"], 2, "--models takes its questions from the file, so --config has no meaning"),
    ],
)
def test_fit_refused(capsys: pytest.CaptureFixture[str], words: list[str], code: int, told: str) -> None:
    """A file that is not there, and one that says nothing new, are refused."""
    assert main(words) == code
    assert told in capsys.readouterr().err
