"""Streams of situations that are reported apart, each with its whole report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.cli.main import main
from kaito_iac.report.assemble import stack_report
from kaito_iac.rules import gpu_quota
from kaito_iac.rules.rule import StackRule
from kaito_iac.stack.events import read_events
from kaito_iac.stack.pulumi_markers import SECRET, SIGNATURE, UNKNOWN_TEXT

from .conftest import Stream, state, urn

POOL, CONFIG, STACK = "azure-native:containerservice:AgentPool", "kubernetes:core/v1:ConfigMap", "pulumi:pulumi:Stack"
WORKSPACE = "kubernetes:kaito.sh/v1beta1:Workspace"
HIDDEN = {SIGNATURE: SECRET, "ciphertext": "[secret]"}
URL = "http://chat.default.svc.cluster.local/v1"
PACK = {"policyPackName": "budgets", "policyPackVersion": "0.1.0", "policyPackVersionTag": "0.1.0"}
KEYS = {"keys": ["vmSize"], "detailedDiff": {"vmSize": {"diffKind": "update-replace", "inputDiff": True}}}


def pool(name: str = "a100", size: str = "Standard_NC24ads_A100_v4", count: int = 2, **more: Any) -> dict[str, Any]:
    return state(POOL, name, {"vmSize": size, "count": count, "agentPoolName": name, "location": "eastus"}, **more)


def served(model: str) -> tuple[dict[str, Any], dict[str, Any]]:
    component = state(
        "kaito-iac:index:KaitoWorkspace",
        "chat",
        {"preset": model, "instanceType": "Standard_NC24ads_A100_v4", "location": "eastus", "provisioner": "gpu-provisioner"},
        outputs={"endpoint": {"url": URL}},
    )
    inputs = {
        "metadata": {"name": "chat", "namespace": "default"},
        "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "chat"}}},
        "inference": {"preset": {"name": model}},
    }
    child = state(f"kaito-iac:index:KaitoWorkspace${WORKSPACE}", "chat-workspace", inputs, parent=component["urn"])
    return component, child


def violation(level: str, message: str, name: str = "a100") -> dict[str, Any]:
    about = {"resourceUrn": urn(POOL, name), "message": message, "color": "raw", "policyName": "gpu-budget", **PACK}
    return {**about, "enforcementLevel": level, "severity": "high"}


def create(stream: Stream) -> None:
    stream.step("create", None, pool()).step("create", None, state(CONFIG, "web", {"data": {"a": "1"}})).end()


def scale(stream: Stream) -> None:
    stream.step(
        "update", pool(), pool(count=4), diffs=["count"], detailedDiff={"count": {"diffKind": "update", "inputDiff": True}}
    )
    stream.end()


def create_first(stream: Stream) -> None:
    old, new = pool(), pool(size="Standard_NC48ads_A100_v4")
    stream.step("create-replacement", old, new, **KEYS).step("replace", old, new, **KEYS).step("delete-replaced", old, None).end()


def delete_first(stream: Stream) -> None:
    (component, old), (changed, new) = served("phi-4-mini-instruct"), served("phi-4")
    forced = {"detailedDiff": {"inference.preset.name": {"diffKind": "update-replace", "inputDiff": False}}}
    stream.step("update", component, {**changed, "outputs": {}}).step("delete-replaced", old, None)
    stream.step("replace", old, new, **forced).step("create-replacement", old, new, **forced).end()


def delete(stream: Stream) -> None:
    for side in reversed(served("phi-4-mini-instruct")):
        stream.step("delete", side, None)
    stream.step("delete", pool(protect=True), None).step("delete", pool("kept", retainOnDelete=True), None).end()


def rename(stream: Stream) -> None:
    stream.step("create", None, pool("gpus")).step("delete", pool("a100"), None).end()


def failed_program(stream: Stream) -> None:
    stream.step("same", pool(), pool())
    crash = "Program failed with an unhandled exception:\nTraceback (most recent call last):\n  boom\n"
    stream.add("diagnosticEvent", {"message": crash, "color": "never", "severity": "error"})
    stream.end("failed", packs={"budgets|local|../packs/budgets": "0.1.0"})


def mandatory(stream: Stream) -> None:
    stream.step("create", None, pool(count=12))
    told = "GPUs of a stack stay within its budget.\nstack: 12 GPUs; expected at most 8 [KQ101]\n  fix: choose a smaller preset"
    stream.add("policyEvent", violation("mandatory", told)).end("failed")
    for line in ("Traceback (most recent call last):", "  File x"):
        stream.add("diagnosticEvent", {"message": line, "color": "never", "severity": "error"})


def advisory(stream: Stream) -> None:
    stream.step("create", None, pool())
    stream.add("policyEvent", violation("advisory", "Owners are named.\na100: GPU count unknown (set by an output) [KQ107]"))
    stream.add("policyEvent", {**violation("advisory", "Somebody else's rule\nsays this"), "policyPackName": "other"}).end()


def cancelled(stream: Stream) -> None:
    stream.step("update", pool(), pool(count=3)).end("canceled")


def cut_off(stream: Stream) -> None:
    stream.step("delete", pool(), None)


def unknowns(stream: Stream) -> None:
    old = state(CONFIG, "web", {"data": {"url": "http://a", "n": 1}})
    stream.step("update", old, state(CONFIG, "web", {"data": {"url": UNKNOWN_TEXT, "n": 1}}))
    inputs = {"vmSize": UNKNOWN_TEXT, "count": 2, "location": "eastus"}
    stream.step("create", None, state(POOL, "later", inputs)).end()


def secrets(stream: Stream) -> None:
    kind = "kubernetes:core/v1:Secret"
    stream.step("update", state(kind, "token", {"data": {"a": "b2xk"}}), state(kind, "token", {"data": {"a": "bmV3"}}))
    old, new = state(CONFIG, "web", {"data": {"key": "plain-before"}}), state(CONFIG, "web", {"data": {"key": HIDDEN}})
    stream.step("update", old, new, detailedDiff={"data.key": {"diffKind": "update", "inputDiff": True}}).end()


def imported(stream: Stream) -> None:
    stream.step("import", pool(), pool()).step("read", None, state(CONFIG, "theirs", {"data": {}}, external=True)).end()


def drift(stream: Stream) -> None:
    found = pool(count=5)
    stream.step("refresh", pool(), found, detailedDiff={"count": {"diffKind": "update", "inputDiff": True}})
    stream.step("refresh", state(CONFIG, "web", {"data": {"a": "1"}}), None).step("update", found, pool())
    stream.step("create", None, state(CONFIG, "web", {"data": {"a": "1"}})).end()


def hostile(stream: Stream) -> None:
    name = "a|b`c`<img src=x onerror=alert(1)> @team #12 \u202e\x1b[31m\n### heading\n```\n</details>"
    stream.step("delete", state(CONFIG, name, {"data": {"x": "y"}}), None)
    stream.step(
        "update",
        state(CONFIG, "web", {"data": {"</details>|`": "```"}}),
        state(CONFIG, "web", {"data": {"</details>|`": "@all"}}),
    )
    stream.add("policyEvent", violation("advisory", "<script>alert(1)</script> | @team\n```\nx", "x")).end()


def outputs(stream: Stream) -> None:
    old = state(STACK, "shop-prod", {}, outputs={"url": "http://a", "same": 1, "gone": HIDDEN}, custom=False)
    new = state(STACK, "shop-prod", {}, outputs={"url": "http://b", "same": 1}, custom=False)
    stream.step("same", old, new).step("create", None, state(CONFIG, "web", {"data": {}})).end()


def new_operation(stream: Stream) -> None:
    stream.step("teleport", pool(), pool(count=3)).end()


SITUATIONS = {
    made.__name__: (made, code)
    for made, code in (
        (create, 0),
        (scale, 0),
        (create_first, 0),
        (delete_first, 0),
        (delete, 0),
        (rename, 0),
        (failed_program, 3),
        (mandatory, 1),
        (advisory, 0),
        (cancelled, 3),
        (cut_off, 3),
        (unknowns, 0),
        (secrets, 0),
        (imported, 0),
        (drift, 0),
        (hostile, 0),
        (outputs, 0),
        (new_operation, 0),
    )
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_situation(
    name: str, stream: Stream, tmp_path: Path, golden: Callable[[str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """The comment of a situation, compared whole, and its exit code: 0 fits, 1 mandatory finding, 3 incomplete."""
    make, code = SITUATIONS[name]
    make(stream)
    path = stream.write(tmp_path / "events.jsonl")
    assert main(["report", "render", "--events", str(path), "--time", "2026-11-28"]) == code
    golden(f"own/{name}.md", capsys.readouterr().out)


def test_shipped_rules_without_a_result(stream: Stream) -> None:
    """Of a shipped pack every rule about the whole stack is named that did not run."""
    stream.end("failed", packs={"gpu-quota|local|../packs/gpu-quota": "0.1.0"})
    expected = [f"gpu-quota/{rule.name}" for rule in gpu_quota.RULES if isinstance(rule, StackRule)]
    assert [one.rule for one in stack_report(read_events(stream.lines)).not_judged] == expected


def test_many_stacks(tmp_path: Path, golden: Callable[[str, str], None], capsys: pytest.CaptureFixture[str]) -> None:
    """Many stacks are one report: those that change, those that do not, and those whose file is missing."""
    files = []
    for number in range(4):
        made = Stream()
        made.step("create" if number else "same", None if number else pool(), pool()).end()
        text = b"".join(made.lines).replace(b"urn:pulumi:prod", f"urn:pulumi:s{number}".encode())
        (tmp_path / f"{number}.jsonl").write_bytes(text)
        main(["report", "render", "--events", str(tmp_path / f"{number}.jsonl"), "--json"])
        (tmp_path / f"{number}.json").write_text(capsys.readouterr().out)
        files.append(str(tmp_path / f"{number}.json"))
    assert main(["report", "merge", *files, str(tmp_path / "gone.json")]) == 3
    golden("own/many_stacks.md", capsys.readouterr().out)


def test_huge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A comment of 3,000 deletions stays within the limit and says how many it does not name; the JSON names all."""
    made = Stream()
    for number in range(3_000):
        made.step("delete", state(CONFIG, f"a-rather-long-name-of-a-config-map-{number}", {"data": {"a": "b"}}), None)
    path = made.end().write(tmp_path / "huge.jsonl")
    main(["report", "render", "--events", str(path)])
    comment = capsys.readouterr().out
    assert len(comment.encode()) < 60_000
    assert comment.splitlines()[1] == "### ✓ kaito-iac: `shop/prod` changes · no GPUs · ±0 USD/month · needs no GPU quota"
    assert "more lines: the JSON and HTML of this report hold them." in comment
    main(["report", "render", "--events", str(path), "--json"])
    assert len(json.loads(capsys.readouterr().out)["stacks"][0]["losses"]) == 3_000
