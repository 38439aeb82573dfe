"""The report as JSON, in the shape of docs/reference/report.schema.json, and back: what others wrote is checked first."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel, to_snake

from kaito_iac.files import PLAN_BYTES, TooLong, unzipped
from kaito_iac.problem import Problem
from kaito_iac.report.model import Report

SCHEMA: Final = 1
"""Version of the shape; it grows when a field changes its meaning or goes away, not when one is added."""
_FREE: Final = ("counts", "engineCounts", "versions")
"""Objects whose keys are names of others."""


@cache
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


def report_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON values."""
    plain = _renamed(_adapter().dump_python(report, mode="json"), _camel)
    return {"schema": SCHEMA, "verdict": report.verdict, "exitCode": report.exit_code, **plain}


def read_report(data: bytes, name: str) -> tuple[Report | None, tuple[Problem, ...]]:
    """Return a report that was written as JSON; else what is wrong with it. `name` is what problems call it."""
    fix = "write it with `kaito-iac report render --json`"
    try:
        found = json.loads(unzipped(data, PLAN_BYTES))
    except TooLong as error:
        return None, (Problem("KO490", name, str(error), "a report", fix),)
    except (ValueError, RecursionError):
        return None, (Problem("KO490", name, "no JSON", "a report", fix),)
    if not isinstance(found, dict) or found.get("schema") != SCHEMA or isinstance(found.get("schema"), bool):
        return None, (Problem("KO490", name, "no report of this version", f"schema {SCHEMA}", fix),)
    try:
        return _adapter().validate_json(json.dumps(_renamed(found, to_snake)), strict=True), ()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"{where}: {first['msg'][:1].lower()}{first['msg'][1:]}"
        return None, (Problem("KO490", name, message, "a report", fix),)


@lru_cache(maxsize=1024)
def _camel(key: str) -> str:
    return to_camel(key)


def _renamed(value: Any, rename: Any, free: bool = False) -> Any:
    if isinstance(value, dict):
        return {
            (key if free else rename(key)): _renamed(part, rename, not free and _camel(key) in _FREE)
            for key, part in value.items()
        }
    return [_renamed(part, rename) for part in value] if isinstance(value, list) else value


def report_schema() -> dict[str, Any]:
    """Return the JSON schema of a report."""
    found = _adapter().json_schema(mode="serialization")
    definitions = {name: _schema(part) for name, part in sorted(found.pop("$defs").items())}
    top = _schema(found)
    properties = {
        "schema": {"const": SCHEMA, "description": "Version of the shape; a higher one changed the meaning of a field."},
        "verdict": {"enum": ["fits", "refused", "incomplete"]},
        "exitCode": {"enum": [0, 1, 3]},
        **top["properties"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Report of kaito-iac",
        "description": "Readers ignore fields they do not know: versions of kaito-iac with the same `schema` only add some.",
        "type": "object",
        "required": ["schema", "verdict", "exitCode", *top.get("required", ())],
        "properties": properties,
        "$defs": definitions,
    }


def _schema(found: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one object with names as JSON has them, and without titles that repeat the names."""
    made = {key: part for key, part in found.items() if key not in ("properties", "required")}
    made["properties"] = {
        to_camel(name): {key: value for key, value in part.items() if key not in ("title", "default")}
        for name, part in found.get("properties", {}).items()
    }
    made["required"] = [to_camel(name) for name in found.get("required", ())]
    return made
