"""What KAITO refuses of the inference part of a Workspace: preset, pod template, runtime, token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kaito_iac.admission.case import Case, known_preset, preset_kept
from kaito_iac.admission.gpu_request import gpus_found, requests_gpu
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.catalog.find import model_problem
from kaito_iac.catalog.load import models, retired
from kaito_iac.kubernetes.pod import containers_found
from kaito_iac.sizing.fit_problems import token_problem

TOKEN: Final = "inference.preset.presetOptions.modelAccessSecret"


@rule("KS318", "Workspace", on="create")
def preset_or_template(case: Case) -> Iterator[Found]:
    """Inference has exactly one of preset and template."""
    if case.get("inference") is not None:
        given = [key for key in ("preset", "template") if case.get(f"inference.{key}") is not None]
        if len(given) != 1:
            message = "both preset and template" if given else "neither preset nor template"
            yield Found("inference.template" if given else "inference", message, "exactly one of them")


def _unknown(name: str, path: str) -> Found:
    problem = model_problem(name, path)
    gone = name.strip().lower() in retired()
    found = f"'{name[:80]}' is retired" if gone else f"'{name[:80]}' is not a preset of KAITO 0.12"
    return Found(path, found, "a name from `kaito-iac models`, or organisation/model", problem.fix[:300])


@rule("KS319", "Workspace", on="create")
def preset_is_known(case: Case) -> Iterator[Found]:
    """A preset is one of KAITO's older short names, or of the form organisation/model."""
    if case.preset is not None and not known_preset(case.preset):
        yield _unknown(case.preset, "inference.preset.name")


@rule("KS326", "Workspace", on="create", versions=("v1alpha1",))
def old_presets_crash(case: Case) -> Iterator[Found]:
    """At v1alpha1 every preset that KAITO knows crashes its webhook, so that the API server refuses the object."""
    if case.preset is not None and known_preset(case.preset):
        yield Found(
            "inference.preset",
            "a preset at v1alpha1: KAITO's webhook crashes over it",
            "apiVersion kaito.sh/v1beta1",
            "write apiVersion: kaito.sh/v1beta1",
        )


def transformers_names() -> frozenset[str]:
    """Return the names, last segments alone, that KAITO has a transformers command for."""
    return frozenset(
        name.lower() for card in models().values() if "transformers" in card.runtimes for name in (card.name, *card.aliases)
    )


@rule("KS219", "Workspace", on="create", versions=("v1beta1",))
def runtime_is_supported(case: Case) -> Iterator[Found]:
    """The runtime transformers is for the models that KAITO has a transformers command for."""
    if case.preset is None or case.runtime != "transformers" or not known_preset(case.preset):
        return
    card = case.card
    good = "transformers" in card.runtimes if card else case.preset.rpartition("/")[2].lower() in _TRANSFORMERS
    if not good:
        yield Found(
            "metadata.annotations[kaito.sh/runtime]",
            f"transformers, which KAITO 0.12 does not run {case.preset[:80]} with",
            "vllm",
            "remove the annotation kaito.sh/runtime",
        )


def _was_inference(case: Case) -> bool:
    """Return whether the adapters of an update are looked at: KAITO leaves them when inference is only now added."""
    return case.old is not None and (case.old.get("inference") is not None)


@rule("KS325", "Workspace", on="update")
def preset_stays(case: Case) -> Iterator[Found]:
    """inference.preset is immutable with all its options."""
    if case.get("inference") is not None and _was_inference(case):
        assert case.old is not None
        if preset_kept(case.get("inference.preset")) != preset_kept(case.old.get("inference.preset")):
            yield Found("inference.preset", "changed", "what it was: it is immutable", "delete the Workspace and create another")


@rule("KS325", "Workspace", on="update")
def template_stays(case: Case) -> Iterator[Found]:
    """inference.template is not added or removed; its contents may change."""
    if case.get("inference") is not None and _was_inference(case):
        assert case.old is not None
        if (case.get("inference.template") is None) != (case.old.get("inference.template") is None):
            yield Found("inference.template", "added or removed", "what it was", "delete the Workspace and create another")


@warning("KS204", "Workspace")
def gated_model_has_a_token(case: Case) -> Iterator[Found]:
    """A gated model has presetOptions.modelAccessSecret; KAITO does not ask for it, and the download fails on paid nodes."""
    local = case.annotations.get("kaito.sh/use-local-weights") == "true"
    if case.card and case.card.gated is True and not case.text(TOKEN) and not local:
        problem = token_problem(case.card, TOKEN, "a Secret with the key HF_TOKEN")
        if problem:
            yield Found(TOKEN, problem.found, problem.accepted, problem.fix)


@warning("KS237", "Workspace")
def containers_are_complete(case: Case) -> Iterator[Found]:
    """A pod template has containers with names and images."""
    template = case.get("inference.template")
    for where, found, accepted in containers_found(template) if isinstance(template, Mapping) else ():
        yield Found(("inference", "template", *where), found, accepted)


@warning("KS296", "Workspace")
def own_containers_ask_for_gpus(case: Case) -> Iterator[Found]:
    """A container of your own pod template requests GPUs that a node has: otherwise the node's GPUs stay unused."""
    template = case.get("inference.template")
    if not isinstance(template, Mapping):
        return
    whole = case.size is not None and case.size.schedulable and case.partition is None and not case.env.byo
    for found, accepted, fix in gpus_found(template, case.size.gpus if case.size is not None and whole else None):
        yield Found("inference.template", found, accepted, fix)
    if not requests_gpu(template):
        message = "no container requests a GPU: the node's GPUs stay unused"
        fix = "resources.limits: {nvidia.com/gpu: 1} in the container that computes"
        yield Found("inference.template", message, "a limit of nvidia.com/gpu", fix)


_TRANSFORMERS: Final = transformers_names()
