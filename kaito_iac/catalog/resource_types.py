"""Which types of resources hold no machines with GPUs: harmless by their package, module, group, or by name.

What is not listed is not known to be harmless: a new type of a package is reviewed first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from kaito_iac.catalog.load import table_of

_FORMS: Final = ("List", "Patch")
_POD_KINDS: Final = frozenset(
    {"CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "ReplicationController", "StatefulSet"}
)
_SCALERS: Final = frozenset({"HorizontalPodAutoscaler"})
_TRANSPARENT: Final = frozenset({"helm.sh", "kustomize", "yaml"})
"""Groups of the Kubernetes package that stand for other resources."""


@cache
def is_harmless(token: str) -> bool:
    """Return whether a type of a provider holds no machines with GPUs and no pods, whatever its inputs say."""
    package, _, rest = token.partition(":")
    module, _, name = rest.rpartition(":")
    if package in _reviewed()["packages"]:
        return True
    if package == "kubernetes":
        return _kubernetes(module.partition("/")[0], name)
    if package.startswith(("azure-native", "azure-nextgen")):
        return _azure_native(module.partition(":")[0].partition("/")[0], name)
    if package == "aws-native":
        return any(_listed(_reviewed()[known], module, name) for known in ("aws", "aws-native"))
    return package in ("aws", "azure", "gcp") and _listed(_reviewed()[package], module.partition("/")[0], name)


def charts() -> Mapping[str, Sequence[str]]:
    """Return the charts whose pods ask for no GPUs: by name the places that they are published at."""
    found: Mapping[str, Sequence[str]] = _reviewed()["kubernetes"]["charts"]
    return found


def _kubernetes(group: str, kind: str) -> bool:
    reviewed, known = _reviewed()["kubernetes"], table_of("resource_types.json")["kubernetes"]
    base = kind
    for form in _FORMS:
        base = base.removesuffix(form)
    if group in _TRANSPARENT:
        return False
    if group in known:
        kinds = frozenset(known[group]) - _POD_KINDS - _SCALERS
        return kind in kinds or base in kinds
    return group in reviewed["groups"] or f"{group}:{kind}" in reviewed["types"] or f"{group}:{base}" in reviewed["types"]


def _azure_native(module: str, name: str) -> bool:
    table = table_of("resource_types.json")
    former = _reviewed()["azure-native"]["former"]
    return module in table["modules"] or module in former or name in table["azure-native"].get(module, ())


def _listed(reviewed: Mapping[str, Any], module: str, name: str) -> bool:
    return module in reviewed["modules"]["names"] or name in reviewed.get("types", {}).get(module, "").split()


@cache
def _reviewed() -> dict[str, Any]:
    return table_of("reviewed_types.json")
