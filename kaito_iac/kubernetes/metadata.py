"""What Kubernetes itself refuses of the metadata of any object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.kubernetes.names import is_label, is_label_key, is_label_value, is_subdomain
from kaito_iac.kubernetes.schema import Found, Path, shown
from kaito_iac.kubernetes.types import decode

MOST_BYTES: Final = 256 * 1024
"""Annotations of an object together, bytes."""


def metadata_found(manifest: Mapping[str, Any], namespaced: bool) -> Iterator[Found]:
    """Return what is wrong with the metadata of a manifest: types first, then names, labels and annotations."""
    metadata = manifest.get("metadata")
    wrong = list(decode("ObjectMeta", metadata, ("metadata",), unknown=False))
    if wrong:
        yield from wrong
        return
    given = metadata if isinstance(metadata, Mapping) else {}
    yield from _names(given, namespaced)
    yield from labels_found(given.get("labels") or {}, ("metadata", "labels"))
    annotations = given.get("annotations") or {}
    for key in annotations:
        if not is_label_key(key.lower()):
            yield (
                ("metadata", "annotations", key),
                "a key that Kubernetes refuses",
                "a name, with a DNS prefix and a slash if needed",
            )
    if sum(len(key) + len((value or "").encode(errors="replace")) for key, value in annotations.items()) > MOST_BYTES:
        yield ("metadata", "annotations"), "annotations of more than 256 KiB", "at most 256 KiB"
    for index, name in enumerate(given.get("finalizers") or ()):
        if not is_label_key(name or ""):
            yield ("metadata", "finalizers", index), shown(name), "a qualified name"
    yield from _owners(given.get("ownerReferences") or ())


def _names(given: Mapping[str, Any], namespaced: bool) -> Iterator[Found]:
    name, prefix = given.get("name") or "", given.get("generateName") or ""
    if not name and not prefix:
        yield ("metadata", "name"), "missing", "a name"
    if name and not is_subdomain(name):
        yield ("metadata", "name"), shown(name), "lower-case letters, digits, hyphens and dots"
    if prefix and not is_subdomain(f"{prefix}x"):
        yield ("metadata", "generateName"), shown(prefix), "lower-case letters, digits, hyphens and dots"
    namespace = given.get("namespace") or ""
    if namespaced and namespace and not is_label(namespace):
        yield ("metadata", "namespace"), shown(namespace), "lower-case letters, digits and hyphens, at most 63 characters"


def labels_found(labels: Mapping[str, Any], path: Path) -> Iterator[Found]:
    """Return the labels that Kubernetes refuses."""
    for key, value in labels.items():
        if not is_label_key(key):
            yield (
                (*path, key),
                "a key that Kubernetes refuses",
                "a name of at most 63 characters, with a DNS prefix and a slash if needed",
            )
        if not is_label_value(value or ""):
            yield (*path, key), shown(value), "at most 63 letters, digits, hyphens, underscores and dots"


def _owners(owners: Any) -> Iterator[Found]:
    for index, owner in enumerate(owners):
        missing = [key for key in ("apiVersion", "kind", "name", "uid") if not (owner or {}).get(key)]
        if missing:
            yield ("metadata", "ownerReferences", index, missing[0]), "missing", "a value"
