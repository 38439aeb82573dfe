"""`plan --preview` on a real engine: the plan of a program is the same offline, previewed, and from another language."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaito_iac.cli.main import main

pytestmark = pytest.mark.engine
ROOT = Path(__file__).parents[2]
STACKS = ROOT / "stacks"
EXISTING = {"nodes": "existing", "nodeLabel": "apps=gpu"}
PROGRAM = """\
import pulumi

import kaito_iac as kaito

chat = kaito.KaitoWorkspace("chat", preset="phi-4-mini-instruct", instance_type="Standard_NC24ads_A100_v4", location="eastus")
npc = kaito.KaitoInferenceSet(
    "npc", preset="phi-3.5-mini-instruct", instance_type="Standard_NC24ads_A100_v4", location="eastus", replicas=2
)
pulumi.export("chat", chat.endpoint)
"""
YAML: dict[str, Any] = {
    "resources": {
        "chat": {
            "type": "kaito-iac:KaitoWorkspace",
            "properties": {
                "preset": "phi-4-mini-instruct",
                "instanceType": "Standard_NC24ads_A100_v4",
                "location": "eastus",
            },
        },
        "npc": {
            "type": "kaito-iac:KaitoInferenceSet",
            "properties": {
                "preset": "phi-3.5-mini-instruct",
                "instanceType": "Standard_NC24ads_A100_v4",
                "location": "eastus",
                "replicas": 2,
            },
        },
    },
    "outputs": {"chat": "${chat.endpoint}"},
}


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Gives the JSON of `kaito-iac plan` in the environment of an engine."""

    def ask(engine: Any, *words: str) -> dict[str, Any]:
        for name, value in engine.environment.items():
            monkeypatch.setenv(name, value)
        main(["plan", str(engine.program), *words, "--region", "eastus", "-p", "gpu-quota", "--json"])
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return ask


def sorted_by_name(found: dict[str, Any]) -> dict[str, Any]:
    """Gives a plan in an order of its own: the engine registers at once what stands beside each other."""
    for key, name in (("resources", "urn"), ("demands", "urn"), ("workloads", "component"), ("problems", "path")):
        found[key].sort(key=lambda row, name=name: str(row[name]))
    return found


@pytest.mark.parametrize(
    ("stack", "project", "config"),
    [
        pytest.param("quickstart", ROOT, EXISTING, id="quickstart on existing nodes"),
        pytest.param("chat-and-docs", STACKS / "chat-and-docs", {}, id="chat and docs"),
        pytest.param("npc", STACKS / "npc", {}, id="characters of a game"),
    ],
)
def test_equals_offline_plan(stack: str, project: Path, config: dict[str, str], echo: None, cli: Any, plan: Any) -> None:
    """A preview of the engine is judged as the offline run of the same program: the JSON is equal."""
    engine = cli(stack, project / "Pulumi.yaml", config)
    assert sorted_by_name(plan(engine, "--preview")) == sorted_by_name(plan(engine))


def test_other_language(echo: None, cli: Any, plan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in YAML is judged as the same one in Python."""
    if shutil.which("pulumi-language-yaml") is None:
        pytest.skip("not on PATH: pulumi-language-yaml")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    plugin, source = tmp_path / "kaito-iac", tmp_path / "source"
    plugin.mkdir()
    source.mkdir()
    (plugin / "__main__.py").write_text((ROOT / "components" / "__main__.py").read_text())
    runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
    (plugin / "PulumiPlugin.yaml").write_text(yaml.safe_dump({"runtime": runtime}))
    (source / "__main__.py").write_text(PROGRAM)
    (source / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    engine = cli(str(source), source / "Pulumi.yaml", {})
    offline = plan(engine)
    plugins = {"providers": [{"name": "kaito-iac", "path": str(plugin)}]}
    (engine.program / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "shop", "runtime": "yaml", "plugins": plugins, **YAML}))
    (engine.program / "__main__.py").unlink()
    previewed = plan(engine, "--preview")
    assert sorted_by_name(previewed) == sorted_by_name(offline)
