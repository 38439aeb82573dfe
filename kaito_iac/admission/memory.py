"""Whether the GPUs of a size hold a model and its context, as KAITO and vLLM compute it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from kaito_iac.admission.case import Case, asked_once, provisions, serves, weights_text
from kaito_iac.admission.config_map import text_of
from kaito_iac.admission.engine_settings import handed_on, inference_config
from kaito_iac.admission.engine_words import captures_graphs, read_words
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.admission.selector import PRODUCT, looks_at_nodes, matching_nodes, node_memory
from kaito_iac.catalog.find import find_size
from kaito_iac.catalog.judged_release import judged_release
from kaito_iac.catalog.label import INFERENCE_KEY, PERFORMANCE_MODE
from kaito_iac.catalog.load import mig_profiles, models
from kaito_iac.catalog.other_size import gpu_capability
from kaito_iac.catalog.record import GIB, GpuSize, ModelCard
from kaito_iac.problem import Problem
from kaito_iac.sizing.context_scan import scanned_context
from kaito_iac.sizing.estimate import DEFAULT_CONTEXT, Estimate, NoFit, estimate
from kaito_iac.sizing.fit_problems import (
    MANY_NODES,
    NEVER_READY,
    context_problems,
    layout_problems,
    no_fit_problem,
    sequence_problems,
    type_problem,
)
from kaito_iac.sizing.hardware import of_mig, of_size

_OTHER_ROOM: Final = (
    "kv-cache-dtype",
    "kv-cache-memory-bytes",
    "num-gpu-blocks-override",
    "gpu-memory-utilization",
    "cpu-offload-gb",
    "quantization",
    "tensor-parallel-size",
    "pipeline-parallel-size",
    "data-parallel-size",
)
"""Arguments that change how many tokens there is room for, of which the estimate knows nothing."""


@rule("KS315", "Workspace", on="create", versions=("v1beta1",))
def memory_holds_weights(case: Case) -> Iterator[Found]:
    """Under transformers the GPUs of all nodes hold the weights; the annotation for bypassing skips this."""
    if case.card and provisions(case) and case.size and case.runtime != "vllm" and not case.bypassed:
        total = case.count * case.size.gpu_memory_gib
        if total * GIB < case.card.weights_bytes:
            need = weights_text(case.card.weights_gib)
            message = f"{case.count} x {case.size.name} have {total} GiB of GPU memory, {case.card.name} has {need}"
            yield Found("resource.instanceType", message, "GPUs that hold the weights", "choose a bigger size")


@rule("KS316", "Workspace", on="create", versions=("v1beta1",))
def transformers_on_one_node(case: Case) -> Iterator[Found]:
    """Under transformers one node holds the weights."""
    if case.card and case.runtime == "transformers" and serves(case):
        memory = case.size.gpu_memory_gib if not case.env.byo and case.partition is None and case.size else _node_memory(case)
        if memory is not None and memory * GIB < case.card.weights_bytes:
            message = (
                f"one node has {memory} GiB of GPU memory, {case.card.name} has {weights_text(case.card.weights_gib)} of weights"
            )
            yield Found(
                "metadata.annotations[kaito.sh/runtime]",
                f"transformers, but {message}",
                "vllm, or a bigger node",
                "remove the annotation kaito.sh/runtime",
            )


def _node_memory(case: Case) -> int | None:
    """Return the GPU memory of one of the own nodes, GiB; None: unknown."""
    seen = matching_nodes(case)
    return node_memory(next(iter(seen.values()))) if case.env.byo and case.partition is None and seen else None


@asked_once
def _sized(case: Case) -> tuple[ModelCard, GpuSize] | None:
    """Return model and size where KAITO counts the nodes itself."""
    size = find_size(case.instance_type, case.env.cloud)
    if (
        case.card is None
        or size is None
        or case.env.byo
        or case.runtime != "vllm"
        or case.partition is not None
        or not serves(case)
    ):
        return None
    return case.card, size


@asked_once
def _context(case: Case) -> int | None:
    text = text_of(case, case.namespace, inference_config(case), INFERENCE_KEY)
    return None if text is None else scanned_context(text)


@lru_cache(maxsize=4096)
def _estimated(model: str, size: str, context: int | None, release: str) -> tuple[Estimate | NoFit, tuple[Problem, ...]]:
    from kaito_iac.catalog.load import sizes

    card, hardware = models()[model], of_size(sizes()[size])
    found = estimate(card, hardware, DEFAULT_CONTEXT if context is None else context, release)
    if isinstance(found, NoFit):
        return found, ()
    return found, (*layout_problems(card, found), *context_problems(card, hardware, found, context))


@asked_once
def sized_answer(case: Case) -> tuple[Estimate | NoFit, tuple[Problem, ...]] | None:
    """Return how KAITO spreads the model over nodes that it creates, with what is wrong about it; None: it does not."""
    pair, context = _sized(case), _context(case)
    if pair is None or (context is not None and context > pair[0].max_context_tokens):
        return None
    return _estimated(pair[0].id, pair[1].name, context, judged_release())


@warning("KS202", "Workspace")
def size_holds_the_model(case: Case) -> Iterator[Found]:
    """KAITO's estimator finds room for the model on the size."""
    answer = sized_answer(case)
    if answer and case.card and isinstance(answer[0], NoFit):
        problem = no_fit_problem(case.card, answer[0], "resource.instanceType", NEVER_READY)
        yield Found(problem.path, problem.found, problem.accepted, problem.fix)


