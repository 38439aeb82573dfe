"""What people read: whole outputs at 80 columns. KAITO_IAC_WRITE_GOLDEN=1 writes them anew, for the diff to be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"

PAGES = {
    "fit": ("fit", "phi-4-mini-instruct"),
    "fit-warned": ("fit", "kimi-k2.7-code", "--cloud", "azure"),
    "fit-all": ("fit", "llama-3.3-70b-instruct", "--cloud", "azure", "--all"),
    "fit-none": ("fit", "deepseek-v4-pro", "--cloud", "arc"),
    "fit-other-region": ("fit", "phi-4", "--cloud", "azure", "--region", "nowhere"),
    "fit-own": (
        "fit",
        "me/mine",
        "--weights-gib",
        "20",
        "--bytes-per-token",
        "100000",
        "--max-context",
        "32768",
        "--cloud",
        "azure",
    ),
    "fit-size": ("fit", "phi-4-mini-instruct", "--size", "Standard_NV36ads_A10_v5"),
    "fit-size-refused": ("fit", "llama-3.3-70b-instruct", "--size", "1g.10gb"),
    "fit-size-warned": ("fit", "kimi-k2.7-code", "--size", "g6.xlarge"),
    "models": ("models",),
    "models-family": ("models", "--family", "phi", "--tunable"),
    "models-gated": ("models", "--gated"),
    "models-name": ("models", "mistral-7b"),
    "sizes": ("sizes",),
    "sizes-gpu": ("sizes", "--gpu", "A100", "--cloud", "azure", "--region", "westus"),
    "sizes-name": ("sizes", "Standard_NC24ads_A100_v4"),
    "sizes-name-refused": ("sizes", "standard_nd96asr_a100_v4", "--region", "eastus"),
    "presets": ("presets",),
    "presets-kind": ("presets", "--kind", "rag"),
    "presets-model": ("presets", "--model", "microsoft/phi-4"),
    "presets-name": ("presets", "phi-4"),
    "presets-name-tuning": ("presets", "phi-4-qlora"),
    "presets-check": ("presets", "check", "tests/cli/files/bad.yaml", "presets/phi/phi-4.yaml", "tests/cli/files/too-big.yaml"),
    "images": ("images", "docs/examples/tune-and-serve"),
    "images-mirror": ("images", "docs/examples/own-pod", "--mirror", "registry.example.com/kaito"),
    "versions": ("versions",),
    "versions-name": ("versions", "0.6.0"),
    "versions-upgrade": ("versions", "0.6.0", "v0.12.0"),
    "versions-same": ("versions", "0.12.0", "0.12.0"),
    "versions-refused": ("versions", "0.13.0", "1"),
    "state": ("state", "tests/cli/files/state.json"),
    "state-judged": ("state", "tests/cli/files/state.json", "-p", "gpu-quota", "-p", "guardrails"),
    "quota-running": ("quota", "running", "tests/cli/files/state.json"),
    "help": ("--help",),
    "help-plan": ("help", "plan"),
    "explain-code": ("explain", "ks203"),
    "explain-manifest": ("explain", "KS303"),
    "explain-cause": ("explain", "KO450"),
    "explain-policy": ("explain", "gpu-budget"),
    "explain-component": ("explain", "ReadinessGate"),
    "explain-argument": ("explain", "KaitoWorkspace.partition"),
    "explain-camel": ("explain", "kaitoworkspace.modelFacts.weightsGiB"),
    "explain-output": ("explain", "KaitoWorkspace.endpoint.url"),
    "explain-preset": ("explain", "phi-4"),
    "explain-no-argument": ("explain", "ReadinessGate.targts"),
    "explain-unknown": ("explain", "KS3O3"),
}


@pytest.mark.parametrize(("name", "arguments"), PAGES.items(), ids=PAGES)
def test_page(name, arguments, run):
    """Answer and talk read as in the golden file; no line of the answer is wider than the page, addresses apart."""
    ended = run(*arguments)
    text = f"{ended.out}--- stderr, exit code {ended.code}\n{ended.err}"
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("KAITO_IAC_WRITE_GOLDEN") == "1":
        path.write_text(text)
    assert text == path.read_text()
    if not name.startswith(("presets-check", "images-mirror", "quota-running")):
        assert [line for line in ended.out.splitlines() if len(line) > 80 and "://" not in line] == []


def test_no_golden_file_is_left_over():
    """Every golden file belongs to a page."""
    assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == sorted(PAGES)
