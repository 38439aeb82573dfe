"""The stacks under the real CLI: a copy of the program, a backend of its own, plugins from PATH."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PLUGIN = "pulumi-resource-kubernetes"


class Cli:
    """Runs pulumi on one copied stack program."""

    def __init__(self, program: Path, home: Path, kubeconfig: Path) -> None:
        self.program = program
        tools = [Path(sys.executable).parent, *os.environ["PATH"].split(os.pathsep)]
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join(map(str, tools)),
            "PULUMI_BACKEND_URL": f"file://{home}",
            "PULUMI_HOME": str(home / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "x",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "KUBECONFIG": str(kubeconfig),
        }

    def run(self, *words: str, fails: bool = False) -> str:
        done = subprocess.run(
            ["pulumi", *words, "--non-interactive"],
            cwd=self.program,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout

    def tree(self, *words: str) -> list[tuple[str, str, str]]:
        """Gives type, name and parent's name of everything the preview would have, without default providers."""
        preview = json.loads(self.run("preview", "--json", *words))
        states = [step.get("newState") or step["oldState"] for step in preview["steps"]]
        rows = [(state["type"], name(state["urn"]), name(state.get("parent", ""))) for state in states]
        return sorted(row for row in rows if not row[0].startswith("pulumi:providers:"))


def name(urn: str) -> str:
    return urn.rpartition("::")[2]


@pytest.fixture
def cli(tmp_path: Path) -> Any:
    """Copies a stack program of the repository and prepares stack dev."""
    missing = [tool for tool in ("pulumi", "pulumi-language-python", PLUGIN) if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not on PATH: {', '.join(missing)}")

    def make(stack: str, project: Path, config: dict[str, str], kubeconfig: Path | None = None) -> Cli:
        program = tmp_path / f"program{len(list(tmp_path.glob('program*'))) or ''}"
        shutil.copytree(ROOT / "stacks" / stack, program)
        settings = yaml.safe_load(project.read_text())
        settings.pop("main", None)
        (program / "Pulumi.yaml").write_text(yaml.safe_dump({**settings, "runtime": {"name": "python"}}))
        (tmp_path / "home").mkdir(exist_ok=True)
        made = Cli(program, tmp_path / "home", kubeconfig or tmp_path / "no-kubeconfig")
        made.run("stack", "init", "dev")
        for key, value in config.items():
            made.run("config", "set", key, value)
        return made

    return make
