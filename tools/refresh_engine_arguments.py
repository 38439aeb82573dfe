"""Reads the arguments of a vLLM out of its own parser, and writes them to kaito_iac/catalog/data/vllm.json.

Usage: refresh_engine_arguments.py DATE FOLDER KAITO_VERSION... with FOLDER an unpacked wheel of the vLLM that these releases
of KAITO pin in presets/workspace/dependencies/requirements.txt. Prints which names come and go. `tools/stand_in.py` says what
Python it needs.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import json
import re
import sys
import typing
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "kaito_iac" / "catalog" / "data" / "vllm.json"
PROBES = {"text": "abc", "integer": "1", "number": "1.5", "size": "1k", "json": "{}"}
"""Kind of value to a word that only its converter takes."""
JSON_CLASSES = {"speculative-config": "SpeculativeConfig", "diffusion-config": "DiffusionConfig"}
"""Arguments whose JSON becomes an object only after parsing."""


LATER = {
    "attention-backend": ("v1/attention/backends/registry.py", "AttentionBackendEnum"),
    "load-format": ("model_executor/model_loader/__init__.py", "_LOAD_FORMAT_TO_MODEL_LOADER"),
    "quantization": ("model_executor/layers/quantization/__init__.py", "QuantizationMethods"),
    "reasoning-parser": ("reasoning/__init__.py", "_REASONING_PARSERS_TO_REGISTER"),
    "tool-call-parser": ("tool_parsers/__init__.py", "_TOOL_PARSERS_TO_REGISTER"),
}
"""Arguments whose words the engine looks up after parsing: the file and the name of the table."""
BOUNDS = ("gt", "ge", "lt", "le")


def parser_of(folder: str) -> argparse.ArgumentParser:
    """Return the parser of the server of an unpacked vLLM."""
    import stand_in

    sys.path.insert(0, folder)
    stand_in.install()
    from vllm.entrypoints.openai.cli_args import make_arg_parser
    from vllm.utils.argparse_utils import FlexibleArgumentParser

    return make_arg_parser(FlexibleArgumentParser())


def later_words(folder: str, name: str) -> list[str]:
    """Return the words that the engine takes of an argument whose words its parser does not know."""
    file, table = LATER[name]
    for node in ast.parse((Path(folder) / "vllm" / file).read_text()).body:
        if isinstance(node, ast.ClassDef) and node.name == table:
            rows = [row.targets[0] for row in node.body if isinstance(row, ast.Assign)]
            return sorted(["auto", *(row.id for row in rows if isinstance(row, ast.Name))])
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == table:
            value = node.value  # type: ignore[attr-defined]  # an assignment has one
            found = (
                value.keys if isinstance(value, ast.Dict) else [one for one in ast.walk(value) if isinstance(one, ast.Constant)]
            )
            return sorted(one.value for one in found)
    raise SystemExit(f"{file}: no {table}")


def limits_of(classes: typing.Iterable[Any]) -> dict[str, dict[str, float]]:
    """Return the bounds that the classes of the engine's configuration check, by field."""
    found: dict[str, dict[str, float]] = {}
    for one in classes:
        for name, info in getattr(one, "__pydantic_fields__", {}).items():
            bounds = {key: getattr(part, key) for part in info.metadata for key in BOUNDS if hasattr(part, key)}
            if bounds:
                found.setdefault(name.replace("_", "-"), bounds)
    return found


def classes_of(folder: str) -> list[Any]:
    """Return the configurations whose fields are arguments, in the order in which the parser takes them."""
    import vllm.config

    text = (Path(folder) / "vllm" / "engine" / "arg_utils.py").read_text()
    return [getattr(vllm.config, name) for name in re.findall(r"get_kwargs\((\w+)\)", text) if hasattr(vllm.config, name)]


def kind_of(action: argparse.Action) -> str:
    """Return what an argument takes: flag, text, integer, number, size (integer with a unit) or json."""
    if action.nargs == 0:
        return "flag"
    takes = {kind for kind, word in PROBES.items() if _takes(action.type or str, word)}
    if "text" in takes:
        return "text"
    return next(kind for kind in ("json", "size", "number", "integer") if kind in takes)


def _takes(convert: Any, word: str) -> bool:
    try:
        convert(word)
    except Exception:
        return False
    return True


def fields_of(action: argparse.Action, name: str) -> dict[str, Any] | None:
    """Return the keys of the object that a JSON argument becomes, with the words each takes; None: not known."""
    found = getattr(sys.modules["vllm.config"], JSON_CLASSES[name]) if name in JSON_CLASSES else _class(action.type)
    fields = dataclasses.fields(found) if found else ()
    return {one.name: _words(one.type) for one in fields if one.init and not one.name.startswith("_")} or None


