"""A policy pack as a running process."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from kaito_iac.offline.project import read_yaml
from kaito_iac.offline.recording import Recording, Refusal
from kaito_iac.problem import Problem

BAD_PACK: Final = "KO484"

_LAST_WORDS: Final = 4000


class Pack:
    """Starts a pack the way the CLI's Python language host does, and ends it with the `with` block."""

    def __init__(self, folder: Path, recording: Recording) -> None:
        self._folder = folder.expanduser().absolute()
        self._manifest = _manifest(self._folder)
        self.name = self._folder.name
        self._recording = recording
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # closed with the block
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Pack:
        """Start the process."""
        command = [self._python(), "-u", "-m", "pulumi.policy", "127.0.0.1:0", str(self._folder)]
        try:
            self._process = subprocess.Popen(
                command,
                cwd=self._folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._errors,
            )
        except OSError as error:
            self._errors.close()
            raise self._refused(f"cannot start ({error})", "") from None
        threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the process, gently first."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._errors.close()

    def port(self, timeout_seconds: float) -> int:
        """Return the port the pack listens on: the first line it writes."""
        try:
            line = self._lines.get(timeout=timeout_seconds)
        except queue.Empty:
            raise self._refused(f"names no port after {timeout_seconds:g} seconds", self.error_output()) from None
        if line is None:
            assert self._process is not None
            code = self._process.wait()
            raise self._refused(f"ended with exit code {code} before it could be asked anything", self.error_output())
        text = line.decode(errors="replace").strip()
        if not text.isdigit():
            fix = "write to standard error, or log; the first line on standard output is the port of the pack"
            raise self._refused(f"wrote {text[:80]!r} where its port should be", fix)
        return int(text)

    def error_output(self) -> str:
        """Return the end of what the pack wrote to standard error."""
        if self._errors.closed:
            return ""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - _LAST_WORDS))
        return self._errors.read().decode(errors="replace").strip()

    def _listen(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError), stream:
            for line in stream:
                self._lines.put(line)
        self._lines.put(None)

    def _python(self) -> str:
        """Return the interpreter of the pack's own virtual environment, or ours when it has none."""
        runtime = self._manifest.get("runtime")
        options = runtime.get("options") if isinstance(runtime, dict) else None
        folder = options.get("virtualenv") if isinstance(options, dict) else None
        if folder:
            for place in ("bin/python", "Scripts/python.exe"):
                if (self._folder / str(folder) / place).is_file():
                    return str(self._folder / str(folder) / place)
        return sys.executable

    def _environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
        return clean | {
            "PULUMI_PROJECT": self._recording.project,
            "PULUMI_STACK": self._recording.stack,
            "PULUMI_ORGANIZATION": self._recording.organization,
            "PULUMI_DRY_RUN": "true" if self._recording.dry_run else "false",
        }

    def _refused(self, found: str, fix: str) -> Refusal:
        return Refusal(f"Policy pack '{self.name}'", [Problem(BAD_PACK, str(self._folder), found, "a running pack", fix)])


def _manifest(folder: Path) -> dict[str, Any]:
    """Return what PulumiPolicy.yaml says; refuse a folder that is no Python pack."""
    file = folder / "PulumiPolicy.yaml"
    title = f"Policy pack '{folder.name}'"
    if not file.is_file():
        fix = "name guardrails, gpu-quota, or a folder with PulumiPolicy.yaml; `kaito-iac init guardrails` writes one"
        raise Refusal(title, [Problem(BAD_PACK, str(folder), "no PulumiPolicy.yaml", "the folder of a policy pack", fix)])
    manifest = read_yaml(file)
    runtime = manifest.get("runtime")
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        accepted = "python, the only language that runs offline"
        raise Refusal(
            title, [Problem(BAD_PACK, "PulumiPolicy.yaml: runtime", "missing" if name is None else f"{name!r}", accepted)]
        )
    if not (folder / "__main__.py").is_file():
        raise Refusal(title, [Problem(BAD_PACK, str(folder), "no __main__.py", "the program of the pack")])
    return manifest
