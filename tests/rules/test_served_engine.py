"""A pack in the real engine, without any provider: configured, refused, asked about resources and the stack, remedied."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKS = ROOT / "policies"
MISSING = [tool for tool in ("pulumi", "pulumi-language-python") if shutil.which(tool) is None]
pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(MISSING), reason=f"not on PATH: {', '.join(MISSING)}")]
PROGRAM = """
import pulumi

inputs = {"vmSize": "Standard_NC24ads_A100_v4", "count": 9, "location": "eastus"}
pool = pulumi.ComponentResource("azure-native:containerservice:AgentPool", "gpu", inputs)
pool.register_outputs(inputs)
"""
OFF = {"all": "disabled"}


@pytest.fixture
def preview(tmp_path):
    """Previews a stack of one pool with a pack and its configuration; gives exit code and what was printed."""
    program = tmp_path / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (program / "__main__.py").write_text(PROGRAM)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_HOME": str(tmp_path / "pulumi"),
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
    }

    def pulumi(*words):
        return subprocess.run(
            ["pulumi", *words, "--non-interactive"], cwd=program, env=environment, capture_output=True, text=True, timeout=180
        )

    assert pulumi("stack", "init", "dev").returncode == 0

    def run(pack, config):
        path = tmp_path / "config.json"
        path.write_text(json.dumps(config))
        done = pulumi("preview", "--policy-pack", str(PACKS / pack), "--policy-pack-config", str(path))
        return done.returncode, done.stdout + done.stderr

    return run


def test_configuration_that_does_not_fit(preview):
    """A rule or a key that the pack does not have ends the preview before anything is judged."""
    code, text = preview("gpu-quota", {"gpu-budgt": {"enforcementLevel": "mandatory", "maxGpus": 0}, "gpu-budget": {"maxGpu": 1}})
    assert code != 0
    assert "gpu-budgt: not a rule; expected a rule of gpu-quota [KO485]" in text
    assert "gpu-budget.maxGpu: not a setting; expected one of enforcementLevel, maxGpus, onUnknown [KO485]" in text


def test_over_and_within_budget(preview):
    """A stack over its budget ends the preview, in the words of the plan; one within it passes."""
    code, text = preview("gpu-quota", {**OFF, "gpu-budget": {"enforcementLevel": "mandatory", "maxGpus": 8}})
    assert code != 0
    assert "stack: 9 GPUs (gpu 9); expected at most 8 [KQ101]" in text
    assert preview("gpu-quota", {**OFF, "gpu-budget": {"enforcementLevel": "mandatory", "maxGpus": 9}})[0] == 0


def test_a_resource_before_it_exists(preview):
    """A resource that a rule refuses ends the preview; where the rule remedies it, it passes."""
    code, text = preview("guardrails", {**OFF, "owner-tag": {"enforcementLevel": "mandatory", "value": "us"}})
    assert code != 0
    assert "tags.owner: missing; expected the name of the responsible person or team [KO409]" in text
    code, text = preview("guardrails", {**OFF, "owner-tag": {"enforcementLevel": "remediate", "value": "us"}})
    assert (code, "[remediate]" in text) == (0, True), text
