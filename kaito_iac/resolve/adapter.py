"""Resolves the LoRA adapters of a served model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from kaito_iac.kinds.manifest import write
from kaito_iac.kinds.nested import AdapterArgs
from kaito_iac.kinds.rows import keys_of
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_subdomain, is_number, shown, some_text
from kaito_iac.spelling import pythonic


def resolve_adapters(reader: Reader) -> tuple[Any, ...]:
    """Read the argument `adapters` as KAITO takes them; problems go to the reader.

    An adapter may be an Output, such as that of a KaitoTuning: it is checked when it is known, and stays an Output.
    """
    found = [_adapter(reader, f"adapters[{index}]", item) for index, item in enumerate(reader.items("adapters"))]
    return tuple(_stand_in(index) if adapter is None else adapter for index, adapter in enumerate(found))


def _stand_in(index: int) -> dict[str, Any]:
    """Return what stands for an adapter that cannot be read, so that the rules see the others in their places."""
    return {"source": {"name": f"unread-{index}", "image": "example.com/unread:1"}}


def _adapter(reader: Reader, key: str, item: Any) -> Any:
    if isinstance(item, pulumi.Output):
        checked = reader.checked(reader.path(key), item, lambda _, value: _first_problem(key, value), as_manifest=_as_manifest)
        return checked.apply(_as_manifest)
    if not isinstance(item, Mapping):
        reader.add(Problem("KS102", reader.path(key), shown(item), "a mapping with name and image or volume"))
        return None
    return _read(reader, key, item)


def _as_manifest(value: Any) -> Any:
    return _read(Reader({}, ()), "adapters", value)


def _first_problem(key: str, value: Any) -> Problem | None:
    reader = Reader({}, ())
    if not isinstance(value, Mapping):
        return Problem("KS102", key, shown(value), "a mapping with name and image or volume")
    _read(reader, key, value)
    return reader.problems[0] if reader.problems else None


def _read(reader: Reader, key: str, item: Mapping[str, Any]) -> dict[str, Any] | None:
    inner = reader.inner(key, AdapterArgs, args=pythonic(item, keys_of(AdapterArgs)))
    name = inner.text("name", "the adapter's name", required=True)
    inner.add(dns_subdomain(inner.path("name"), name) if name else None)
    strength = inner.args.get("strength")
    if strength is not None and not isinstance(strength, str) and not is_number(strength):
        inner.add(Problem("KS102", inner.path("strength"), shown(strength), "a number from 0 to 1"))
    values = {
        "name": name,
        "image": inner.late("image", some_text),
        "volume": inner.manifest("volume"),
        "image_pull_secrets": inner.words("image_pull_secrets") or None,
        "strength": None if strength is None else str(strength),
    }
    reader.take(inner)
    return None if inner.problems else write(AdapterArgs, values)
