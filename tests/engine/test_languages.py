"""One program in every language under the real engine: the same resources, dependencies and inputs as in Python."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from kaito_iac.kinds.other_languages import for_other_languages
from kaito_iac.spelling import snake

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs" / "languages"
STANDIN = Path(__file__).parent / "standins" / "echo_provider.py"
NODE_MODULES = os.environ.get("KAITO_IAC_NODE_MODULES", "")
"""A folder node_modules with @pulumi/pulumi and typescript."""
GO = os.environ.get("KAITO_IAC_GO", "")
"""Not empty: Go may download Pulumi's SDK and build the program, which takes minutes."""
pytestmark = pytest.mark.engine


NAMES = {"GpuNodePool", "KaitoOperator", "KaitoWorkspace", "ReadinessGate"}


class Engine:
    """A folder with providers that make what they are given, and the component package of this checkout."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("kubernetes", "azure-native"):
            found = folder / "bin" / f"pulumi-resource-{name}"
            found.parent.mkdir(exist_ok=True)
            found.write_text(f'#!/bin/sh\nexec {sys.executable} {STANDIN} "$@"\n')
            found.chmod(0o755)
        shutil.copytree(ROOT / "components", folder / "components", ignore=shutil.ignore_patterns(".venv", "__pycache__"))
        runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
        (folder / "components" / "PulumiPlugin.yaml").write_text(yaml.safe_dump({"name": "kaito-iac", "runtime": runtime}))
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": str(ROOT),
            "PULUMI_BACKEND_URL": f"file://{folder}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "x",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DEBUG_COMMANDS": "1",
            "KUBECONFIG": str(folder / "kubeconfig"),
        }

    def run(self, place: Path, *command: str) -> str:
        done = subprocess.run(command, cwd=place, env=self.environment, capture_output=True, text=True, timeout=900)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sdk(self, language: str, place: Path, **more: str) -> Path:
        """Writes the SDK of a language, from the schema of this checkout with more in its head."""
        schema = json.loads((ROOT / "components" / "schema.json").read_text())
        (self.folder / "schema.json").write_text(json.dumps({**schema, **more}))
        command = ("pulumi", "package", "gen-sdk", str(self.folder / "schema.json"), "--language", language, "--out", str(place))
        self.run(self.folder, *command)
        return place / language

    def preview(self, place: Path, runtime: Any) -> dict[str, Any]:
        """Return what the engine keeps of every resource of a program, and leaves its events beside the program."""
        project = yaml.safe_load(found.read_text()) if (found := place / "Pulumi.yaml").exists() else {}
        plugins = {"providers": [{"name": "kaito-iac", "path": str(self.folder / "components")}]}
        (place / "Pulumi.yaml").write_text(yaml.safe_dump({**project, "name": "chat", "runtime": runtime, "plugins": plugins}))
        self.run(place, "pulumi", "stack", "select", "--create", "dev", "--non-interactive")
        words = ("--json", "--event-log", "events.jsonl", "--color", "never", "--non-interactive")
        told = self.run(place, "pulumi", "preview", *words)
        (place / "preview.json").write_text(told)
        states = [step["newState"] for step in json.loads(told)["steps"]]
        return {state["urn"]: kept(state) for state in states if ours(state["type"])}


def ours(kind: str) -> bool:
    return not kind.startswith(("pulumi:providers:", "pulumi:pulumi:Stack"))


def kept(state: dict[str, Any]) -> dict[str, Any]:
    keys = ("parent", "inputs", "outputs", "protect", "customTimeouts", "ignoreChanges", "deleteBeforeReplace", "hooks")
    properties = {key: sorted(urns) for key, urns in (state.get("propertyDependencies") or {}).items() if urns}
    return {key: state.get(key) for key in keys} | {"after": sorted(state.get("dependencies", [])), "properties": properties}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    missing = [tool for tool in ("pulumi", "pulumi-language-python") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not on PATH: {', '.join(missing)}")
    return Engine(tmp_path)


def needs(*tools: str, **settings: str) -> None:
    """Skips a test that lacks a tool or a setting."""
    missing = [tool for tool in tools if shutil.which(tool) is None] + [name for name, value in settings.items() if not value]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")


def in_yaml(engine: Engine, place: Path) -> Any:
    needs("pulumi-language-yaml")
    return "yaml"


def in_typescript(engine: Engine, place: Path) -> Any:
    needs("pulumi-language-nodejs", "node", KAITO_IAC_NODE_MODULES=NODE_MODULES)
    shutil.copytree(NODE_MODULES, place / "node_modules", symlinks=True)
    sdk = engine.sdk("nodejs", place / "sdk")
    (sdk / "node_modules").symlink_to(place / "node_modules")
    compiler = str(place / "node_modules" / ".bin" / "tsc")
    engine.run(sdk, compiler)
    shutil.copy(sdk / "package.json", sdk / "bin")
    shutil.copytree(sdk / "bin", place / "node_modules" / "@kaito-iac" / "pulumi")
    (place / "package.json").write_text('{"name": "chat", "main": "index.ts"}')
    options = {"strict": True, "target": "es2020", "module": "commonjs", "moduleResolution": "node", "skipLibCheck": True}
    (place / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": ["index.ts"]}))
    engine.run(place, compiler, "--noEmit", "-p", ".")
    return {"name": "nodejs", "options": {"typescript": True}}


def in_go(engine: Engine, place: Path) -> Any:
    needs("pulumi-language-go", "go", KAITO_IAC_GO=GO)
    sdk = engine.sdk("go", place / "sdk")
    wanted = next(line.split()[-1] for line in (sdk / "go.mod").read_text().splitlines() if "pulumi/sdk" in line)
    (place / "go.mod").write_text(
        "module chat\n\ngo 1.25\n\nrequire (\n\texample.com/kaito-iac/sdk/go v0.1.0\n"
        f"\tgithub.com/pulumi/pulumi/sdk/v3 {wanted}\n)\n\nreplace example.com/kaito-iac/sdk/go => ./sdk/go\n"
    )
    engine.environment |= {"GOFLAGS": "-mod=mod"}
    engine.run(place, "go", "build", "-o", "chat", ".")
    return {"name": "go", "options": {"binary": "./chat"}}


def in_generated_python(engine: Engine, place: Path) -> Any:
    sdk = engine.sdk("python", place / "sdk")
    shutil.copytree(sdk / "pulumi_kaito_iac", place / "pulumi_kaito_iac")
    installed = place / "pulumi_kaito_iac-0.1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: pulumi_kaito_iac\nVersion: 0.1.0\n")
    return {"name": "python", "options": {"virtualenv": sys.prefix}}


LANGUAGES = {"yaml": in_yaml, "typescript": in_typescript, "go": in_go, "generated": in_generated_python}


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_tree_in_every_language(engine: Engine, tmp_path: Path, judged: Any, language: str) -> None:
    """Types are checked; resources, parents, inputs, outputs, dependencies and the plan are those of the program in Python."""
    place, python = tmp_path / language, tmp_path / "python"
    shutil.copytree(PROGRAMS / language, place)
    shutil.copytree(PROGRAMS / "python", python)
    found = engine.preview(place, LANGUAGES[language](engine, place))
    expected = engine.preview(python, {"name": "python", "options": {"virtualenv": sys.prefix}})
    assert len(expected) == 13
    assert found == expected
    offline = judged(engine, python)
    assert offline["workloads"]
    for problem in offline["problems"]:  # the same, with arguments as this language writes them
        problem |= {key: for_other_languages(problem[key]) for key in ("path", "found", "accepted", "fix")}
    assert judged(engine, place, "--preview") == offline
    assert judged(engine, place, "--events", str(place / "events.jsonl"), "--digest", str(place / "preview.json")) == offline


def test_names_of_generated_python(engine: Engine, tmp_path: Path) -> None:
    """The generator's own rule makes `gi_b` of GiB, which no setting of a schema changes; others have this package's names."""
    sdk = engine.sdk("python", tmp_path / "sdk")
    text = "".join(path.read_text() for path in sdk.rglob("*.py"))
    names = dict(re.findall(r'@pulumi\.getter\(name="(\w+)"\)\s+def (\w+)', text))
    other = {key: name for key, name in names.items() if name != snake(key) and key[0].islower()}
    assert other == {
        "gpuMemoryGiB": "gpu_memory_gi_b",
        "memoryMiB": "memory_mi_b",
        "osDiskGiB": "os_disk_gi_b",
        "sizeGiB": "size_gi_b",
        "weightsGiB": "weights_gi_b",
    }
    page = (ROOT / "components" / "README.md").read_text()
    assert [name for name in other.values() if f"`{name}`" not in page] == []


@pytest.fixture
def images() -> Iterator[str]:
    """Serves the images of the documentation; gives the address of their folder."""
    handler = partial(Silent, directory=str(ROOT / "docs" / "images"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def csharp(engine: Engine, tmp_path: Path, images: str) -> Path:
    """Return the SDK of C#, whose generator downloads the logo, which a published project has."""
    needs("pulumi-language-dotnet")
    return engine.sdk("dotnet", tmp_path / "sdk", logoUrl=f"{images}/logo.png")


def test_sdk_of_csharp(csharp: Path) -> None:
    """The generator of C# takes the schema."""
    assert NAMES <= {path.stem for path in csharp.rglob("*.cs")}
    assert (csharp / "logo.png").read_bytes() == (ROOT / "docs" / "images" / "logo.png").read_bytes()


def test_sdk_of_csharp_is_compiled(engine: Engine, csharp: Path) -> None:
    """The compiler of C# takes the SDK."""
    needs("dotnet")
    engine.run(csharp, "dotnet", "build")


def test_sdk_of_java(engine: Engine, tmp_path: Path) -> None:
    """The generator of Java takes the schema."""
    needs("pulumi-language-java")
    assert NAMES <= {path.stem for path in engine.sdk("java", tmp_path / "sdk").rglob("*.java")}
