"""Measures the bounds that are promised: time and peak memory of commands over files as large as they may be, and larger.

    python bench/bounds.py [PART OF A NAME]

Each command is a process of its own; the memory is that of its largest process.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
MEBIBYTE = 2**20
WORKSPACE = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {{name: chat-{0}, namespace: models}}
resource: {{instanceType: Standard_NC24ads_A100_v4, labelSelector: {{matchLabels: {{app: chat-{0}}}}}}}
inference: {{preset: {{name: phi-4-mini-instruct}}}}
"""
PROGRAM = """\
import pulumi

for number in range(20_000):
    metadata = {"name": f"c{number}", "namespace": "models"}
    pulumi.CustomResource("kubernetes:core/v1:ConfigMap", f"c{number}", {"metadata": metadata, "data": {"a": str(number)}})
"""
MOCKED = """\
import sys
import pulumi

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return [args.name, args.inputs]
    def call(self, args):
        return {}

pulumi.runtime.set_mocks(Mocks(), preview=True)
pulumi.runtime.test(lambda: exec(open(sys.argv[1]).read()))()
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One command."""

    name: str
    command: tuple[str, ...]
    most_seconds: float | None = None
    most_mebibytes: float | None = None


def cases(folder: Path) -> Iterator[Case]:
    """Write the files, and give the commands over them."""
    command = (sys.executable, "-m", "kaito_iac.cli.main")
    blank, comment = folder / "blank.yaml", folder / "comment.yaml"
    blank.write_bytes(b"\n" * 64 * MEBIBYTE)
    comment.write_bytes(b"# a\n" * 16 * MEBIBYTE)
    yield Case("`check` of 64 MB of blank lines", (*command, "check", str(blank)), most_mebibytes=600)
    yield Case("`check` of 64 MB of comments", (*command, "check", str(comment)), most_mebibytes=600)
    many = folder / "many.yaml"
    many.write_text("---\n".join(map(WORKSPACE.format, range(20_000))))
    yield Case("`convert --presets` of 20,000 Workspaces", (*command, "convert", "--presets", str(many)), 30, 600)
    for name in ("state", "quota show --quota", "presets check", "check"):
        yield Case(f"`{name} /dev/zero`", (*command, *name.split(), "/dev/zero"), 30, 600)
    bomb = folder / "bomb.yaml"
    bomb.write_text("".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'x'}]\n" for n in range(12)))
    yield Case("`check` of aliases of aliases, 9 to the 11th", (*command, "check", str(bomb)), 30, 600)
    deep = folder / "deep.json"
    deep.write_text('{"a":' * 1_000_000)
    yield Case("`state` nested a million times", (*command, "state", str(deep)), 30, 600)
    (folder / "Pulumi.yaml").write_text("name: big\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "mocked.py").write_text(MOCKED)
    yield Case(
        "20,000 ConfigMaps under Pulumi's own mocks", (sys.executable, str(folder / "mocked.py"), str(folder / "__main__.py"))
    )
    yield Case("`plan` of 20,000 ConfigMaps", (*command, "plan", str(folder), "--json"))


def measured(case: Case) -> tuple[int, float, float, float]:
    """Return exit code, seconds, seconds of processor time, and the most memory in MiB."""
    start = perf_counter()
    pid = os.fork()
    if not pid:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        os.environ["PYTHONPATH"] = str(ROOT)
        os.execv(case.command[0], case.command)
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(wanted: str = "") -> int:
    """Print a row for each command; the exit code tells whether a bound was broken."""
    broken = []
    print("| what | exit code | seconds | of processor time | peak memory | bound |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for case in cases(Path(folder)):
            if wanted not in case.name:
                continue
            code, seconds, busy, most = measured(case)
            bounds = [f"{case.most_seconds:.0f} s"] if case.most_seconds else []
            bounds += [f"{case.most_mebibytes:.0f} MiB"] if case.most_mebibytes else []
            print(f"| {case.name} | {code} | {seconds:.1f} | {busy:.1f} | {most:.0f} MiB | {', '.join(bounds)} |", flush=True)
            over = (case.most_seconds or busy) < busy or (case.most_mebibytes or most) < most
            broken += [case.name] if over or code == 70 else []
    print(json.dumps({"broken": broken}))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
