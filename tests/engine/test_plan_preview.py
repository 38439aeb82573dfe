"""`plan --preview` on a real engine: the plan of a program is the same offline, previewed, and from another language."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

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


@pytest.mark.parametrize(
    ("stack", "project", "config"),
    [
        pytest.param("quickstart", ROOT, EXISTING, id="quickstart on existing nodes"),
        pytest.param("chat-and-docs", STACKS / "chat-and-docs", {}, id="chat and docs"),
        pytest.param("npc", STACKS / "npc", {}, id="characters of a game"),
    ],
)
def test_equals_offline_plan(stack: str, project: Path, config: dict[str, str], echo: None, cli: Any, judged: Any) -> None:
    """A preview of the engine is judged as the offline run of the same program: the JSON is equal."""
    engine = cli(stack, project / "Pulumi.yaml", config)
    assert judged(engine, engine.program, "--preview") == judged(engine, engine.program)


def test_other_language(echo: None, cli: Any, judged: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    offline = judged(engine, engine.program)
    plugins = {"providers": [{"name": "kaito-iac", "path": str(plugin)}]}
    (engine.program / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "shop", "runtime": "yaml", "plugins": plugins, **YAML}))
    (engine.program / "__main__.py").unlink()
    assert judged(engine, engine.program, "--preview") == offline
