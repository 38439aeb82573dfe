"""Presets as records: what a checked preset file holds, by the names of Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal

Scalar = str | int | float | bool
"""A value of the engine's command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InferencePreset:
    """A model to serve, the size it is served on, and the engine's settings."""

    name: str
    why: str
    kind: Literal["inference"]
    model: str
    vm_size: str
    context: int | None = None
    vllm: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningPreset:
    """An adapter to train, the size it is trained on, and the training settings."""

    name: str
    why: str
    kind: Literal["tuning"]
    model: str
    method: Literal["lora", "qlora"]
    vm_size: str
    training: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RagPreset:
    """A RAG engine: what embeds, where vectors live, how much of the model's context it may use."""

    name: str
    why: str
    kind: Literal["rag"]
    embedding: str
    vector_store: Literal["faiss", "qdrant"] = "faiss"
    storage_gib: int | None = None
    context_window: int | None = None
    vm_size: str | None = None


Preset = InferencePreset | TuningPreset | RagPreset
"""Any preset."""
_RECORDS: Final = {"inference": InferencePreset, "tuning": TuningPreset, "rag": RagPreset}
KINDS: Final = tuple(_RECORDS)
"""Kinds of presets."""
_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")


def record(data: Mapping[str, Any]) -> Preset:
    """Return the record of plain data that the schema allows."""
    made: Preset = _RECORDS[data["kind"]](**{_CAPITAL.sub("_", key).lower(): value for key, value in data.items()})
    return made


def plain(preset: Preset) -> dict[str, Any]:
    """Return a preset as plain data, with the keys of its file."""
    return {_key(item.name): getattr(preset, item.name) for item in fields(preset)}


def _key(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)