@warning("KS202", "Workspace")
def slice_holds_the_model(case: Case) -> Iterator[Found]:
    """A MIG slice has room for the model with what vLLM needs beside the weights, of which admission knows nothing."""
    part = case.partition or {}
    profile = mig_profiles().get(str(part.get("profile") or "")) if part.get("mode") == "mig" else None
    if profile is None or case.card is None or case.runtime != "vllm" or not case.env.byo or not serves(case):
        return
    context = _context(case)
    found = estimate(case.card, of_mig(profile), DEFAULT_CONTEXT if context is None else context, judged_release())
    if isinstance(found, NoFit) and profile.memory_gib * GIB >= case.card.weights_bytes:  # else admission reports it
        problem = no_fit_problem(case.card, found, "resource.partition.profile", NEVER_READY)
        yield Found(problem.path, problem.found, "a slice that holds the model", "choose a bigger slice, or whole GPUs")


@warning("KS212", "Workspace")
def nodes_compute_in_the_type(case: Case) -> Iterator[Found]:
    """GPUs of existing nodes compute in bfloat16, which KAITO passes for models that are not quantized, or dtype is stated."""
    seen = matching_nodes(case) if looks_at_nodes(case) and case.runtime == "vllm" else {}
    products = sorted({labels.get(PRODUCT, "") for labels in seen.values()} - {""})
    for product in products if case.card else ():
        stated = read_words(handed_on(case)).text("dtype")
        if case.card and (problem := type_problem(case.card, gpu_capability(product), stated, "resource.labelSelector")):
            yield Found(problem.path, f"{product}: {problem.found}", problem.accepted, problem.fix)


@warning("KS212", "Workspace")
def vllm_can_split_the_model(case: Case) -> Iterator[Found]:
    """The GPUs of a node can share the attention heads, and no node is without a layer."""
    answer = sized_answer(case)
    for problem in answer[1] if answer else ():
        if problem.code == "KS212":
            yield Found("resource.instanceType", problem.found, problem.accepted, problem.fix)


@warning("KS213", "Workspace")
def gpus_have_room_for_context(case: Case) -> Iterator[Found]:
    """The free GPU memory is enough for the configured context, or else for some thousand tokens."""
    answer = sized_answer(case)
    for problem in answer[1] if answer else ():
        if problem.code == "KS213":
            words = read_words(handed_on(case)) if problem.path == "context" else None
            if words is not None and any(words.text(name) for name in _OTHER_ROOM):
                continue
            path = "inference.config" if problem.path == "context" else "resource.instanceType"
            yield Found(path, problem.found, problem.accepted, problem.fix)


@warning("KS213", "Workspace", on="create")
def context_is_what_nodes_are_counted_for(case: Case) -> Iterator[Found]:
    """A context that vLLM reads and KAITO does not, because of quotes, a comment or underscores, fits too."""
    answer, pair = sized_answer(case), _sized(case)
    words = read_words(handed_on(case))
    stated = words.whole("max-model-len")
    if not answer or not pair or not isinstance(answer[0], Estimate) or stated is None or stated == _context(case):
        return
    if any(words.text(name) for name in _OTHER_ROOM):
        return
    if answer[0].auto_context_tokens < stated <= pair[0].max_context_tokens:
        for problem in context_problems(pair[0], of_size(pair[1]), answer[0], stated):
            sized = _context(case) or DEFAULT_CONTEXT
            message = f"{problem.found}: KAITO counts nodes for {sized}, since it does not read the number as it is written"
            fix = f"write max-model-len: {stated} on a line of its own, without quotes or a comment, or leave it out"
            yield Found("inference.config", message, problem.accepted, fix, inside=("vllm", words.keys["max-model-len"]))


@warning("KS293", "Workspace")
def states_have_room(case: Case) -> Iterator[Found]:
    """A model with states (Mamba, Gated DeltaNet) keeps them for as many sequences as vLLM starts with."""
    answer, pair = sized_answer(case), _sized(case)
    if not answer or not pair or not isinstance(answer[0], Estimate):
        return
    words = read_words(handed_on(case))
    if not captures_graphs(words) or any(words.text(name) for name in _OTHER_ROOM):
        return
    mode = words.text("performance-mode") or case.annotations.get(PERFORMANCE_MODE, "")
    asked, batched = words.whole("max-num-seqs"), words.whole("max-num-batched-tokens")
    found = sequence_problems(of_size(pair[1]), answer[0], asked, batched=batched, throughput=mode == "throughput")
    for problem in found:
        yield Found("resource.instanceType", problem.found, problem.accepted, problem.fix)


@warning("KS215", "Workspace")
def count_is_what_happens(case: Case) -> Iterator[Found]:
    """Under vLLM KAITO computes the number of nodes and ignores resource.count."""
    answer = sized_answer(case)
    if answer and isinstance(answer[0], Estimate) and answer[0].nodes != case.count:
        count = (
            "resource.count says" if isinstance(case.raw.get("resource"), Mapping) and "count" in case.raw["resource"] else "not"
        )
        message = f"{answer[0].nodes} nodes, {count} {case.count}: KAITO counts them itself under vLLM"
        yield Found(
            "resource.instanceType", message, "", "" if answer[0].nodes < case.count else "choose a size with more GPU memory"
        )


@warning("KS214", "Workspace")
def nodes_are_few(case: Case) -> Iterator[Found]:
    """A model that needs more than eight nodes is reported."""
    answer = sized_answer(case)
    if answer and isinstance(answer[0], Estimate) and answer[0].nodes > MANY_NODES:
        yield Found(
            "resource.instanceType", f"{answer[0].nodes} nodes for one model", f"at most {MANY_NODES}", "choose a bigger size"
        )
