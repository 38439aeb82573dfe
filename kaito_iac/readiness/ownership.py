"""The owner of an existing object, and what a program that adopts it would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.kubernetes.schema import Reading, schema_of
from kaito_iac.problem import Problem, Severity
from kaito_iac.readiness.snapshot import mapping

_LABELS: Final = (
    ("argocd.argoproj.io/instance", "Argo CD"),
    ("kustomize.toolkit.fluxcd.io/name", "Flux"),
    ("helm.toolkit.fluxcd.io/name", "Flux"),
)
_ANNOTATIONS: Final = (("argocd.argoproj.io/tracking-id", "Argo CD"), ("meta.helm.sh/release-name", "Helm"))
_KUBECTL: Final = ("kubectl", "before-first-apply")
"""Beginnings of field managers whose fields the provider takes."""
_NOTED: Final = ("metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration")
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
    names = (str(one.get("manager")) for one in _managers(live) if one.get("operation") == "Apply")
    return next((name for name in names if name.startswith("pulumi-kubernetes")), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """An object that a program takes over."""

    name: str
    """Its namespace and name."""
    served_as: tuple[str, str]
    """apiVersion and kind."""
    fixed: tuple[str, ...]
    """Paths that cannot change in place."""
    force: bool = False


def takeover_problems(live: Mapping[str, Any], own: Mapping[str, Any], over: Takeover) -> tuple[Problem, ...]:
    """Return what prevents adopting an object, and what would change in it; `own` is what the program writes."""
    return (*_owners(live, over.name, over.force), *_changes(live, own, over))


def _owners(live: Mapping[str, Any], name: str, force: bool) -> Iterator[Problem]:
    owner, program = owner_of(live), other_program(live)
    if owner:
        message = f"{name} is managed by {owner}, which would change it back or delete it"
        fix = f"take it out of {owner.partition(' (')[0]} first, or adopt.force=True"
        severity: Severity = "warning" if force else "error"
        yield Problem("KO492", "adopt", message, "an object that nothing else manages", fix, severity)
    if program:
        message = f"{name} is managed by a Pulumi program already ({program})"
        fix = "remove adopt if it is this stack; else remove the object from the other one: pulumi state delete URN"
        yield Problem("KO492", "adopt", message, "one program for one object", fix, "warning")


def _changes(live: Mapping[str, Any], own: Mapping[str, Any], over: Takeover) -> Iterator[Problem]:
    found = list(changes(live, own, over.served_as))
    wrong = [one for one in found if _within(one[0], over.fixed) and _OURS not in one[0]]
    for path, before, after in wrong[:_MOST]:
        message = (
            f"{path} of {over.name} is {_shown(before)}, this program writes {_shown(after)}: it cannot change without a restart"
        )
        yield Problem(
            "KO492", "adopt", message, "the same value", "write what runs into the program, and change it after adopt is removed"
        )
    rest = [one for one in found if one not in wrong]
    for path, before, after in rest[:_MOST]:
        severity: Severity = "warning" if _OF_KAITO in path else "info"
        message = f"{path} of {over.name} changes from {_shown(before)} to {_shown(after)}"
        yield Problem("KO493", "adopt", message, severity=severity)
    if len(found) > 2 * _MOST:
        yield Problem("KO493", "adopt", f"{len(found)} properties of {over.name} differ in all", severity="info")


def changes(live: Mapping[str, Any], own: Mapping[str, Any], served_as: tuple[str, str]) -> Iterator[tuple[str, Any, Any]]:
    """Return every property that the takeover changes: what the program writes otherwise, and what kubectl set and it leaves out.

    Defaults of the API server are no difference. The provider takes the fields of kubectl; those of others stay.
    """
    owned = [mapping(one, "fieldsV1") for one in _managers(live) if str(one.get("manager")).startswith(_KUBECTL)]
    metadata = {key: mapping(live, "metadata", key) for key in ("annotations", "labels")}
    wanted = {key: mapping(own, "metadata", key) for key in metadata}
    yield from _differences(metadata, wanted, ("metadata",), [mapping(one, "f:metadata") for one in owned])
    keys = [key for key in own if key != "metadata"]
    before, after = (_filled({key: one.get(key) for key in keys}, served_as) for one in (live, own))
    yield from _differences(before, after, (), owned)


def _filled(fields: Mapping[str, Any], served_as: tuple[str, str]) -> Mapping[str, Any]:
    """Return fields as the API server keeps them."""
    version, kind = served_as
    schema = schema_of(kind, version.rpartition("/")[2])
    found = {key: value for key, value in fields.items() if value is not None}
    return mapping(Reading(schema, found).value) if schema else found


def _differences(
    live: Any, own: Any, path: tuple[str, ...], owned: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(live, Mapping) and isinstance(own, Mapping):
        for key in (*own, *(key for key in live if key not in own)):
            inner = [mapping(one, f"f:{key}") for one in owned if f"f:{key}" in one]
            if key in own or (inner and (*path, key) != _NOTED):
                yield from _differences(live.get(key), own.get(key), (*path, str(key)), inner)
    elif live != own and (_holds(live) or _holds(own)):
        yield _dotted(path), live, own


def _holds(value: Any) -> bool:
    """Return whether a value is more than an empty shell."""
    if isinstance(value, Mapping):
        return any(map(_holds, value.values()))
    return value not in (None, "") and value != []


def _managers(live: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in mapping(live, "metadata").get("managedFields") or () if isinstance(one, Mapping)]


def _dotted(path: Sequence[str]) -> str:
    found = ""
    for key in path:
        found = _joined(found, key)
    return found


def _joined(path: str, key: str) -> str:
    if "/" in key or "." in key:
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def _within(path: str, fixed: Sequence[str]) -> bool:
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in fixed)


def _shown(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
