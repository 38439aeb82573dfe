"""Report where an object of v1alpha1 means something else than the same fields at v1beta1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kaito_iac.problem import Problem

_PLACES: Final = {
    "Workspace": ("resource", ()),
    "InferenceSet": ("spec.template.resource", ()),
    "RAGEngine": ("spec.compute", ("spec.guardrails", "spec.storage.vectorDB")),
}
"""Kind to the path of its size, and fields that v1alpha1 drops."""
_SECRETS: Final = {
    "Workspace": "inference.preset.presetOptions.modelAccessSecret",
}
_DEFAULT_SIZE: Final = "Standard_NC24ads_A100_v4"
_VOLUME: Final = ("persistentVolumeClaim", "mountPath")
_OLD: Final = (
    "spec.storage.persistentVolumeClaim",
    "spec.storage.mountPath",
    "spec.queryServiceName",
    "spec.indexServiceName",
)


def moved(kind: str | None, version: str | None, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an object of v1alpha1 with its volume where v1beta1 has it, as KAITO's conversion does; empty: nothing to move.

    Source: KAITO 0.12 api/v1alpha1/ragengine_conversion.go (ConvertTo).
    """
    storage = _at(data, "spec.storage")
    volume = {key: storage[key] for key in _VOLUME if key in storage} if isinstance(storage, Mapping) else {}
    if kind != "RAGEngine" or version != "kaito.sh/v1alpha1" or not volume.get(_VOLUME[0]) or "persistentVolume" in storage:
        return {}
    rest = {key: value for key, value in storage.items() if key not in volume}
    return {**data, "spec": {**data["spec"], "storage": {**rest, "persistentVolume": volume}}}


def differs(kind: str, version: str, current: str, data: Mapping[str, Any]) -> Problem | None:
    """Return why an object is not written at its class's version; None when it means the same there."""
    if version != "kaito.sh/v1alpha1" or kind not in _PLACES:
        return Problem("KS353", "apiVersion", version, f"{current}, the version of kaito.{kind}", f"rewrite it as {current}")
    size, dropped = _PLACES[kind]
    for path in (*dropped, f"{size}.partition", *((_SECRETS[kind],) if kind in _SECRETS else ())):
        if _at(data, path) is not None:
            fix = "remove it, or write v1beta1 if it is to have an effect"
            return Problem("KS353", path, "ignored at v1alpha1, and read at v1beta1", fix=fix)
    for path in _OLD if kind == "RAGEngine" else ():
        if _at(data, path) is not None:
            return Problem(
                "KS353", path, "a field that v1beta1 does not have", fix=f"remove it, and rewrite the object as {current}"
            )
    if _at(data, f"{size}.instanceType") is None:
        message = f"missing: v1alpha1 fills in {_DEFAULT_SIZE}, v1beta1 nothing"
        return Problem(
            "KS353", f"{size}.instanceType", message, "a VM size", f"write the size that runs, such as {_DEFAULT_SIZE}"
        )
    return None


def _at(data: Any, path: str) -> Any:
    for part in path.split("."):
        data = data.get(part) if isinstance(data, Mapping) else None
    return data
