"""Tells of an object that exists whose it is, and what a program that takes it over would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kaito_iac.problem import Problem, Severity
from kaito_iac.readiness.snapshot import mapping

_LABELS: Final = (
    ("argocd.argoproj.io/instance", "Argo CD"),
    ("kustomize.toolkit.fluxcd.io/name", "Flux"),
    ("helm.toolkit.fluxcd.io/name", "Flux"),
)
_ANNOTATIONS: Final = (("argocd.argoproj.io/tracking-id", "Argo CD"), ("meta.helm.sh/release-name", "Helm"))
_DEFAULTS: Final = {"resource.count": 1}
"""What the API server fills in of KAITO's kinds."""
_OF_KAITO: Final = "kaito.sh/"
_OURS: Final = "kaito-iac/"
"""Annotations that KAITO does not read."""
_MOST: Final = 12
"""Differences that are named."""


def owner_of(live: Mapping[str, Any]) -> str:
    """Return what manages an object beside people and KAITO; empty where nothing does."""
    metadata = mapping(live, "metadata")
    for owner in metadata.get("ownerReferences") or ():
        if isinstance(owner, Mapping) and owner.get("controller") is True:
            return f"{owner.get('kind')} {owner.get('name')}"
    labels, annotations = mapping(metadata, "labels"), mapping(metadata, "annotations")
    for found, marks in ((annotations, _ANNOTATIONS), (labels, _LABELS)):
        for key, name in marks:
            if key in found:
                return f"{name} ({found[key]})"
    return "Helm" if labels.get("app.kubernetes.io/managed-by") == "Helm" else ""


def other_program(live: Mapping[str, Any]) -> str:
    """Return the field manager of a Pulumi program that manages an object; empty where none does."""
    managers = mapping(live, "metadata").get("managedFields") or ()
    names = (str(one.get("manager")) for one in managers if isinstance(one, Mapping) and one.get("operation") == "Apply")
    return next((name for name in names if name.startswith("pulumi-kubernetes")), "")


def takeover_problems(
    live: Mapping[str, Any], own: Mapping[str, Any], name: str, fixed: Sequence[str], *, force: bool
) -> tuple[Problem, ...]:
    """Return what stands against taking an object over, and what would change in it.

    `own` is what the program writes, `fixed` are the paths that cannot change in place.
    """
    return (*_owners(live, name, force), *_changes(live, own, name, fixed))


def _owners(live: Mapping[str, Any], name: str, force: bool) -> Iterator[Problem]:
    owner, program = owner_of(live), other_program(live)
    if owner:
        told = f"{name} is managed by {owner}, which would change it back or delete it"
        fix = f"take it out of {owner.partition(' (')[0]} first, or adopt.force=True"
        severity: Severity = "warning" if force else "error"
        yield Problem("KO492", "adopt", told, "an object that nothing else manages", fix, severity)
    if program:
        told = f"{name} is managed by a Pulumi program already ({program})"
        fix = "leave adopt out if it is this stack; else take it out of the other one: pulumi state delete URN"
        yield Problem("KO492", "adopt", told, "one program for one object", fix, "warning")


def _changes(live: Mapping[str, Any], own: Mapping[str, Any], name: str, fixed: Sequence[str]) -> Iterator[Problem]:
    found = list(differences(live, own))
    wrong = [one for one in found if _within(one[0], fixed) and _OURS not in one[0]]
    for path, before, after in wrong[:_MOST]:
        told = f"{path} of {name} is {_shown(before)}, this program writes {_shown(after)}: it cannot change without a restart"
        yield Problem(
            "KO492", "adopt", told, "the same value", "let the program say what runs, then change it after adopt is gone"
        )
    rest = [one for one in found if one not in wrong]
    for path, before, after in rest[:_MOST]:
        severity: Severity = "warning" if _OF_KAITO in path else "info"
        told = f"{path} of {name} changes from {_shown(before)} to {_shown(after)}"
        yield Problem("KO493", "adopt", told, severity=severity)
    if len(found) > 2 * _MOST:
        yield Problem("KO493", "adopt", f"{len(found)} properties of {name} differ in all", severity="info")


def differences(live: Any, own: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Return every property that the program writes otherwise than it is; what only the cluster has is left alone."""
    if isinstance(own, Mapping) and (isinstance(live, Mapping) or live is None):
        for key, value in own.items():
            if value is not None:
                yield from differences((live or {}).get(key), value, _joined(path, str(key)))
    elif own != live and not (live is None and (own in ("", _DEFAULTS.get(path)) or own == [])):
        yield path, live, own


def _joined(path: str, key: str) -> str:
    if "/" in key or "." in key:
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def _within(path: str, fixed: Sequence[str]) -> bool:
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in fixed)


def _shown(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
