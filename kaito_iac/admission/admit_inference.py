"""What KAITO refuses of the inference part of a Workspace: preset, runtime, adapters, settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.admission.case import Case, known_preset
from kaito_iac.admission.rule import Found, rule
from kaito_iac.admission.vocabulary import MOST_ADAPTERS
from kaito_iac.catalog.find import model_problem
from kaito_iac.catalog.load import models, retired
from kaito_iac.kubernetes.names import is_image, is_share, is_subdomain, source_problem


@rule("KS318", "Workspace", on="create")
def preset_or_template(case: Case) -> Iterator[Found]:
    """Inference has exactly one of preset and template."""
    if case.get("inference") is not None:
        given = [key for key in ("preset", "template") if case.get(f"inference.{key}") is not None]
        if len(given) != 1:
            told = "both preset and template" if given else "neither preset nor template"
            yield Found("inference.template" if given else "inference", told, "exactly one of them")


def _unknown(name: str, path: str) -> Found:
    told = model_problem(name, path)
    gone = name.strip().lower() in retired()
    found = f"'{name[:80]}' is retired" if gone else f"'{name[:80]}' is no preset KAITO 0.12 knows"
    return Found(path, found, "a name from `kaito-iac models`, or organisation/model", told.fix[:300])


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
    """Gives the names, last segments alone, that KAITO has a transformers command for."""
    return frozenset(
        name.lower() for card in models().values() if "transformers" in card.runtimes for name in (card.name, *card.aliases)
    )


_TRANSFORMERS: Final = transformers_names()


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


@rule("KS206", "Workspace", on="create", versions=("v1beta1",))
def strength_needs_transformers(case: Case) -> Iterator[Found]:
    """Under vLLM no adapter of a preset has a strength."""
    if case.preset is not None and known_preset(case.preset) and case.runtime == "vllm":
        for index, adapter in enumerate(case.adapters):
            if adapter.get("strength") is not None:
                yield Found(f"inference.adapters[{index}].strength", "a strength under vLLM", "no strength", "remove it")


@rule("KS220", "Workspace", on="create")
def few_adapters(case: Case) -> Iterator[Found]:
    """At most ten adapters."""
    if len(case.adapters) > MOST_ADAPTERS and _goes_on(case):
        yield Found("inference.adapters", f"{len(case.adapters)} adapters", f"at most {MOST_ADAPTERS}")


def _goes_on(case: Case) -> bool:
    return case.preset is None or known_preset(case.preset)


@rule("KS220", "Workspace")
def adapters_have_sources(case: Case) -> Iterator[Found]:
    """Every adapter has a source; without one KAITO's webhook crashes and the API server refuses the object."""
    if _goes_on(case) or not case.creates:
        for index, adapter in enumerate(case.adapters):
            if adapter.get("source") is None:
                yield Found(f"inference.adapters[{index}].source", "missing", "an image or a volume")


@rule("KS220", "Workspace")
def adapter_names_differ(case: Case) -> Iterator[Found]:
    """No two adapters have the same source name."""
    if _goes_on(case) or not case.creates:
        names = Counter(str(_source(adapter).get("name", "")) for adapter in case.adapters if adapter.get("source") is not None)
        for name, times in sorted(names.items()):
            if times > 1:
                yield Found("inference.adapters", f"the name '{name[:80]}' {times} times", "every name once")


def _source(adapter: Mapping[str, Any]) -> Mapping[str, Any]:
    found = adapter.get("source")
    return found if isinstance(found, Mapping) else {}


@rule("KS220", "Workspace", on="update")
def adapter_name_is_given(case: Case) -> Iterator[Found]:
    """On update every adapter has a name that is a DNS subdomain."""
    if _was_inference(case):
        for index, adapter in enumerate(case.adapters):
            name = str(_source(adapter).get("name", ""))
            if adapter.get("source") is not None and not is_subdomain(name):
                told = f"'{name[:80]}'" if name else "missing"
                yield Found(f"inference.adapters[{index}].source.name", told, "lower-case letters, digits, hyphens and dots")


def _was_inference(case: Case) -> bool:
    """Tells whether the adapters of an update are looked at: KAITO leaves them when inference is only now added."""
    return case.old is not None and (case.old.get("inference") is not None)