def field_limits(action: argparse.Action, name: str) -> dict[str, dict[str, float]]:
    """Return the bounds of the keys of the object that a JSON argument becomes."""
    found = getattr(sys.modules["vllm.config"], JSON_CLASSES[name]) if name in JSON_CLASSES else _class(action.type)
    return {key.replace("-", "_"): bounds for key, bounds in limits_of([found] if found else []).items()}


def _class(convert: Any) -> Any:
    """Return the class that a converter builds: the default of a function inside its closures."""
    for value in getattr(convert, "__defaults__", None) or ():
        if dataclasses.is_dataclass(value):
            return value
    cells = [cell.cell_contents for cell in getattr(convert, "__closure__", None) or ()]
    return next((found for cell in cells if not isinstance(cell, type) and (found := _class(cell))), None)


def _words(hint: Any) -> list[Any] | None:
    """Return the words of a literal type, alone or optional; None: anything."""
    parts = [part for part in typing.get_args(hint) if part is not type(None)]
    if typing.get_origin(hint) is typing.Literal:
        return list(typing.get_args(hint))
    literals = [_words(part) for part in parts]
    return None if not literals or None in literals else [word for words in literals for word in words or ()]


def row_of(action: argparse.Action, name: str) -> dict[str, Any]:
    """Return what is stored of an argument."""
    row: dict[str, Any] = {"kind": kind_of(action)}
    if isinstance(action, argparse.BooleanOptionalAction):
        row["negative"] = True
    if action.nargs not in (0, None):
        row["many" if action.nargs == "+" else "optional"] = True
    if action.choices and len(row) <= 2 and len(list(action.choices)) <= 60:
        row["choices"] = [
            str(choice) for choice in action.choices if choice != "None"
        ]  # the word becomes None, which is no choice
    if row["kind"] == "text" and _takes(lambda word: dict.keys((action.type or str)(word)), '{"a": 1}'):
        row["object"] = True
    if row["kind"] == "json" and not _takes(action.type, "1"):
        row["object"] = True
    if row["kind"] != "flag" and _takes(action.type or str, "None") and not action.choices:
        row["none"] = True
    if row["kind"] == "json" and (fields := fields_of(action, name)):
        row["fields"] = fields
        if bounds := field_limits(action, name):
            row["field_limits"] = {key: value for key, value in bounds.items() if key in fields}
    if isinstance(action.default, bool | int | float | str) and action.default != "":
        row["default"] = action.default
    return row


def rows_of(parser: argparse.ArgumentParser, folder: str, classes: typing.Iterable[Any]) -> dict[str, dict[str, Any]]:
    """Return every argument by its name without dashes, sorted."""
    found = {}
    limits = limits_of(classes)
    for action in parser._actions:
        name = next((option[2:] for option in action.option_strings if option.startswith("--")), "")
        if name and name != "help":
            found[name] = row_of(action, name)
            if name in limits and found[name]["kind"] in ("integer", "number", "size"):
                found[name]["limits"] = limits[name]
            if name in LATER:
                found[name]["later"] = later_words(folder, name)
    return dict(sorted(found.items()))


def write(date: str, version: str, releases: list[str], rows: dict[str, dict[str, Any]]) -> None:
    """Write the arguments of one vLLM and print which names come and go."""
    table = json.loads(DATA.read_text())
    before = set(table["engines"].get(version, {}).get("arguments", {}))
    table["date"] = date
    table["releases"].update(dict.fromkeys(releases, version))
    table["engines"][version] = {"source": f"vllm {version}, the parser of its wheel, read on {date}", "arguments": rows}
    for name in sorted(before ^ set(rows)):
        print(f"{'-' if name in before else '+'} {name}")
    DATA.write_text(text_of(table))


def text_of(table: dict[str, Any]) -> str:
    """Return the table as JSON with one argument a line."""
    engines = []
    for version, engine in sorted(table["engines"].items()):
        rows = ",\n".join(f"    {json.dumps(name)}: {json.dumps(row)}" for name, row in engine["arguments"].items())
        engines.append(
            f'  {json.dumps(version)}: {{\n   "source": {json.dumps(engine["source"])},\n   "arguments": {{\n{rows}\n   }}\n  }}'
        )
    head = json.dumps({key: value for key, value in table.items() if key != "engines"}, indent=1)
    return head.removesuffix("\n}") + ',\n "engines": {\n' + ",\n".join(engines) + "\n }\n}\n"


def main(arguments: list[str]) -> int:
    """Write the table and print its difference; return 0."""
    date, folder, *releases = arguments
    rows = rows_of(parser_of(folder), folder, classes_of(folder))
    import vllm.version

    write(date, vllm.version.__version__, releases, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
