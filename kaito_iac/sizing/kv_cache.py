"""Counts vLLM's KV cache as its release 0.25 does: blocks of one size, shared by groups of layers that keep the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from kaito_iac.catalog.cache_layout import CacheLayout, Layers, cache_layout
from kaito_iac.catalog.record import ModelCard
from kaito_iac.sizing.hardware import Hardware

BLOCK: Final = 16
"""Tokens of a block."""
LARGE_GPU_GIB: Final = 70
"""GiB from which vLLM batches more, unless the GPU is an A100."""
LARGE, SMALL = (8192, 1024), (2048, 256)
"""Tokens and sequences that vLLM batches at most by default, on large GPUs and on others."""
SAFETY: Final = 0.9
"""Share of the blocks that KAITO's later releases give to sequences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KvCache:
    """The three figures of a cache."""

    tokens: int
    """Tokens it holds, as vLLM reports them."""
    context: int
    """Longest request, tokens: at most the model's limit."""
    requests: float
    """Requests of the longest context at once."""
    sequences: int | None
    """Sequences it has states for; None: the model keeps no states."""


def batch_defaults(hardware: Hardware) -> tuple[int, int]:
    """Return max-num-batched-tokens and max-num-seqs that vLLM takes when nothing is set."""
    large = hardware.gpu_memory_bytes >= LARGE_GPU_GIB * 2**30 and "a100" not in hardware.gpu_model.lower()
    return LARGE if large else SMALL


def keeps_hybrid(layout: CacheLayout, hardware: Hardware, pipeline: int, data: int) -> bool:
    """Return whether windows are counted as windows: not where KAITO switches LMCache on, which needs every token."""
    return layout.hybrid or pipeline > 1 or data > 1 or hardware.mig


def kv_cache(
    model: ModelCard, hardware: Hardware, free_bytes: float, *, tensor: int, pipeline: int = 1, data: int = 1
) -> KvCache:
    """Return what fits into the memory that weights and overhead leave on a GPU."""
    layout = cache_layout(model)
    batched, _ = batch_defaults(hardware)
    free = free_bytes - (layout.reserve_gib * 2**30 if batched == LARGE[0] else 0)
    groups = [replace(group, layers=ceil(group.layers / pipeline)) for group in layout.groups]
    if not keeps_hybrid(layout, hardware, pipeline, data):
        groups = [replace(group, kind="full") if group.kind == "sliding" else group for group in groups]
    kinds = {group.kind for group in groups}
    if kinds <= {"full"} or kinds <= {"latent"}:
        return _uniform(model, groups, free, tensor)
    return _grouped(model, groups, free, tensor, batched)


def _token_bytes(group: Layers, tensor: int) -> int:
    """Return the bytes of a token in one layer on one GPU: MLA's are not shared, a KV head is not cut."""
    return group.bytes if group.kind == "latent" else group.bytes * max(1, -(-group.heads // tensor))


def _uniform(model: ModelCard, groups: list[Layers], free: float, tensor: int) -> KvCache:
    per_token = sum(group.layers * _token_bytes(group, tensor) for group in groups)
    tokens = max(0, int(free / per_token))
    context = min(tokens, model.max_context_tokens)
    return KvCache(tokens=tokens, context=context, requests=tokens / context if context else 0.0, sequences=None)


def _grouped(model: ModelCard, groups: list[Layers], free: float, tensor: int, batched: int) -> KvCache:
    """Count blocks: all of one size, a block table for each group of equally many layers."""
    page, sizes = _page(groups, tensor)
    fewest, most = min(group.layers for group in groups), max(group.layers for group in groups)
    depth = most if most < 1.5 * fewest else fewest
    blocks = max(0, int(free / (page * depth)))

    def needed(context: int) -> int:
        return sum(
            ceil(group.layers / depth) * _blocks(group, size, context, batched) for group, size in zip(groups, sizes, strict=True)
        )

    low, high = 0, model.max_context_tokens
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if needed(middle) <= blocks else (low, middle - 1)
    requests = blocks / needed(low) if low else 0.0
    states = any(group.kind == "state" for group in groups)
    return KvCache(tokens=int(requests * low), context=low, requests=requests, sequences=blocks if states else None)


def _page(groups: list[Layers], tensor: int) -> tuple[int, list[int]]:
    """Return the bytes of a block in one layer, and the tokens of a block in each group."""
    attention = [group for group in groups if group.kind != "state"]
    per_token = [_token_bytes(group, tensor) for group in attention]
    state = max((ceil(group.bytes / tensor) for group in groups if group.kind == "state"), default=0)
    block = max(BLOCK, ceil(state / max(per_token) / BLOCK) * BLOCK)
    page = block * max(per_token)
    tokens = dict(zip(map(id, attention), (page // size for size in per_token), strict=True))
    return page, [tokens.get(id(group), block) for group in groups]


def _blocks(group: Layers, size: int, context: int, batched: int) -> int:
    """Return the blocks that one request of a context needs in a group."""
    if group.kind == "state":
        return 1
    if group.kind == "sliding":
        return ceil(min(group.window - 1 + batched, context) / size) + 1
    return ceil(context / size)


def safe_sequences(states: int) -> int:
    """Return the max-num-seqs to set where there are states for so many sequences."""
    return max(1, int(SAFETY * states))


def sequence_limit(hardware: Hardware, found: KvCache) -> int | None:
    """Return the max-num-seqs to set where vLLM's default is more than there are states for; None: it starts as it is."""
    _, default = batch_defaults(hardware)
    if found.sequences is None or found.sequences >= default:
        return None
    return safe_sequences(found.sequences)
