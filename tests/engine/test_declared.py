"""Declared demand and waivers under the real engine: the pack takes them as its configuration says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """\
import pulumi
import kaito_iac

cluster = pulumi.ComponentResource("eks:index:Cluster", "serving", {})
kaito_iac.declare(cluster, gpus=4, reason="two nodes of two GPUs")
"""
QUIET = {"quota-age": "disabled", "autoscaler-maximum": "disabled"}
WAIVER = {"rule": "gpu-budget", "resource": "stack", "owner": "platform", "reason": "load test", "expires": "2999-12-31"}
pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("config", "code", "told"),
    [
        pytest.param({"gpu-budget": {"maxGpus": 4}}, 1, "GPU count unknown", id="a program cannot declare its own GPUs away"),
        pytest.param(
            {"gpu-budget": {"maxGpus": 2}, "declared-demand": {"declarations": "program"}, "waivers": {"granted": [WAIVER]}},
            0,
            "4 GPUs (serving 4); waived until 2999-12-31 by platform: load test; expected at most 2",
            id="accepted, over the budget, and waived",
        ),
    ],
)
def test_preview(tmp_path: Path, config: dict[str, object], code: int, told: str) -> None:
    """What is declared counts where the pack accepts it; a waived finding is advice."""
    (tmp_path / "__main__.py").write_text(PROGRAM)
    (tmp_path / "Pulumi.yaml").write_text("name: declared\nruntime: python\n")
    (tmp_path / "policy.json").write_text(json.dumps({**QUIET, **config}))
    (tmp_path / "backend").mkdir()
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PULUMI_BACKEND_URL": f"file://{tmp_path}/backend",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
    }
    pack = ["--policy-pack", str(ROOT / "policies" / "gpu-quota"), "--policy-pack-config", "policy.json"]

    def pulumi(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["pulumi", *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600)

    assert pulumi("stack", "init", "dev").returncode == 0
    done = pulumi("preview", "--non-interactive", "--color", "never", *pack)
    assert (done.returncode == 0) == (code == 0)
    assert told in done.stdout
