"""Knows what each layer of a model keeps in vLLM's KV cache, and the cache sizes that were measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from kaito_iac.catalog.load import table_of
from kaito_iac.catalog.record import ModelCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Layers of a model that keep the same."""

    kind: str
    """full (every token), sliding (the tokens of a window), state (of Mamba or Gated DeltaNet) or latent (MLA, indexer)."""
    layers: int
    """How many there are."""
    heads: int = 1
    """KV heads, shared by the GPUs of a node; a GPU keeps one at least."""
    bytes: int
    """Bytes of one layer: of a token and head; of a sequence where the kind is state."""
    window: int = 0
    """Tokens of the window; 0: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheLayout:
    """What a model keeps."""

    groups: tuple[Layers, ...]
    hybrid: bool
    """Whether KAITO leaves LMCache off, so that vLLM's hybrid cache manager counts windows and states as what they are."""
    reserve_gib: float = 0.0
    """GiB a GPU that vLLM was seen to keep free beyond KAITO's formula when it batches 8,192 tokens."""
    loaded_gib: float | None = None
    """Weights as they are loaded, GiB, where KAITO's catalogue counts files that are not; None: as KAITO counts."""
    lower_bound: bool = False
    """Whether the model keeps less than is counted here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A cache that vLLM reported on real GPUs."""

    model: str
    gpu: str
    gpus: int
    tensor: int
    pipeline: int
    utilization: float | None
    """The gpu-memory-utilization that was set; None: KAITO's."""
    context: int
    tokens: int


def cache_layout(card: ModelCard) -> CacheLayout:
    """Return what a model keeps: as the table says, else every layer every token."""
    table = table_of("caches.json")
    row = table["models"].get(card.id)
    if row is None:
        least = card.id in table["lowerBound"]
        return CacheLayout(groups=(_uniform(card, card.heads if least else 0),), hybrid=False, lower_bound=least)
    return CacheLayout(
        groups=tuple(map(_layers, row["layers"])),
        hybrid=row["hybrid"],
        reserve_gib=row.get("reserveGiB", 0.0),
        loaded_gib=row.get("loadedGiB"),
    )


def _uniform(card: ModelCard, shared: int) -> Layers:
    """Return one kind for all layers; `shared`: heads that GPUs may share although they are not KV heads."""
    layers = card.layers or 1
    heads = shared or card.kv_heads or 1
    if card.attention == "MLA":
        return Layers(kind="latent", layers=layers, bytes=card.bytes_per_token // layers)
    return Layers(kind="full", layers=layers, heads=heads, bytes=max(1, card.bytes_per_token // layers // heads))


def _layers(row: Mapping[str, Any]) -> Layers:
    size = row["bytes"] if "bytes" in row else 2 * row["size"] * 2  # keys and values, of two bytes each
    return Layers(kind=row["kind"], layers=row["layers"], heads=row.get("heads", 1), bytes=size, window=row.get("window", 0))


@cache
def measurements() -> Mapping[str, tuple[Measurement, ...]]:
    """Return the measured caches by model."""
    found: dict[str, tuple[Measurement, ...]] = {}
    for row in table_of("caches.json")["measurements"]:
        one = Measurement(**row)
        found[one.model] = (*found.get(one.model, ()), one)
    return MappingProxyType(found)
