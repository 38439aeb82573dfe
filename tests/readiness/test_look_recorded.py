"""`kaito-iac diagnose` on recorded clusters: whole answers of a real API server (test_look_live.py records them)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.cli.main import main

from .test_look import serve

__all__ = ["serve"]
RECORDED = Path(__file__).parent / "clusters"


@pytest.mark.parametrize("name", sorted(path.stem for path in RECORDED.glob("*.json")))
def test_recorded_cluster(name: str, serve: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """What the command printed when the cluster was recorded it prints of the recording."""
    pytest.importorskip("kubernetes")
    record = json.loads((RECORDED / f"{name}.json").read_text())
    kubeconfig = serve(record["lists"], date=record["date"])
    main([*record["command"], "--kubeconfig", kubeconfig])
    printed = capsys.readouterr().out.replace(f" --kubeconfig {kubeconfig}", "")
    assert printed == (RECORDED / f"{name}.txt").read_text()


def test_there_are_recordings() -> None:
    """Clusters are recorded of a refused quota, a missing image and a missing operator."""
    assert sorted(path.stem for path in RECORDED.glob("*.json")) == ["image-missing", "no-operator", "quota-refused"]
