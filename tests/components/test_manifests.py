"""The Kubernetes objects of every example, judged by KAITO's own schemas and by a real API server."""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import jsonschema
import pytest
import yaml

from kaito_iac.stack.resource import reveal
from kaito_iac.testing import record

CRDS = Path(__file__).parents[3] / "shared" / "kaito" / "crds"
BESIDE_KAITO = {
    "AKSNodeClass",
    "EC2NodeClass",
    "NodePool",
    "ScaledObject",
    "Gateway",
    "HTTPRoute",
    "DestinationRule",
    "EnvoyFilter",
    "APIKey",
    "PodMonitor",
    "PrometheusRule",
    "SecretProviderClass",
}
"""Kinds of Karpenter, KEDA, the Gateway API, Istio, KAITO's production stack, the Prometheus operator, the Secrets Store."""
KUBECONFIG = os.environ.get("KAITO_IAC_TEST_KUBECONFIG", "")


def _manifests(program):
    return [reveal(dict(resource.inputs)) for resource in record(program).resources if resource.type.startswith("kubernetes:")]


def _closed(schema):
    """Refuses what the API server would drop in silence: fields that the schema does not name."""
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) if key in ("items", "additionalProperties") else value for key, value in schema.items()}
    if "properties" in schema:
        closed["properties"] = {key: _closed(value) for key, value in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields") and "additionalProperties" not in schema:
            closed["additionalProperties"] = False
    return closed


@cache
def _schemas():
    found = {}
    for path in sorted(CRDS.glob("kaito.sh_*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            spec = document["spec"]
            for version in spec["versions"]:
                key = (f"{spec['group']}/{version['name']}", spec["names"]["kind"])
                found[key] = _closed(version["schema"]["openAPIV3Schema"])
    return found


@pytest.mark.skipif(not CRDS.is_dir(), reason="needs KAITO's CRDs in ../shared/kaito/crds beside the checkout")
def test_schema_of_kaito_admits_the_manifests(example):
    """Every object of KAITO's fits the schema of its CRD, with no field that the schema does not name."""
    _, program = example
    for manifest in _manifests(program):
        schema = _schemas().get((manifest.get("apiVersion"), manifest.get("kind")))
        if schema is not None:
            jsonschema.Draft202012Validator(schema).validate(manifest)


@pytest.mark.skipif(not CRDS.is_dir(), reason="needs KAITO's CRDs in ../shared/kaito/crds beside the checkout")
def test_schema_notices_what_the_api_server_would_drop():
    """The closed schema refuses a misspelt field, so the check above says something."""
    good = {"metadata": {"name": "chat"}, "inference": {"preset": {"name": "phi-4"}}, "resource": {"labelSelector": {}}}
    schema = _schemas()["kaito.sh/v1beta1", "Workspace"]
    jsonschema.Draft202012Validator(schema).validate(good)
    with pytest.raises(jsonschema.ValidationError, match="'presetz' was unexpected"):
        jsonschema.Draft202012Validator(schema).validate({**good, "inference": {"presetz": {}}})


def _kubectl(*arguments, text=""):
    command = ["kubectl", "--kubeconfig", KUBECONFIG, *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def namespace():
    """Makes the namespaces that the examples name, and removes them."""
    if not KUBECONFIG:
        pytest.skip("needs an API server with KAITO's CRDs, named by KAITO_IAC_TEST_KUBECONFIG")
    if shutil.which("kubectl") is None:
        pytest.skip("needs kubectl on PATH")
    made = [name for name in ("ai", "chat", "team-chat") if _kubectl("create", "namespace", name).returncode == 0]
    yield
    if made:
        _kubectl("delete", "namespace", *made, "--wait=false")


@pytest.mark.cluster
def test_api_server_admits_the_manifests(example, namespace):
    """A real API server admits every object in a dry run, and knows every field; it has KAITO's kinds alone."""
    _, program = example
    objects = [manifest for manifest in _manifests(program) if manifest["kind"] not in BESIDE_KAITO]
    if not objects:
        return
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    done = _kubectl("apply", "--server-side", "--dry-run=server", "--validate=strict", "-o", "name", "-f", "-", text=text)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.split()) == len(objects)
