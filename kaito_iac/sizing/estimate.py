"""KAITO's node estimate, step by step as its release 0.12 computes it, and the layout that follows."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Final

from kaito_iac.catalog.record import GIB, ModelCard
from kaito_iac.sizing.hardware import Hardware

DEFAULT_CONTEXT: Final = 2048
"""Tokens KAITO sizes for when the inference configuration names no max-model-len."""
UTILIZATION: Final = 0.84
"""Share of GPU memory the estimate counts on."""
WEIGHT_EXPANSION: Final = 1.02
"""Weights in GPU memory per weights on disk."""
BASE_OVERHEAD_GIB: Final = 2.3
"""Fixed overhead per GPU, GiB."""
OVERHEAD_PER_WEIGHT: Final = 0.05
"""Overhead that grows with the weights of a GPU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How many nodes KAITO decides on, and how it spreads the model over them."""

    gpus_needed: int
    """GPUs the weights need; the nodes may have more."""
    nodes: int
    """Nodes: `status.targetNodeCount` of the Workspace."""
    gpus: int
    """GPUs of these nodes, all of them requested by the pods."""
    tensor_parallel: int
    """vLLM's tensor-parallel-size."""
    pipeline_parallel: int
    """vLLM's pipeline-parallel-size; 1 on one node."""
    data_parallel: int
    """vLLM's data-parallel-size; above 1 when every GPU holds the whole model."""
    auto_context_tokens: int
    """Estimate of the context that `--max-model-len=auto` ends at, tokens; 0: no room for a KV cache."""


@dataclass(frozen=True, slots=True)
class NoFit:
    """The estimate's refusal: KAITO admits the Workspace and then reports this from its reconcile loop."""

    reason: str
    """Why, with the figures in GiB."""


def estimate(model: ModelCard, hardware: Hardware, context: int = DEFAULT_CONTEXT) -> Estimate | NoFit:
    """Return KAITO's estimate for a model under vLLM with a context in tokens; the requested count plays no part."""
    weights = float(model.weights_bytes) * WEIGHT_EXPANSION
    memory = float(hardware.gpu_memory_bytes)
    usable = memory * UTILIZATION
    cache = float(context * model.bytes_per_token) / float(hardware.gpus)
    reserve = BASE_OVERHEAD_GIB * float(GIB) + cache
    if usable <= reserve:
        return NoFit(
            f"each GPU of {hardware.label} has {memory / GIB:.1f} GiB, {usable / GIB:.1f} of them usable, and {context} tokens"
            f" of context reserve {reserve / GIB:.1f} GiB (overhead {BASE_OVERHEAD_GIB}, KV cache {cache / GIB:.1f})"
        )
    room = (usable - reserve) / (1 + OVERHEAD_PER_WEIGHT)
    gpus_needed = int(weights / room) + 1  # an exact fit still adds one: so does KAITO 0.12
    nodes = (gpus_needed + hardware.gpus - 1) // hardware.gpus
    if hardware.mig and nodes > 1:
        needed = weights + reserve + OVERHEAD_PER_WEIGHT * weights
        return NoFit(
            f"{model.name} needs {needed / GIB:.1f} GiB (weights {weights / GIB:.1f}), the MIG slice {hardware.label} has"
            f" {memory / GIB:.0f} GiB, {usable / GIB:.1f} of them usable, and slices cannot be joined"
        )
    return layout(model, hardware, nodes, gpus_needed)


def layout(model: ModelCard, hardware: Hardware, nodes: int, gpus_needed: int) -> Estimate:
    """Return the parallelism KAITO launches vLLM with on so many nodes, and the context left by it."""
    data_parallel = pipeline_parallel = 1
    tensor_parallel = hardware.gpus
    if nodes > 1:
        pipeline_parallel = nodes
    elif hardware.gpus > 1 and 2 * hardware.gpus * model.weights_bytes < hardware.node_gpu_memory_bytes:
        tensor_parallel, data_parallel = 1, hardware.gpus
    return Estimate(
        gpus_needed=gpus_needed,
        nodes=nodes,
        gpus=nodes * hardware.gpus,
        tensor_parallel=tensor_parallel,
        pipeline_parallel=pipeline_parallel,
        data_parallel=data_parallel,
        auto_context_tokens=auto_context(model, hardware, tensor_parallel, pipeline_parallel),
    )


def auto_context(model: ModelCard, hardware: Hardware, tensor_parallel: int, pipeline_parallel: int) -> int:
    """Return the context vLLM will find room for, tokens: an estimate of ours, at most the model's limit."""
    shards = tensor_parallel * pipeline_parallel
    weights = float(model.weights_bytes) * WEIGHT_EXPANSION / shards
    overhead = BASE_OVERHEAD_GIB * GIB + OVERHEAD_PER_WEIGHT * weights
    free = hardware.gpu_memory_bytes * hardware.launch_utilization - weights - overhead
    per_token = model.bytes_per_token / (pipeline_parallel if model.attention == "MLA" else shards)
    return max(0, min(floor(free / per_token), model.max_context_tokens))
