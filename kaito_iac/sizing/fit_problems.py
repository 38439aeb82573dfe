"""What is wrong with a model on a size, or with its context: what vLLM refuses, and what is hardly meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaito_iac.catalog.cache_layout import cache_layout
from kaito_iac.catalog.record import ModelCard
from kaito_iac.problem import Problem, Severity, Unknown
from kaito_iac.sizing.estimate import Estimate, NoFit
from kaito_iac.sizing.hardware import Hardware
from kaito_iac.sizing.kv_cache import batch_defaults, safe_sequences

NEVER_READY: Final = ": KAITO admits it and never gets ready"
"""What comes of a Workspace that its nodes cannot hold."""
MANY_NODES: Final = 8
"""Nodes for one model above which we ask whether it is meant; KAITO itself has no limit."""
SHORT_CONTEXT: Final = 4096
"""Tokens of context below which a chat model is of little use."""


LEAST_CAPABILITY: Final = 8.0
"""CUDA compute capability from which vLLM computes in bfloat16."""
NO_HALF: Final = (("gemma", "google/gemma-3"),)
"""Models that vLLM does not compute in float16 either: family and beginning of the id."""


def layout_problems(model: ModelCard, found: Estimate) -> Iterator[Problem]:
    """Report where vLLM refuses the parallelism KAITO would launch it with."""
    parallel = found.tensor_parallel
    never = "KAITO admits it, but it can never work"
    if model.heads % parallel:
        message = f"{model.name} has {model.heads} attention heads, which {parallel} GPUs of a node cannot share; {never}"
        yield Problem(
            "KS212", "size", message, "a GPU count per node that divides the heads", "choose a size with another number of GPUs"
        )
    elif model.attention != "MLA" and model.kv_heads and model.kv_heads % parallel and parallel % model.kv_heads:
        message = f"{model.name} has {model.kv_heads} KV heads, which {parallel} GPUs of a node cannot share; {never}"
        yield Problem(
            "KS212",
            "size",
            message,
            "a GPU count per node that divides them or is a multiple",
            "choose a size with another number of GPUs",
        )
    if model.layers and found.pipeline_parallel > model.layers:
        message = f"{found.nodes} nodes for {model.layers} layers; {never}"
        yield Problem("KS212", "size", message, "at most one node per layer", "choose a bigger size")


def context_problems(model: ModelCard, hardware: Hardware, found: Estimate, context: int | None) -> Iterator[Problem]:
    """Report where the context asked for, or the one that `auto` finds, is likely not what is wanted."""
    room = found.auto_context_tokens
    layout = cache_layout(model)
    least = "at least " if layout.lower_bound or any(group.kind == "sliding" for group in layout.groups) else ""
    if context is not None and context > room:
        message = (
            f"{context} tokens, but the GPUs of {found.nodes} x {hardware.label} are estimated to have room for {least}{room}"
        )
        yield Problem(
            "KS213",
            "context",
            message,
            f"at most {room} (estimate)",
            "leave it out and vLLM takes what fits, or choose a bigger size",
            "warning",
        )
    elif room < min(SHORT_CONTEXT, model.max_context_tokens):
        message = (
            f"{found.nodes} x {hardware.label} is estimated to leave room for {least}{room} tokens of context beside the weights"
        )
        yield Problem("KS213", "size", message, f"room for {SHORT_CONTEXT} or more", "choose a bigger size", "warning")


def token_problem(model: ModelCard, path: str, accepted: str, severity: Severity = "error") -> Problem | None:
    """Report that a model needs a token of Hugging Face, or that it is not stated whether it does; None: it needs none."""
    if model.gated is False:
        return None
    if isinstance(model.gated, Unknown):
        message = f"missing, and it is {model.gated} whether {model.id} is gated"
        return Problem("KS204", path, message, accepted, "name a Secret if Hugging Face asks for a token", "info")
    message = f"missing, but {model.id} is gated: KAITO admits it, but it can never work"
    fix = "kubectl create secret generic hf-token --from-literal=HF_TOKEN=…, and name it here"
    return Problem("KS204", path, message, accepted, fix, severity)


def no_fit_problem(model: ModelCard, found: NoFit, path: str, after: str = "") -> Problem:
    """Report that KAITO's estimator finds no room for a model on a size; `after`: what comes of it."""
    message = f"{found.reason}{after}"
    return Problem("KS202", path, message, "a size that holds the model", f"see `kaito-iac fit {model.preset_name}`")


