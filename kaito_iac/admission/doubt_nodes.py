"""What KAITO admits of nodes although they cannot work, or are more than the words say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from kaito_iac.admission.admit_resource import serves
from kaito_iac.admission.admit_settings import data_of, handed_on, inference_config
from kaito_iac.admission.case import Case, admitted_size
from kaito_iac.admission.engine_words import read_words
from kaito_iac.admission.rule import Found, warning
from kaito_iac.admission.vocabulary import CPU_SIZES, WHOLE
from kaito_iac.catalog.find import find_size, size_problems
from kaito_iac.catalog.judged_release import judged_release
from kaito_iac.catalog.label import INFERENCE_KEY
from kaito_iac.catalog.record import CLOUDS, GpuSize, ModelCard
from kaito_iac.problem import Problem
from kaito_iac.sizing.context_scan import scanned_context
from kaito_iac.sizing.estimate import DEFAULT_CONTEXT, Estimate, NoFit, estimate
from kaito_iac.sizing.fit import MANY_NODES
from kaito_iac.sizing.fit_problems import context_problems, layout_problems, sequence_problems
from kaito_iac.sizing.hardware import of_size


def _sized(case: Case) -> tuple[ModelCard, GpuSize] | None:
    """Gives model and size where KAITO counts the nodes itself."""
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


def _context(case: Case) -> int | None:
    name = inference_config(case)
    data = data_of(case, case.namespace, name) if name else None
    text = data.get(INFERENCE_KEY) if data else None
    return scanned_context(text) if isinstance(text, str) else None


@lru_cache(maxsize=4096)
def _estimated(model: str, size: str, context: int | None, release: str) -> tuple[Estimate | NoFit, tuple[Problem, ...]]:
    from kaito_iac.catalog.load import models, sizes

    card, hardware = models()[model], of_size(sizes()[size])
    found = estimate(card, hardware, DEFAULT_CONTEXT if context is None else context, release)
    if isinstance(found, NoFit):
        return found, ()
    return found, (*layout_problems(card, found), *context_problems(card, hardware, found, context))


def _answer(case: Case) -> tuple[Estimate | NoFit, tuple[Problem, ...]] | None:
    pair, context = _sized(case), _context(case)
    if pair is None or (context is not None and context > pair[0].max_context_tokens):
        return None
    return _estimated(pair[0].id, pair[1].name, context, judged_release())


@warning("KS202", "Workspace")
def size_holds_the_model(case: Case) -> Iterator[Found]:
    """KAITO's estimator finds room for the model on the size."""
    answer = _answer(case)
    if answer and isinstance(answer[0], NoFit):
        yield Found(
            "resource.instanceType",
            f"{answer[0].reason}: KAITO admits it and never gets ready",
            "a bigger size",
            f"see `kaito-iac fit {case.card.preset_name if case.card else ''}`",
        )


@warning("KS212", "Workspace")
def vllm_can_split_the_model(case: Case) -> Iterator[Found]:
    """The GPUs of a node can share the attention heads, and no node is without a layer."""
    answer = _answer(case)
    for problem in answer[1] if answer else ():
        if problem.code == "KS212":
            yield Found("resource.instanceType", problem.found, problem.accepted, problem.fix)


@warning("KS213", "Workspace")
def gpus_have_room_for_context(case: Case) -> Iterator[Found]:
    """The free GPU memory reaches the context asked for, and some thousand tokens otherwise."""
    answer = _answer(case)
    for problem in answer[1] if answer else ():
        if problem.code == "KS213":
            path = "inference.config" if problem.path == "context" else "resource.instanceType"
            yield Found(path, problem.found, problem.accepted, problem.fix)


@warning("KS293", "Workspace")
def states_have_room(case: Case) -> Iterator[Found]:
    """A model with states (Mamba, Gated DeltaNet) keeps them for as many sequences as vLLM starts with."""
    answer, pair = _answer(case), _sized(case)
    words = read_words(handed_on(case))
    if answer and pair and isinstance(answer[0], Estimate) and not words.flags.get("enforce-eager"):
        text = words.text("max-num-seqs")
        for problem in sequence_problems(of_size(pair[1]), answer[0], int(text) if WHOLE.fullmatch(text) else None):
            yield Found("resource.instanceType", problem.found, problem.accepted, problem.fix)


@warning("KS215", "Workspace")
def count_is_what_happens(case: Case) -> Iterator[Found]:
    """Under vLLM KAITO counts nodes itself, whatever resource.count says."""
    answer = _answer(case)
    if answer and isinstance(answer[0], Estimate) and answer[0].nodes != case.count:
        said = (
            "resource.count says" if isinstance(case.raw.get("resource"), Mapping) and "count" in case.raw["resource"] else "not"
        )
        told = f"{answer[0].nodes} nodes, {said} {case.count}: KAITO counts them itself under vLLM"
        yield Found(
            "resource.instanceType", told, "", "" if answer[0].nodes < case.count else "choose a size with more GPU memory"
        )


@warning("KS214", "Workspace")
def nodes_are_few(case: Case) -> Iterator[Found]:
    """A model that needs more than eight nodes is asked about."""
    answer = _answer(case)
    if answer and isinstance(answer[0], Estimate) and answer[0].nodes > MANY_NODES:
        yield Found(
            "resource.instanceType", f"{answer[0].nodes} nodes for one model", f"at most {MANY_NODES}", "choose a bigger size"
        )


def _size_path(case: Case) -> str:
    return "spec.compute.instanceType" if case.kind == "RAGEngine" else "resource.instanceType"


def _judged_size(case: Case) -> tuple[Problem, ...]:
    """Gives what is wrong with a size that admission takes, or that it does not look at."""
    path = _size_path(case)
    name = case.text(path)
    if not name or (case.env.byo and case.kind == "Workspace"):
        return ()
    if case.kind == "RAGEngine" and name.lower().startswith(CPU_SIZES):
        return ()
    checked = case.kind == "RAGEngine" or serves(case)
    if checked and not admitted_size(name, case.env) and not case.owner:
        return ()
    return tuple(replace(problem, path=path) for problem in _problems(name, case.env.cloud, path))


@lru_cache(maxsize=4096)
def _problems(name: str, cloud: str, path: str) -> tuple[Problem, ...]:
    return size_problems(name, cloud if cloud in CLOUDS else None, path)


@warning("KS201", "Workspace", "RAGEngine")
def size_is_known(case: Case) -> Iterator[Found]:
    """The size is in KAITO's table: others of Azure's are let through by their first letters, and tuning is not checked."""
    for problem in _judged_size(case):
        if problem.code == "KS201":
            yield Found(problem.path, problem.found[:300], problem.accepted, problem.fix[:300])


@warning("KS211", "Workspace", "RAGEngine")
def size_gets_ready(case: Case) -> Iterator[Found]:
    """The size is written in its own case, is sold under its name, and has GPUs that KAITO's pods can ask for."""
    for problem in _judged_size(case):
        if problem.code == "KS211":
            yield Found(problem.path, problem.found[:300], problem.accepted, problem.fix[:300])
