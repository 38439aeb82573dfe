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
    for folder in map(Path, folders):
        for name, kind in fields_of(folder).items():
            new[name] = kind if new.get(name, kind) == kind else "any"
    for name in sorted(old.keys() ^ new.keys()):
        print(f"{'-' if name in old else '+'} {name}")
    table = {"date": date, "sources": sorted(Path(folder).name for folder in folders), "fields": dict(sorted(new.items()))}
    DATA.write_text(json.dumps(table, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
