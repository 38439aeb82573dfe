"""What KAITO and vLLM refuse of the ConfigMap with the settings of the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import NoneType
from typing import Final

from kaito_iac.admission.case import Case, asked_once
from kaito_iac.admission.config_map import data_of, lacking, text_of
from kaito_iac.admission.engine_together import Wrong
from kaito_iac.admission.engine_value import judge_arguments, secrets_found
from kaito_iac.admission.engine_words import read_words
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.admission.vocabulary import UNREAD_CONFIG, WHOLE
from kaito_iac.catalog.judged_release import judged_release
from kaito_iac.catalog.label import INFERENCE_KEY
from kaito_iac.kubernetes.builder import Dialect
from kaito_iac.kubernetes.document import Unreadable, read_one
from kaito_iac.kubernetes.scalar import as_python, tagged
from kaito_iac.sizing.fit_problems import limit_accepted

AS_FITS: Final = -1
"""max-model-len that vLLM takes for as much as there is room for, like `auto`."""


@asked_once
def inference_config(case: Case) -> str:
    """Return the name of the ConfigMap that admission reads for inference; empty: none."""
    if case.get("inference") is None or case.runtime != "vllm":
        return ""
    return case.text("inference.config") or ("" if case.version == "v1beta1" else "inference-params-template")


def _config_namespace(case: Case) -> str:
    return case.namespace if case.text("inference.config") else case.env.release_namespace


@rule("KS320", "Workspace", on="create")
def inference_config_is_there(case: Case) -> Iterator[Found]:
    """Under vLLM inference.config names a ConfigMap of the same namespace with the key inference_config.yaml."""
    if name := inference_config(case):
        yield from lacking(case, _config_namespace(case), name, INFERENCE_KEY, "inference.config")


@asked_once
def engine_arguments(case: Case, resolve: Callable[[str], str | None] | None = None) -> Mapping[str, str] | Unreadable | None:
    """Return the arguments of vLLM as text; None: not known; Unreadable: no YAML that KAITO reads."""
    text = text_of(case, _config_namespace(case), inference_config(case), INFERENCE_KEY)
    return None if text is None else _read(text, resolve or _as_written)


@lru_cache(maxsize=512)
def _read(text: str, resolve: Callable[[str], str | None]) -> Mapping[str, str] | Unreadable:
    """Return the arguments of a text, which several rules ask for."""
    try:
        top = read_one(text, Dialect(plain=resolve, tagged=tagged)).data
    except Unreadable as error:
        return error
    found = top.get("vllm") if isinstance(top, dict) else None
    if not isinstance(top, dict | NoneType) or not isinstance(found, dict | NoneType):
        return Unreadable(1, "no mapping")
    if isinstance(found, dict) and any(isinstance(value, dict | list) for value in found.values()):
        return Unreadable(1, "vllm is no flat mapping")
    return found if isinstance(found, dict) else {}


def _as_written(text: str) -> str | None:
    return None if text in ("", "~", "null", "Null", "NULL") else text


@asked_once
def handed_on(case: Case) -> Mapping[str, str]:
    """Return the arguments of vLLM with their values as KAITO's server hands them on: what Python prints of what YAML says."""
    found = engine_arguments(case, _printed)
    return {str(key): "None" if value is None else value for key, value in found.items()} if isinstance(found, Mapping) else {}


def _printed(text: str) -> str:
    return str(as_python(text))


@rule("KS320", "Workspace", on="create")
def inference_config_is_flat_yaml(case: Case) -> Iterator[Found]:
    """inference_config.yaml is YAML whose `vllm` is a flat mapping."""
    found = engine_arguments(case)
    if isinstance(found, Unreadable):
        yield Found(
            "inference.config",
            f"{INFERENCE_KEY} cannot be read: line {found.line}: {found.reason[:120]}",
            "YAML with a flat mapping `vllm`",
        )


@rule("KS203", "Workspace", on="create", versions=("v1beta1",))
def context_is_in_limit(case: Case) -> Iterator[Found]:
    """max-model-len is a whole number of at most the model's limit."""
    found = engine_arguments(case)
    if not isinstance(found, Mapping) or case.card is None:
        return
    text = str(found.get("max-model-len") or "").strip()
    if text and not WHOLE.fullmatch(text):
        yield Found("inference.config", f"max-model-len '{text[:40]}'", "a whole number")
    elif text and int(text) > case.card.max_context_tokens:
        yield Found("inference.config", f"max-model-len {text}", limit_accepted(case.card))


@rule("KS320", "Workspace", on="create", versions=("v1alpha1",))
def old_config_needs_context(case: Case) -> Iterator[Found]:
    """At v1alpha1 max-model-len is needed for several nodes, and for several GPUs of less than 20 GiB each."""
    found, size = engine_arguments(case), case.size
    small = size is not None and size.gpus > 1 and size.gpu_memory_per_gpu_gib < 20
    if isinstance(found, Mapping) and (small or case.count > 1) and not found.get("max-model-len"):
        yield Found("inference.config", f"{INFERENCE_KEY} has no max-model-len", "max-model-len under vllm")


