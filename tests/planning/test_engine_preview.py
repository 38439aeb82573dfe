"""A plan of what the engine shows: events of a run, or a preview that is started; the same as the offline plan of the program."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kaito_iac.cli.main import main

HERE = Path(__file__).parent
STREAMS = HERE.parent / "report" / "streams"
ARCADE = HERE / "programs" / "arcade"
CROWDED = (
    "lab: 3 nodes are needed (chat 1, npc 2), the pool has at most 2; a node's GPUs serve one workload;"
    " expected a pool of 3 or more nodes [KS223]"
)
ACCEPTED = "expected events of a preview or an update that came to its end [KO491]"
Plan = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def plan(capsys: pytest.CaptureFixture[str]) -> Plan:
    """Return exit code and JSON of `kaito-iac plan`."""

    def ask(*words: object) -> tuple[int, dict[str, Any]]:
        code = main(["plan", *map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return ask


def stream(name: str) -> Path:
    return STREAMS / f"{name}.jsonl.gz"


def headlines(plan: dict[str, Any]) -> list[str]:
    return [
        f"{problem['path']}: {problem['found']}"
        + (f"; expected {problem['accepted']}" if problem["accepted"] else "")
        + f" [{problem['code']}]"
        for problem in plan["problems"]
    ]


@pytest.mark.parametrize("name", ["01-create-preview", "03-nochange-preview"])
def test_equals_offline_plan(name: str, plan: Plan) -> None:
    """Events of a real engine are judged as the offline run of the program is: the JSON is equal, quota and packs included."""
    words = ["-p", "gpu-quota", "-p", "kaito-guardrails", "--region", "eastus"]
    offline = plan(ARCADE, *words)
    assert plan("--events", stream(name), *words) == offline
    assert offline[1]["workloads"][0]["endpoint"]["url"] == "http://chat.default.svc.cluster.local/v1"


FAILED_UPDATE = (
    'chat2-workspace: resource "urn:pulumi:dev::arcade::kaito-iac:index:KaitoWorkspace$kubernetes:kaito.sh/v1beta1:Workspace'
    '::chat2-workspace" was not successfully created by the Kubernetes API server: workspaces.kaito.sh "chat2" is forbidden:'
    " exceeded quota: closed, requested: count/workspaces.kaito.sh=1, used: count/workspaces.kaito.sh=1, limited:"
    " count/workspaces.kaito.sh=1 [KO491]"
)


@pytest.mark.parametrize(
    ("name", "code", "complete", "problems"),
    [
        pytest.param("04-scale-preview", 1, True, [CROWDED], id="an update is judged by what it leads to"),
        pytest.param("07-replace-preview", 1, True, [CROWDED], id="so is a replacement"),
        pytest.param("10-delete-preview", 0, True, [], id="what is deleted is gone"),
        pytest.param("14-policy-packs-pass", 1, True, [CROWDED], id="packs that pass say nothing"),
        pytest.param(
            "13-failed-preview-spec-error",
            1,
            False,
            ["KaitoWorkspace 'chat': context: 999999; expected at most 16384, the limit of microsoft/phi-4 [KS203]"],
            id="a refused component is reported as offline",
        ),
        pytest.param("20-failed-up-quota", 1, False, [FAILED_UPDATE], id="a failed update states why"),
        pytest.param(
            "21-destroy", 3, False, [f"21-destroy.jsonl.gz: events of a destroy; {ACCEPTED}"], id="a destroy shows no program"
        ),
    ],
)
def test_streams(name: str, code: int, complete: bool, problems: list[str], plan: Plan) -> None:
    """What a run that succeeds, fails or destroys shows, and the exit code: 0 fits, 1 errors, 3 nothing to judge."""
    found, said = plan("--events", stream(name))
    assert (found, said["complete"], headlines(said)) == (code, complete, problems)


def cut(name: str, keep: Callable[[dict[str, Any]], bool], *more: dict[str, Any]) -> bytes:
    """Return a stream with some of its events, and others after them."""
    lines = gzip.decompress(stream(name).read_bytes()).splitlines()
    kept = [line for line in lines if keep(json.loads(line))]
    return b"\n".join([*kept, *(json.dumps(event).encode() for event in more)])


def before_summary(event: dict[str, Any]) -> bool:
    return "summaryEvent" not in event


CANCELLED = {"summaryEvent": {"resourceChanges": {}, "result": "canceled", "isPreview": True}}
FAILED = {"summaryEvent": {"resourceChanges": {}, "result": "failed", "isPreview": True}}
TRACE = "Program failed with an unhandled exception:\nTraceback (most recent call last):\nValueError: no"
VIOLATION = {
    "policyEvent": {
        "policyName": "gpu-budget",
        "policyPackName": "gpu-quota",
        "enforcementLevel": "mandatory",
        "message": "GPU budget.\nstack: 6 GPUs; expected at most 4 [KQ101]",
    }
}


def said(text: str, severity: str = "error", urn: str = "") -> dict[str, Any]:
    return {"diagnosticEvent": {"message": text, "severity": severity, **({"urn": urn} if urn else {})}}


CHAT = "urn:pulumi:dev::arcade::kaito-iac:index:KaitoWorkspace::chat"


@pytest.mark.parametrize(
    ("more", "complete", "problems"),
    [
        pytest.param(
            [],
            False,
            [f"arcade: the events end before the engine did: what it would have shown is missing; {ACCEPTED}"],
            id="cut",
        ),
        pytest.param(
            [CANCELLED],
            False,
            [f"arcade: the run was cancelled: what it would have shown is missing; {ACCEPTED}"],
            id="cancelled",
        ),
        pytest.param(
            [said(TRACE), said("an unhandled error occurred: program exited"), FAILED],
            False,
            [f"arcade: {TRACE} [KS108]"],
            id="crash",
        ),
        pytest.param([VIOLATION, FAILED], True, ["stack: 6 GPUs; expected at most 4 [KQ101]"], id="a pack refuses the stack"),
        pytest.param(
            [said("context: 9; expected 8 [KS213]", "warning", CHAT), {"summaryEvent": {"result": "succeeded"}}],
            True,
            ["chat: context: 9; expected 8 [KS213]"],
            id="a component warns",
        ),
        pytest.param(
            [said("deprecated", "warning", CHAT), said("old plugin", "warning"), {"summaryEvent": {"result": "succeeded"}}],
            True,
            ["chat: deprecated [KO488]"],
            id="a provider warns, and the engine of itself",
        ),
    ],
)
def test_endings(
    more: list[dict[str, Any]], complete: bool, problems: list[str], plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that was cut off, cancelled, refused or ended by its program is reported; events may come by standard input."""
    events = io.BytesIO(cut("01-create-preview", before_summary, *more))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=events, isatty=lambda: False))
    assert (lambda found: (found["complete"], headlines(found)))(plan("--events", "-")[1]) == (complete, problems)


