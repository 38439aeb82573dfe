"""What KAITO refuses of the adapters of a preset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kaito_iac.admission.case import Case, known_preset
from kaito_iac.admission.inference import _was_inference
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.admission.source import image_of
from kaito_iac.admission.vocabulary import MOST_ADAPTERS
from kaito_iac.kubernetes.names import is_image, is_share, is_subdomain


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
                message = f"'{name[:80]}'" if name else "missing"
                yield Found(f"inference.adapters[{index}].source.name", message, "lower-case letters, digits, hyphens and dots")


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


@rule("KS220", "Workspace", on="update")
def adapter_strength_is_a_share(case: Case) -> Iterator[Found]:
    """On update an adapter's strength is a number from 0 to 1."""
    if _was_inference(case):
        for index, adapter in enumerate(case.adapters):
            strength = adapter.get("strength")
            if strength is not None and adapter.get("source") is not None and not is_share(strength):
                yield Found(f"inference.adapters[{index}].strength", f"'{str(strength)[:40]}'", "a number from 0 to 1, as text")


@warning("KS234", "Workspace")
def adapters_pass_the_next_update(case: Case) -> Iterator[Found]:
    """Adapters meet from the start what KAITO checks only on update: a name, an image or volume, a strength from 0 to 1."""
    for index, adapter in enumerate(case.adapters if case.creates else ()):
        path, strength = f"inference.adapters[{index}]", adapter.get("strength")
        source = adapter.get("source") if isinstance(adapter.get("source"), Mapping) else None
        if strength is not None and not is_share(strength):
            yield Found(
                f"{path}.strength", f"'{str(strength)[:40]}'; KAITO checks it only on update", "a number from 0 to 1, as text"
            )
        if source is not None and (source.get("urls") or bool(source.get("image")) == (source.get("volumeSource") is not None)):
            yield Found(
                f"{path}.source", "not exactly one of image and volumeSource; KAITO checks it only on update", "one of them"
            )
        if source is not None and source.get("image") and not is_image(str(source["image"])):
            yield Found(f"{path}.source.image", f"'{str(source['image'])[:80]}' is no image reference", "registry/path/name:tag")
        name = "" if source is None else str(source.get("name") or "")
        if source is not None and not is_subdomain(name):
            message = f"'{name[:80]}'" if name else "missing"
            yield Found(
                f"{path}.source.name",
                f"{message}; KAITO checks it only on update",
                "lower-case letters, digits, hyphens and dots",
            )
