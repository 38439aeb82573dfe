"""The stacks under the real CLI: a copy of the program, a backend of its own, plugins from PATH."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaito_iac.cli.main import main

ROOT = Path(__file__).parents[2]
PLUGIN = "pulumi-resource-kubernetes"
ECHO = Path(__file__).parent / "standins" / "echo_provider.py"
AZURE = ROOT.parent / "shared" / "lab" / "azure_native_standin"
AZURE_PYTHON = os.environ.get("AZURE_STANDIN_PYTHON", "")
LONGEST_SECONDS = 300
"""Of one command of the CLI, on a machine with other work."""
ADOPTED = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/models"
STUBBED = """\"\"\"Runs the program beside this file with a chart of the tests in the place of every chart of the network.\"\"\"

import runpy

import pulumi


def stub(args):
    if args.type_ != "kubernetes:helm.sh/v3:Release":
        return None
    props = {key: value for key, value in args.props.items() if key != "repositoryOpts"}
    return pulumi.ResourceTransformResult({**props, "chart": "stub", "version": "0.1.0"}, args.opts)


pulumi.runtime.register_resource_transform(stub)
runpy.run_path("program.py", run_name="__main__")
"""


class Cli:
    """Runs pulumi on one copied stack program."""

    def __init__(self, program: Path, home: Path, kubeconfig: Path) -> None:
        self.program, self.home, self.kubeconfig = program, home, kubeconfig
        self.talk: list[str] = []
        self.failed = ""
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

    def with_azure(self, credentials: str, *, adopted: bool = False) -> None:
        """Puts the simulated Azure on PATH, empty or with a cluster to adopt; all clusters have these credentials."""
        if not AZURE.is_dir() or shutil.which(AZURE_PYTHON) is None:
            pytest.skip("needs the simulated Azure in ../shared/lab beside the checkout, and AZURE_STANDIN_PYTHON to run it")
        (self.home / "credentials").write_text(credentials)
        cluster = {
            "id": f"{ADOPTED}/providers/Microsoft.ContainerService/managedClusters/models",
            "location": "eastus",
            "properties": {
                "nodeResourceGroup": "MC_models_models_eastus",
                "oidcIssuerProfile": {
                    "enabled": True,
                    "issuerURL": f"https://oidc.invalid/{'0' * 8}-0000-0000-0000-{'0' * 12}/1/",
                },
                "securityProfile": {"workloadIdentity": {"enabled": True}},
            },
        }
        found = {"id": ADOPTED, "location": "eastus", "properties": {}}
        state = {ADOPTED.lower(): found, cluster["id"].lower(): cluster} if adopted else {}
        (self.home / "azure.json").write_text(json.dumps(state))
        self.environment |= {
            "PATH": f"{AZURE}{os.pathsep}{self.environment['PATH']}",
            "AZURE_STANDIN_PYTHON": AZURE_PYTHON,
            "ARM_SUBSCRIPTION_ID": ADOPTED.split("/")[2],
            "AZURE_STANDIN_STATE": str(self.home / "azure.json"),
            "AZURE_STANDIN_KUBECONFIG": str(self.home / "credentials"),
        }

    def with_stub_charts(self) -> None:
        """Lets the program install a chart of one ConfigMap wherever it installs one from the network."""
        keep = self.home / "kaito-iac-keep-crds"
        keep.write_text(f"#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m kaito_iac.cli.keep_crds\n")
        keep.chmod(0o755)
        self.environment["PATH"] = f"{self.home}{os.pathsep}{self.environment['PATH']}"
        templates = self.program / "stub" / "templates"
        templates.mkdir(parents=True)
        (templates.parent / "Chart.yaml").write_text("apiVersion: v2\nname: stub\nversion: 0.1.0\n")
        made = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{{ .Release.Name }}-stub"}}
        (templates / "config.yaml").write_text(json.dumps(made))
        (self.program / "__main__.py").rename(self.program / "program.py")
        (self.program / "__main__.py").write_text(STUBBED)

    def with_stack(self, project: str, outputs: dict[str, Any]) -> None:
        """Brings stack dev of another project, which has these outputs, into the same backend."""
        other = Cli(self.home / project, self.home, self.kubeconfig)
        other.program.mkdir()
        (other.program / "Pulumi.yaml").write_text(f"name: {project}\nruntime: python\n")
        other.run("stack", "init", "dev")
        state = json.loads(other.run("stack", "export"))
        kind = "pulumi:pulumi:Stack"
        root = {"urn": f"urn:pulumi:dev::{project}::{kind}::{project}-dev", "custom": False, "type": kind, "outputs": outputs}
        state["deployment"]["resources"] = [root]
        (other.program / "state.json").write_text(json.dumps(state))
        other.run("stack", "import", "--file", "state.json")

    def run(self, *words: str, fails: bool = False) -> str:
        out, err, code = finished(["pulumi", *words, "--non-interactive"], self.program, self.environment)
        self.talk.append(err)
        assert (code != 0) == fails, out + err
        self.failed = out + err if fails else ""
        return out

    def tree(self, *words: str) -> list[tuple[str, str, str]]:
        """Return type, name and parent's name of everything the preview would have, without the engine's default providers."""
        preview = json.loads(self.run("preview", "--json", *words))
        states = [step.get("newState") or step["oldState"] for step in preview["steps"]]
        rows = [(state["type"], name(state["urn"]), name(state.get("parent", ""))) for state in states]
        return sorted(row for row in rows if not (row[0].startswith("pulumi:providers:") and row[1].startswith("default")))


def finished(command: list[str], place: Path, environment: dict[str, str]) -> tuple[str, str, int]:
    """Runs a command, and gives what it wrote; one that takes too long is interrupted, so that its state has what it made."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=place, env=environment, text=True, **streams) as running:
        try:
            out, err = running.communicate(timeout=LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGINT)
            try:
                out, err = running.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                running.kill()
                out, err = running.communicate()
            pytest.fail(f"{' '.join(command)}: not done after {LONGEST_SECONDS} seconds\n{out}{err}")
        return out, err, running.returncode


def name(urn: str) -> str:
    return urn.rpartition("::")[2]


@pytest.fixture
def cli_class() -> type[Cli]:
    """Return the class that runs pulumi, for tests with a program and plugins of their own."""
    return Cli


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return the JSON of `kaito-iac plan` in the environment of an engine, in an order that is not the engine's."""

    def ask(engine: Any, program: Path, *words: str) -> dict[str, Any]:
        for key, value in engine.environment.items():
            monkeypatch.setenv(key, value)
        main(["plan", str(program), *words, "--region", "eastus", "-p", "gpu-quota", "--json"])
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        for rows, key in (("resources", "urn"), ("demands", "urn"), ("workloads", "component"), ("problems", "path")):
            found[rows].sort(key=lambda row, key=key: str(row[key]))  # what stands beside each other is registered at once
        return found

    return ask


@pytest.fixture
def echo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts providers on PATH that make what they are given: previews need neither cluster nor cloud."""
    folder = tmp_path / "echo"
    folder.mkdir()
    for package in ("kubernetes", "azure-native"):
        script = folder / f"pulumi-resource-{package}"
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u "{ECHO}"\n')
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


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
            if value.startswith("{") and ":" not in key:  # the command line has no way to give an object
                file = program / "Pulumi.dev.yaml"
                known = yaml.safe_load(file.read_text()) if file.exists() else {}
                known.setdefault("config", {})[f"{settings['name']}:{key}"] = json.loads(value)
                file.write_text(yaml.safe_dump(known))
            else:
                made.run("config", "set", key, value)
        return made

    return make
