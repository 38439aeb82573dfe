"""Finds the manifests in files, folders and standard input, and the objects of the cluster among them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kaito_iac.admission.installation import installation
from kaito_iac.admission.kind import is_kaito, is_meant
from kaito_iac.admission.verdict import Cluster
from kaito_iac.files import FileError, read_stdin, read_text
from kaito_iac.kubernetes.document import Document, Unreadable, documents
from kaito_iac.kubernetes.schema import Path as Place

ENDINGS: Final = (".yaml", ".yml", ".json")
TERRAFORM: Final = (".tf", ".tofu", ".tf.json")
MAX_BYTES: Final = 64 * 2**20
"""Longest file that is read."""


@dataclass(slots=True)
class Manifest:
    """One KAITO object, and where it is; without data it could not be read, and `unreadable` is the reason."""

    file: str
    line: int
    data: Mapping[str, Any] | None
    document: Document | None = None
    inside: Place = ()
    """Where it is in its document: items of a list are objects too."""
    unreadable: str = ""

    def line_of(self, path: Place) -> int:
        """Return the line of a value in the file."""
        return self.document.line_of((*self.inside, *path)) if self.document else self.line


@dataclass(slots=True)
class Found:
    """Everything that the input holds."""

    manifests: list[Manifest] = field(default_factory=list)
    files: int = 0
    """Files that were read, standard input too."""
    passed: int = 0
    """Documents of other kinds."""
    config_maps: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    nodes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    storage_classes: set[str] = field(default_factory=set)
    csi_drivers: set[str] = field(default_factory=set)
    templates: dict[str, None] = field(default_factory=dict)
    """Folders of Helm templates that were left out, in order."""
    terraform: list[str] = field(default_factory=list)
    """Terraform files with objects of KAITO's, which were left out."""
    installations: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Folder to what its Kustomization says of KAITO's installation."""

    def installed(self, file: str) -> dict[str, Any]:
        """Return what the nearest Kustomization in or above the folder of a file says of KAITO's installation."""
        if not self.installations:
            return {}
        folder = os.path.dirname(file)
        while folder not in self.installations and os.path.dirname(folder) != folder:
            folder = os.path.dirname(folder)
        return self.installations.get(folder, {})

    def cluster(self) -> Cluster:
        """Return the objects that KAITO would look up; there may be others."""
        return Cluster(
            config_maps=self.config_maps,
            nodes=self.nodes,
            storage_classes=frozenset(self.storage_classes),
            csi_drivers=frozenset(self.csi_drivers),
        )


def gather(paths: Sequence[str]) -> Found:
    """Read all inputs; what cannot be read is a manifest without data."""
    found = Found()
    for path in paths:
        for file in [path] if path == "-" else _files(path, found.templates, found.terraform):
            _read(file, found)
    return found


def template_note(folder: str) -> str:
    """Report that the templates of a Helm chart were left out."""
    return f"{folder}: templates of a Helm chart, left out: check what `helm template` makes of them"


def terraform_note(file: str) -> str:
    """Report that KAITO's objects inside a Terraform file were not read."""
    return (
        f"{file}: KAITO objects in Terraform, not judged: write yaml_body into a .yaml file (file(), templatefile()) and check it"
    )


def _speaks_of_kaito(file: str) -> bool:
    """Return whether a Terraform file holds an object of KAITO's."""
    try:
        return "kaito.sh/" in _text(file)
    except (OSError, ValueError):
        return False


def everything(paths: Sequence[str], templates: dict[str, None]) -> Iterator[Manifest]:
    """Return every document of the inputs, and every item of a list, whatever its kind; its data may be no mapping.

    `templates` takes the folders of Helm templates that are left out.
    """
    for path in paths:
        for file in [path] if path == "-" else _files(path, templates):
            try:
                read = list(documents(_text(file)))
            except (OSError, ValueError) as error:
                yield Manifest(file, 1, None, unreadable=_reason(error))
                continue
            for document in read:
                if isinstance(document, Unreadable):
                    yield Manifest(file, document.line, None, unreadable=document.reason)
                else:
                    yield from _items(file, document, document.data, ())


def _items(file: str, document: Document, data: Any, inside: Place) -> Iterator[Manifest]:
    items = data.get("items") if isinstance(data, dict) and str(data.get("kind", "")).endswith("List") else None
    if not isinstance(items, list):
        yield Manifest(file, document.line_of(inside), data, document, inside)
        return
    for index, item in enumerate(items):
        yield from _items(file, document, item, (*inside, "items", index))


