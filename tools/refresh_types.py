"""Write kaito_iac/catalog/data/resource_types.json: types of the installed provider packages that hold no machines.

A type of azure-native in one of the `judged` modules of reviewed_types.json is harmless when no input at any depth is a size,
a SKU, a count, a template or a free document, or when a person listed it there with a reason. Kinds of kubernetes are listed
as the package has them. Run it after an update of `pulumi-azure-native` or `pulumi-kubernetes`:

    python tools/refresh_types.py
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import metadata, resources
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "kaito_iac/catalog/data"
WORDS = re.compile(
    r"(^|_)(sizes?|skus?|counts?|capacity|capacities|templates?|nodes?|replicas?|instances?|machines?|profiles?|pools?"
    r"|scale|scaling|hardware|compute|gpus?|cores?|workloads?|parameters|script|content|flavou?r|type_version|definition)(_|$)"
)
_CLASS = re.compile(r"^class (\w+Args):", re.MULTILINE)
_INPUT = re.compile(r"^                 (\w+): ((?:pulumi|Optional|_builtins)\S.*?)(?: = None)?[,)]", re.MULTILINE)
_NESTED = re.compile(r"'(\w+Args)'")
_FREE = re.compile(r"\bAny\b")
_TOKEN = re.compile(r"super\(\w+, __self__\).__init__\(\s*'([^']+)'")


def inputs_of(text: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return name and type of the inputs of every class of arguments in a module."""
    parts = _CLASS.split(text)
    heads = (part.partition("):")[0] + ")" for part in parts[2::2])
    return {name: tuple(_INPUT.findall(head)) for name, head in zip(parts[1::2], heads, strict=True)}


def sizes_in(name: str, known: Mapping[str, tuple[tuple[str, str], ...]], seen: set[str]) -> Iterator[str]:
    """Return the inputs, at any depth, that may tell how much is bought."""
    seen.add(name)
    for key, kind in known.get(name, ()):
        if WORDS.search(key) or _FREE.search(kind):
            yield key
        for inner in _NESTED.findall(kind):
            if inner not in seen:
                yield from sizes_in(inner, known, seen)


def azure_native(judged: list[str], reviewed: Mapping[str, str], opaque: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the harmless types of the modules that are judged by their inputs."""
    root = Path(str(resources.files("pulumi_azure_native")))
    found: dict[str, list[str]] = {}
    for module in judged:
        shared = root / module / "_inputs.py"
        nested = inputs_of(shared.read_text()) if shared.exists() else {}
        names = []
        for path in sorted((root / module).glob("[a-z]*.py")):
            text = path.read_text()
            token = _TOKEN.search(text)
            if token is None:
                continue
            name = token[1].rpartition(":")[2]
            own = {**nested, **inputs_of(text)}
            key, bought = f"{module}:{name}", any(sizes_in(next(iter(inputs_of(text)), ""), own, set()))
            if key in reviewed or (key not in opaque and not bought):
                names.append(name)
        found[module] = sorted(names)
    return found


def modules(judged: set[str]) -> list[str]:
    """Return the modules of azure-native that offer no machines with GPUs: those that are not judged type by type."""
    root = Path(str(resources.files("pulumi_azure_native")))
    return sorted(path.parent.name for path in root.glob("[a-z]*/__init__.py") if path.parent.name not in judged)


def kubernetes() -> dict[str, list[str]]:
    """Return the kinds of every group, whatever their version."""
    root = Path(str(resources.files("pulumi_kubernetes")))
    found: dict[str, set[str]] = {}
    for path in root.glob("*/*/*.py"):
        token = _TOKEN.search(path.read_text()) if path.name[0].isupper() else None
        if token is not None:
            _, group, kind = token[1].split(":")
            found.setdefault(group.partition("/")[0], set()).add(kind)
    return {group: sorted(_without_forms(kinds)) for group, kinds in sorted(found.items())}


def _without_forms(kinds: set[str]) -> set[str]:
    """Leave out what is a list or a patch of another kind."""
    return {kind for kind in kinds if kind.removesuffix("List").removesuffix("Patch") not in kinds - {kind}}


def main() -> None:
    """Write the table."""
    reviewed: dict[str, Any] = json.loads((DATA / "reviewed_types.json").read_text())["azure-native"]
    table = {
        "date": date.today().isoformat(),
        "versions": {name: metadata.version(f"pulumi-{name}") for name in ("azure-native", "kubernetes")},
        "modules": modules(set(reviewed["judged"])),
        "azure-native": azure_native(reviewed["judged"], reviewed["types"], reviewed["opaque"]),
        "kubernetes": kubernetes(),
    }
    (DATA / "resource_types.json").write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
