"""`pulumi package add` of the components, from a git address over HTTPS and from a path, with pip alone and with uv."""

import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
INSTALL = os.environ.get("KAITO_IAC_PACKAGE_INSTALL", "")
"""Not empty: the tests may install the package's environment, about 500 MB from the package registry."""
PROVIDERS = ("kubernetes", "azure-native")
pytestmark = pytest.mark.engine


def git(*words: str, cwd: Path = ROOT) -> str:
    return subprocess.run(["git", *words], cwd=cwd, check=True, capture_output=True, text=True).stdout


class Backend(BaseHTTPRequestHandler):
    """Answers as git's own server program does."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        asked = {
            "GIT_PROJECT_ROOT": str(self.server.root),  # type: ignore[attr-defined]
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type") or "",
            "CONTENT_LENGTH": str(length),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding") or "",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol") or "",
        }
        done = subprocess.run(
            ["git", "http-backend"], env={**os.environ, **asked}, input=self.rfile.read(length), capture_output=True, timeout=300
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        self.send_response(int(fields.pop("Status", "200").split()[0]))
        for key, value in fields.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address(machine: "Machine", tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Serves this checkout over HTTPS, with an authority of the test's own; gives its address and the certificates."""
    served = tmp_path / "served" / "owner"
    served.mkdir(parents=True)
    git("clone", "--quiet", "--bare", str(ROOT), str(served / "project.git"))
    git("update-ref", "refs/heads/served", "HEAD", cwd=served / "project.git")  # a checkout may be on no branch, an address is
    git("symbolic-ref", "HEAD", "refs/heads/served", cwd=served / "project.git")
    own, key = tmp_path / "own.pem", tmp_path / "key.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(["openssl", *words.split(), "-keyout", str(key), "-out", str(own)], check=True, capture_output=True)
    try:  # an address with a port would put a colon into the path of the environment, which Python refuses
        server = ThreadingHTTPServer(("127.0.0.1", 443), Backend)
    except OSError as error:
        pytest.skip(f"cannot serve on port 443: {error}")
    server.root = tmp_path / "served"  # type: ignore[attr-defined]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    known = ssl.get_default_verify_paths().cafile
    trusted = tmp_path / "trusted.pem"
    trusted.write_text((Path(known).read_text() if known and Path(known).is_file() else "") + own.read_text())
    yield "https://localhost/owner/project.git/components", trusted
    server.shutdown()
    server.server_close()


PYPROJECT = """\
[project]
name = "program"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["pulumi>=3.208,<4"]
"""


class Machine:
    """A machine of a user: Pulumi, a Python with pip, and an empty program: of YAML without uv, of Python with it."""

    def __init__(self, folder: Path, uv: str = "") -> None:
        self.program = folder / "program"
        self.program.mkdir(parents=True)
        self.uv = uv
        runtime = {"name": "python", "options": {"toolchain": "uv"}} if uv else "yaml"
        (self.program / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "program", "runtime": runtime}))
        if uv:
            (self.program / "pyproject.toml").write_text(PYPROJECT)
            (self.program / "__main__.py").write_text("import pulumi_kaito_iac\n")
        tools = [path for path in os.environ["PATH"].split(os.pathsep) if not (Path(path) / "uv").exists()]
        tools += [str(Path(uv).parent)] if uv else []
        self.environment = {
            **{key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")},
            "PATH": os.pathsep.join(tools),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder}",
            "PULUMI_CONFIG_PASSPHRASE": "x",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
        }
        for name in PROVIDERS:  # the CLI would download them once the environment names them
            version = locked(f"pulumi-{name}")
            plugin = folder / "home" / "plugins" / f"resource-{name}-v{version}" / f"pulumi-resource-{name}"
            plugin.parent.mkdir(parents=True)
            plugin.write_text("#!/bin/sh\nexit 1\n")
            plugin.chmod(0o755)

    def run(self, *words: str, cwd: Path | None = None, **more: str) -> float:
        begun = time.monotonic()
        done = subprocess.run(
            ["pulumi", *words, "--non-interactive"],
            cwd=cwd or self.program,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=1500,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return time.monotonic() - begun


def locked(name: str) -> str:
    lines = (ROOT / "components" / "requirements.txt").read_text().splitlines()
    return next(line.split()[0].partition("==")[2] for line in lines if line.startswith(f"{name}=="))


@pytest.fixture(params=["pip", "uv"])
def machine(tmp_path: Path, request: pytest.FixtureRequest) -> Machine:
    tools = ["pulumi", "pulumi-language-yaml", "git", "openssl", *(["uv"] if request.param == "uv" else [])]
    missing = [tool for tool in tools if shutil.which(tool) is None] + ([] if INSTALL else ["KAITO_IAC_PACKAGE_INSTALL"])
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    return Machine(tmp_path / "machine", str(shutil.which("uv")) if request.param == "uv" else "")


def check_linked(machine: Machine, program: Path) -> None:
    """Checks that a program of Python has the SDK in its environment, which uv made; a program of YAML needs none."""
    if machine.uv:
        assert "pulumi-kaito-iac" in (program / "pyproject.toml").read_text()
        assert (program / "uv.lock").exists()
        shown = "import pulumi_kaito_iac; print(pulumi_kaito_iac.KaitoWorkspace.__name__)"
        found = subprocess.run([program / ".venv" / "bin" / "python", "-c", shown], check=True, capture_output=True, text=True)
        assert found.stdout == "KaitoWorkspace\n"


def test_package_of_a_git_address(machine: Machine, address: tuple[str, Path]) -> None:
    """The package is added from a git address over HTTPS; a second call finds it, and a copy of the program installs."""
    where, trusted = address
    machine.run("package", "add", where, SSL_CERT_FILE=str(trusted))
    added = yaml.safe_load((machine.program / "Pulumi.yaml").read_text())["packages"]
    assert list(added) == ["kaito-iac"]
    assert machine.run("package", "add", where, SSL_CERT_FILE=str(trusted)) < 30
    copied = shutil.copytree(machine.program, machine.program.parent / "copied")
    shutil.rmtree(copied / ".venv", ignore_errors=True)
    machine.run("install", cwd=copied, SSL_CERT_FILE=str(trusted))
    for program in (machine.program, copied):
        check_linked(machine, program)


def test_package_of_a_clone(machine: Machine, tmp_path: Path) -> None:
    """The package of a clone is added by its path; nothing is written but the environment inside components/."""
    clone = tmp_path / "parent" / "clone"
    git("clone", "--quiet", str(ROOT), str(clone))
    machine.run("package", "add", str(clone / "components"))
    check_linked(machine, machine.program)
    assert git("status", "--porcelain", cwd=clone) == ""
    assert [path.name for path in clone.parent.iterdir()] == ["clone"]
    assert (clone / "components" / ".venv" / "bin" / "python").exists()
    assert not (clone / ".venv").exists()
    imported = "import kubernetes, pulumi_azure_native, pulumi_kubernetes"
    subprocess.run([clone / "components" / ".venv" / "bin" / "python", "-c", imported], check=True)
