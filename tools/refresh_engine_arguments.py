"""Reads the names of vLLM's arguments out of its sources and KAITO's server, and writes kaito_iac/catalog/data/vllm.json.

Usage: refresh_engine_arguments.py DATE ENGINE=FILE@COMMIT SERVER=FILE@COMMIT KAITO=FILE@COMMIT
with arg_utils.py and cli_args.py of vLLM and inference_api.py of KAITO. Prints which names come and go.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "kaito_iac" / "catalog" / "data" / "vllm.json"
TITLES = {
    "engine": "vllm-project/vllm, vllm/engine/arg_utils.py",
    "server": "vllm-project/vllm, vllm/entrypoints/openai/cli_args.py",
    "kaito": "kaito-project/kaito, presets/workspace/inference/vllm/inference_api.py",
}
FLAG = re.compile(r'"--([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"')
FIELD = re.compile(r"^    ([a-z][a-z0-9_]*): ", re.MULTILINE)
FRONTEND = re.compile(r"^class \w*FrontendArgs\b.*?(?=^    @classmethod|^class |\Z)", re.MULTILINE | re.DOTALL)


def names(group: str, text: str) -> list[str]:
    """Return the names of one source, sorted: flags as they are written, fields of the frontend's classes with dashes."""
    if group != "server":
        return sorted(set(FLAG.findall(text)))
    fields = {field for block in FRONTEND.findall(text) for field in FIELD.findall(block)}
    return sorted(field.replace("_", "-") for field in fields)


def main(arguments: list[str]) -> int:
    """Write the table and print its difference; return 0."""
    date, *given = arguments
    table = json.loads(DATA.read_text())
    before = {name for group in table["arguments"].values() for name in group}
    for entry in given:
        group, _, place = entry.partition("=")
        file, _, commit = place.rpartition("@")
        table["arguments"][group.lower()] = names(group.lower(), Path(file).read_text())
        table["sources"][group.lower()] = f"{TITLES[group.lower()]} at {commit}"
    seen: set[str] = set()
    for group in table["arguments"]:
        table["arguments"][group] = [name for name in table["arguments"][group] if name not in seen]
        seen |= set(table["arguments"][group])
    table["date"] = date
    for name in sorted(before ^ seen):
        print(f"{'-' if name in before else '+'} {name}")
    DATA.write_text(json.dumps(table, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
