"""The component package under the real engine: programs in other languages get the same trees, and hooks run in its process."""

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.engine
PROGRAM = """
import pulumi

def remote(kind, name, args):
    return pulumi.ComponentResource(kind, name, args, None, True)

remote("kaito-iac:index:KaitoNamespace", "team", {"gpus": 2, "huggingFaceToken": pulumi.Output.secret("hf_d0ntShowThisToken")})
remote("kaito-iac:index:KaitoInferenceSet", "chat", {"preset": "phi-4-mini-instruct", "location": "eastus", "replicas": 2})
"""
HOOKED = """
from typing import TypedDict

import pulumi
from pulumi.provider.experimental import component_provider_host


class GateArgs(TypedDict):
    answer: pulumi.Input[str]


class Gate(pulumi.ComponentResource):
    def __init__(self, name: str, args: GateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hooked:index:Gate", name, {}, opts)

        async def ready(seen: pulumi.ResourceHookArgs) -> None:
            if seen.new_inputs["input"] != "ready":
                raise RuntimeError(f"{name} is not ready")

        hook = pulumi.ResourceHook(f"{name}-ready", ready)
        binding = pulumi.ResourceHookBinding(before_create=[hook])
        pulumi.Stash(f"{name}-opened", input=args["answer"], opts=pulumi.ResourceOptions(parent=self, hooks=binding))
        self.register_outputs({})


component_provider_host(name="hooked", components=[Gate])
"""
USES_HOOKED = """
import pulumi
answer = pulumi.Config().require("answer")
pulumi.ComponentResource("hooked:index:Gate", "gate", {"answer": answer}, None, True)
"""


@pytest.fixture
def package(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Prepares a program with a plugin of Python, which runs in this environment."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def make(name: str, door: str, program: str) -> Any:
        source, plugin = tmp_path / "source", tmp_path / name
        source.mkdir()
        plugin.mkdir()
        (plugin / "__main__.py").write_text(door)
        runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
        (plugin / "PulumiPlugin.yaml").write_text(yaml.safe_dump({"runtime": runtime}))
        (source / "__main__.py").write_text(program)
        plugins = {"providers": [{"name": name, "path": str(plugin)}]}
        (source / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "other", "runtime": "python", "plugins": plugins}))
        return cli(str(source), source / "Pulumi.yaml", {})

    if shutil.which("pulumi") is None:
        pytest.skip("no pulumi CLI on PATH")
    return make


def test_tree_from_another_language(package: Any) -> None:
    """What the engine previews through the package is what the components register in a program of Python."""
    engine = package("kaito-iac", (ROOT / "components" / "__main__.py").read_text(), PROGRAM)
    stack = "other-dev"
    assert engine.tree() == [
        ("kaito-iac:index:KaitoInferenceSet", "chat", stack),
        ("kaito-iac:index:KaitoNamespace", "team", stack),
        ("kubernetes:core/v1:Namespace", "team-namespace", "team"),
        ("kubernetes:core/v1:ResourceQuota", "team-quota", "team"),
        ("kubernetes:core/v1:Secret", "team-token", "team"),
        ("kubernetes:core/v1:Service", "chat-service", "chat"),
        ("kubernetes:kaito.sh/v1beta1:InferenceSet", "chat-inferenceset", "chat"),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "team-callers", "team"),
        ("pulumi:pulumi:Stack", stack, ""),
    ]
    assert "hf_d0ntShowThisToken" not in engine.run("preview", "--json")


def test_hooks_of_a_package_run(package: Any) -> None:
    """A hook that a component of a package registers runs in the package's process: it lets a resource be made, or stops it."""
    engine = package("hooked", HOOKED, USES_HOOKED)
    engine.run("config", "set", "answer", "not yet")
    engine.run("up", "--yes", "--skip-preview", fails=True)
    assert "gate is not ready" in engine.failed
    engine.run("config", "set", "answer", "ready")
    engine.run("up", "--yes", "--skip-preview")
    engine.run("destroy", "--yes", "--skip-preview")
