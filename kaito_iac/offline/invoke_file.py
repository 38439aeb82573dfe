"""A file of the results of provider functions: by token and arguments, written by a person or recorded by the CLI."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from kaito_iac.files import PLAN_BYTES, FileError, read_json, read_text
from kaito_iac.offline.deployment import Answer
from kaito_iac.offline.recording import Refusal
from kaito_iac.problem import Problem
from kaito_iac.stack.pulumi_markers import SELF

_ACCEPTED: Final = "a JSON list of {token, args, result}, args being optional, or what PULUMI_DEBUG_GRPC recorded"


def read_results(given: Path | Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Return the entries of a file, or those that are given; raises `Refusal` for what is no such list."""
    if given is None:
        return []
    name = "invokes"
    value: Any = given
    if isinstance(given, Path):
        name = given.name
        try:
            logged = recorded_calls(read_text(given, PLAN_BYTES))
            value = logged or read_json(given, PLAN_BYTES)
        except FileError as error:
            raise Refusal("Results", [Problem("KO489", name, str(error), _ACCEPTED)]) from None
    entries: list[Any] = list(value) if isinstance(value, list | tuple) else [value]
    problems = [
        Problem("KO489", f"{name}: [{index}]", "no such entry", _ACCEPTED)
        for index, entry in enumerate(entries)
        if not _is_entry(entry)
    ]
    if problems:
        raise Refusal("Results", problems)
    return entries


def recorded_calls(text: str) -> list[dict[str, Any]]:
    """Return the calls that the CLI recorded in a preview with PULUMI_DEBUG_GRPC, each once; nothing for another file.

    Calls that failed, or whose result was not known either, are left out.
    """
    if '"/pulumirpc.' not in text[:2000]:
        return []
    found: dict[str, dict[str, Any]] = {}
    for line in text.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        asked, answer = (entry.get(key) if isinstance(entry, dict) else None for key in ("request", "response"))
        if (
            not isinstance(asked, dict)
            or not isinstance(answer, dict)
            or not str(entry.get("method", "")).endswith(("/Invoke", "/Call"))
        ):
            continue
        result = answer.get("return")
        if isinstance(result, dict) and isinstance(asked.get("tok"), str) and not answer.get("failures"):
            args = {key: value for key, value in (asked.get("args") or {}).items() if key != SELF}
            made = {"token": asked["tok"], "args": args, "result": result}
            found.setdefault(json.dumps([made["token"], made["args"]], sort_keys=True), made)
    return list(found.values())


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, Mapping) or entry.keys() - {"token", "args", "result"}:
        return False
    return (
        isinstance(entry.get("token"), str)
        and isinstance(entry.get("args", {}), Mapping)
        and isinstance(entry.get("result"), Mapping)
    )


def answers(entries: Sequence[Mapping[str, Any]]) -> dict[str, Answer]:
    """Return by token what answers a call: the first entry whose arguments are all in the call."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        found.setdefault(entry["token"], []).append(entry)
    return {token: _first_of(listed) for token, listed in found.items()}


def _first_of(entries: Sequence[Mapping[str, Any]]) -> Answer:
    def answer(given: Mapping[str, Any]) -> Mapping[str, Any] | None:
        for entry in entries:
            asked = entry.get("args", {})
            if all(key in given and given[key] == value for key, value in asked.items()):
                result: Mapping[str, Any] = entry["result"]
                return result
        return None

    return answer
