"""Decides what of a manifest a resource class takes, what the cluster has set, and what is not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kaito_iac.admission.fields import lifted
from kaito_iac.convert.older import differs, moved
from kaito_iac.convert.unfit import AS_YAML, SECRET, TOO_LONG, holds_secret, unfit
from kaito_iac.kubernetes.schema import shown
from kaito_iac.problem import Problem

if TYPE_CHECKING:
    from kaito_iac.convert.proof import Call

_SET: Final = frozenset(
    (
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
        "managedFields",
    )
)
_CONTROLLERS: Final = re.compile(r"(^|[./])(kaito\.sh|kubernetes\.io)(/|$)")
"""Finalizers that controllers set."""
_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"


@dataclass(frozen=True, slots=True)
class Kind:
    """A resource class and the fields it takes beside metadata."""

    version: str
    needed: str
    optional: tuple[str, ...] = ()


KINDS: Final = {
    "ConfigMap": Kind("v1", "data"),
    "InferenceSet": Kind("kaito.sh/v1beta1", "spec"),
    "ModelMirror": Kind("kaito.sh/v1alpha1", "spec"),
    "MultiRoleInference": Kind("kaito.sh/v1alpha1", "spec"),
    "PersistentVolumeClaim": Kind("v1", "spec"),
    "RAGEngine": Kind("kaito.sh/v1beta1", "spec"),
    "ScaledObject": Kind("keda.sh/v1alpha1", "spec"),
    "Service": Kind("v1", "spec"),
    "Workspace": Kind("kaito.sh/v1beta1", "resource", ("inference", "tuning")),
}
"""Kind to its class in kaito_iac, which has the same name."""


@dataclass(frozen=True, slots=True)
class Given:
    """One object of the input and its position."""

    file: str
    line: int
    data: Any
    unreadable: str = ""
    """Why it cannot be read, where it cannot."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What becomes of one object."""

    given: Given
    kind: str | None = None
    name: str | None = None
    arguments: dict[str, Any] | None = None
    """What its class is called with; None: it is not converted."""
    rest: Any = None
    """What is kept as a comment."""
    problem: Problem | None = None
    """Why it is not converted, or not as a whole; None when it is."""
    left_out: list[str] = field(default_factory=list)
    """Paths of what the cluster has set."""
    notes: list[str] = field(default_factory=list)
    """What is written otherwise than in the input."""
    logical: str | None = None
    """Its name in the program."""
    call: Call | None = None
    """The component that makes it."""
    covered: bool = False
    """Whether the component of another object makes it."""
    plain: Problem | None = None
    """Why no component makes it, where one was asked for."""

    @property
    def running(self) -> str:
        """Return the id of the object in its cluster, where the manifest is one of a cluster; else an empty text."""
        if "metadata.uid" not in self.left_out or self.arguments is None:
            return ""
        namespace = _text(self.arguments["metadata"].get("namespace")) or "default"
        return str(self.name) if self.kind == "ModelMirror" else f"{namespace}/{self.name}"

    @property
    def label(self) -> str:
        """Return kind and name."""
        return " ".join(word for word in (self.kind, self.name) if word) or "a document"


def decide(given: Given) -> Outcome:
    """Decide about one object; duplicates are seen only by the program as a whole."""
    data = given.data
    found = Outcome(given=given)
    if given.unreadable:
        fix = "correct the file, or leave it out"
        found.problem = Problem("KS302", "", f"cannot be read: {given.unreadable}", "YAML or JSON that kubectl reads", fix)
        return found
    if isinstance(data, Mapping):
        found.kind, found.name = _text(data.get("kind")), _name(data.get("metadata"))
    if holds_secret(data):
        found.problem = SECRET
        return found
    if isinstance(data, Mapping) and found.kind == "Workspace" and (raised := lifted(data)):
        data = raised
        found.notes.append("the fields under spec are moved one level up: a Workspace has no spec")
    if isinstance(data, Mapping) and (raised := moved(found.kind, _text(data.get("apiVersion")), data)):
        data = raised
        found.notes.append("the fields of spec.storage are moved into persistentVolume, as KAITO converts them")
    found.problem = next(unfit(data), None)
    if found.problem is TOO_LONG:
        return found
    if isinstance(data, Mapping):
        data = _without_set(data, found.left_out)
    found.rest = data
    if found.problem is None:
        _class(data, found)
    return found


def may_be_object(data: Any) -> bool:
    """Return whether a document may be an object of Kubernetes: a mapping with neither apiVersion nor kind is none."""
    return not isinstance(data, Mapping) or "apiVersion" in data or "kind" in data or holds_secret(data)


