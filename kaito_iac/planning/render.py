"""The Kubernetes objects of a stack program as YAML files, for GitOps."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Final

from kaito_iac.files import FileError, read_text, write_folder
from kaito_iac.kubernetes.yaml_text import yaml_text
from kaito_iac.offline.recording import Recording, Refusal
from kaito_iac.planning.rehearsal import Run, begin
from kaito_iac.planning.request import Program
from kaito_iac.problem import Problem, Unknown, errors
from kaito_iac.secrecy import KNOWN
from kaito_iac.stack.resource import Resource, Secret

INDEX: Final = "kustomization.yaml"
MARK: Final = "# Written by kaito-iac render; files it lists are replaced by the next run.\n"
_LISTED: Final = re.compile(r"^- (\d{2,}-[\w.-]+\.yaml)$", re.MULTILINE)  # names of our own making, which lead nowhere else
_ITEM_VALUE: Final = re.compile(r"items\[(\d+)\]\.(?:data|stringData)\.")
_FIRST: Final = {"apiVersion": 0, "kind": 1, "metadata": 2}


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written, and what a stack holds beside Kubernetes objects."""

    files: tuple[Path, ...]
    """The objects in the order to apply them, then the kustomization that lists them."""
    left_out: tuple[str, ...]
    """Name and type of resources that are no Kubernetes objects."""


def render(program: Program, folder: Path, *, begun: Run | None = None) -> Rendered:
    """Write one file an object; raises Refusal, and writes nothing, when a value is secret or not known.

    `begun` is the run when it is under way already.
    """
    rehearsal = (begun or begin(program)).finished()
    recording = rehearsal.recording
    objects = [resource for resource in recording.resources if is_object(resource)]
    problems = [*rehearsal.problems(), *(problem for resource in objects for problem in unfit(resource))]
    if errors(problems):
        raise Refusal(f"Render of {recording.project}", problems)
    digits = max(2, len(str(len(objects))))
    texts = {
        f"{index:0{digits}d}-{_file_name(resource)}.yaml": object_text(resource)
        for index, resource in enumerate(objects, start=1)
    }
    from kaito_iac.planning.installation import installation_marks  # rules, loaded while the program runs

    return Rendered(_write(folder, texts, installation_marks(recording.resources)), _left_out(recording))


def is_object(resource: Resource) -> bool:
    """Return whether a resource is a Kubernetes object of its own."""
    return resource.custom and not resource.read and resource.type.startswith("kubernetes:") and "kind" in resource.inputs


def manifest(resource: Resource) -> dict[str, Any]:
    """Return the object without what only Pulumi reads."""
    value = {key: part for key, part in resource.inputs.items() if key != "status" and part is not None}
    metadata = value.get("metadata") or {}
    return {**value, "metadata": _public(metadata) if isinstance(metadata, Mapping) else metadata}


def _public(metadata: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: part for key, part in metadata.items() if key not in ("labels", "annotations")}
    for key in ("labels", "annotations"):
        part = metadata.get(key) or {}
        if isinstance(part, Mapping):
            part = {name: text for name, text in part.items() if not name.startswith("pulumi.com/")}
        shown |= {key: part} if part else {}
    return shown


def unfit(resource: Resource) -> Iterator[Problem]:
    """Report which values of an object must not, or cannot, be written."""
    fix = "name a Secret of the cluster instead of giving its value"
    for path, value in _leaves(manifest(resource), ""):
        where = f"{resource.name}: {path}"
        hidden = isinstance(value, Secret) or (isinstance(value, str) and KNOWN.holds(value))
        if hidden or _of_secret(resource, path):
            yield Problem("KS221", where, "a secret: a file would hold it in plain text", "a value that may be read", fix)
        elif isinstance(value, float) and not isfinite(value):
            yield Problem("KS303", where, f"{value}", "a number that JSON has")
        elif isinstance(value, Unknown):
            yield Problem(
                "KO401",
                where,
                f"not known offline ({value.reason})",
                "a value that is known before the update",
                "give a plain value",
            )


def _of_secret(resource: Resource, path: str) -> bool:
    """Return whether a path is in the values of a Secret: of one, of a patch of one, or of one in a list."""
    kind = resource.type.rpartition(":")[2]
    if kind in ("Secret", "SecretPatch"):
        return path.startswith(("data.", "stringData."))
    found = _ITEM_VALUE.match(path) if kind.endswith("List") else None
    if found is None:
        return False
    item = resource.inputs["items"][int(found[1])]
    own = item.get("kind") if isinstance(item, Mapping) else None
    return kind == "SecretList" or own == "Secret" or (own is None and kind == "List")


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(part, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from _leaves(part, f"{path}[{index}]")
    else:
        yield path, value


def _file_name(resource: Resource) -> str:
    metadata = resource.inputs.get("metadata") or {}
    parts = (resource.inputs["kind"], metadata.get("namespace"), metadata.get("name", resource.name))
    return "-".join(_safe(str(part)) for part in parts if part).lower()


def _safe(text: str) -> str:
    return "".join(character if character.isalnum() or character in "-." else "-" for character in text)


def object_text(resource: Resource) -> str:
    """Return an object as YAML, always with the same bytes for the same object."""
    value = manifest(resource)
    ordered = {key: value[key] for key in sorted(value, key=lambda key: (_FIRST.get(key, 9), key))}
    return yaml_text({key: _sorted(part) for key, part in ordered.items()})


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(part) for part in value] if isinstance(value, list | tuple) else value


def _write(folder: Path, texts: Mapping[str, str], annotations: Mapping[str, str]) -> tuple[Path, ...]:
    index = folder / INDEX
    before = _written_before(index)
    foreign = [name for name in texts if _foreign(folder / name, before)]
    if foreign:
        message, fix = "a file that render has not written, or a link", "choose an empty folder, or move the file away"
        raise Refusal("Render", [Problem("KS105", name, message, "a folder of its own", fix) for name in foreign])
    listed: dict[str, Any] = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
    listed |= {"metadata": {"annotations": dict(annotations)}} if annotations else {}
    listed["resources"] = list(texts)
    write_folder(folder, {**texts, INDEX: MARK + yaml_text(listed)}, INDEX)
    for name in before - set(texts):
        if not (folder / name).is_symlink():
            (folder / name).unlink(missing_ok=True)
    return (*(folder / name for name in texts), index)


def _foreign(file: Path, before: Collection[str]) -> bool:
    """Return whether a file is a link, or not one of an earlier run."""
    return file.is_symlink() or (file.exists() and (file.name not in before or not file.is_file()))


def _written_before(index: Path) -> set[str]:
    """Return the files of an earlier run; a kustomization of someone else is refused, not overwritten."""
    if not index.exists() and not index.is_symlink():
        return set()
    try:
        text = "" if index.is_symlink() else read_text(index)
    except FileError:
        text = ""
    if not text.startswith(MARK):
        fix = "choose an empty folder"
        raise Refusal(
            "Render",
            [Problem("KS105", str(index.name), "a kustomization that render has not written", "a folder of its own", fix)],
        )
    return set(_LISTED.findall(text))


def _left_out(recording: Recording) -> tuple[str, ...]:
    return tuple(
        f"{resource.name} ({resource.type})" for resource in recording.resources if resource.custom and not is_object(resource)
    )
