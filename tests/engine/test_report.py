"""`report run` with a real engine, on a program that needs no provider."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.cli.main import main

ROOT = Path(__file__).parents[2]
PROGRAM = """\
import pulumi


class Part(pulumi.ComponentResource):
    def __init__(self, name, size):
        super().__init__("shop:index:Part", name, {"size": size})
        self.register_outputs({"size": size})


for name, size in %s.items():
    Part(name, size)
pulumi.export("parts", %s)
"""


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a program with an empty stack dev in a backend of its own."""
    missing = [tool for tool in ("pulumi", "pulumi-language-python") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not on PATH: {', '.join(missing)}")
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    for name, value in {
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }.items():
        monkeypatch.setenv(name, value)
    write(folder, {"a": 1, "b": 1})
    pulumi(folder, "stack", "init", "dev")
    return folder


def write(folder: Path, parts: dict[str, int]) -> None:
    (folder / "__main__.py").write_text(PROGRAM % (parts, parts))


def pulumi(folder: Path, *words: str) -> None:
    subprocess.run(["pulumi", *words, "--non-interactive"], cwd=folder, check=True, capture_output=True, timeout=180)


@pytest.mark.engine
def test_run(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A preview is run once, and the report has its deletions, outputs, lines of the program and the engine's exit code."""
    pulumi(stack, "up", "--yes")
    write(stack, {"b": 2, "c": 1})
    assert main(["report", "run", str(stack), "--stack", "dev", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)["stacks"][0]
    assert report["counts"] == {"create": 1, "delete": 1, "update": 1, "same": 0}
    assert [loss["change"]["urn"].rpartition("::")[2] for loss in report["losses"]] == ["a"]
    assert report["exports"] == ["parts"]
    assert report["engineCode"] == 0
    assert {change["source"] for change in report["changes"] if change["action"] != "delete"} == {"__main__.py:11"}


@pytest.mark.engine
def test_crash(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program that raises is incomplete, whatever else the engine says."""
    (stack / "__main__.py").write_text("raise ValueError('no')\n")
    assert main(["report", "run", str(stack), "--stack", "dev", "--json"]) == 3
    report = json.loads(capsys.readouterr().out)["stacks"][0]
    assert (report["verdict"], report["reason"], report["engineCode"]) == ("incomplete", "the program ended with an error", 1)


@pytest.mark.engine
def test_no_stack(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A preview that cannot start is a hole with the engine's own words."""
    assert main(["report", "run", str(stack), "--stack", "prod"]) == 3
    told = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("**missing**"))
    assert re.sub(r"with \d+", "with N", told) == "**missing**: `shop: pulumi ended with N: error: no stack named 'prod' found`"


PLATFORM = {"provisioner": "byo", "pools": '{"a100": {"instanceType": "Standard_NC24ads_A100_v4", "count": 1}}'}


@pytest.fixture(params=["echo", pytest.param("real", marks=pytest.mark.cluster)])
def kubeconfig(request: pytest.FixtureRequest) -> str:
    """Return the kubeconfig of an API server for the real Kubernetes provider; nothing for a provider without a cluster."""
    found = os.environ.get("KAITO_IAC_TEST_KUBECONFIG", "")
    if request.param == "echo":
        request.getfixturevalue("echo")
    elif not found:
        pytest.skip("no KAITO_IAC_TEST_KUBECONFIG")
    return "" if request.param == "echo" else found


@pytest.mark.engine
@pytest.mark.parametrize(
    ("name", "project", "config", "was", "becomes", "gpus"),
    [
        pytest.param(
            "quickstart",
            ROOT,
            {"nodes": "existing", "nodeLabel": "apps=gpu"},
            '"count": 1',
            '"count": 2',
            {},
            id="quickstart: another node that exists",
        ),
        pytest.param(
            "platform",
            ROOT / "stacks" / "platform",
            PLATFORM,
            'count=nodes.get("count")',
            "count=3",
            {"NVIDIA A100": (1, 3)},
            id="platform: two more nodes",
        ),
        pytest.param(
            "workloads",
            ROOT / "stacks" / "workloads",
            {"maxGpus": "8"},
            '"max_count": 2',
            '"max_count": 4',
            {"NVIDIA A100": (4, 6)},
            id="workloads: two more replicas",
        ),
    ],
)
def test_head_and_base(
    name: str,
    project: Path,
    config: dict[str, str],
    was: str,
    becomes: str,
    gpus: dict[str, tuple[int, int]],
    kubeconfig: str,
    cli: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A stack of the repository is previewed as it is and as its target branch has it, which is subtracted."""
    engine = cli(name, project / "Pulumi.yaml", config, Path(kubeconfig) if kubeconfig else None)
    credentials = Path(kubeconfig).read_text() if kubeconfig else "apiVersion: v1"
    if kubeconfig and name == "platform":
        engine.with_azure(credentials)
        engine.with_stub_charts()
    for key, value in engine.environment.items():
        monkeypatch.setenv(key, value)
    if name == "workloads":
        outputs = json.loads((project / "references.json").read_text())["organization/kaito-platform/dev"]
        secret = {
            "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
            "plaintext": json.dumps(credentials),
        }
        engine.with_stack("kaito-platform", outputs | {"kubeconfig": secret})
    author = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "base"]):
        subprocess.run(["git", *words], cwd=engine.program, check=True, capture_output=True)
    program = next(path for path in map(engine.program.joinpath, ("program.py", "__main__.py")) if path.exists())
    assert was in program.read_text()
    program.write_text(program.read_text().replace(was, becomes))
    code = main(["report", "run", str(engine.program), "--stack", "dev", "--base", "HEAD", "--json"])
    report = json.loads(capsys.readouterr().out)
    stack = report["stacks"][0]
    assert (code, report["holes"], stack["compared"], stack["verdict"]) == (0, [], True, "fits")
    assert {one["name"]: (one["before"]["known"]["high"], one["after"]["known"]["high"]) for one in stack["ownGpus"]} == gpus
