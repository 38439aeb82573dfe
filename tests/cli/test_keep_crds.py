"""The post-renderer that marks CRDs as kept."""

import io
import json

import pytest
import yaml

from kaito_iac.cli import keep_crds

OTHER = """\
# Source: workspace/templates/config.yaml
apiVersion: v1
kind: ConfigMap
data:
  text: |
    kind: CustomResourceDefinition is a word here
    ---x
"""
CRD = """\
# Source: workspace/templates/crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    controller-gen.kubebuilder.io/version: v0.20.1
  name: workspaces.kaito.sh
spec:
  pattern: 'a: "b"'
"""
KEPT = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {
        "annotations": {"controller-gen.kubebuilder.io/version": "v0.20.1", "helm.sh/resource-policy": "keep"},
        "name": "workspaces.kaito.sh",
    },
    "spec": {"pattern": 'a: "b"'},
}


def test_crds_are_marked_and_all_else_stays():
    """A CRD gets one annotation more; other manifests stay letter by letter."""
    text = keep_crds.kept(f"---\n{OTHER}---\n{CRD}---\n{OTHER}")
    assert text == f"---\n{OTHER}---\n{json.dumps(KEPT)}\n---\n{OTHER}"
    assert [one and one["kind"] for one in yaml.safe_load_all(text)] == ["ConfigMap", "CustomResourceDefinition", "ConfigMap"]


@pytest.mark.parametrize(
    "crd",
    [
        "kind: CustomResourceDefinition\nmetadata: {name: x}",
        "kind: 'CustomResourceDefinition'\nmetadata:\n  name: x\n  annotations:",
        '{"kind": "CustomResourceDefinition", "metadata": {"name": "x"}}',
    ],
    ids=["flow", "block", "JSON"],
)
def test_crds_without_annotations(crd):
    """A CRD that has no annotation gets its first, in whatever style it is written."""
    text = keep_crds.kept(f"{crd}\n")
    assert yaml.safe_load(text)["metadata"] == {"name": "x", "annotations": {"helm.sh/resource-policy": "keep"}}


def test_a_second_time_changes_nothing():
    """What is marked already stays as it is."""
    once = keep_crds.kept(CRD)
    assert yaml.safe_load(keep_crds.kept(once)) == yaml.safe_load(once) == KEPT


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        pytest.param("a: 1\n", 0, "", id="nothing to mark"),
        pytest.param("", 0, "", id="nothing at all"),
        pytest.param(
            "kind: CustomResourceDefinition\nmetadata: [\n",
            1,
            "kaito-iac-keep-crds: manifests cannot be read: ",
            id="no YAML",
        ),
        pytest.param(
            "kind: CustomResourceDefinition\nmetadata: text\n", 1, "kaito-iac-keep-crds: manifests cannot be read: ", id="no CRD"
        ),
    ],
)
def test_command(given, code, said, monkeypatch, capsys):
    """The command reads standard input and writes standard output; what it cannot read ends in one line and exit code 1."""
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    assert keep_crds.main() == code
    out, err = capsys.readouterr()
    assert out == ("" if code else given)
    assert err.startswith(said)
    assert err.count("\n") == code