def one_node_problem(model: ModelCard, hardware: Hardware, nodes: int, path: str) -> Problem | None:
    """Report that transformers, which runs on one node, has too little memory for the weights."""
    if hardware.node_gpu_memory_bytes >= model.weights_bytes:
        return None
    short = hardware.node_gpu_memory_bytes * nodes < model.weights_bytes
    lacking = f"has less GPU memory than the {model.weights_size} of weights"
    why = lacking if short else "means several nodes, which transformers cannot join"
    message = f"{nodes} x {hardware.label} {why}; KAITO refuses it"
    return Problem("KS202", path, message, "a size that holds the model in one node", f"see `kaito-iac fit {model.preset_name}`")


def limit_problem(model: ModelCard, context: int, path: str) -> Problem | None:
    """Report that a context is beyond the model's limit, or not a positive number of tokens."""
    found = str(context) if context.bit_length() <= 256 else f"a number of {context.bit_length()} bits"
    if context < 1:
        return Problem("KS102", path, found, "a positive number of tokens")
    if context > model.max_context_tokens:
        return Problem(
            "KS203", path, found, limit_accepted(model), f"leave {path} out, or set at most {model.max_context_tokens}"
        )
    return None


def limit_accepted(model: ModelCard) -> str:
    """Return which context a model takes."""
    return f"at most {model.max_context_tokens}, the limit of {model.id}"


def type_problem(model: ModelCard, capability: float | None, stated: str, path: str) -> Problem | None:
    """Report that vLLM does not compute in the type of the weights on old GPUs; `stated`: its argument dtype.

    KAITO 0.12 passes bfloat16 for every model that is not quantized (presets/workspace/models/vllm_model.go), and vLLM ends
    over it below compute capability 8.0 (platforms/cuda.py).
    """
    used = stated or ("auto" if model.quantization else "bfloat16")
    if used != "bfloat16" or capability is None or capability >= LEAST_CAPABILITY:
        return None
    other = any(model.family == name and model.id.startswith(start) for name, start in NO_HALF)
    over = f"vLLM ends with an error over bfloat16, which KAITO passes for {model.name}"
    fix = "choose newer GPUs" if other else "set dtype to half in the arguments of vLLM, or choose newer GPUs"
    message, accepted = f"GPUs of compute capability {capability}: {over}", f"compute capability {LEAST_CAPABILITY} or more"
    return Problem("KS212", path, message, accepted, fix, "warning")


def sequence_problems(
    hardware: Hardware, found: Estimate, asked: int | None = None, *, batched: int | None = None, throughput: bool = False
) -> Iterator[Problem]:
    """Report where a model keeps states for fewer sequences than vLLM starts with: those asked for, else its default.

    The default is at most the tokens of a batch, and twice as much in the performance mode `throughput` (vLLM 0.25.1,
    engine/arg_utils.py). KAITO sets it itself where a release does so and nothing is asked for.
    """
    states, (_, default) = found.cache.sequences, batch_defaults(hardware)
    usual = min(default * 2 if throughput else default, batched or default * 2)
    sequences = usual if asked is None else asked
    if states is None or sequences <= states or (asked is None and found.sets_max_num_seqs):
        return
    set_by = " (the default)" if asked is None else ""
    message = (
        f"max-num-seqs {sequences}{set_by}, but {found.nodes} x {hardware.label} are estimated "
        f"to have room for the states of {states} sequences: vLLM ends with 'exceeds available Mamba cache blocks'"
    )
    fix = f"set max-num-seqs to {safe_sequences(states)}"
    yield Problem("KS293", "size", message, f"at most {states} (estimate)", fix, "warning")
