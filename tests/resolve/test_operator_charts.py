"""Where an operator's charts come from, and that the values fit the charts."""

import pytest
import yaml

import kaito_iac as kaito
from kaito_iac.catalog.load import versions
from kaito_iac.testing import record

KAITO = "https://kaito-project.github.io/kaito/charts/kaito"


def _chart(source, **more):
    """Return chart, version and repository of the workspace release."""
    args = {"provisioner": "byo", **({"chart_source": source} if source else {}), **more}
    inputs = record(lambda: kaito.KaitoOperator("kaito", args)).by_name("kaito-workspace").inputs
    return inputs["chart"], inputs.get("version"), inputs.get("repositoryOpts", {}).get("repo")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param(None, ("workspace", "0.12.0", KAITO), id="as KAITO publishes it"),
        pytest.param(
            "https://charts.example.com", ("workspace", "0.12.0", "https://charts.example.com"), id="another repository"
        ),
        pytest.param("oci://r.example.com/charts/", ("oci://r.example.com/charts/workspace", "0.12.0", None), id="a registry"),
    ],
)
def test_remote_charts(source, found):
    """A repository is named beside the chart, a registry is a part of its name."""
    assert _chart(source) == found


def _folder(place, name, version):
    (place / name).mkdir(parents=True)
    (place / name / "Chart.yaml").write_text(yaml.safe_dump({"name": name, "version": version}))


def test_archive_in_a_folder(tmp_path):
    """In a folder the archive of the release comes first; the version is in its name."""
    (tmp_path / "workspace-0.12.0.tgz").write_bytes(b"")
    _folder(tmp_path, "workspace", "0.11.0")
    assert _chart(str(tmp_path)) == (f"{tmp_path.as_posix()}/workspace-0.12.0.tgz", None, None)


def test_chart_in_a_folder(tmp_path):
    """A folder with the chart is taken when it is the release that is asked for."""
    _folder(tmp_path, "workspace", "0.11.0")
    assert _chart(str(tmp_path), version="0.11.0") == (f"{tmp_path.as_posix()}/workspace", None, None)


@pytest.mark.parametrize("text", ["version: 0.11.0", "version: [", "[]", "name: x", ""])
def test_chart_of_another_release(tmp_path, refusal, text):
    """A chart of another release, or a folder that is no chart, is refused."""
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "Chart.yaml").write_text(text)
    said = refusal("KaitoOperator", "kaito", {"provisioner": "byo", "chart_source": str(tmp_path)})
    assert said.startswith("KaitoOperator 'kaito': 1 problem\n  chart_source: ")
    assert ("is version 0.11.0; expected version 0.12.0 [KS105]" in said) == (text == "version: 0.11.0")


def _paths(values, prefix=""):
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _paths(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


EVERYTHING = {
    "provisioner": "byo",
    "cluster": {"cluster_name": "main"},
    "gpu_operator": True,
    "spot": True,
    "rag": True,
    "registry": "r.example.com/kaito",
    "image": {"tag": "t", "pull_policy": "Always"},
    "image_pull_secrets": ["pull"],
    "feature_gates": {"ModelMirror": True, "ModelStreaming": True, "vLLM": True},
}


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(EVERYTHING, id="existing nodes, everything set"),
        pytest.param({**EVERYTHING, "version": "0.11.0"}, id="the release before"),
        pytest.param({"provisioner": "node-auto-provisioning", "rag": True}, id="Azure's Karpenter"),
        pytest.param({"provisioner": "karpenter", "cloud": "aws", "cluster": {"cluster_name": "main"}}, id="Karpenter on AWS"),
    ],
)
def test_values_are_values_of_the_chart(args):
    """Every value that an argument becomes is one the chart of that release reads."""
    recording = record(lambda: kaito.KaitoOperator("kaito", args))
    known = versions()[args.get("version", "0.12.0")].values
    for chart in ("workspace", *(("ragengine",) if args.get("rag") else ())):
        values = recording.by_name(f"kaito-{chart}").inputs["values"]
        odd = [path for path in _paths(values) if path not in known[chart] and not path.startswith("karpenterProviders.aws.")]
        assert odd == []


@pytest.mark.parametrize(
    ("given", "key", "value"),
    [
        pytest.param({"logging": {"level": "info"}}, "logging", {"level": "info"}, id="a value of its own"),
        pytest.param(
            {"resources": {"limits": {"memory": "1Gi"}}}, "resources", {"limits": {"memory": "1Gi"}}, id="a part of a map"
        ),
        pytest.param(
            {"image": {"pull_policy": "Always"}}, "image", {"repository": "r/workspace", "pull_policy": "Always"}, id="maps merge"
        ),
        pytest.param({"presetRegistryName": "r"}, "presetRegistryName", "r", id="the same as the argument means"),
        pytest.param({"tolerations": [{"key": "a"}]}, "tolerations", [{"key": "a"}], id="a list"),
    ],
)
def test_own_values_lie_over_ours(given, key, value):
    """A user's values are merged into those of the arguments."""
    made = record(lambda: kaito.KaitoOperator("kaito", {"provisioner": "byo", "registry": "r", "values": given}))
    assert made.by_name("kaito-workspace").inputs["values"][key] == value
