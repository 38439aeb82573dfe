"""An inline program is planned, and then run by the real engine in the same process."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi import automation

import kaito_iac as kaito

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(shutil.which("pulumi") is None, reason="not on PATH: pulumi"),
]


def program() -> None:
    """Registers what needs no provider, beside what it exports."""
    pulumi.Stash("kept", input=pulumi.Config().require("word"))
    pulumi.export("word", pulumi.Config().require("word"))


def test_plan_then_update_in_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The offline plan leaves the SDK as it was: the engine then runs the same function, and a plan is the same afterwards."""
    settings: dict[str, Any] = {
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
    }
    for key, value in settings.items():
        monkeypatch.setenv(key, value)
    assert os.environ["PULUMI_HOME"]

    def planned() -> tuple[Any, ...]:
        found = kaito.plan(program, project="shop", stack="dev", config={"word": "a"})
        return dict(found.exports), [resource.type for resource in found.resources], found.errors

    before = planned()
    assert before == ({"word": "a"}, ["pulumi:pulumi:Stack", "pulumi:index:Stash"], ())
    stack = automation.create_or_select_stack(stack_name="dev", project_name="shop", program=program)
    stack.set_config("word", automation.ConfigValue("b"))
    assert stack.up().outputs["word"].value == "b"
    assert planned() == before
    assert stack.preview().change_summary == {"same": 2}


def test_a_program_in_another_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `preview` the engine runs a program in whatever language it is written, and the plan is of what it shows."""
    if shutil.which("pulumi-language-yaml") is None:
        pytest.skip("not on PATH: pulumi-language-yaml")
    for key, value in {"PULUMI_BACKEND_URL": f"file://{tmp_path}", "PULUMI_HOME": str(tmp_path / "home")}.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "x")
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: yaml\noutputs: {word: a}\n")
    workspace = automation.LocalWorkspace(work_dir=str(folder))
    workspace.create_stack("dev")
    found = kaito.plan(folder, stack="dev", preview=True)
    assert (found.project, found.stack, found.complete, found.errors) == ("shop", "dev", True, ())