@warning("KS235", "Workspace")
def settings_are_read(case: Case) -> Iterator[Found]:
    """Admission does not check a ConfigMap under transformers: it exists, has its key, and a context above 0."""
    name = case.text("inference.config")
    data, cluster = data_of(case, case.namespace, name), case.env.cluster
    if name and case.runtime == "transformers":
        if data is None and cluster.complete:
            yield Found(
                "inference.config", f"ConfigMap '{name[:80]}' is not there; admission reads it only under vLLM", "one that is"
            )
        elif data is not None and INFERENCE_KEY not in data:
            yield Found("inference.config", f"ConfigMap '{name[:80]}' has no key {INFERENCE_KEY}", "one that has")
        elif data is not None and "max-model-len" in str(data.get(INFERENCE_KEY)):
            yield Found("inference.config", "max-model-len is for vLLM, but the runtime is transformers", "vllm")
    found = engine_arguments(case)
    text = str(found.get("max-model-len", "") or "").strip() if isinstance(found, Mapping) else ""
    if WHOLE.fullmatch(text) and int(text) <= 0 and int(text) != AS_FITS:
        yield Found("inference.config", f"max-model-len {text}", "a positive number of tokens")


def _wrong(case: Case, code: str) -> Iterator[Found]:
    return (_found_of(wrong) for wrong in _wrong_arguments(case) if wrong.code == code)


@asked_once
def _wrong_arguments(case: Case) -> tuple[Wrong, ...]:
    entries = tuple(handed_on(case).items())
    return _answers(entries, judged_release()) if entries else ()


@lru_cache(maxsize=512)
def _answers(entries: tuple[tuple[str, str], ...], release: str) -> tuple[Wrong, ...]:
    """Return what is wrong with the arguments, for the release that is judged by."""
    return tuple(judge_arguments(dict(entries)))


def _found_of(wrong: Wrong) -> Found:
    key = wrong.key[:80]
    return Found("inference.config", f"{key}: {wrong.found}", wrong.accepted, wrong.fix, inside=("vllm", key))


@warning("KS228", "Workspace", on="create")
def engine_arguments_are_known(case: Case) -> Iterator[Found]:
    """Every argument under `vllm` is one that the vLLM of the KAITO release has; it ends with an error over any other."""
    return _wrong(case, "KS228")


@warning("KS290", "Workspace", on="create")
def switches_are_handed_on(case: Case) -> Iterator[Found]:
    """At most one switch of vLLM has a value, and not one that means off: KAITO passes every value as a separate word."""
    return _wrong(case, "KS290")


@warning("KS291", "Workspace", on="create")
def engine_values_are_taken(case: Case) -> Iterator[Found]:
    """Every value under `vllm` is one that its argument accepts: a number, one of its choices, JSON with known keys."""
    return _wrong(case, "KS291")


@warning("KS291", "Workspace", on="create")
def tools_have_a_parser(case: Case) -> Iterator[Found]:
    """enable-auto-tool-choice needs a tool-call-parser: that of the settings, or the one that KAITO gives to the model."""
    words = read_words(handed_on(case))
    if words.flags.get("enable-auto-tool-choice") and case.card and not (case.card.tool_parser or words.text("tool-call-parser")):
        key = words.keys["enable-auto-tool-choice"]
        message = f"{key}: without tool-call-parser, of which KAITO gives none to {case.card.name}: vLLM ends with an error"
        yield Found("inference.config", message, "tool-call-parser beside it", "add one, or remove it", inside=("vllm", key))


@warning("KS292", "Workspace", on="create")
def engine_arguments_are_spelt_in_full(case: Case) -> Iterator[Found]:
    """Arguments under `vllm` are written in full and with hyphens: KAITO reads no other spelling, though vLLM does."""
    return _wrong(case, "KS292")


@warning("KS203", "Workspace", on="create")
def context_is_in_limit_however_spelt(case: Case) -> Iterator[Found]:
    """A context that admission does not see because of its spelling is within the model's limit too: vLLM fails otherwise."""
    words = read_words(handed_on(case))
    key, tokens = words.keys.get("max-model-len", ""), words.whole("max-model-len")
    if key == "max-model-len" or tokens is None or case.card is None or tokens <= case.card.max_context_tokens:
        return
    yield Found(
        "inference.config", f"{key} {words.text('max-model-len')}, over which vLLM ends with an error", limit_accepted(case.card)
    )


@warning("KS221", "Workspace", on="create")
def engine_arguments_are_public(case: Case) -> Iterator[Found]:
    """No argument under `vllm` is a secret: everyone with read access to ConfigMaps would see it."""
    yield from map(_found_of, secrets_found(handed_on(case)))


@warning("KS231", "Workspace")
def transformers_reads_no_config(case: Case) -> Iterator[Found]:
    """The runtime transformers gets no configuration: KAITO 0.12 passes inference.config only to vLLM."""
    if case.text("inference.config") and case.runtime == "transformers":
        yield Found("inference.config", UNREAD_CONFIG, "no config", "remove it, or the annotation kaito.sh/runtime")
