"""Resolves the LoRA adapters of a served model, by the rules KAITO checks only when it is too late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from kaito_iac.admission.vocabulary import MOST_ADAPTERS
from kaito_iac.kinds.nested import AdapterArgs
from kaito_iac.kinds.rows import keys_of
from kaito_iac.kubernetes.names import is_share
from kaito_iac.problem import Problem
from kaito_iac.resolve.kubernetes_part import part_problems
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_subdomain, image, is_number, shown
from kaito_iac.spelling import pythonic


def resolve_adapters(reader: Reader, runtime: str) -> tuple[Any, ...]:
    """Resolve the argument `adapters`; problems go to the reader.

    An adapter may be an Output, such as that of a KaitoTuning: it is checked when it is known, and stays an Output.
    """
    items = reader.items("adapters")
    if len(items) > MOST_ADAPTERS:
        reader.add(Problem("KS220", "adapters", f"{len(items)} adapters", f"at most {MOST_ADAPTERS}"))
    adapters = [_adapter(reader, index, item, runtime) for index, item in enumerate(items)]
    names = [adapter["source"]["name"] for adapter in adapters if isinstance(adapter, Mapping)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        reader.add(Problem("KS220", "adapters", f"name '{name}' more than once", "every name once"))
    return tuple(adapter for adapter in adapters if adapter is not None)


def _adapter(reader: Reader, index: int, item: Any, runtime: str) -> Any:
    key = f"adapters[{index}]"
    path = reader.path(key)
    if isinstance(item, pulumi.Output):
        return reader.checked(path, item, lambda where, value: _first_problem(key, value, runtime)).apply(
            lambda value: _read(Reader({}, ()), key, value, runtime)
        )
    if not isinstance(item, Mapping):
        reader.add(Problem("KS102", path, shown(item), "a mapping with name and image or volume"))
        return None
    return _read(reader, key, item, runtime)


def _first_problem(key: str, value: Any, runtime: str) -> Problem | None:
    reader = Reader({}, ())
    if not isinstance(value, Mapping):
        return Problem("KS102", key, shown(value), "a mapping with name and image or volume")
    _read(reader, key, value, runtime)
    return reader.problems[0] if reader.problems else None


def _read(reader: Reader, key: str, item: Mapping[str, Any], runtime: str) -> dict[str, Any] | None:
    inner = reader.inner(key, keys_of(AdapterArgs), args=pythonic(item, keys_of(AdapterArgs)))
    path = reader.path(key)
    name = inner.text("name", "the adapter's name", required=True)
    inner.add(dns_subdomain(inner.path("name"), name) if name else None)
    if inner.has("image") == inner.has("volume"):
        told = "image and volume" if inner.has("image") else "neither image nor volume"
        inner.add(Problem("KS220", path, told, "exactly one of image and volume"))
    source = {
        "name": name,
        "image": inner.late("image", image("KS220")),
        "volumeSource": inner.mapping("volume") or None,
        "imagePullSecrets": inner.words("image_pull_secrets") or None,
    }
    inner.problems += part_problems("VolumeSource", inner.path("volume"), source["volumeSource"])
    strength = inner.args.get("strength")
    inner.add(_strength_problem(inner.path("strength"), strength, runtime))
    reader.take(inner)
    if inner.problems:
        return None
    adapter: dict[str, Any] = {"source": {key: value for key, value in source.items() if value is not None}}
    return {**adapter, "strength": str(strength)} if strength is not None else adapter


def _strength_problem(path: str, strength: Any, runtime: str) -> Problem | None:
    if strength is None:
        return None
    if runtime == "vllm":
        accepted = "no strength: vLLM has none and KAITO refuses it"
        return Problem("KS206", path, shown(strength), accepted, "leave strength out, or runtime='transformers'")
    good = (isinstance(strength, str) or is_number(strength)) and is_share(str(strength))
    return None if good else Problem("KS220", path, shown(strength), "a number from 0 to 1")
