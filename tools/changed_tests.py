"""Lists the tests of what changed since a revision: `python tools/changed_tests.py main`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
ALWAYS: Final = "tests/architecture"
DATA: Final = {"presets": "tests/presets", "policies": "tests/rules", "stacks": "tests/stacks", "docs": "tests/docs"}
"""Folder beside the package to the tests that read it."""


def changed(base: str) -> list[str]:
    """Return the files that differ from a revision, those that git does not track included."""
    tracked = ["git", "diff", "--name-only", base]
    new = ["git", "ls-files", "--others", "--exclude-standard"]
    found = [subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split() for call in (tracked, new)]
    return sorted({name for names in found for name in names})


def tests_of(files: Iterable[str]) -> Iterator[str]:
    """Return the test files and folders to run for changed files, the narrowest that exists for each."""
    for name in files:
        path = Path(name)
        if path.parts[0] == "tests":
            if path.name.startswith("test_") and (ROOT / path).is_file():
                yield name
        elif path.parts[0] == "kaito_iac" and path.suffix == ".py":
            mirror = Path("tests", *path.parts[1:-1])
            named = sorted({mirror / f"test_{path.stem}.py", *_with_start(mirror, path.stem)})
            there = [str(test) for test in named if (ROOT / test).is_file()]
            yield from there or ([str(mirror)] if len(mirror.parts) > 1 and (ROOT / mirror).is_dir() else [])
        elif path.parts[0] in DATA:
            yield DATA[path.parts[0]]


def _with_start(folder: Path, stem: str) -> list[Path]:
    return [path.relative_to(ROOT) for path in (ROOT / folder).glob(f"test_{stem}_*.py")]


def main(arguments: list[str]) -> int:
    """Print the tests, one a line, without those that lie in a folder that is listed itself."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    found = {ALWAYS, *tests_of(changed(arguments[0]))}
    print("\n".join(sorted(test for test in found if not any(str(parent) in found for parent in Path(test).parents))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
