"""`wait` and `leftovers` as they are called, without a cluster; with one they are in tests/watch/test_live.py."""

import pytest

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.main import main
from kaito_iac.cli.terminal import Page
from kaito_iac.cli.waiting import targets, text
from kaito_iac.readiness.causes import CAUSES, causes_page
from kaito_iac.readiness.diagnose import diagnose
from kaito_iac.readiness.finding import Memory
from kaito_iac.readiness.snapshot import KINDS, Snapshot
from kaito_iac.readiness.target import Target

KIND_LIST = ", ".join(KINDS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param([], "name workloads as KIND/NAME, or give --all", id="nothing"),
        pytest.param(["--all", "workspace/a"], "--all takes no names", id="all, and names"),
        pytest.param(["chat"], f"'chat' is no KIND/NAME, such as workspace/chat; kinds: {KIND_LIST}", id="a name alone"),
        pytest.param(["pod/chat"], f"'pod/chat' is no KIND/NAME, such as workspace/chat; kinds: {KIND_LIST}", id="another kind"),
        pytest.param(["workspace/"], f"'workspace/' is no KIND/NAME, such as workspace/chat; kinds: {KIND_LIST}", id="no name"),
    ],
)
def test_wrong_calls(capsys, words, said):
    """A call that makes no sense is refused on one line, before a cluster is looked for."""
    assert main(["wait", *words]) == ExitCode.USAGE
    assert capsys.readouterr().err == f"kaito-iac wait: {said}; see kaito-iac wait --help\n"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("workspace", "Workspace"),
        ("WKS", "Workspace"),
        ("isets", "InferenceSet"),
        ("ragengines", "RAGEngine"),
        ("mri", "MultiRoleInference"),
        ("multiroleinferences.kaito.sh", "MultiRoleInference"),
    ],
)
def test_kinds_as_kubectl_takes_them(word, kind):
    """A kind is named in any case, short, plural or with its group."""
    assert targets([f"{word}/a", f"{word}/a"], "models", False) == [Target(kind=kind, namespace="models", name="a")]


def test_a_mirror_has_no_namespace():
    """A ModelMirror belongs to the cluster, whatever namespace is named."""
    assert targets(["modelmirror/m"], "models", False) == [Target(kind="ModelMirror", namespace="", name="m")]


@pytest.mark.parametrize(
    "command", [["wait", "workspace/a"], ["leftovers"], ["diagnose", "a"]], ids=["wait", "leftovers", "diagnose"]
)
def test_no_kubeconfig(capsys, tmp_path, command):
    """Without a kubeconfig there is one line, and no traceback."""
    pytest.importorskip("kubernetes")
    assert main([*command, "--kubeconfig", str(tmp_path / "none")]) == ExitCode.REFUSED
    told = f"no cluster: {tmp_path / 'none'} is no kubeconfig; name one with --kubeconfig FILE or KUBECONFIG"
    assert capsys.readouterr().err == f"kaito-iac: {told}\n"


def test_the_extra_is_needed(capsys, monkeypatch):
    """Without the Kubernetes client the message names what to install."""
    monkeypatch.setitem(__import__("sys").modules, "kubernetes", None)
    assert main(["leftovers"]) == ExitCode.REFUSED
    assert capsys.readouterr().err == (
        "wait: 1 problem\n  kubernetes: the Kubernetes client is not installed [KS224]\n    fix: pip install 'kaito-iac[wait] @ git+https://example.com/kaito-iac'\n"
    )


def test_names_from_a_cluster_are_written_out():
    """What a terminal would obey in a cluster's words is written out."""
    told = {"type": "WorkspaceSucceeded", "status": "False", "reason": "workspaceFailed", "message": "\x1b[2Jgone"}
    workspace = {"kind": "Workspace", "metadata": {"name": "a", "namespace": "m"}, "status": {"conditions": [told]}}
    found, _ = diagnose(
        Target(kind="Workspace", namespace="m", name="a"), Snapshot(now=1.0, objects={"Workspace": [workspace]}), Memory()
    )
    assert text([found], Page()).splitlines()[:2] == [
        "Workspace/a in m: hopeless",
        "  Workspace/a: job failed: workspaceFailed: \\x1b[2Jgone [KO474]",
    ]


def test_every_cause_is_documented():
    """The generated page has a row for every cause, with its grace in minutes."""
    rows = [line for line in causes_page().splitlines() if line.startswith("| KO")]
    assert len(rows) == len(CAUSES) == 29
    assert rows[0].startswith("| KO450 | quota refused | 2 min | A quota does not grow")
    assert any(row.startswith("| KO463 | container crashes | 5 min, 4 restarts | ") for row in rows)
