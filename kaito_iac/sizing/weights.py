"""What follows from the weights alone: disk, the time until a model answers, and the card of a model of your own."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, trunc
from typing import Any, Final

from kaito_iac.catalog.record import GIB, ModelCard
from kaito_iac.problem import Unknown

PROVISION_SECONDS: Final = 15 * 60
"""Time allowed for new nodes before the pod starts, seconds; a judgement: KAITO repeats attempts of 240 s each."""


def disk_gib(weights_gib: float) -> int:
    """Return the disk KAITO 0.12 asks for, GiB: weights and 80, cut to whole GiB."""
    return trunc(weights_gib + 80)


def ready_seconds(weights_gib: float) -> float:
    """Return KAITO 0.12's startup-probe budget, seconds: 15 min and 18 s per GiB, at least 30 min, at most 180 min."""
    return min(max(15 * 60 + 18 * weights_gib, 30 * 60), 180 * 60)


def wait_seconds(ready: float, *, provisioned: bool) -> int:
    """Return how long to wait for a workload: its startup budget, a fifth more for pulling images, and new nodes."""
    return ceil(ready * 1.2 + (PROVISION_SECONDS if provisioned else 0))


_UNSTATED: Final[Mapping[str, Any]] = {
    "aliases": (),
    "family": "own",
    "license": "unknown",
    "gated_source": "user",
    "gated_why": "stated by the user",
    "quantization": None,
    "attention": "",
    "runtimes": ("vllm",),
    "tool_parser": "",
    "reasoning_parser": "",
    "chat_template": "",
    "kv_cache_dtype": None,
    "tuning_methods": (),
    "tuning_image": None,
    "tuning_defect": None,
}
"""Defaults of the card of a user's own model."""


def own_card(
    name: str,
    *,
    weights_gib: float,
    bytes_per_token: int,
    max_context_tokens: int,
    layers: int = 0,
    heads: int = 0,
    kv_heads: int = 0,
    gated: bool | Unknown | None = None,
) -> ModelCard:
    """Return the card of a model outside the catalogue from facts its user states; 0 heads or layers are not checked."""
    written_gib = round(weights_gib, 2)  # KAITO 0.12 writes the size with two decimals and goes on from there
    return ModelCard(
        id=name.lower(),
        hf_id=name,
        name=name.lower().rpartition("/")[2],
        organisation=name.rpartition("/")[0],
        gated=Unknown("not stated for a model outside the catalogue") if gated is None else gated,
        weights_size=f"{written_gib:.2f}Gi",
        weights_bytes=ceil(written_gib * GIB),
        bytes_per_token=bytes_per_token,
        max_context_tokens=max_context_tokens,
        layers=layers,
        heads=heads,
        kv_heads=kv_heads,
        disk_gib=disk_gib(written_gib),
        ready_seconds=ready_seconds(written_gib),
        **_UNSTATED,
    )
