"""What the command line says where it could mislead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("words", "code", "err"),
    [
        pytest.param(
            ("fit", "phi-4", "--context", "16k"),
            2,
            "kaito-iac fit: invalid value for '--context': '16k' is no whole number; give one such as 16384; see kaito-iac "
            "fit --help\n",
            id="a number with a unit",
        ),
        pytest.param(
            ("wait", "--all", "--kubeconfig", "nope"),
            3,
            "kaito-iac: no cluster: nope is no kubeconfig; name one with --kubeconfig FILE or KUBECONFIG\n",
            id="a kubeconfig that is not there",
        ),
        pytest.param(
            ("convert", "nope", "-o", "out"),
            3,
            "nope:1: error: a document: not converted: cannot be read: No such file or directory; expected YAML or JSON that "
            "kubectl reads [KS302]; fix: correct the file, or leave it out\n1 object, none converted as a whole\n",
            id="nothing to convert",
        ),
    ],
)
def test_words(words, code, err, run, tmp_path, monkeypatch):
    """A wrong value is named with what is expected, and nothing is written for nothing."""
    monkeypatch.chdir(tmp_path)
    ended = run(*words)
    assert (ended.code, ended.err) == (code, err)
    assert list(tmp_path.iterdir()) == []


def test_a_program_is_no_text_file(run, tmp_path):
    """A file that is no program is refused, and not the project around it planned."""
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (tmp_path / "README.md").write_text("")
    ended = run("plan", str(tmp_path / "README.md"))
    assert ended.code == 3
    assert "README.md: no program; expected a folder with a stack program," in " ".join(ended.out.split())


def test_trees_in_an_encoding_without_their_lines(tmp_path):
    """Lines of a tree are written in ASCII where the encoding of the terminal has none."""
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("import pulumi\nclass A(pulumi.ComponentResource):\n    pass\nA('a:b:C', 'c')\n")
    command = [sys.executable, "-m", "kaito_iac.cli.main", "plan", str(tmp_path)]
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert b"\n  `- c  C (a)" in done.stdout


def test_a_misspelt_region(run):
    """A region without prices that is close to one with prices leads to it."""
    ended = run("sizes", "--region", "westeurop")
    assert ended.err.startswith("no price is on record for region 'westeurop'; did you mean 'westeurope'? regions with prices: ")


def test_a_context_that_is_not_there(run, tmp_path):
    """A context that the kubeconfig lacks is named with the file, and with the command that lists those it has."""
    file = tmp_path / "config"
    cluster = "clusters: [{name: a, cluster: {server: 'https://127.0.0.1:1'}}]\nusers: [{name: a, user: {token: x}}]\n"
    file.write_text(f"apiVersion: v1\nkind: Config\n{cluster}contexts: [{{name: a, context: {{cluster: a, user: a}}}}]\n")
    ended = run("diagnose", "chat", "--kubeconfig", str(file), "--context", "b")
    said = f"kaito-iac: no cluster: {file} has no context 'b'; `kubectl config get-contexts` lists them\n"
    assert (ended.code, ended.out, ended.err) == (3, "", said)
