"""Refreshes what versions.json says of KAITO's releases from a clone of KAITO: gates, CRDs, charts, base image.

Usage: python tools/refresh_versions.py KAITO_CLONE

Every row of the table whose tag `v<version>` is in the clone is read anew; a new release starts as a row with its version,
kind, source, apis, provisioners and defects, the rest is filled in here. Prints what changes; writes only the data file.
"""

from __future__ import annotations

import argparse
import difflib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

DATA: Final = Path(__file__).resolve().parent.parent / "kaito_iac" / "catalog" / "data" / "versions.json"
CRDS: Final = (
    ("Workspace", "workspaces", "workspace"),
    ("InferenceSet", "inferencesets", "workspace"),
    ("MultiRoleInference", "multiroleinferences", "workspace"),
    ("ModelMirror", "modelmirrors", "workspace"),
    ("RAGEngine", "ragengines", "ragengine"),
)
"""Kind, plural, chart."""
DEPTH: Final = 6
"""Levels of fields that are recorded."""
CUT: Final = ("template", "metadata")
"""Fields whose inside is Kubernetes' own, not KAITO's."""
PINS: Final = {
    "gpu-provisioner": "GPU_PROVISIONER_VERSION",
    "karpenter-azure": "KARPENTER_VERSION",
    "karpenter-aws": "AWS_KARPENTER_VERSION",
}
"""Chart of a provisioner to the variable of KAITO's Makefile that pins it."""


def shown(clone: Path, tag: str, path: str) -> str | None:
    """Return a file of a tag; None when the tag has none."""
    done = subprocess.run(["git", "-C", str(clone), "show", f"{tag}:{path}"], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None


def fields(schema: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Return path and type of the fields a user may set."""
    for name, one in (schema.get("properties") or {}).items():
        path = f"{prefix}.{name}" if prefix else name
        if path in ("status", "apiVersion", "kind", "metadata"):
            continue
        yield path, str(one.get("type", "int-or-string" if one.get("x-kubernetes-int-or-string") else "any"))
        inner = one.get("items", one) if one.get("type") == "array" else one
        if depth + 1 < DEPTH and name not in CUT:
            yield from fields(inner, path, depth + 1)


def crd(clone: Path, tag: str, kind: str, plural: str, chart: str) -> dict[str, Any] | None:
    """Return what a release says of one CRD."""
    for folder in ("templates", "crds"):
        text = shown(clone, tag, f"charts/kaito/{chart}/{folder}/kaito.sh_{plural}.yaml")
        if text is None:
            continue
        head = text.splitlines()[0]
        gate = head.partition("featureGates.")[2].split()[0] if head.startswith("{{") else None
        plain = "\n".join(line for line in text.splitlines() if not line.startswith("{{"))
        document = next(one for one in yaml.safe_load_all(plain) if one)
        versions = {
            one["name"]: {
                "storage": one["storage"],
                "deprecated": bool(one.get("deprecated")),
                "fields": dict(fields(one["schema"]["openAPIV3Schema"])),
            }
            for one in document["spec"]["versions"]
            if one["served"]
        }
        return {
            "name": document["metadata"]["name"],
            "kind": kind,
            "chart": chart,
            "shipped": "template" if folder == "templates" else "crds",
            "gate": gate,
            "versions": versions,
        }
    return None


def settings(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Return the paths of a chart's values; an empty mapping and a list are leaves."""
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from settings(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


def refreshed(clone: Path, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with what its tag says."""
    tag = f"v{row['version']}"
    chart = shown(clone, tag, "charts/kaito/workspace/Chart.yaml")
    if chart is None:
        return dict(row)
    found = [crd(clone, tag, *one) for one in CRDS]
    crds = [one for one in found if one and (row["kind"] == "chart" or one["kind"] in row["apis"])]
    if row["kind"] != "chart":
        return {**row, "values": {}, "crds": crds}
    values = yaml.safe_load(shown(clone, tag, "charts/kaito/workspace/values.yaml") or "")
    rag = yaml.safe_load(shown(clone, tag, "charts/kaito/ragengine/values.yaml") or "")
    models = yaml.safe_load(shown(clone, tag, "presets/workspace/models/supported_models.yaml") or "")
    base = next(model["tag"] for model in models["models"] if model["name"] == "base")
    makefile = shown(clone, tag, "Makefile") or ""
    pins = {
        name: line.split("=")[1].strip()
        for name, variable in PINS.items()
        for line in makefile.splitlines()
        if line.startswith(f"{variable} ?=")
    }
    storage = {one["kind"]: next(name for name, each in one["versions"].items() if each["storage"]) for one in crds}
    own = yaml.safe_load(chart)["version"]
    return {
        **row,
        "baseImage": f"kaito-base:{base}",
        "apis": {kind: f"kaito.sh/{storage[kind]}" for kind in (*row["apis"], *storage) if kind in storage},
        "featureGates": values["featureGates"],
        "charts": {"workspace": own, "ragengine": own, **pins},
        "values": {"workspace": list(settings(values)), "ragengine": list(settings(rag))},
        "crds": crds,
    }


def text_of(table: Mapping[str, Any]) -> str:
    """Return the data file: one line for a small value, a CRD version with its fields on one line."""
    parts = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in table.items() if key != "versions"]
    rows = []
    for row in table["versions"]:
        crds = ",\n     ".join(json.dumps(one) for one in row["crds"])
        lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in row.items() if key != "crds"]
        rows.append("  {" + ",\n   ".join([*lines, f'"crds": [\n     {crds}\n   ]']) + "}")
    return "{\n" + ",\n".join([*parts, '"versions": [\n' + ",\n".join(rows) + "\n]"]) + "\n}\n"


def main() -> int:
    """Read the clone, prints the difference, writes the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clone", type=Path)
    clone = parser.parse_args().clone
    old = DATA.read_text(encoding="utf-8")
    table = json.loads(old)
    new = text_of(
        {**table, "versions": [row if row["kind"] == "release-candidate" else refreshed(clone, row) for row in table["versions"]]}
    )
    sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), "versions.json", "versions.json"))
    DATA.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
