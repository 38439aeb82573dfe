"""The refresh of the table of releases: what it reads of a clone of KAITO, and how it writes."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

TOOL = Path(__file__).parents[2] / "tools" / "refresh_versions.py"


@pytest.fixture(scope="module")
def tool() -> Any:
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("refresh_versions", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_table_is_as_the_script_writes_it(tool: Any) -> None:
    """The data file reads back as what the script would write: no one has edited it into another form."""
    text = tool.DATA.read_text(encoding="utf-8")
    assert tool.text_of(json.loads(text)) == text


SCHEMA = {
    "type": "object",
    "properties": {
        "metadata": {"type": "object"},
        "resource": {
            "type": "object",
            "properties": {"count": {"type": "integer"}, "size": {"x-kubernetes-int-or-string": True}},
        },
        "adapters": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
        "template": {"type": "object", "properties": {"spec": {"type": "object"}}},
        "status": {"type": "object"},
    },
}


def _clone(place: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
    for words in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "x"], ["tag", "v9.9.9"]):
        subprocess.run(["git", "-C", str(place), *words], check=True)
    return place


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone with one release: two charts, one CRD behind a gate."""
    version = {"name": "v1beta1", "served": True, "storage": True, "schema": {"openAPIV3Schema": SCHEMA}}
    gone = {**version, "name": "v1alpha1", "served": False, "storage": False}
    crd = yaml.safe_dump({"metadata": {"name": "workspaces.kaito.sh"}, "spec": {"versions": [gone, version]}})
    chart = "charts/kaito/workspace"
    files = {
        f"{chart}/Chart.yaml": "version: 9.9.9\n",
        f"{chart}/values.yaml": "featureGates: {vLLM: true}\nimage: {tag: x}\ntolerations: []\n",
        f"{chart}/templates/kaito.sh_workspaces.yaml": f"{{{{- if .Values.featureGates.vLLM -}}}}\n---\n{crd}{{{{- end -}}}}\n",
        "charts/kaito/ragengine/values.yaml": "affinity: {}\n",
        "presets/workspace/models/supported_models.yaml": "models: [{name: base, tag: 1.2.3}]\n",
        "Makefile": "VERSION ?= v9.9.9\nGPU_PROVISIONER_VERSION ?= 0.5.0\nAWS_KARPENTER_VERSION ?=2.0.0\n",
    }
    return _clone(tmp_path_factory.mktemp("kaito"), files)


START = {
    "version": "9.9.9",
    "kind": "chart",
    "source": "kaito",
    "apis": {"Workspace": "?"},
    "provisioners": ["byo"],
    "defects": [],
}


def test_new_release(tool: Any, clone: Path) -> None:
    """A row that only names its release gets gates, CRDs with their fields, charts, values and base image from its tag."""
    fields = {
        "resource": "object",
        "resource.count": "integer",
        "resource.size": "int-or-string",
        "adapters": "array",
        "adapters.name": "string",
        "template": "object",
    }
    assert tool.refreshed(clone, START) == {
        **START,
        "baseImage": "kaito-base:1.2.3",
        "apis": {"Workspace": "kaito.sh/v1beta1"},
        "featureGates": {"vLLM": True},
        "charts": {"workspace": "9.9.9", "ragengine": "9.9.9", "gpu-provisioner": "0.5.0", "karpenter-aws": "2.0.0"},
        "values": {"workspace": ["featureGates.vLLM", "image.tag", "tolerations"], "ragengine": ["affinity"]},
        "crds": [
            {
                "name": "workspaces.kaito.sh",
                "kind": "Workspace",
                "chart": "workspace",
                "shipped": "template",
                "gate": "vLLM",
                "versions": {"v1beta1": {"storage": True, "deprecated": False, "fields": fields}},
            }
        ],
    }


def test_add_on_and_unknown_release(tool: Any, clone: Path) -> None:
    """The add-on gets its CRDs alone; a release without a tag stays as it is."""
    addon = {**START, "kind": "aks-add-on"}
    assert set(tool.refreshed(clone, addon)) - set(addon) == {"values", "crds"}
    assert tool.refreshed(clone, {**START, "version": "1.0.0"}) == {**START, "version": "1.0.0"}
