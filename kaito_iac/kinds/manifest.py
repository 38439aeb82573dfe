"""Writes arguments where their lines place them in a manifest, and reads them back from there."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any, Final

from kaito_iac.kinds.blame import Path, parts
from kaito_iac.kinds.field import ANNOTATIONS
from kaito_iac.kinds.rows import Line, inner_args, lines_of

NOTES: Final = parts(ANNOTATIONS)
NOTHING: Final[tuple[Any, ...]] = (None, {}, [])


def write(args: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a manifest that arguments stand for; a value that the manifest means without it is left out."""
    made: dict[str, Any] = {}
    for name, line in lines_of(args).items():
        value = _text(line, values.get(name))
        if line.at is None or value is None:
            continue
        *keys, last = parts(line.at.path)
        place = made
        for key in keys:
            place = place.setdefault(str(key), {})
        place[str(last)] = value
    return made


def _text(line: Line, value: Any) -> Any:
    """Return a value as the manifest has it; None: it is not written."""
    if line.at is None or not line.at.words:
        return value
    return line.at.words.get(line.at.own if value is None else value)


def write_notes(args: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the annotations that arguments stand for."""
    found = {key: _text(line, values.get(line.name)) for key, line in notes(args).items()}
    return {key: text for key, text in found.items() if text is not None}


def read(args: type, fields: Any) -> dict[str, Any]:
    """Return the arguments that a manifest, or a part of one, stands for; what an argument means by itself is left out."""
    found = {name: _read(args, line, fields) for name, line in lines_of(args).items() if line.at}
    return {name: value for name, value in found.items() if value not in NOTHING}


def _read(args: type, line: Line, fields: Any) -> Any:
    assert line.at is not None
    value, inner = _at(fields, parts(line.at.path)), inner_args(args).get(line.name)
    if inner and typing.get_origin(line.hint) is list:
        return [read(inner, one) for one in value] if isinstance(value, list) else value
    if inner:
        return read(inner, value) if isinstance(value, Mapping) else value
    if line.at.words:
        value = next((key for key, text in line.at.words.items() if text == value), line.at.default if value is None else None)
    return None if value == line.at.own and isinstance(value, bool) == isinstance(line.at.own, bool) else value


def notes(args: type) -> dict[str, Line]:
    """Return the lines of arguments that are annotations, by the key of the annotation."""
    return {str(parts(line.at.path)[-1]): line for line in lines_of(args).values() if line.at and _is_note(line.at.path)}


def read_notes(args: type, texts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the arguments that annotations stand for, and the annotations that no argument stands for."""
    lines = notes(args)
    kept = {key: text for key, text in texts.items() if key not in lines or not _stands(lines[key], text)}
    fields = {"metadata": {"annotations": texts}}
    found = {line.name: _read(args, line, fields) for line in lines.values()}
    return {name: value for name, value in found.items() if value not in NOTHING}, kept


def _is_note(path: str) -> bool:
    return parts(path)[: len(NOTES)] == NOTES and len(parts(path)) > len(NOTES) and not path.endswith("/]")


def _stands(line: Line, text: Any) -> bool:
    """Return whether an argument can say the text of its annotation."""
    assert line.at is not None
    return not line.at.words or text in line.at.words.values()


def _at(fields: Any, path: Path) -> Any:
    for key in path:
        if isinstance(fields, list) and isinstance(key, int):
            fields = fields[key] if key < len(fields) else None
        else:
            fields = fields.get(key) if isinstance(fields, Mapping) else None
    return fields
