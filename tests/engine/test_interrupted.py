"""An update that is stopped during a wait says so; nothing is locked, and the next one goes on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """\
import asyncio
import os
from pathlib import Path

import pulumi

from kaito_iac.components.interruption import unless_stopped


async def wait(seen):
    Path("waiting").touch()
    work = asyncio.sleep(0 if os.environ.get("READY") else 120)
    await unless_stopped(work, "ReadinessGate 'answers'", "Workspace/chat in default")


hook = pulumi.ResourceHook("ready", wait)
hooks = pulumi.ResourceHookBinding(before_create=[hook])
pulumi.Stash("opened", input="x", opts=pulumi.ResourceOptions(hooks=hooks))
"""


@pytest.fixture
def gated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a program with a wait, and an empty stack dev in a backend of its own."""
    missing = [tool for tool in ("pulumi", "pulumi-language-python") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not on PATH: {', '.join(missing)}")
    folder = tmp_path / "gated"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: gated\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    for name, value in {
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }.items():
        monkeypatch.setenv(name, value)
    subprocess.run(["pulumi", "stack", "init", "dev", "--non-interactive"], cwd=folder, check=True, timeout=120)
    return folder


def up(folder: Path, **more: Any) -> subprocess.Popen[str]:
    words = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive"]
    pipe = subprocess.PIPE
    return subprocess.Popen(words, cwd=folder, stdout=pipe, stderr=subprocess.STDOUT, text=True, start_new_session=True, **more)


@pytest.mark.engine
def test_interrupted(gated: Path) -> None:
    """Ctrl-C during a wait ends in words, and the stack is neither locked nor left with a pending operation."""
    running = up(gated)
    end = time.monotonic() + 120
    while not (gated / "waiting").exists() and time.monotonic() < end:
        time.sleep(0.2)
    os.killpg(running.pid, signal.SIGINT)
    said, _ = running.communicate(timeout=120)
    assert running.returncode != 0
    assert "stopped while waiting for Workspace/chat in default; nothing was rolled back [KO494]" in said
    assert "EOF" not in said
    again = up(gated, env={**os.environ, "READY": "1"})
    said, _ = again.communicate(timeout=120)
    assert again.returncode == 0, said
    assert "pending" not in said