LATER = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def test_unknown_count(plan: Plan, tmp_path: Path) -> None:
    """A number of nodes that is known only after the update is unknown in the totals, never zero."""
    token, name = "azure-native:containerservice:AgentPool", "a100"
    urn = f"urn:pulumi:dev::shop::{token}::{name}"
    inputs = {"count": LATER, "vmSize": "Standard_NC24ads_A100_v4", "resourceName": "aks"}
    new = {"type": token, "urn": urn, "custom": True, "id": "", "parent": "", "inputs": inputs, "outputs": {}}
    made = {"resOutputsEvent": {"metadata": {"op": "create", "urn": urn, "type": token, "old": None, "new": new}}}
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(json.dumps(event) for event in (made, {"summaryEvent": {"result": "succeeded"}})))
    _, found = plan("--events", file)
    assert found["demands"][0]["nodes"] is None
    assert found["demands"][0]["unknown"]["nodes"] == "known only after the update"
    assert found["totals"]["gpus"][0]["unknown"] == [{"component": "a100", "reason": "known only after the update"}]


ENGINE = """\
#!/bin/sh
printf '%s\\n' "$*" > "$LOG"
while [ $# -gt 0 ]; do [ "$1" = --event-log ] && events=$2; shift; done
{body}
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a `pulumi` on PATH that does what the test sets; gives the file that gets its arguments."""

    def put(body: str) -> Path:
        script, log = tmp_path / "pulumi", tmp_path / "log"
        script.write_text(ENGINE.replace("{body}", body))
        script.chmod(0o755)
        monkeypatch.setenv("LOG", str(log))
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return log

    return put


