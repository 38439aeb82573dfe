"""What the command line says about itself: explanations as JSON, completion, help by name, versions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kaito_iac
from kaito_iac.cli.main import main
from kaito_iac.project_url import PROJECT_URL

from .conftest import ROOT, environment


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("KS203", "code", id="code"),
        pytest.param("no-auth", "code", id="policy rule"),
        pytest.param("KaitoCluster", "component", id="component"),
        pytest.param("KaitoCluster.system_pool", "component", id="argument"),
        pytest.param("SystemPoolArgs", "component", id="dictionary"),
        pytest.param("phi-4", "preset", id="preset"),
        pytest.param("microsoft/phi-4", "model", id="model"),
        pytest.param("standard_nc24ads_a100_v4", "size", id="size"),
    ],
)
def test_kinds_of_names(name, kind, run):
    """Every kind of name is explained as JSON too, and says which kind it is."""
    ended = run("explain", name, "--json")
    assert (ended.code, ended.json["explains"], ended.err) == (0, kind, "")


def test_code_as_json(run):
    """The JSON of a code holds everything that is printed, and the address of its page."""
    assert run("explain", "KQ101", "--json").json == {
        "explains": "code",
        "code": "KQ101",
        "title": "GPUs of the stack over budget",
        "meaning": ["The GPUs of a stack stay within its budget."],
        "why": "GPUs are billed from the minute they exist, so a budget must be checked before.",
        "example": "maxGpus: 4 with two nodes of Standard_NC96ads_A100_v4, which have 4 GPUs each",
        "message": "",
        "fix": "Use fewer or smaller nodes, or raise maxGpus with the owner of the budget.",
        "policies": ["gpu-quota/gpu-budget"],
        "url": f"{PROJECT_URL}/blob/main/docs/reference/codes.md#kq101",
    }


@pytest.mark.parametrize(
    ("command", "said"),
    [
        pytest.param("help plam", "invalid value: no such command 'plam'; did you mean 'plan'?", id="command"),
        pytest.param("help presets chek", "invalid value: no such command 'presets chek'; did you mean 'check'?", id="inner"),
        pytest.param("help plan more", "invalid value: no such command 'plan more'", id="a command without commands"),
    ],
)
def test_help_of_nothing(command, said, run):
    """A command that there is not is a usage error that names the nearest."""
    ended = run(*command.split())
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"kaito-iac help: {said.removeprefix('invalid value: ')}; see kaito-iac help --help\n"


@pytest.mark.parametrize(
    ("words", "err"),
    [
        pytest.param(
            "prices", "kaito-iac prices: missing command: one of refresh; see kaito-iac prices --help\n", id="a group alone"
        ),
        pytest.param("pln", "kaito-iac: no such command 'pln'; did you mean 'plan'?; see kaito-iac --help\n", id="misspelt"),
        pytest.param(
            "quota sho", "kaito-iac quota: no such command 'sho'; did you mean 'show'?; see kaito-iac quota --help\n", id="inner"
        ),
    ],
)
def test_a_command_that_there_is_not(words, err, run):
    """A missing command is answered with the commands of the group, a misspelt one with the nearest."""
    ended = run(*words.split())
    assert (ended.code, ended.out, ended.err) == (2, "", err)


def test_names_of_gpus_lead_to_their_sizes(run):
    """A GPU is no name of a size: the smallest sizes that have it are named, and the command that lists all."""
    ended = run("explain", "A100")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "explain: 1 problem\n"
        "  name: 'A100' is unknown; expected a code, COMPONENT[.argument], preset, model or VM size [KS101]\n"
        "    fix: did you mean 'Standard_NC24ads_A100_v4' or 'Standard_NC48ads_A100_v4' or 'Standard_NC96ads_A100_v4'? "
        "kaito-iac sizes --gpu A100 lists all\n"
    )


def test_presets_show_is_presets_name(run):
    """`presets show NAME`, `presets list NAME` and `presets NAME` print the same."""
    assert run("presets", "show", "phi-4").out == run("presets", "phi-4").out == run("presets", "list", "phi-4").out


def test_help_is_that_of_the_command(run):
    """`help X` prints what `X --help` prints, also of a command inside a group."""
    assert run("help", "presets", "check").out == run("presets", "check", "--help").out
    assert run("help").out == run("--help").out


def test_versions_that_belong_together(run):
    """`version` states what kaito-iac judges by, and what it runs on."""
    found = run("version", "--json").json
    assert found["kaito"] == "0.12.0"
    assert found["kaitoReleases"][-1] == "0.11.0"
    assert found["url"] == PROJECT_URL
    assert run("version").out.splitlines()[1].split() == ["judges", "by", "KAITO", "0.12.0", "(also", "0.13.0-rc.0,", "0.11.0)"]


def test_module_runs_and_has_a_version():
    """`python -m kaito_iac` is the command line, and the package states its version."""
    words = [sys.executable, "-m", "kaito_iac", "-V"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT, env=environment())
    assert done.stdout.startswith("kaito-iac")
    assert kaito_iac.__version__.count(".") == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_of_a_shell(shell, run):
    """The script of a shell sets the variable that asks kaito-iac, and is one that the shell can read."""
    ended = run("completion", shell)
    assert (ended.code, ended.err) == (0, "")
    assert f"_KAITO_IAC_COMPLETE={shell}_complete" in ended.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=ended.out, text=True, check=True)


def test_no_such_shell(run):
    """Another shell is refused with those there are."""
    ended = run("completion", "csh")
    assert (ended.code, ended.err) == (
        2,
        "kaito-iac completion: 'csh' is none of bash, zsh, fish; see kaito-iac completion --help\n",
    )


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        pytest.param("exp", "explain", id="command"),
        pytest.param("explain KS20", "KS201", id="code"),
        pytest.param("explain kaitoW", "KaitoWorkspace", id="component in another case"),
        pytest.param("presets phi-4-mini-instruct-q", "phi-4-mini-instruct-qlora", id="preset"),
        pytest.param("presets sch", "schema", id="command of presets"),
        pytest.param("fit phi-4-mini", "phi-4-mini-instruct", id="model"),
        pytest.param("fit phi-4 --size Standard_NC24", "Standard_NC24ads_A100_v4", id="size"),
        pytest.param("sizes --region west", "westeurope", id="region"),
        pytest.param("check --provisioner b", "byo", id="closed choice"),
        pytest.param("plan --ignore KS23", "KS238", id="ignored code"),
        pytest.param("help versi", "version", id="help"),
        pytest.param("plan --policy-pack gu", "guardrails", id="shipped pack"),
        pytest.param("init pipeline-git", "pipeline-gitlab", id="template"),
    ],
)
def test_what_a_shell_is_offered(words, offered, monkeypatch, capsys):
    """Names are completed wherever they are arguments."""
    monkeypatch.setenv("_KAITO_IAC_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"kaito-iac {words}")
    monkeypatch.setenv("COMP_CWORD", str(len(words.split())))
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 0
    assert f"plain,{offered}" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        pytest.param("check man", "file", id="manifests"),
        pytest.param("fit --models qu", "file", id="file of an option"),
        pytest.param("plan infra", "file", id="program"),
        pytest.param("plan --policy-pack own", "dir", id="pack"),
    ],
)
def test_files_are_completed(words, kind, monkeypatch, capsys):
    """Where a file or folder is asked for, the shell completes it."""
    monkeypatch.setenv("_KAITO_IAC_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"kaito-iac {words}")
    monkeypatch.setenv("COMP_CWORD", str(len(words.split())))
    with pytest.raises(SystemExit):
        main([])
    assert capsys.readouterr().out.splitlines()[0] == f"{kind},{words.split()[-1]}"


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes(tmp_path):
    """A bash that sources the script completes as the user types."""
    (tmp_path / "kaito-iac").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kaito_iac.cli.main "$@"\n')
    (tmp_path / "kaito-iac").chmod(0o755)
    line = 'eval "$(kaito-iac completion bash)"; COMP_WORDS=(kaito-iac explain KO45); COMP_CWORD=2'
    asked = f'{line}; _kaito_iac_completion kaito-iac; echo "${{COMPREPLY[@]}}"'
    env = environment({"PATH": f"{tmp_path}:{Path(sys.executable).parent}:{os.environ['PATH']}"})
    done = subprocess.run(["bash", "-c", asked], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split()[:3] == ["KO450", "KO451", "KO452"], done.stderr


def test_an_argument_without_its_component(run):
    """An argument that is named alone, in either spelling, is answered with the components that have it."""
    for name in ("max_nodes", "maxNodes"):
        ended = run("explain", name)
        fix = "name its component: KaitoInferenceSet.max_nodes, KaitoMultiRoleInference.max_nodes, KaitoWorkspace.max_nodes"
        assert (ended.code, ended.err.splitlines()[-1]) == (1, f"    fix: {fix}")
