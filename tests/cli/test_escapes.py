"""No command writes what a terminal obeys, whatever is in names, arguments and files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kaito_iac.cli.app import app
from kaito_iac.cli.main import main

from .test_useless_values import commands

EVIL = "\x1b[31mX\x1b]0;pwn\x07\u202e\x9b"
OBEYED = ("\x1b", "\x07", "\u202e", "\x9b", "\r")
TEXT = json.dumps(EVIL)
URN = f"urn:pulumi:dev::shop::a:b:C::{EVIL}"
RESOURCE = {"urn": URN, "type": "azure-native:containerservice:AgentPool", "inputs": {"vmSize": EVIL, "location": EVIL}}
EVENTS = (
    {
        "resourcePreEvent": {
            "metadata": {"op": "delete", "urn": URN, "type": "a:b:C", "old": {"inputs": {EVIL: EVIL}}, "new": None}
        }
    },
    {"diagnosticEvent": {"severity": "error", "message": EVIL}},
    {"summaryEvent": {"result": "failed", "resourceChanges": {"delete": 1}}},
)
SERVER = "https://127.0.0.1:1/"
FILES = {
    "rows.csv": f"instruction,{EVIL}\na,{EVIL}\n",
    "rows.jsonl": json.dumps({"messages": [{"role": EVIL, "content": EVIL}]}) + "\n" + EVIL,
    "kubeconfig": f"clusters: [{{name: a, cluster: {{server: {json.dumps(SERVER + EVIL)}}}}}]\n"
    "contexts: [{name: a, context: {cluster: a, user: a}}]\ncurrent-context: a\nusers: [{name: a, user: {token: x}}]\n",
    "config.json": json.dumps({"architectures": [EVIL], "model_type": EVIL}),
    "models.json": json.dumps([{"model": EVIL, "size": EVIL}]),
    "preset.yaml": f"name: {TEXT}\n{TEXT}: 1\n",
    "quota.yaml": f"date: 2026-11-20\nsource: {TEXT}\nlimits: [{{family: {TEXT}, region: {TEXT}, limit: 1, used: 0}}]\n",
    "usage.json": json.dumps([{"name": {"value": EVIL}, "limit": EVIL}]),
    "state.json": json.dumps({"version": 3, "deployment": {"resources": [RESOURCE]}}),
    "policy.json": json.dumps({EVIL: 1}),
    "prices.json": json.dumps({"Items": [{"armSkuName": EVIL, "retailPrice": 1, "armRegionName": EVIL}]}),
    "manifest.yaml": f"apiVersion: kaito.sh/v1beta1\nkind: Workspace\nmetadata: {{name: {TEXT}}}\n{TEXT}: 1\n",
    "events.jsonl": "".join(
        json.dumps({"sequence": index, "timestamp": 1, **event}) + "\n" for index, event in enumerate(EVENTS)
    ),
    "report.json": json.dumps({"schema": 1, "stacks": [{"project": EVIL}]}),
    f"named{EVIL}.yaml": f"apiVersion: v1\nkind: {TEXT}\n",
}
CASES: tuple[tuple[str, ...], ...] = (
    ("init", EVIL),
    ("init", "quickstart", f"{EVIL}/../x"),
    ("doctor", EVIL),
    ("plan", EVIL),
    ("plan", ".", "--stack", EVIL),
    ("render", EVIL, "-o", EVIL),
    ("images", EVIL),
    ("state", "state.json"),
    ("state", "state.json", "-p", "gpu-quota", "--policy-config", "policy.json"),
    ("check", "manifest.yaml"),
    ("check", f"named{EVIL}.yaml"),
    ("convert", "manifest.yaml", f"named{EVIL}.yaml"),
    ("fit", EVIL),
    ("fit", "--config", "config.json"),
    ("fit", "--models", "models.json"),
    ("models", EVIL),
    ("sizes", EVIL),
    ("versions", EVIL),
    ("wait", f"Workspace/{EVIL}", "--kubeconfig", "kubeconfig", "--timeout", "0.01"),
    ("diagnose", EVIL, "--kubeconfig", "kubeconfig"),
    ("leftovers", "--kubeconfig", "kubeconfig"),
    ("explain", EVIL),
    ("completion", EVIL),
    ("help", EVIL),
    ("version", EVIL),
    ("presets", "list", EVIL),
    ("presets", "show", EVIL),
    ("presets", "schema", EVIL),
    ("presets", "check", "preset.yaml"),
    ("packs", "list", EVIL),
    ("packs", "path", EVIL),
    ("data", "rows.csv"),
    ("data", "rows.jsonl"),
    ("prices", "refresh", "--from", "prices.json", "-o", "p.yaml"),
    ("quota", "show", "--quota", "quota.yaml"),
    ("quota", "import", "usage.json", "-o", "o.yaml"),
    ("quota", "running", "state.json"),
    ("quota", "fetch", "--region", EVIL, "--from", EVIL),
    ("report", "render", "--events", "events.jsonl"),
    ("report", "render", "--events", "events.jsonl", "--format", "annotations"),
    ("report", "render", "--events", "events.jsonl", "--format", "html"),
    ("report", "run", EVIL),
    ("report", "merge", "report.json"),
    ("report", "post", "report.json", "--repository", EVIL, "--number", "1", "--dry-run"),
    ("report", "ledger-write", "report.json", "--store", EVIL, "--owner", EVIL),
    ("report", "ledger-remove", "--store", f"git:{EVIL}", "--owner", EVIL),
)


def test_every_command_has_a_case() -> None:
    """No command is left out."""
    known = {words for words, _ in commands(app)}
    assert known - {one[:1] for one in CASES} - {one[:2] for one in CASES} == set()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hostile")
    for name, text in FILES.items():
        (made / name).write_text(text)
    return made


@pytest.mark.parametrize("words", CASES, ids=lambda words: " ".join(words).replace(EVIL, "EVIL"))
def test_nothing_a_terminal_obeys(
    words: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends in an answer or a refusal, and neither stream holds a byte that a terminal obeys."""
    monkeypatch.chdir(folder)
    code = main(words)
    shown = "".join(capsys.readouterr())
    assert ([one for one in OBEYED if one in shown], code in (0, 1, 2, 3, 4)) == ([], True)
    assert shown


PROGRAM = r"""import os, subprocess, sys
print("out\x1b[31m\x9b\u202e")
print("err\x1b]0;pwn\x07", file=sys.stderr)
os.write(2, b"raw\xff\x1b[2J\n")
subprocess.run(["printf", "child\033[5m"], check=True)
"""


@pytest.mark.process
@pytest.mark.parametrize("words", [("plan", "."), ("plan", ".", "--json"), ("images", "."), ("doctor", ".", "--offline")])
def test_what_a_program_prints(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """What a program, and what it starts, writes to its terminal reaches ours as text, where no secret is known too."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    monkeypatch.chdir(tmp_path)
    main(words)
    shown = b"".join(capfdbinary.readouterr()).decode("utf-8", "backslashreplace")
    assert [one for one in OBEYED if one in shown] == []
    assert all(part in shown for part in ("out\\x1b[31m\\x9b\\u202e", "err\\x1b]0;pwn\\x07", "\\x1b[2J", "child\\x1b[5m"))