def test_preview(engine: Callable[[str], Path], plan: Plan) -> None:
    """A preview is started once, with the stack and the configuration of the command, and judged as its events are."""
    log = engine(f'gzip -dc {stream("01-create-preview")} > "$events"')
    assert plan(ARCADE, "--preview", "-s", "dev", "-c", "size=2") == plan("--events", stream("01-create-preview"))
    words = log.read_text().split()
    events = words.pop(words.index("--event-log") + 1)
    assert events.endswith("events.jsonl")
    assert words == [
        *("preview", "--json", "--event-log", "--color", "never", "--non-interactive"),
        *("--cwd", str(ARCADE), "--stack", "dev", "--config", "size=2"),
    ]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param(
            "echo \"error: no stack named 'prod' found\" >&2; exit 255",
            "arcade: pulumi ended with 255: error: no stack named 'prod' found;"
            " expected a program and a stack that pulumi previews [KO491]",
            id="no stack",
        ),
        pytest.param(
            "exec sleep 60", "arcade: it took longer than 0.01 minutes; expected a preview [KO491]", id="longer than --timeout"
        ),
    ],
)
def test_no_preview(body: str, problem: str, engine: Callable[[str], Path], plan: Plan) -> None:
    """A preview that does not start, or does not end, is refused with the engine's own words; exit code 3."""
    engine(body)
    code, found = plan(ARCADE, "--preview", "--timeout", "0.01")
    assert (code, headlines(found)) == (3, [problem])


def test_no_engine(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the Pulumi CLI the offline plan is named as the way."""
    monkeypatch.setenv("PATH", "/nowhere")
    code, found = plan(ARCADE, "--preview")
    assert (code, headlines(found)) == (3, ["arcade: pulumi is not on PATH; expected a preview [KO491]"])
    assert found["problems"][0]["fix"] == "leave --preview out for an offline plan"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        pytest.param(["nowhere"], f"nowhere: No such file or directory; {ACCEPTED}", id="no file"),
        pytest.param(["Pulumi.yaml"], f"Pulumi.yaml: no engine event in it; {ACCEPTED}", id="no events"),
        pytest.param(
            [stream("01-create-preview"), "--digest", "Pulumi.yaml"],
            "Pulumi.yaml: no preview document; expected the document of `pulumi preview --json` [KO491]",
            id="no document",
        ),
    ],
)
def test_unreadable(words: list[Any], problem: str, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is missing, or holds something else, is refused; exit code 3."""
    monkeypatch.chdir(ARCADE)
    code, found = plan("--events", *words)
    assert (code, headlines(found)) == (3, [problem])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(
            ["--preview", "--events", "x"], "--events: excludes --preview: events are those of a run that was", id="both"
        ),
        pytest.param(["--digest", "x"], "--digest: goes with --events, of the same run", id="a document alone"),
        pytest.param(
            ["--preview", "--invokes", "x"],
            "--references, --invokes: say what an offline run cannot see; the engine sees it",
            id="results for an offline run",
        ),
        pytest.param(
            ["--events", "x", "-c", "a=b"],
            "--config, --timeout: go with a run of the program, and --events runs none",
            id="configuration without a run",
        ),
    ],
)
def test_options(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Options that say nothing together are wrong usage."""
    assert main(["plan", *words]) == 2
    assert f"invalid value for {told}; see" in capsys.readouterr().err
