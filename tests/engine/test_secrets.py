"""A program of every secret there is, under the real engine: state, events and logs show none of them."""

import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.testing import leaks

ROOT = Path(__file__).parents[2]
KUBECONFIG = os.environ.get("KAITO_IAC_TEST_KUBECONFIG")
PROGRAM = Path(__file__).parent / "programs" / "secrets"
NAMESPACE = "secrets-engine"
SECRETS = {
    "kubeconfig": "kubeconfig-d0nt-show-me",
    "huggingFaceToken": "hf_d0ntShowThisTokenEither",
    "password": "pass-w0rd-of-the-registry",
    "llmKey": "key-0f-an-external-llm",
    "bootstrapToken": "b00tst.0123456789abcdef",
}
SERVER = "https://main-abc.hcp.eastus.azmk8s.io:443"
pytestmark = pytest.mark.engine


def made(cli: Any, kubeconfig: Path | None = None) -> Any:
    """Return the program with its secrets in the configuration, encrypted."""
    engine = cli("../tests/engine/programs/secrets", PROGRAM / "Pulumi.yaml", {"namespace": NAMESPACE}, kubeconfig)
    text = kubeconfig.read_text() if kubeconfig else f"clusters: [{{cluster: {{server: '{SERVER}'}}}}]\n"
    given = {**SECRETS, "kubeconfig": f"{text}# {SECRETS['kubeconfig']}\n"}
    for key, value in given.items():
        engine.run("config", "set", "--secret", key, value)
    return engine


def test_preview_shows_no_secret(cli: Any) -> None:
    """The events and the text of a preview, with an operator and Karpenter, hold no secret."""
    engine = made(cli)
    engine.with_azure("apiVersion: v1\nkind: Config\n")
    engine.with_stub_charts()
    engine.run("config", "set", "karpenter", "true")
    engine.environment["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "1"
    events = engine.run("preview", "--json")
    text = engine.run("preview", "--diff", "--show-config")
    assert "kaito-bootstrap-token" in events
    assert leaks(events + text + "".join(engine.talk), SECRETS) == []


class Controller(threading.Thread):
    """Simulates KAITO: the chat model is ready at once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()

    def run(self) -> None:
        at = "2026-01-01T00:00:00Z"
        told = [{"type": "WorkspaceSucceeded", "status": "True", "reason": "Ready", "message": "", "lastTransitionTime": at}]
        patch = json.dumps({"status": {"conditions": told}})
        place = ("--namespace", NAMESPACE, "--subresource=status", "--type=merge", "--patch", patch)
        while not self.done.wait(0.5):
            _kubectl("patch", "workspace", "chat", *place)


def _kubectl(*words: str) -> str:
    return subprocess.run(["kubectl", "--kubeconfig", str(KUBECONFIG), *words], capture_output=True, text=True, timeout=60).stdout


@pytest.mark.cluster
@pytest.mark.skipif(
    KUBECONFIG is None or shutil.which("kubectl") is None, reason="no KAITO_IAC_TEST_KUBECONFIG with kubectl on PATH"
)
def test_life_shows_no_secret(cli: Any) -> None:
    """Logs of update, refresh and destroy, the state, the events and the outputs hold no secret; Secrets of the cluster do."""
    engine = made(cli, Path(str(KUBECONFIG)))
    kaito = Controller()
    kaito.start()
    shown = {}
    try:
        shown["up"] = engine.run("up", "--yes", "--skip-preview", "--logtostderr", "-v=3")
        shown["events"] = engine.run("preview", "--json")
        shown["refresh"] = engine.run("refresh", "--yes", "--skip-preview")
        shown["export"] = engine.run("stack", "export")
        shown["outputs"] = engine.run("stack", "output", "--json")
        stored = _kubectl("get", "secrets", "--namespace", NAMESPACE, "--output", "json")
        opened = engine.run("stack", "export", "--show-secrets")
    finally:
        shown["destroy"] = engine.run("destroy", "--yes", "--skip-preview")
        kaito.done.set()
        kaito.join()
    shown["talk"] = "".join(engine.talk)
    assert {name: found for name, text in shown.items() if (found := leaks(text, SECRETS))} == {}
    assert leaks(stored, SECRETS) == ["huggingFaceToken", "password"]
    assert leaks(opened, SECRETS) == ["huggingFaceToken", "kubeconfig", "llmKey", "password"]
