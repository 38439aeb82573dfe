"""The same program under the CLI and offline: the same tree, inputs, options and exports."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kaito_iac.offline import Recording, conceal, run_program
from kaito_iac.problem import Unknown
from kaito_iac.stack.pulumi_markers import UNKNOWN_TEXT

CLI = shutil.which("pulumi")
HOST = Path(shutil.which("pulumi-language-python") or "nowhere").parent / "pulumi-language-python-exec"

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(CLI is None or not HOST.exists(), reason="no pulumi CLI with its Python language host on PATH"),
]

SOURCE = """
def guard(args):
    if args.type_ == "pulumi:index:Stash":
        options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
        return pulumi.ResourceTransformResult(args.props, options)

class Shelf(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Shelf", name, {"size": 1.0, "word": pulumi.Output.secret("w")}, opts)
        content = {"a": [1, 2.5, None], "word": pulumi.Output.secret("w")}
        self.jar = pulumi.Stash(f"{name}-jar", input=content, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({"content": self.jar.output})

pulumi.runtime.register_resource_transform(guard)
one = Shelf("one")
three = Shelf("three", pulumi.ResourceOptions(protect=True))
two = Shelf("two", pulumi.ResourceOptions(parent=one, depends_on=[three], aliases=[pulumi.Alias(name="second")]))
last = pulumi.Stash("last", input={"of": one.jar.id, "plain": 1}, opts=pulumi.ResourceOptions(parent=two))
config = pulumi.Config()
pulumi.export("size", config.require_int("size"))
pulumi.export("sizes", config.require_object("sizes"))
pulumi.export("content", one.jar.output)
pulumi.export("names", [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()])
"""

MANIFEST = """
name: demo
runtime:
  name: python
config:
  size: {type: integer, default: 3}
  sizes: {type: array, items: {type: string}, default: [a, b]}
"""


@pytest.fixture
def pulumi_cli(program, tmp_path_factory):
    """Runs the CLI on a program, with a backend of its own."""
    home = tmp_path_factory.mktemp("pulumi")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_BACKEND_URL": f"file://{home}",
        "PULUMI_HOME": str(home / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
    }
    folder = program(SOURCE, manifest=MANIFEST)

    def run(*words: str) -> str:
        command = [CLI, *words, "--non-interactive", "--stack", "dev"]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    subprocess.run([CLI, "stack", "init", "dev"], cwd=folder, env=environment, capture_output=True, timeout=60, check=True)
    run.folder = folder  # type: ignore[attr-defined]
    return run


def _plain(value: object) -> object:
    """Return a recorded value the way the CLI prints it."""
    if isinstance(value, Unknown):
        return UNKNOWN_TEXT
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _offline(recording: Recording) -> dict[str, object]:
    return {
        found.urn: {
            "type": found.type,
            "parent": found.parent,
            "custom": found.custom,
            "inputs": _plain(conceal(found.inputs)),
            "protect": found.options.protect,
            "dependencies": list(found.options.depends_on),
            "sources": {key: list(urns) for key, urns in found.options.property_dependencies.items()},
        }
        for found in recording.resources
    }


def _engine(document: dict[str, object]) -> dict[str, object]:
    found = {}
    for step in document["steps"]:
        state = step["newState"]
        sources = state.get("propertyDependencies", {})
        found[step["urn"]] = {
            "type": state["type"],
            "parent": state.get("parent"),
            "custom": state["custom"],
            "inputs": state.get("inputs", {}),
            "protect": state.get("protect", False),
            "dependencies": sorted(state.get("dependencies", [])),
            "sources": {key: sorted(urns) for key, urns in sources.items() if urns},
        }
    return found


def test_preview_is_the_same(pulumi_cli):
    """Type, parent, inputs, protection and dependencies of every resource are those of `pulumi preview`."""
    document = json.loads(pulumi_cli("preview", "--json"))
    recording = run_program(pulumi_cli.folder)
    assert recording.error is None
    assert _offline(recording) == _engine(document)


def test_exports_of_an_update_are_the_same(pulumi_cli):
    """The exports after `pulumi up` are those of an offline update."""
    pulumi_cli("up", "--yes", "--skip-preview")
    exports = json.loads(pulumi_cli("stack", "output", "--json"))
    assert conceal(run_program(pulumi_cli.folder, dry_run=False).exports) == exports
