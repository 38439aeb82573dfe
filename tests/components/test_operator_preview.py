"""A preview reports what an update of an operator would fail at on this machine; plans and recordings look for nothing."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import kaito_iac as kaito
from kaito_iac import errors
from kaito_iac.components.operator_preview import OF_PACKAGE, before_update
from kaito_iac.kinds.other_languages import for_other_languages
from kaito_iac.problem import Problem
from kaito_iac.testing import record

OPERATOR = SimpleNamespace(get_provider=lambda token: None)
RELEASE = {"postrender": "kaito-iac-keep-crds", "mode": "release", "guard": False, "charts": ["workspace"]}
OWN = Path(sys.prefix) / "bin"


def told(**more):
    return list(before_update(OPERATOR, SimpleNamespace(**{**RELEASE, **more})))


def missing(fix, command="kaito-iac-keep-crds"):
    found = f"'{command}' is not on the PATH of the engine: the update stops before the first chart"
    return [Problem("KO496", "postrender", found, "", fix, "warning")]


@pytest.fixture
def empty(monkeypatch, tmp_path):
    """Lets PATH be an empty folder, and the program have no environment of its own; gives the folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("pulumi.runtime.get_root_directory", lambda: str(tmp_path))
    return tmp_path


def test_command_that_the_engine_does_not_find(empty):
    """The message names the folder that has the command; of another command nothing is known."""
    assert told() == missing(f"put {OWN} on the PATH of `pulumi up`, or mode='chart'")
    fix = "put the command on the PATH of `pulumi up`, or give postrender its absolute path"
    assert told(postrender="keep-them") == missing(fix, "keep-them")
    assert told(mode="chart") == []
    assert told(postrender=None) == []


def test_component_package_has_the_command_in_its_own_folder(empty):
    """A program in another language is led to the folder of the package, in its own spelling."""
    token = errors.spelling.set(for_other_languages)
    try:
        assert told() == missing(f"put {OF_PACKAGE} on the PATH of `pulumi up`, or mode='chart'")
    finally:
        errors.spelling.reset(token)


@pytest.mark.parametrize(("project", "found"), [("runtime: python\n", True), ("options: {virtualenv: .venv}\n", False)])
def test_environment_of_the_program_is_not_the_engines(empty, monkeypatch, project, found):
    """The environment that Pulumi.yaml names is put before PATH for the program alone; one that is activated is the engine's."""
    monkeypatch.setenv("PATH", str(OWN))
    (empty / "Pulumi.yaml").write_text(project)
    assert (told() == []) is found


@pytest.mark.parametrize("known", [False, True], ids=["no cluster is named", "KUBECONFIG names one"])
def test_cluster_that_nothing_names(empty, monkeypatch, known):
    """An operator whose cluster nothing names could not be installed, nor its guard look before the removal."""
    monkeypatch.setenv("HOME", str(empty))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setenv("KUBECONFIG", "config" if known else "")
    found = "none: no provider, configuration kubernetes:kubeconfig, KUBECONFIG or ~/.kube/config names a cluster"
    fix = "name the cluster before the update, which fails otherwise"
    expected = [] if known else [Problem("KO479", "kubeconfig", found, "", fix, "warning")]
    assert told(guard=True, mode="chart") == expected


def test_recording_looks_for_nothing(empty):
    """A program that runs without an engine is not informed what an engine lacks."""
    recording = record(lambda: kaito.KaitoOperator("kaito", provisioner="byo"))
    assert [entry.message for entry in recording.logs if "KO496" in entry.message or "KO479" in entry.message] == []
