"""Facts of a model outside the catalogue from its config.json, by the arithmetic of KAITO 0.12's preset generator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kaito_iac.files import PLAN_BYTES, FileError, read_json
from kaito_iac.problem import Problem

GIB: Final = 2**30
_CONTEXT: Final = ("max_position_embeddings", "n_ctx", "seq_length", "max_seq_len", "max_sequence_length", "model_max_length")
_HIDDEN: Final = ("hidden_size", "n_embd", "d_model", "dim")
_LAYERS: Final = ("num_hidden_layers", "n_layer", "n_layers")
_HEADS: Final = ("num_attention_heads", "n_head", "n_heads")
_KV_HEADS: Final = ("num_key_value_heads", "n_head_kv", "n_kv_heads")
_HEAD_DIM: Final = ("head_dim", "attention_head_dim")
_INNER: Final = ("text_config", "llm_config")
"""Where models of several kinds of input keep what their language model is like."""
_VALUE_BYTES: Final = 2
"""Bytes of a value of the cache: KAITO 0.12 counts two, whatever the model's type."""
_INDEX: Final = "model.safetensors.index.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What KAITO needs of a model to size it."""

    name: str
    """Name in the file, or that of its folder; empty: it has none."""
    weights_gib: float
    bytes_per_token: int
    max_context_tokens: int
    layers: int
    heads: int
    kv_heads: int
    """Heads that the GPUs of a node share; 1 where the cache is a latent vector (MLA), which each of them keeps whole."""


def read_facts(path: Path, *, weights_gib: float | None = None) -> tuple[ModelFacts | None, list[Problem]]:
    """Read config.json, or the one of a folder; return the facts, or everything that is missing.

    The size of the weights is that of the files beside it: their index, else the safetensors files; `weights_gib` states it.
    """
    file = path / "config.json" if path.is_dir() else path
    try:
        config = read_json(file, PLAN_BYTES)
    except FileError as error:
        fix = "name config.json of the model, or its folder"
        return None, [Problem("KS299", file.name, f"cannot be read ({error})", "a config.json of Hugging Face", fix)]
    if not isinstance(config, Mapping):
        return None, [Problem("KS299", file.name, "no JSON object", "a config.json of Hugging Face")]
    return facts_of(config, file, _weights(file) if weights_gib is None else weights_gib)


def facts_of(config: Mapping[str, Any], file: Path, weights_gib: float | None) -> tuple[ModelFacts | None, list[Problem]]:
    """Return the facts that a configuration states, or everything that is missing."""
    flat = {**config, **next((config[key] for key in _INNER if isinstance(config.get(key), Mapping)), {})}
    layers, heads, context = (_whole(flat, keys) for keys in (_LAYERS, _HEADS, _CONTEXT))
    kv_heads = _whole(flat, _KV_HEADS) or (1 if flat.get("multi_query") is True else heads)
    head_dim = _whole(flat, _HEAD_DIM) or (_whole(flat, _HIDDEN) // heads if heads else 0)
    rank = _whole(flat, ("kv_lora_rank",))
    values = rank + _whole(flat, ("qk_rope_head_dim",)) if rank else 2 * kv_heads * head_dim
    missing = [
        *(_missing(file, _LAYERS) if not layers else ()),
        *(_missing(file, _HEADS) if not heads else ()),
        *(_missing(file, _CONTEXT) if not context else ()),
        *(_missing(file, _HIDDEN) if heads and not values else ()),
    ]
    if weights_gib is None:
        message = f"no {_INDEX} and no safetensors file beside it: the size of the weights is not known"
        missing.append(Problem("KS299", file.name, message, "", "state it: weights_gib=…, or --weights-gib GIB"))
    if missing or weights_gib is None:
        return None, missing
    name = str(config.get("_name_or_path") or "").strip("/")
    facts = ModelFacts(
        name=name if name and not name.startswith(".") else file.absolute().parent.name,
        weights_gib=round(weights_gib, 2),
        bytes_per_token=values * layers * _VALUE_BYTES,
        max_context_tokens=context,
        layers=layers,
        heads=heads,
        kv_heads=1 if rank else kv_heads,
    )
    return facts, []


def _whole(config: Mapping[str, Any], keys: Sequence[str]) -> int:
    """Return the first of some keys that is a whole number above 0; 0: none is."""
    for key in keys:
        value = config.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return 0


def _missing(file: Path, keys: Sequence[str]) -> list[Problem]:
    return [Problem("KS299", f"{file.name}: {keys[0]}", "missing", "a whole number above 0")]


def _weights(file: Path) -> float | None:
    """Return the size of the weights beside a config.json, GiB; None where there are none."""
    index = file.parent / _INDEX
    if index.is_file():
        try:
            found = read_json(index, PLAN_BYTES)
        except FileError:
            found = {}
        size = found.get("metadata", {}).get("total_size") if isinstance(found, Mapping) else None
        if isinstance(size, int | float) and not isinstance(size, bool) and size > 0:
            return float(size) / GIB
    sizes = [path.stat().st_size for path in file.parent.glob("*.safetensors") if path.is_file()]
    return sum(sizes) / GIB if sizes else None
