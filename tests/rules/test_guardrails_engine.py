"""The pack guardrails under the real engine: each starter configuration, remedies, a stop before anything exists."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pulumi_policy")
ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "policies/guardrails"
NEEDED = ("pulumi", "pulumi-language-python", "pulumi-resource-kubernetes")
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]
pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(MISSING), reason=f"not on PATH: {', '.join(MISSING)}")]
PROGRAM = """
import kaito_iac as kaito
import pulumi
from pulumi_kubernetes.core.v1 import Service

kaito.KaitoWorkspace(
    "chat",
    {"preset": "phi-4", "instance_type": "Standard_NC24ads_A100_v4", "location": "eastus", "labels": {"owner": "chat"}},
)
"""
OPEN = """
spec = {"type": "LoadBalancer", "ports": [{"port": 80}], "loadBalancerSourceRanges": ["203.0.113.0/24"]}
web = Service("web", metadata={"name": "web", "namespace": "default"}, spec=spec)
pulumi.export("annotations", web.metadata["annotations"])
"""
SAID = "spec.type: a load balancer with a public address; expected ClusterIP, or an internal one [KN301]"
INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"


@pytest.fixture
def engine(tmp_path):
    """Runs the CLI on a program with the pack; gives exit code and what was printed."""
    program, home = tmp_path / "program", tmp_path / "home"
    program.mkdir()
    home.mkdir()
    (program / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
        "PULUMI_BACKEND_URL": f"file://{home}",
        "PULUMI_HOME": str(home / "pulumi"),
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "KUBECONFIG": str(tmp_path / "no-kubeconfig"),
    }

    def pulumi(*words):
        return subprocess.run(
            ["pulumi", *words, "--non-interactive"], cwd=program, env=environment, capture_output=True, text=True, timeout=180
        )

    assert pulumi("stack", "init", "dev").returncode == 0

    def run(text, config, *words, pack=PACK):
        (program / "__main__.py").write_text(text)
        done = pulumi(*words, "--policy-pack", str(pack), "--policy-pack-config", str(config))
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize("name", ["config", "sandbox", "team", "production"])
def test_starter_configurations(engine, name):
    """A stack that is as it should be passes a preview with every starter configuration: the engine takes its schema."""
    code, said = engine(PROGRAM, PACK / f"{name}.json", "preview")
    assert code == 0, said
    assert "guardrails" in said


@pytest.mark.parametrize(
    ("name", "stopped"),
    [
        pytest.param("sandbox", False, id="a sandbox is corrected"),
        pytest.param("team", True, id="a team is stopped"),
        pytest.param("production", True, id="production is stopped"),
    ],
)
def test_public_load_balancer(engine, name, stopped):
    """A public load balancer is corrected or refused, as the starter configuration wants it."""
    code, said = engine(PROGRAM + OPEN, PACK / f"{name}.json", "preview", "--json" if not stopped else "--diff")
    assert (code != 0) is stopped, said
    assert (SAID in said) is stopped
    if not stopped:
        steps = json.loads(said[said.index("{") : said.rindex("}") + 1])["steps"]
        web = next(step["newState"]["inputs"] for step in steps if step["urn"].endswith(":Service::web"))
        assert web["metadata"]["annotations"] == {INTERNAL: "true"}


def test_skipped_preview(engine):
    """Without a preview the update stops before the Service exists: nothing is in the state."""
    code, said = engine(PROGRAM + OPEN, PACK / "team.json", "up", "--skip-preview", "--yes")
    assert code != 0
    assert SAID in said
    assert "Service web creating" not in said


def test_installed_elsewhere(engine, tmp_path):
    """A copy of the pack in another folder runs with the virtual environment that its manifest names."""
    copy = tmp_path / "copy"
    shutil.copytree(PACK, copy, ignore=shutil.ignore_patterns("__pycache__"))
    if sys.prefix != sys.base_prefix:
        options = f"runtime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\nversion: 0.1.0\n"
        (copy / "PulumiPolicy.yaml").write_text(options)
    code, said = engine(PROGRAM + OPEN, PACK / "team.json", "preview", pack=copy)
    assert code != 0
    assert SAID in said
