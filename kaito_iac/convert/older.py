"""Tells where an object of v1alpha1 means something else than the same fields at v1beta1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_PLACES: Final = {
    "Workspace": ("resource", ()),
    "InferenceSet": ("spec.template.resource", ()),
    "RAGEngine": ("spec.compute", ("spec.guardrails", "spec.storage.vectorDB")),
}
"""Kind to where its size stands, and fields that v1alpha1 drops."""
_SECRETS: Final = {
    "Workspace": "inference.preset.presetOptions.modelAccessSecret",
}
_OLD: Final = (
    "spec.storage.persistentVolumeClaim",
    "spec.storage.mountPath",
    "spec.queryServiceName",
    "spec.indexServiceName",
)


def differs(kind: str, version: str, data: Mapping[str, Any]) -> str:
    """Report why an object is not written at its class's version; empty when it means the same there."""
    if version != "kaito.sh/v1alpha1" or kind not in _PLACES:
        return f"kaito.{kind} is not {version}"
    size, dropped = _PLACES[kind]
    for path in (*dropped, f"{size}.partition", *((_SECRETS[kind],) if kind in _SECRETS else ())):
        if _at(data, path) is not None:
            return f"{path} does nothing at v1alpha1, and would at v1beta1"
    for path in _OLD if kind == "RAGEngine" else ():
        if _at(data, path) is not None:
            return f"v1beta1 does not have {path}"
    if _at(data, f"{size}.instanceType") is None:
        return f"{size}.instanceType is missing: v1alpha1 puts Standard_NC24ads_A100_v4 there, v1beta1 nothing"
    return ""


def _at(data: Any, path: str) -> Any:
    for part in path.split("."):
        data = data.get(part) if isinstance(data, Mapping) else None
    return data