@rule("KS220", "Workspace", on="update")
def adapter_comes_from_image_or_volume(case: Case) -> Iterator[Found]:
    """On update every adapter comes from exactly one image or volume, and from no addresses."""
    if _was_inference(case):
        for index, adapter in enumerate(case.adapters):
            source, path = _source(adapter), f"inference.adapters[{index}].source"
            if adapter.get("source") is None:
                continue
            if source.get("urls"):
                yield Found(f"{path}.urls", "addresses", "an image or a volume")
            elif bool(source.get("image")) == (source.get("volumeSource") is not None):
                yield Found(
                    path, "both image and volume" if source.get("image") else "neither image nor volume", "exactly one of them"
                )
            yield from image_of(source, path)


def image_of(source: Mapping[str, Any], path: str) -> Iterator[Found]:
    """Says that the image of a source is no image reference."""
    image = source.get("image")
    if isinstance(image, str) and image and not is_image(image):
        yield Found(f"{path}.image", f"'{image[:80]}' is no image reference", "registry/path/name:tag, in lower case")


@rule("KS220", "Workspace", on="update")
def adapter_strength_is_a_share(case: Case) -> Iterator[Found]:
    """On update an adapter's strength is a number from 0 to 1."""
    if _was_inference(case):
        for index, adapter in enumerate(case.adapters):
            strength = adapter.get("strength")
            if strength is not None and adapter.get("source") is not None and not is_share(strength):
                yield Found(f"inference.adapters[{index}].strength", f"'{str(strength)[:40]}'", "a number from 0 to 1, as text")


@rule("KS325", "Workspace", on="update")
def preset_stays(case: Case) -> Iterator[Found]:
    """inference.preset is immutable with all its options."""
    if case.get("inference") is not None and _was_inference(case):
        assert case.old is not None
        if preset_kept(case.get("inference.preset")) != preset_kept(case.old.get("inference.preset")):
            yield Found("inference.preset", "changed", "what it was: it is immutable", "delete the Workspace and create another")


def preset_kept(preset: Any) -> Any:
    """Gives a preset as KAITO decodes it: what is empty is not there; an empty list of secrets is."""
    if not isinstance(preset, Mapping):
        return None
    options = {key: value for key, value in (preset.get("presetOptions") or {}).items() if value != ""}
    rest = {key: value for key, value in preset.items() if key != "presetOptions" and value != ""}
    return {**rest, "presetOptions": options}


@rule("KS325", "Workspace", on="update")
def template_stays(case: Case) -> Iterator[Found]:
    """inference.template is not added or removed; its contents may change."""
    if case.get("inference") is not None and _was_inference(case):
        assert case.old is not None
        if (case.get("inference.template") is None) != (case.old.get("inference.template") is None):
            yield Found("inference.template", "added or removed", "what it was", "delete the Workspace and create another")


@rule("KS326", "Workspace", on="update", versions=("v1alpha1",))
def old_toggle_crashes(case: Case) -> Iterator[Found]:
    """At v1alpha1 adding inference or tuning crashes KAITO's webhook, so that the API server refuses the object."""
    assert case.old is not None
    for key in ("inference", "tuning"):
        if case.get(key) is not None and case.old.get(key) is None:
            yield Found(key, "added to an object that had none", "what it was")


def source_found(source: Mapping[str, Any], path: str, *, addresses: bool = True) -> Iterator[Found]:
    """Says what KAITO refuses of a source of data: its addresses, its image, and how many there are."""
    urls = source.get("urls") or []
    for index, url in enumerate(urls if addresses else ()):
        if isinstance(url, str) and (told := source_problem(url)):
            yield Found(f"{path}.urls[{index}]", f"'{url[:80]}' is {told}", "an http or https address outside the cluster")
    yield from image_of(source, path)
    given = [
        key
        for key, there in (
            ("urls", urls),
            ("image", source.get("image")),
            ("volumeSource", source.get("volumeSource") is not None),
        )
        if there
    ]
    if len(given) != 1:
        yield Found(path, " and ".join(given) or "no source", "exactly one of urls, volumeSource and image")
