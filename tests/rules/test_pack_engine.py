"""The pack under the real engine: a preview over budget fails with our message, one within it passes."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("pulumi_policy")
ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "policies/gpu-quota"
NEEDED = ("pulumi", "pulumi-language-python", "pulumi-resource-kubernetes")
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]
pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(MISSING), reason=f"not on PATH: {', '.join(MISSING)}")]
PROGRAM = """
import kaito_iac as kaito

kaito.KaitoWorkspace(
    "chat",
    {"preset": "llama-3.3-70b-instruct", "access_secret": "hf", "instance_type": "Standard_NC48ads_A100_v4",
     "location": "eastus"},
)
"""
SMALL = """
import kaito_iac as kaito

size = {"instance_type": "Standard_NC24ads_A100_v4", "location": "eastus"}
kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", **size})
"""
TODAY = date.today().isoformat()
QUOTA = f"""
date: {TODAY}
subscriptions: {{lab: {{regions: {{eastus: {{families: {{StandardNCADSA100v4Family: {{limit: 48}}}}}}}}}}}}
budgets: {{namespaces: {{default: {{gpus: 1}}}}}}
"""
LEDGER = {"schema": 1, "project": "docs", "stack": "prod", "made": TODAY, "complete": True, "demands": []}
SAID = """gpu-budget  (pulumi:pulumi:Stack: shop-dev)
          The GPUs of a stack stay within its budget
          stack: 4 GPUs (chat 4); expected at most 3 [KQ101]
            fix: use fewer or smaller nodes, or raise maxGpus of gpu-budget
"""


@pytest.fixture
def preview(tmp_path):
    """Previews a stack of one Workspace with a pack; gives exit code and what was printed."""
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

    def run(pack, config, text=PROGRAM):
        (program / "__main__.py").write_text(text)
        (tmp_path / "config.json").write_text(json.dumps(config))
        done = pulumi("preview", "--policy-pack", str(pack), "--policy-pack-config", str(tmp_path / "config.json"))
        return done.returncode, done.stdout + done.stderr

    return run


def test_over_budget(preview):
    """A stack over its budget stops the preview, with the words of the plan."""
    code, said = preview(PACK, {"gpu-budget": {"maxGpus": 3}})
    assert SAID in said
    assert code != 0


def test_within_budget(preview):
    """Exactly the budget passes, and the advice does not stop it."""
    code, said = preview(PACK, {"gpu-budget": {"maxGpus": 4}})
    assert code == 0, said
    assert "KQ101" not in said
    assert "[advisory] [severity: medium]  quota-age" in said


def test_copy_of_the_pack_elsewhere(preview, tmp_path):
    """A copy of the pack in another folder runs with the virtual environment that its manifest names."""
    copy = tmp_path / "copy"
    shutil.copytree(PACK, copy, ignore=shutil.ignore_patterns("__pycache__"))
    options = f"runtime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\nversion: 0.1.0\n"
    if sys.prefix != sys.base_prefix:
        (copy / "PulumiPolicy.yaml").write_text(options)
    code, said = preview(copy, {"gpu-budget": {"maxGpus": 3}})
    assert SAID in said
    assert code != 0


def test_configuration_the_engine_refuses(preview):
    """The engine checks the configuration against the schema of the pack."""
    code, said = preview(PACK, {"gpu-budget": {"maxGpus": -1}})
    assert code != 0
    assert "maxGpus" in said


def test_the_sample_configuration(preview):
    """The engine takes every setting of the sample configuration, and the stack passes with it."""
    code, said = preview(PACK, json.loads((PACK / "config.json").read_text()))
    assert code == 0, said
    assert "[mandatory]" not in said


def test_a_cap_per_resource(preview):
    """A resource above the cap stops the preview, and is named."""
    code, said = preview(PACK, {"resource-cap": {"maxGpus": 3}})
    assert code != 0
    assert "resource-cap  (kubernetes:kaito.sh/v1beta1:Workspace: chat-workspace)" in said
    assert "Workspace 'chat-workspace': GPUs: 4; expected at most 3 [KQ111]" in said


def test_the_guard_of_a_program(preview):
    """A guard stops the program in the real engine too: a clear message, no traceback, no Workspace."""
    guarded = PROGRAM.replace("\n\n", "\n\nkaito.guard(gpus=3)\n", 1)
    code, said = preview(PACK, {"all": "disabled"}, guarded)
    assert code != 0
    assert "Workspace 'chat-workspace': 1 problem" in said
    assert "stack: 4 GPUs (chat 4); expected at most 3 [KQ101]" in said
    assert "Traceback" not in said
    code, said = preview(PACK, {"all": "disabled"}, guarded.replace("gpus=3", "gpus=4"))
    assert code == 0, said


@pytest.fixture
def elsewhere(tmp_path):
    """A copy of the pack in another folder, with a quota file and the plan of another stack beside it."""
    copy = tmp_path / "elsewhere"
    shutil.copytree(PACK, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "quota.yaml").write_text(QUOTA)
    (copy / "plans").mkdir()
    (copy / "plans/docs.json").write_text(json.dumps(LEDGER))
    return copy


@pytest.mark.parametrize("name", ["config", "sandbox", "team", "production"])
def test_starter_configurations(preview, elsewhere, name):
    """One GPU within quota and budgets passes a preview with every starter configuration: the engine takes its schema."""
    code, said = preview(elsewhere, json.loads((PACK / f"{name}.json").read_text()), SMALL)
    assert code == 0, said
    assert "gpu-quota" in said
    assert "mandatory" not in said


@pytest.mark.parametrize(
    ("name", "stopped"),
    [
        pytest.param("sandbox", ["KQ101", "KQ110", "KQ111"], id="a sandbox has one GPU"),
        pytest.param("team", ["KQ102", "KQ108"], id="a team has its quota and its namespace"),
        pytest.param("production", ["KQ102", "KQ108"], id="so has production"),
    ],
)
def test_starter_configurations_stop(preview, elsewhere, name, stopped):
    """Four GPUs over quota and budgets stop the preview, by the rules of the starter configuration."""
    code, said = preview(elsewhere, json.loads((PACK / f"{name}.json").read_text()))
    assert code != 0
    assert [code for code in [f"KQ{number}" for number in range(101, 113)] if f"[{code}]" in said] == stopped


@pytest.mark.parametrize("name", ["team", "production"])
def test_starter_configurations_without_files(preview, name):
    """Where the quota file and the plans are missing the preview fails, and says which file."""
    code, said = preview(PACK, json.loads((PACK / f"{name}.json").read_text()), SMALL)
    assert code != 0
    assert "quota.yaml: No such file or directory" in said
