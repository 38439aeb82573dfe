"""Rewrites the tables of what KAITO's admission knows of fields, and prints what changed.

    python tools/refresh_admission.py --crds FOLDER [--openapi FILE] [--out FOLDER]
        [--kaito VERSION --kubernetes VERSION --date DATE]

FOLDER holds the CRD files of KAITO's chart. FILE is what an API server of the Kubernetes release that KAITO is built with answers
under /openapi/v3/apis/apps/v1; without it that table stays as it is. Descriptions and status are left out: the tables hold names,
types, bounds and defaults only. No network is used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "kaito_iac" / "catalog" / "data"
KINDS = ("Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference", "ModelMirror")
KEPT = (
    *("type", "format", "enum", "minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength"),
    *("pattern", "required", "default"),
)
STRICT = {
    "template": "PodTemplateSpec",
    "volumeSource": "VolumeSource",
    "updateStrategy": "StatefulSetUpdateStrategy",
    "metadata": "ObjectMeta",
}
"""Field without a schema to the Kubernetes type KAITO decodes it as."""
SCALARS = {
    "Quantity": "quantity",
    "IntOrString": "intOrString",
    "Time": "time",
    "MicroTime": "time",
    "FieldsV1": "any",
    "RawExtension": "any",
}


def node(schema: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    """Keep of one schema what decides whether a value is taken."""
    kept = {key: schema[key] for key in KEPT if key in schema and (key != "format" or schema.get("type") == "integer")}
    if "allOf" in schema:
        enums = [part["enum"] for part in schema["allOf"] if "enum" in part]
        kept["enum"] = [value for value in enums[0] if all(value in enum for enum in enums)]
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        kept["strict"] = STRICT[name]
    if "properties" in schema:
        kept["properties"] = {
            key: node(value, key) for key, value in sorted(schema["properties"].items()) if not (name == "" and key == "status")
        }
    for key in ("items", "additionalProperties"):
        if key in schema:
            kept[key] = node(schema[key], key)
    if "x-kubernetes-validations" in schema:
        kept["cel"] = [row["message"] for row in schema["x-kubernetes-validations"]]
    return kept


def fields_of(folder: Path, version: str, date: str) -> dict[str, Any]:
    """Return the table of KAITO's own fields, by kind and version."""
    kinds: dict[str, Any] = {}
    for path in sorted(folder.glob("kaito.sh_*.yaml")):
        spec = yaml.safe_load(path.read_text())["spec"]
        kind = spec["names"]["kind"]
        if kind not in KINDS:
            continue
        versions = {}
        for row in spec["versions"]:
            root = node(row["schema"]["openAPIV3Schema"])
            root["properties"] = {
                key: value for key, value in root["properties"].items() if key not in ("apiVersion", "kind", "metadata")
            }
            versions[row["name"]] = root
        kinds[kind] = {"scope": spec["scope"], "versions": versions}
    source = {
        "kaito": {"title": f"KAITO {version}, CRDs of its charts", "date": date, "repository": "github.com/kaito-project/kaito"}
    }
    return {"kaitoVersion": version, "date": date, "sources": source, "kinds": kinds}


def type_of(schema: Mapping[str, Any], found: set[str]) -> Any:
    """Return the short form of a type: a word, [item], {"*": value} or "#Name"."""
    inner = schema.get("allOf", [schema])[0]
    if "$ref" in inner:
        name = inner["$ref"].rpartition(".")[2]
        if name in SCALARS:
            return SCALARS[name]
        found.add(inner["$ref"].rpartition("/")[2])
        return f"#{name}"
    kind = schema.get("type")
    if kind == "array":
        return [type_of(schema["items"], found)]
    if kind == "object" and "additionalProperties" in schema:
        return {"*": type_of(schema["additionalProperties"], found)}
    if kind in ("integer", "number"):
        return str(schema.get("format", kind))
    return {"string": "bytes" if schema.get("format") == "byte" else "string", "boolean": "bool"}.get(str(kind), "any")


def types_of(file: Path, version: str, date: str) -> dict[str, Any]:
    """Return the table of the Kubernetes types that the parts without schema are decoded as."""
    schemas = json.loads(file.read_text())["components"]["schemas"]
    wanted = {key for key in schemas if key.rpartition(".")[2] in ("PodTemplateSpec", "StatefulSetUpdateStrategy", "ObjectMeta")}
    table: dict[str, Any] = {}
    while wanted:
        key = wanted.pop()
        name = key.rpartition(".")[2]
        if name not in table:
            properties = schemas[key].get("properties", {})
            table[name] = {field: type_of(value, wanted) for field, value in sorted(properties.items())}
    table["VolumeSource"] = {field: value for field, value in table["Volume"].items() if field != "name"}
    source = {"kubernetes": {"title": f"Kubernetes {version}, OpenAPI of its API server", "date": date}}
    return {"kubernetesVersion": version, "date": date, "sources": source, "types": dict(sorted(table.items()))}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Return every leaf of a table with its path."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    else:
        yield path, json.dumps(value)


def write(path: Path, table: Mapping[str, Any]) -> None:
    """Write a table, one line per kind and version or type, and print every leaf that changed."""
    old = dict(leaves(json.loads(path.read_text()))) if path.exists() else {}
    new = dict(leaves(table))
    changes = [
        f"  {key}: {old.get(key, 'nothing')} -> {new.get(key, 'nothing')}"
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]
    print(f"{path.name}: {len(changes)} changes" + "".join(f"\n{line}" for line in changes if old))
    path.write_text(json.dumps(table, indent=1, sort_keys=False) + "\n" if not table.get("types") else compact(table))


def compact(table: Mapping[str, Any]) -> str:
    """Return the table of types with one type a line."""
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(fields)}" for name, fields in table["types"].items())
    head = {key: value for key, value in table.items() if key != "types"}
    return json.dumps(head, indent=1)[:-2] + ',\n "types": {\n' + rows + "\n }\n}\n"


def main(arguments: list[str]) -> int:
    """Write both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crds", type=Path, required=True)
    parser.add_argument("--openapi", type=Path)
    parser.add_argument("--out", type=Path, default=DATA)
    parser.add_argument("--kaito", default="0.12.0")
    parser.add_argument("--kubernetes", default="1.35.3")
    parser.add_argument("--date", default="2026-08-21")
    asked = parser.parse_args(arguments)
    write(asked.out / "fields.json", fields_of(asked.crds, asked.kaito, asked.date))
    if asked.openapi:
        write(asked.out / "kubernetes_types.json", types_of(asked.openapi, asked.kubernetes, asked.date))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
