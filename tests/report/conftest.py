"""Streams of a real engine, streams made by the test, and golden reports.

KAITO_IAC_WRITE_GOLDEN=1 writes the golden files anew, for the diff to be read.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
STREAMS = HERE / "streams"
STACK = "urn:pulumi:prod::shop::"


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with its golden file, or writes it when that is asked for."""

    def compare(name: str, text: str) -> None:
        path = HERE / "golden" / name
        text = re.sub(r"<sub>kaito-iac [^·]* · KAITO [^·]* · prices azure [^·]* · prices aws [\d-]+", "<sub>versions", text)
        if os.environ.get("KAITO_IAC_WRITE_GOLDEN"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert text == path.read_text()

    return compare


def urn(token: str, name: str) -> str:
    return f"{STACK}{token}::{name}"


def state(token: str, name: str, inputs: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return one side of a resource as the engine writes it."""
    root = urn("pulumi:pulumi:Stack", "shop-prod")
    custom = not token.rpartition("$")[2].startswith("kaito-iac:")
    return {
        "type": token.rpartition("$")[2],
        "urn": urn(token, name),
        **({"custom": True} if custom else {}),
        "id": name,
        "parent": root,
        "inputs": dict(inputs),
        "outputs": {},
        "provider": "",
        **more,
    }


class Stream:
    """Engine events, one after another."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.counts: dict[str, int] = {}

    def add(self, kind: str, body: Mapping[str, Any]) -> Stream:
        self.events.append({"sequence": len(self.events), "timestamp": 1795888800, kind: dict(body)})
        return self

    def step(
        self, op: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, *, fails: bool = False, **more: Any
    ) -> Stream:
        side = new or old or {}
        logical = op not in ("create-replacement", "delete-replaced")
        metadata = {"op": op, "urn": side["urn"], "type": side["type"], "old": old, "new": new, "detailedDiff": None, **more}
        if logical:
            metadata["logical"] = True
            self.counts[op] = self.counts.get(op, 0) + (not fails)
        self.add("resourcePreEvent", {"metadata": metadata, "planning": True})
        return self.add("resOpFailedEvent" if fails else "resOutputsEvent", {"metadata": metadata, "planning": True})

    def end(self, result: str = "succeeded", *, preview: bool = True, packs: Mapping[str, str] | None = None) -> Stream:
        counts = {op: number for op, number in self.counts.items() if number}
        body = {"maybeCorrupt": False, "durationSeconds": 3, "resourceChanges": counts, "PolicyPacks": dict(packs or {})}
        self.add("summaryEvent", {**body, "isPreview": preview, "result": result})
        return self.add("cancelEvent", {})

    @property
    def lines(self) -> list[bytes]:
        return [json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode() + b"\n" for event in self.events]

    def write(self, path: Path) -> Path:
        path.write_bytes(b"".join(self.lines))
        return path


@pytest.fixture
def stream() -> Stream:
    return Stream()
