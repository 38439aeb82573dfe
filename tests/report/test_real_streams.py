"""Streams that a real engine wrote, each with its whole report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from kaito_iac.cli.main import main

STREAMS = Path(__file__).parent / "streams"
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/report.schema.json").read_text())
NAMES = sorted(path.name.removesuffix(".jsonl.gz") for path in STREAMS.glob("*.jsonl.gz"))
CODES = {"13-failed-preview-spec-error": 3, "18-drift-refresh-preview": 3, "20-failed-up-quota": 3}


@pytest.mark.parametrize("name", NAMES)
def test_report(name: str, golden: Callable[[str, str], None], capsys: pytest.CaptureFixture[str]) -> None:
    """The comment of a stream, compared whole, and its exit code: 0 fits, 3 incomplete."""
    digest = STREAMS / f"{name}-classic.json.gz"
    words = ["report", "render", "--events", str(STREAMS / f"{name}.jsonl.gz"), "--time", "2026-11-28T18:05Z"]
    code = main([*words, *(["--digest", str(digest), "--root", "infra"] if digest.exists() else [])])
    golden(f"{name}.md", capsys.readouterr().out)
    assert code == CODES.get(name, 0)


@pytest.mark.parametrize("name", NAMES)
def test_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON of a stream fits the published schema, and nothing is in it that the schema does not name."""
    main(["report", "render", "--events", str(STREAMS / f"{name}.jsonl.gz"), "--json"])
    jsonschema.validate(json.loads(capsys.readouterr().out), closed(SCHEMA))


def test_open_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """The published schema takes fields of later versions, and refuses a field of a wrong type."""
    main(["report", "render", "--events", str(STREAMS / f"{NAMES[0]}.jsonl.gz"), "--json"])
    report = json.loads(capsys.readouterr().out)
    report["later"] = report["stacks"][0]["later"] = 1
    jsonschema.validate(report, SCHEMA)
    report["stacks"][0]["project"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, SCHEMA)


def closed(schema: object) -> object:
    """Return the schema with no room for fields it does not name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(part) for key, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and "$schema" not in schema["properties"] and "properties" in schema:
        made.setdefault("additionalProperties", False)
    return made
