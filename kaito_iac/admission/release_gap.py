"""What a KAITO release named by the user lacks of a manifest: its kind, its API version, fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.catalog.judged_release import named_release
from kaito_iac.catalog.load import DEFAULT_VERSION, versions
from kaito_iac.kubernetes.schema import Path

_UNLISTED: Final = ("apiVersion", "kind", "metadata", "status")
_CUT: Final = ("template", "metadata")
"""Fields whose inside is Kubernetes' own."""
_DEPTH: Final = 6
"""Levels of fields that are described."""


def release_gaps(manifest: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Return path, finding and what is accepted; nothing for the default release, or one whose CRDs are not described."""
    release = versions().get(named_release() or DEFAULT_VERSION)
    if release is None or release.version == DEFAULT_VERSION or not release.crds:
        return
    kind, version = str(manifest.get("kind", "")), str(manifest.get("apiVersion", "")).rpartition("/")[2]
    crd = next((row for row in release.crds if row["kind"] == kind), None)
    if crd is None:
        yield ("kind",), f"{kind}, which KAITO {release.version} does not have", ", ".join(release.apis)
    elif version not in crd["versions"]:
        yield ("apiVersion",), f"{version}, which KAITO {release.version} does not serve", " or ".join(crd["versions"])
    else:
        for path in _strange(manifest, crd["versions"][version]["fields"], "", 0):
            yield path, f"a field that KAITO {release.version} does not have", "a field of the release"


def _strange(value: Mapping[str, Any], fields: Mapping[str, str], prefix: str, depth: int) -> Iterator[Path]:
    for key, inner in value.items():
        if depth == 0 and key in _UNLISTED:
            continue
        path = f"{prefix}.{key}" if prefix else str(key)
        if path not in fields:
            if not prefix or any(known.startswith(f"{prefix}.") for known in fields):
                yield (str(key),)
            continue
        if depth + 1 < _DEPTH and key not in _CUT:
            rows = enumerate(inner) if isinstance(inner, list) else [(None, inner)]
            for index, row in rows:
                if isinstance(row, Mapping):
                    for rest in _strange(row, fields, path, depth + 1):
                        yield (str(key), *(() if index is None else (index,)), *rest)
