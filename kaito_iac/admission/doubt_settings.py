"""What KAITO admits of the configuration of an engine or a training although it cannot work, or is not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kaito_iac.admission.admit_settings import data_of, engine_arguments, handed_on, output_dir, section
from kaito_iac.admission.case import Case
from kaito_iac.admission.engine_argument import is_secret
from kaito_iac.admission.engine_value import judge_arguments
from kaito_iac.admission.engine_words import read_words
from kaito_iac.admission.rule import Found, warning
from kaito_iac.admission.training import FOLDER, SECTIONS, folder_is_admitted, folder_works, unknown_field
from kaito_iac.admission.vocabulary import UNREAD_CONFIG, WHOLE
from kaito_iac.catalog.label import INFERENCE_KEY


@warning("KS235", "Workspace")
def settings_are_read(case: Case) -> Iterator[Found]:
    """A ConfigMap under transformers is not checked by admission: it is there, has its key, and a context of more than 0."""
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
    if WHOLE.fullmatch(text) and int(text) <= 0:
        yield Found("inference.config", f"max-model-len {text}", "a positive number of tokens")


@warning("KS235", "Workspace")
def output_stays_in_its_volume(case: Case) -> Iterator[Found]:
    """TrainingArguments.output_dir is below /mnt; admission compares only the first letters of the path."""
    found = output_dir(case)
    if isinstance(found, str) and folder_is_admitted(found) and not folder_works(found):
        yield Found("tuning.config", f"output_dir '{found[:80]}' leads out of /mnt, or is /mnt itself", FOLDER)


@warning("KS226", "Workspace", on="create")
def training_fields_exist(case: Case) -> Iterator[Found]:
    """Every field of a training configuration is one of its class: the job ends with an error over any other."""
    for name in SECTIONS:
        fields = section(case, name)
        for field in fields if isinstance(fields, dict) else ():
            if wrong := unknown_field(name, str(field)):
                yield Found("tuning.config", f"{name}.{str(field)[:60]}: {wrong.found}", wrong.accepted, wrong.fix)


def _wrong(case: Case, code: str) -> Iterator[Found]:
    for wrong in judge_arguments(handed_on(case)):
        if wrong.code == code:
            yield Found("inference.config", f"{wrong.key[:80]}: {wrong.found}", wrong.accepted, wrong.fix)


@warning("KS228", "Workspace", on="create")
def engine_arguments_are_known(case: Case) -> Iterator[Found]:
    """Every argument under `vllm` is one that the vLLM of the KAITO release has; it ends with an error over any other."""
    yield from _wrong(case, "KS228")


@warning("KS290", "Workspace", on="create")
def switches_are_handed_on(case: Case) -> Iterator[Found]:
    """At most one switch of vLLM has a value, and not one that means off: KAITO hands every value on as a word of its own."""
    yield from _wrong(case, "KS290")


@warning("KS291", "Workspace", on="create")
def engine_values_are_taken(case: Case) -> Iterator[Found]:
    """Every value under `vllm` is one that its argument takes: a number, a word of its list, JSON with keys it has."""
    yield from _wrong(case, "KS291")


@warning("KS292", "Workspace", on="create")
def engine_arguments_are_spelt_in_full(case: Case) -> Iterator[Found]:
    """Arguments under `vllm` are written in full and with hyphens: KAITO reads no other spelling, though vLLM does."""
    yield from _wrong(case, "KS292")


@warning("KS203", "Workspace", on="create")
def context_is_in_limit_however_spelt(case: Case) -> Iterator[Found]:
    """A context that admission does not see, for its spelling, is within the model's limit all the same: vLLM ends otherwise."""
    words = read_words(handed_on(case))
    key, text = words.keys.get("max-model-len", ""), words.text("max-model-len")
    if key == "max-model-len" or not WHOLE.fullmatch(text) or case.card is None or int(text) <= case.card.max_context_tokens:
        return
    accepted = f"at most {case.card.max_context_tokens}, the limit of {case.card.id}"
    yield Found("inference.config", f"{key} {text}, over which vLLM ends with an error", accepted)


@warning("KS221", "Workspace", on="create")
def engine_arguments_are_public(case: Case) -> Iterator[Found]:
    """No argument under `vllm` is a secret: everybody who may read ConfigMaps would know it."""
    found = engine_arguments(case)
    for name in sorted(found) if isinstance(found, Mapping) else ():
        if is_secret(str(name).replace("_", "-")):
            yield Found(
                "inference.config", f"{str(name)[:60]}: a secret in a ConfigMap", "no secret", "put authentication in front"
            )


@warning("KS231", "Workspace")
def transformers_reads_no_config(case: Case) -> Iterator[Found]:
    """The runtime transformers gets no configuration: KAITO 0.12 hands inference.config to vLLM alone."""
    if case.text("inference.config") and case.runtime == "transformers":
        yield Found("inference.config", UNREAD_CONFIG, "no config", "remove it, or the annotation kaito.sh/runtime")
