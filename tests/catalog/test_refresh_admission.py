"""The script that rewrites the tables of fields, run as a process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "kaito_iac" / "catalog" / "data"
SCRIPT = ROOT / "tools" / "refresh_admission.py"


def refresh(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_the_table_is_what_the_script_writes(crds_folder: Path, copy: Path) -> None:
    """Run on KAITO's CRDs, the script changes no value and no byte."""
    assert refresh("--crds", crds_folder, "--out", copy).stdout == "fields.json: 0 changes\n"
    assert (copy / "fields.json").read_text() == (DATA / "fields.json").read_text()


def test_what_changed_is_printed(crds_folder: Path, copy: Path) -> None:
    """A table that differs is put right, and every change is printed with its path."""
    table = json.loads((copy / "fields.json").read_text())
    table["kinds"]["ModelMirror"]["scope"] = "Namespaced"
    (copy / "fields.json").write_text(json.dumps(table))
    told = 'fields.json: 1 changes\n  kinds.ModelMirror.scope: "Namespaced" -> "Cluster"\n'
    assert refresh("--crds", crds_folder, "--out", copy).stdout == told


def test_kubernetes_types_are_short_forms(crds_folder: Path, tmp_path: Path) -> None:
    """Of an OpenAPI document the types that KAITO decodes are kept, in a short form."""
    name = "io.k8s.api.core.v1."
    schemas = {
        f"{name}PodTemplateSpec": {"properties": {"spec": {"allOf": [{"$ref": f"#/components/schemas/{name}Volume"}]}}},
        f"{name}Volume": {
            "properties": {
                "name": {"type": "string"},
                "sizes": {
                    "type": "array",
                    "items": {"$ref": "#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity"},
                },
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "count": {"type": "integer", "format": "int32"},
            }
        },
        f"{name}Unused": {"properties": {}},
    }
    (tmp_path / "openapi.json").write_text(json.dumps({"components": {"schemas": schemas}}))
    refresh("--crds", crds_folder, "--openapi", tmp_path / "openapi.json", "--out", tmp_path)
    assert json.loads((tmp_path / "kubernetes_types.json").read_text())["types"] == {
        "PodTemplateSpec": {"spec": "#Volume"},
        "Volume": {"count": "int32", "labels": {"*": "string"}, "name": "string", "sizes": ["quantity"]},
        "VolumeSource": {"count": "int32", "labels": {"*": "string"}, "sizes": ["quantity"]},
    }


def test_tables_say_where_they_come_from() -> None:
    """Both tables have a date, a source, and the release they are of."""
    for name in ("fields", "kubernetes_types"):
        table = json.loads((DATA / f"{name}.json").read_text())
        assert table["date"]
        assert [row["title"] for row in table["sources"].values()]
        assert table.get("kaitoVersion") or table.get("kubernetesVersion")