def _class(data: Any, found: Outcome) -> None:
    """Divide the fields of an object into what its class takes and what it does not."""
    version = _text(data.get("apiVersion")) if isinstance(data, Mapping) else None
    found.problem = next(_refused(data, version, found), None)
    if found.problem is not None:
        return
    kind = KINDS[str(found.kind)]
    taken = {key: data[key] for key in (kind.needed, *kind.optional) if data.get(key) is not None}
    if version != kind.version:
        found.notes.append(f"{version} becomes {kind.version}, which stores the same")
    others = {
        key: value for key, value in data.items() if key not in ("apiVersion", "kind", "metadata", *taken) and value is not None
    }
    found.arguments = {"metadata": dict(data["metadata"]), **taken}
    found.rest = others or None
    if others:
        known = ", ".join(("metadata", kind.needed, *kind.optional))
        path, missing = ", ".join(sorted(others)), f"kaito.{found.kind} has no such argument"
        found.problem = Problem("KS355", path, missing, known, f"remove it, or {AS_YAML}")


def _refused(data: Any, version: str | None, found: Outcome) -> Iterator[Problem]:
    """Report why no class takes an object, first what says most."""
    if version is None or found.kind is None:
        lacking = "apiVersion" if version is None else "kind"
        fix = "add apiVersion and kind, or leave the file out"
        yield Problem("KS303", lacking, "missing: the document is no Kubernetes object", "a text", fix)
        return
    kind, metadata = KINDS.get(found.kind), data.get("metadata")
    if kind is None or version.rpartition("/")[0] != kind.version.rpartition("/")[0]:
        yield Problem("KS352", "kind", f"kaito_iac has no class for {version} {found.kind}", ", ".join(KINDS), AS_YAML)
        return
    if version != kind.version and (older := differs(found.kind, version, kind.version, data)):
        yield older
    if not isinstance(metadata, Mapping) or not found.name:
        yield Problem("KS303", "metadata.name", "missing, or no text", "a name", "give the object a name")
    if owner := _owner(metadata):
        made = f"{owner} created the object, and would create it again"
        yield Problem("KS354", "metadata.ownerReferences", made, "an object without a controller", f"convert {owner} instead")
    for key in (kind.needed, *kind.optional):
        value = data.get(key)
        if value is None and key == kind.needed:
            yield Problem("KS303", key, "missing", f"a mapping, which kaito.{found.kind} requires", f"add {key}")
        elif value is not None and not isinstance(value, Mapping):
            yield Problem("KS303", key, shown(value), "a mapping")


def _without_set(data: Mapping[str, Any], left_out: list[str]) -> dict[str, Any]:
    """Return an object without what the cluster or kubectl has set in it."""
    kept = {key: value for key, value in data.items() if key != "status"}
    if data.get("status") is not None:
        left_out.append("status")
    metadata = data.get("metadata")
    if not isinstance(metadata, Mapping):
        return kept
    left_out += [f"metadata.{key}" for key in metadata if key in _SET and metadata[key] is not None]
    clean = {key: value for key, value in metadata.items() if key not in _SET}
    annotations = clean.get("annotations")
    if isinstance(annotations, Mapping) and _APPLIED in annotations:
        left_out.append(f"metadata.annotations.{_APPLIED}")
        clean["annotations"] = {key: value for key, value in annotations.items() if key != _APPLIED}
    finalizers = clean.get("finalizers")
    if isinstance(finalizers, list):
        ours = [one for one in finalizers if isinstance(one, str) and _CONTROLLERS.search(one)]
        left_out += [f"metadata.finalizers.{one}" for one in ours]
        clean["finalizers"] = [one for one in finalizers if one not in ours] or (None if ours else [])
    empty = [key for key, value in clean.items() if value is None or (isinstance(value, Mapping) and not value)]
    return {**kept, "metadata": {key: value for key, value in clean.items() if key not in empty}}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _name(metadata: Any) -> str | None:
    return (_text(metadata.get("name")) or _text(metadata.get("generateName"))) if isinstance(metadata, Mapping) else None


def _owner(metadata: Any) -> str:
    """Return kind and name of the object whose controller made this one; empty where a user did."""
    owners = metadata.get("ownerReferences") if isinstance(metadata, Mapping) else None
    for one in owners if isinstance(owners, list) else ():
        if isinstance(one, Mapping) and one.get("controller") is True:
            return " ".join(word for word in (_text(one.get("kind")), _text(one.get("name"))) if word) or "another object"
    return ""