def _reason(error: OSError | ValueError) -> str:
    """Report why a file cannot be read."""
    if isinstance(error, _TooLong | FileError):
        return str(error)
    return error.strerror if isinstance(error, OSError) and error.strerror else "no UTF-8 text, or no file name"


def _files(path: str, templates: dict[str, None], terraform: list[str] | None = None) -> Iterator[str]:
    """Return a file itself, and of a folder every manifest file below it but hidden ones and templates of charts, in order.

    `terraform` takes the Terraform files with objects of KAITO's.
    """
    if path.endswith(TERRAFORM) and terraform is not None:
        terraform += [path] if _speaks_of_kaito(path) else []
        return
    if not os.path.isdir(path):
        chart = _chart_templates(path)
        if chart is None:
            yield path
        else:
            templates[chart] = None
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        if "templates" in folders and "Chart.yaml" in names:
            folders.remove("templates")
            templates[os.path.join(folder, "templates")] = None
        for name in sorted(names):
            if name.lower().endswith(ENDINGS) and not name.endswith(TERRAFORM) and not name.startswith("."):
                yield os.path.join(folder, name)
            elif name.endswith(TERRAFORM) and terraform is not None:
                terraform += [file for file in [os.path.join(folder, name)] if _speaks_of_kaito(file)]


def _chart_templates(file: str) -> str | None:
    """Return the folder `templates` of the Helm chart that a file is part of; None: it is part of none."""
    for folder in Path(file).parents:
        if folder.name == "templates" and (folder.parent / "Chart.yaml").is_file():
            return str(folder)
    return None


def _read(file: str, found: Found) -> None:
    found.files += 1
    try:
        text = _text(file)
    except (OSError, ValueError) as error:
        found.manifests.append(Manifest(file, 1, None, unreadable=_reason(error)))
        return
    for document in documents(text):
        if isinstance(document, Unreadable):
            found.manifests.append(Manifest(file, document.line, None, unreadable=document.reason))
        else:
            _sort(file, document, document.data, (), found)


class _TooLong(ValueError):
    """Report that a file is longer than what is read."""


def _text(file: str) -> str:
    if file == "-":
        raw = read_stdin(MAX_BYTES)
    else:
        path = Path(file)
        mode = path.stat().st_mode
        if stat.S_ISFIFO(mode):
            return read_text(path, MAX_BYTES)
        if not stat.S_ISREG(mode):
            raise _TooLong("no regular file")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise _TooLong(f"more than {MAX_BYTES} bytes")
    return raw.decode("utf-8-sig")


def _sort(file: str, document: Document, data: Any, inside: Place, found: Found) -> None:
    """Put one object where it belongs; the items of a list are objects of their own."""
    if not isinstance(data, dict):
        found.passed += 1
        return
    kind, version = str(data.get("kind", "")), str(data.get("apiVersion", ""))
    items = data.get("items")
    if kind.endswith("List") and isinstance(items, list) and not inside:
        for index, item in enumerate(items):
            _sort(file, document, item, ("items", index), found)
    elif is_kaito(kind, version) or is_meant(kind, version, data):
        found.manifests.append(Manifest(file, document.line_of(inside), data, document, inside))
    else:
        found.passed += 1
        if version.startswith("kustomize.config.k8s.io/") and (stated := installation(data)):
            found.installations[os.path.dirname(file)] = stated
        _object(kind, data, found)


def _object(kind: str, data: Mapping[str, Any], found: Found) -> None:
    """Remember an object that KAITO would look up."""
    metadata = data.get("metadata")
    given = metadata if isinstance(metadata, Mapping) else {}
    name, namespace = str(given.get("name", "")), str(given.get("namespace") or "default")
    if kind == "ConfigMap":
        inner = data.get("data")
        found.config_maps[namespace, name] = inner if isinstance(inner, Mapping) else {}
    elif kind == "Node":
        labels = given.get("labels")
        found.nodes[name] = {key: str(value) for key, value in labels.items()} if isinstance(labels, Mapping) else {}
    elif kind == "StorageClass":
        found.storage_classes.add(name)
    elif kind == "CSIDriver":
        found.csi_drivers.add(name)
