"""KAITO's node estimate, step by step as its releases compute it, and the layout that follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kaito_iac.catalog.cache_layout import cache_layout
from kaito_iac.catalog.estimator import estimator, of_gpu
from kaito_iac.catalog.record import GIB, ModelCard
from kaito_iac.sizing.hardware import Hardware
from kaito_iac.sizing.kv_cache import KvCache, kv_cache, sequence_limit

DEFAULT_CONTEXT: Final = 2048
"""Tokens KAITO sizes for when the inference configuration names no max-model-len."""
WEIGHT_EXPANSION: Final = 1.02
"""Weights in GPU memory per weights on disk."""
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
    cache: KvCache
    """Estimate of vLLM's KV cache."""
    max_num_seqs: int | None
    """The max-num-seqs without which vLLM does not start, where KAITO does not set it; None: it starts as it is."""
    sets_max_num_seqs: bool = False
    """Whether the release sets max-num-seqs itself where vLLM's default is more than there are states for."""

    @property
    def auto_context_tokens(self) -> int:
        """Return the estimate of the context that `--max-model-len=auto` ends at, tokens; 0: no room for a KV cache."""
        return self.cache.context


@dataclass(frozen=True, slots=True)
class NoFit:
    """The estimate's refusal: KAITO admits the Workspace and then reports this from its reconcile loop."""

    reason: str
    """Why, with the figures in GiB."""


def estimate(
    model: ModelCard, hardware: Hardware, context: int = DEFAULT_CONTEXT, version: str | None = None
) -> Estimate | NoFit:
    """Return the estimate of a KAITO release for a model under vLLM with a context; the requested count plays no part."""
    rules = estimator(version)
    base = of_gpu(rules.base_overhead_gib, hardware.gpu_model)
    weights = float(model.weights_bytes) * WEIGHT_EXPANSION
    memory = float(hardware.gpu_memory_bytes)
    usable = memory * of_gpu(rules.utilization, hardware.gpu_model)
    cache = float(context * model.bytes_per_token) / float(hardware.gpus)
    reserve = base * float(GIB) + cache
    if usable <= reserve:
        return NoFit(
            f"each GPU of {hardware.label} has {memory / GIB:.1f} GiB, {usable / GIB:.1f} of them usable, and {context} tokens"
            f" of context reserve {reserve / GIB:.1f} GiB (overhead {base}, KV cache {cache / GIB:.1f})"
        )
    room = (usable - reserve) / (1 + OVERHEAD_PER_WEIGHT)
    states = float(state_bytes(model) * rules.state_sequences)
    gpus_needed = int((weights + states) / room) + 1  # an exact fit still adds one: so does KAITO
    nodes = (gpus_needed + hardware.gpus - 1) // hardware.gpus
    if hardware.mig and nodes > 1:
        needed = weights + reserve + OVERHEAD_PER_WEIGHT * weights
        return NoFit(
            f"{model.name} needs {needed / GIB:.1f} GiB (weights {weights / GIB:.1f}), the MIG slice {hardware.label} has"
            f" {memory / GIB:.0f} GiB, {usable / GIB:.1f} of them usable, and slices cannot be joined"
        )
    return layout(model, hardware, nodes, gpus_needed, version)


def state_bytes(model: ModelCard) -> int:
    """Return the bytes of the states of one sequence in all layers; 0: the model keeps none."""
    return sum(group.layers * group.bytes for group in cache_layout(model).groups if group.kind == "state")


def layout(model: ModelCard, hardware: Hardware, nodes: int, gpus_needed: int, version: str | None = None) -> Estimate:
    """Return the parallelism KAITO launches vLLM with on so many nodes, and the cache left by it."""
    data_parallel = pipeline_parallel = 1
    tensor_parallel = hardware.gpus
    if nodes > 1:
        pipeline_parallel = nodes
    elif hardware.gpus > 1 and 2 * hardware.gpus * model.weights_bytes < hardware.node_gpu_memory_bytes:
        tensor_parallel, data_parallel = 1, hardware.gpus
    free = free_bytes(model, hardware, tensor_parallel * pipeline_parallel, version)
    cache = kv_cache(model, hardware, free, tensor=tensor_parallel, pipeline=pipeline_parallel, data=data_parallel)
    return Estimate(
        gpus_needed=gpus_needed,
        nodes=nodes,
        gpus=nodes * hardware.gpus,
        tensor_parallel=tensor_parallel,
        pipeline_parallel=pipeline_parallel,
        data_parallel=data_parallel,
        cache=cache,
        sets_max_num_seqs=estimator(version).sets_max_num_seqs,
        max_num_seqs=None if estimator(version).sets_max_num_seqs else sequence_limit(hardware, cache),
    )


def free_bytes(model: ModelCard, hardware: Hardware, shards: int, version: str | None = None) -> float:
    """Return the memory of a GPU that weights and overhead leave, bytes, with the share that vLLM is launched with."""
    rules = estimator(version)
    loaded = cache_layout(model).loaded_gib
    weights = (loaded * GIB if loaded else float(model.weights_bytes)) * WEIGHT_EXPANSION / shards
    overhead = of_gpu(rules.base_overhead_gib, hardware.gpu_model) * GIB + OVERHEAD_PER_WEIGHT * weights
    return hardware.gpu_memory_bytes * of_gpu(rules.launch_utilization, hardware.gpu_model) - weights - overhead
