"""Decides what of a manifest a resource class takes, what the cluster has set, and what is not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kaito_iac.admission.fields import lifted
from kaito_iac.convert.older import differs
from kaito_iac.stack.pulumi_markers import SIGNATURE, UNKNOWNS

if TYPE_CHECKING:
    from kaito_iac.convert.proof import Call

MOST_TEXT: Final = 4 * 2**20
"""Most characters of one object, those of aliases counted as often as they are used."""
_EXACT: Final = 2**53
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
    """One object of the input and where it stands."""

    file: str
    line: int
    data: Any
    told: str = ""
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
    why: str = ""
    """Why it is not converted, or not as a whole; empty when it is."""
    left_out: list[str] = field(default_factory=list)
    """Paths of what the cluster has set."""
    notes: list[str] = field(default_factory=list)
    """What is written otherwise than it stood."""
    logical: str | None = None
    """Its name in the program."""
    call: Call | None = None
    """The component that makes it."""
    covered: bool = False
    """Whether the component of another object makes it."""
    plain: str = ""
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
    if given.told:
        found.why = f"cannot be read: {given.told}"
        return found
    if isinstance(data, Mapping):
        found.kind, found.name = _text(data.get("kind")), _name(data.get("metadata"))
    if _secret(data):
        found.why = "holds a Secret, or credentials, which is never written into a program: keep it in the cluster and name it"
        return found
    if isinstance(data, Mapping) and found.kind == "Workspace" and (raised := lifted(data)):
        data = raised
        found.notes.append("what stood under spec is one level up: a Workspace has no spec")
    found.why = next(_unfit(data), "")
    if found.why == _TOO_LONG:
        return found
    if isinstance(data, Mapping):
        data = _without_set(data, found.left_out)
    found.rest = data
    if not found.why:
        _class(data, found)
    return found


def _class(data: Any, found: Outcome) -> None:
    """Divide the fields of an object into what its class takes and what it does not."""
    kind = KINDS.get(found.kind or "")
    version = _text(data.get("apiVersion")) if isinstance(data, Mapping) else None
    if version is None or found.kind is None:
        found.why = "it is no Kubernetes object: it lacks apiVersion or kind"
        return
    if kind is None or version.rpartition("/")[0] != kind.version.rpartition("/")[0]:
        found.why = f"kaito_iac has no class for {version} {found.kind}"
        return
    metadata = data.get("metadata")
    if version != kind.version:
        found.why = differs(found.kind or "", version, data)
    if not found.why and (not isinstance(metadata, Mapping) or not found.name):
        found.why = "it has no metadata with a name"
    owner = _owner(metadata)
    if not found.why and owner:
        found.why = f"{owner} has made it, and would make it again: convert that instead"
    taken = {key: data.get(key) for key in (kind.needed, *kind.optional) if data.get(key) is not None}
    if not found.why and kind.needed not in taken:
        found.why = f"it has no {kind.needed}, which kaito.{found.kind} needs"
    wrong = [key for key, value in taken.items() if not isinstance(value, Mapping)]
    if not found.why and wrong:
        found.why = f"{wrong[0]} is no mapping"
    if found.why:
        return
    if version != kind.version:
        found.notes.append(f"{version} becomes {kind.version}, which stores the same")
    others = {
        key: value for key, value in data.items() if key not in ("apiVersion", "kind", "metadata", *taken) and value is not None
    }
    found.arguments = {"metadata": dict(metadata or {}), **taken}
    found.rest = others or None
    if others:
        found.why = f"kaito.{found.kind} does not take {', '.join(sorted(others))}"


def _without_set(data: Mapping[str, Any], told: list[str]) -> dict[str, Any]:
    """Return an object without what the cluster or kubectl has set in it."""
    kept = {key: value for key, value in data.items() if key != "status"}
    if data.get("status") is not None:
        told.append("status")
    metadata = data.get("metadata")
    if not isinstance(metadata, Mapping):
        return kept
    told += [f"metadata.{key}" for key in metadata if key in _SET and metadata[key] is not None]
    clean = {key: value for key, value in metadata.items() if key not in _SET}
    annotations = clean.get("annotations")
    if isinstance(annotations, Mapping) and _APPLIED in annotations:
        told.append(f"metadata.annotations.{_APPLIED}")
        clean["annotations"] = {key: value for key, value in annotations.items() if key != _APPLIED}
    finalizers = clean.get("finalizers")
    if isinstance(finalizers, list):
        ours = [one for one in finalizers if isinstance(one, str) and _CONTROLLERS.search(one)]
        told += [f"metadata.finalizers.{one}" for one in ours]
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


def _inside(value: Any) -> Iterator[tuple[str | None, Any]]:
    """Return every value inside, with its key where it has one."""
    waiting: list[tuple[str | None, Any]] = [(None, value)]
    while waiting:
        key, one = waiting.pop()
        yield key, one
        if isinstance(one, Mapping):
            waiting += one.items()
        elif isinstance(one, list):
            waiting += ((None, part) for part in one)


def _secret(data: Any) -> bool:
    """Return whether an object is, or holds, a Secret."""
    if isinstance(data, Mapping) and (_is_secret(data) or _is_kubeconfig(data)):
        return True
    return any(
        isinstance(one, Mapping) and ("stringData" in one or _is_raw(one) or ("apiVersion" in one and _is_secret(one)))
        for _, one in _inside(data)
    )


def _is_secret(data: Mapping[str, Any]) -> bool:
    return str(data.get("kind", "")).strip().lower() in ("secret", "secretlist")


def _is_raw(data: Mapping[str, Any]) -> bool:
    """Return whether an object without a kind, as lists of the API hold them, is a Secret by its type."""
    return "kind" not in data and "data" in data and str(data.get("type", "")).startswith(_SECRET_TYPES)


def _is_kubeconfig(data: Mapping[str, Any]) -> bool:
    """Return whether an object holds credentials of a cluster."""
    return "users" in data and "clusters" in data


_SECRET_TYPES: Final = ("Opaque", "kubernetes.io/", "helm.sh/", "bootstrap.kubernetes.io/")
_TOO_LONG: Final = f"more than {MOST_TEXT} characters, those of anchors counted as often as they are used"


def _unfit(data: Any) -> Iterator[str]:
    """Report what Pulumi could not carry unchanged; the length first, for nothing is written beyond it."""
    length, odd = 0, ""
    for key, one in _inside(data):
        length += len(key or "") + (len(one) if isinstance(one, str) else 0)
        if length > MOST_TEXT:
            yield _TOO_LONG
            return
        if isinstance(one, int) and abs(one) > _EXACT:
            odd = f"{one} is a number that Pulumi rounds"
        elif isinstance(one, str) and one in UNKNOWNS:
            odd = "a text that Pulumi takes for an unknown value"
        elif key == SIGNATURE:
            odd = "a key that Pulumi takes for its own"
        elif any("\ud800" <= sign <= "\udfff" for text in (key, one) if isinstance(text, str) for sign in text):
            odd = "text that is not Unicode"
    if odd:
        yield odd
