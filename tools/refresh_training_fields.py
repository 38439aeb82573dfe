"""Reads the fields of TRL's SFTConfig out of unpacked wheels, and writes kaito_iac/catalog/data/training.json.

Usage: refresh_training_fields.py DATE TRL_FOLDER... TRANSFORMERS_FOLDER, each folder named as its wheel, such as trl-1.16.0.
KAITO takes any TRL from 1.0.0 on, so a field of one of the given releases is one that may exist.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "kaito_iac" / "catalog" / "data" / "training.json"
CLASSES = {
    "trl/trainer/sft_config.py": "SFTConfig",
    "trl/trainer/base_config.py": "_BaseConfig",
    "transformers/training_args.py": "TrainingArguments",
}
ENUMERATIONS = ("transformers/trainer_utils.py", "transformers/training_args.py", "transformers/utils/logging.py")
KINDS = ("bool", "int", "float", "list", "dict", "str")
"""Types a value may have, the first that the annotation names as it is written."""


def fields_of(folder: Path) -> dict[str, str]:
    """Return the fields of the classes of one wheel, each with the type of its value."""
    found: dict[str, str] = {}
    for file, name in CLASSES.items():
        if (folder / file).exists():
            tree = ast.parse((folder / file).read_text())
            body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
            for row in body:
                if isinstance(row, ast.AnnAssign) and isinstance(row.target, ast.Name) and not _internal(row):
                    found[row.target.id] = kind_of(ast.unparse(row.annotation))
    return found


def choices_of(folder: Path) -> dict[str, list[str]]:
    """Return the words that fields of one wheel take: the values of an enumeration, or a list beside the field."""
    words = _enumerations(folder)
    found: dict[str, list[str]] = {}
    for file, name in CLASSES.items():
        if not (folder / file).exists():
            continue
        tree = ast.parse((folder / file).read_text())
        body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
        for row in body:
            if isinstance(row, ast.AnnAssign) and isinstance(row.target, ast.Name) and not _internal(row):
                enumeration = next((words[one] for one in re.findall(r"\w+", ast.unparse(row.annotation)) if one in words), None)
                if listed := enumeration or _listed(row, words):
                    found[row.target.id] = listed
    return {key: value for key, value in found.items() if key not in ("debug", "fsdp")}  # several words in one


def _enumerations(folder: Path) -> dict[str, list[str]]:
    """Return the enumerations of a wheel, and the levels of its log."""
    found: dict[str, list[str]] = {}
    for file in ENUMERATIONS:
        tree = ast.parse((folder / file).read_text()) if (folder / file).exists() else ast.Module([], [])
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "ExplicitEnum" for base in node.bases):
                values = [row.value for row in node.body if isinstance(row, ast.Assign)]
                found[node.name] = [str(value.value) for value in values if isinstance(value, ast.Constant)]
            elif (
                isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "log_levels" and isinstance(node.value, ast.Dict)
            ):
                keys = [key.value for key in node.value.keys if isinstance(key, ast.Constant)]
                found["trainer_log_levels"] = [*map(str, keys), "passive"]
    return found


def _listed(row: ast.AnnAssign, words: dict[str, list[str]]) -> list[str]:
    """Return the choices that the metadata of a field lists."""
    for node in ast.walk(row):
        for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
            if isinstance(key, ast.Constant) and key.value == "choices":
                text = ast.unparse(value)
                return words.get(text.removesuffix(".keys()"), []) or [str(one) for one in ast.literal_eval(text)]
    return []


def _internal(row: ast.AnnAssign) -> bool:
    value = ast.unparse(row.value) if row.value else ""
    return "init=False" in value or "ClassVar" in ast.unparse(row.annotation)


def kind_of(annotation: str) -> str:
    """Return the one type that an annotation names beside None; any: none, or several."""
    words = {word for word in KINDS if re.search(rf"\b{word}\b(?!\[)|\b{word}\[", annotation)}
    return words.pop() if len(words) == 1 else "any"


def main(arguments: list[str]) -> int:
    """Write the table and print its difference; return 0."""
    date, *folders = arguments
    old = json.loads(DATA.read_text())["fields"] if DATA.exists() else {}
    new: dict[str, str] = {}
    choices: dict[str, list[str]] = {}
    for folder in map(Path, folders):
        for name, kind in fields_of(folder).items():
            new[name] = kind if new.get(name, kind) == kind else "any"
        for name, words in choices_of(folder).items():
            choices[name] = sorted({*choices.get(name, ()), *words})
    for name in sorted(old.keys() ^ new.keys()):
        print(f"{'-' if name in old else '+'} {name}")
    table: dict[str, object] = {
        "date": date,
        "sources": sorted(Path(folder).name for folder in folders),
        "fields": dict(sorted(new.items())),
    }
    table["choices"] = dict(sorted(choices.items()))
    DATA.write_text(json.dumps(table, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
