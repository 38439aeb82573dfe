"""Lists the tests of what changed since a revision: `python tools/changed_tests.py main`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
ALWAYS: Final = "tests/architecture"
MIRROR: Final = ROOT / ALWAYS / "mirror.json"
"""Module without a test of its own name to the test that fails when it is emptied."""
DATA: Final = {
    "presets": "tests/presets",
    "policies": "tests/rules",
    "stacks": "tests/stacks",
    "docs": "tests/docs",
    "templates": "tests/templates",
}
"""Folder beside the package to the tests that read it."""


def changed(base: str) -> list[str]:
    """Return the files that differ from a revision, those that git does not track included."""
    tracked = ["git", "diff", "--name-only", base]
    new = ["git", "ls-files", "--others", "--exclude-standard"]
    found = [subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split() for call in (tracked, new)]
    return sorted({name for names in found for name in names})


def tests_of(files: Iterable[str], mirror: Mapping[str, str]) -> Iterator[str]:
    """Return the test files of changed files: themselves, those of the same name, that of the mirror; of data their folder."""
    for name in files:
        path = Path(name)
        if path.parts[0] == "tests":
            if path.name.startswith("test_") and (ROOT / path).is_file():
                yield name
        elif path.parts[0] == "kaito_iac" and path.suffix == ".py":
            module = Path(*path.parts[1:])
            beside = Path("tests", *module.parts[:-1])
            yield from sorted(_existing(beside, module.stem, mirror.get(str(module))))
        elif path.parts[0] in DATA:
            yield DATA[path.parts[0]]


def _existing(folder: Path, stem: str, named: str | None) -> set[str]:
    found = {folder / f"test_{stem}.py", *(path.relative_to(ROOT) for path in (ROOT / folder).glob(f"test_{stem}_*.py"))}
    found |= {Path("tests", named)} if named else set()
    return {str(path) for path in found if (ROOT / path).is_file()}


def main(arguments: list[str]) -> int:
    """Print the tests, one a line: files first, then folders, without what is in a folder that is listed itself."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    found = {ALWAYS, *tests_of(changed(arguments[0]), json.loads(MIRROR.read_text(encoding="utf-8")))}
    kept = [test for test in found if not any(str(parent) in found for parent in Path(test).parents)]
    print("\n".join(sorted(kept, key=lambda test: (not test.endswith(".py"), test != ALWAYS, test))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
