"""An operator under the real engine: simulated Azure, a real API server, and charts of this test instead of KAITO's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
STANDIN = ROOT.parent / "shared" / "lab" / "azure_native_standin"
KUBECONFIG = os.environ.get("KAITO_IAC_TEST_KUBECONFIG")
PYTHON = os.environ.get("AZURE_STANDIN_PYTHON", "")
pytestmark = [
    pytest.mark.engine,
    pytest.mark.cluster,
    pytest.mark.skipif(KUBECONFIG is None, reason="no KAITO_IAC_TEST_KUBECONFIG"),
    pytest.mark.skipif(not STANDIN.is_dir(), reason="needs the simulated Azure in ../shared/lab beside the checkout"),
    pytest.mark.skipif(
        shutil.which(PYTHON) is None, reason="needs AZURE_STANDIN_PYTHON, a Python with the simulated Azure's packages"
    ),
]
PROGRAM = """
import pulumi
from pulumi_azure_native import containerservice, resources
import kaito_iac as kaito

own = "OWN"
group = resources.ResourceGroup("group", resource_group_name="models", location="eastus")
cluster = containerservice.ManagedCluster(
    "cluster", resource_name_="main", resource_group_name=group.name, location="eastus", dns_prefix="k",
    identity={"type": "SystemAssigned"}, oidc_issuer_profile={"enabled": True},
    security_profile={"workloadIdentity": {"enabled": True}},
    agent_pool_profiles=[{"name": "system", "mode": "System", "count": 1, "vmSize": "Standard_D4s_v5"}],
)
facts = {
    "clusterId": cluster.id, "nodeResourceGroup": cluster.node_resource_group, "location": "eastus",
    "oidcIssuerUrl": cluster.oidc_issuer_profile.issuer_url, "tenantId": "33333333-3333-3333-3333-333333333333",
}
operator = kaito.KaitoOperator("kaito", {
    "provisioner": "azure-gpu-provisioner", "cluster": facts, "mode": "MODE", "chart_source": "charts",
    "provisioner_chart_source": "charts", "namespace": own, "provisioner_namespace": f"{own}-gpu", "timeout_minutes": 2,
    "guard": False,
})
pulumi.export("ready", operator.ready)
"""
ORDER = ("identity", "role-contributor", "provisioner-federation", "gpu-provisioner", "workspace")


def _charts(place: Path, own: str) -> None:
    """Writes charts with one object each; the workspace chart has a CRD among its templates, as KAITO's has."""
    for name, version in (("workspace", "0.12.0"), ("gpu-provisioner", "0.4.4")):
        templates = place / name / "templates"
        templates.mkdir(parents=True)
        (place / name / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: {version}\n")
        config = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": name},
            "data": {"v": "{{ .Values | toJson | b64enc }}"},
        }
        (templates / "config.yaml").write_text(json.dumps(config))
    names = {"kind": "Widget", "plural": "widgets", "singular": "widget", "listKind": "WidgetList"}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"widgets.{own}.example.com"},
        "spec": {"group": f"{own}.example.com", "names": names, "scope": "Namespaced", "versions": [version]},
    }
    (place / "workspace" / "templates" / "crd.yaml").write_text(json.dumps(crd))


def _kubectl(*words: str) -> str:
    return subprocess.run(["kubectl", "--kubeconfig", str(KUBECONFIG), *words], capture_output=True, text=True, timeout=60).stdout


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Any) -> Any:
    """Writes the program with its charts and the post-renderer, and prepares stack dev; afterwards nothing is left."""
    own = f"op-{uuid.uuid4().hex[:8]}"
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "kaito-iac-keep-crds").write_text(f"#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m kaito_iac.cli.keep_crds\n")
    (tools / "kaito-iac-keep-crds").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("AZURE_STANDIN_PYTHON", PYTHON)
    monkeypatch.setenv("AZURE_STANDIN_STATE", str(tmp_path / "azure.json"))

    def make(mode: str) -> tuple[Any, str]:
        folder = tmp_path / "source"
        _charts(folder / "charts", own)
        (folder / "__main__.py").write_text(PROGRAM.replace("OWN", own).replace("MODE", mode))
        plugin = f"plugins: {{providers: [{{name: azure-native, path: {STANDIN}}}]}}\n"
        (folder / "Pulumi.yaml").write_text(f"name: operator\nruntime: python\n{plugin}")
        return cli(str(folder), folder / "Pulumi.yaml", {}, Path(str(KUBECONFIG))), own

    yield make
    _kubectl("delete", "crd", f"widgets.{own}.example.com", "--ignore-not-found")
    _kubectl("delete", "namespace", own, f"{own}-gpu", "--ignore-not-found", "--wait=false")


def _deleted(text: str) -> list[str]:
    """Return the parts of the operator in the order they were deleted."""
    names = [
        line.split()[2].removeprefix("kaito-")
        for line in text.splitlines()
        if " deleted " in line and line.strip().startswith("-")
    ]
    return [name for name in names if name in ORDER]


@pytest.mark.parametrize("mode", ["release", "chart"])
def test_life_of_an_operator(program: Any, mode: str) -> None:
    """Up installs all; a second preview changes nothing; destroy goes the other way, and the CRD stays in the cluster."""
    cli, own = program(mode)
    up = cli.run("up", "--yes", "--skip-preview")
    assert "ready: true" in up
    cli.run("preview", "--expect-no-changes")
    cli.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    deleted = _deleted(cli.run("destroy", "--yes", "--skip-preview"))
    assert deleted == [name for name in reversed(ORDER) if name in deleted]
    assert set(ORDER[:3]) <= set(deleted)
    assert mode == "chart" or set(deleted) == set(ORDER)
    assert _kubectl("get", "crd", f"widgets.{own}.example.com", "-o", "name").strip().endswith(f"widgets.{own}.example.com")
    assert _kubectl("get", "namespace", own, f"{own}-gpu", "--ignore-not-found", "-o", "name") == ""
