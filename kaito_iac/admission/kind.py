"""Distinguishes objects of KAITO from others, also where apiVersion or kind is not quite right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kaito_iac.kubernetes.schema import kinds

_KEYS: Final = frozenset({"resource", "inference", "tuning", "spec"})


def is_kaito(kind: str, version: str) -> bool:
    """Return whether an object is one of KAITO's: of its group, or of its kinds in a group that is called after it."""
    group = version.rpartition("/")[0]
    return group == "kaito.sh" or ("kaito" in group and kind.lower() in _known())


def is_meant(kind: str, version: str, keys: Iterable[str]) -> bool:
    """Return whether an object without a group, such as one of `v1beta1` alone, has a kind and keys of KAITO's."""
    return "/" not in version and kind.lower() in _known() and not _KEYS.isdisjoint(keys)


def _known() -> set[str]:
    return {name.lower() for name in kinds()}
