"""Looks for inputs that reach new lines of a door: `python -m tests.fuzz.guided DOOR RUNS FOLDER`, with atheris.

FOLDER gets the inputs that reach new lines; one that breaks the door is written beside it, and the process ends with 77.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from .doors import DOORS
from .test_doors import CORPUS


def begin(name: str, runs: int, folder: Path) -> Callable[[], None]:
    """Instrument what a door is made of, put its seeds into the folder, and return what starts the search."""
    import atheris

    door = DOORS[name]
    work, found = folder / "work", folder / "found"
    work.mkdir(parents=True)
    found.mkdir()
    with atheris.instrument_imports(include=["kaito_iac"]):
        for seed in door.seeds:
            door.read(seed, work)
    known = [*door.seeds, *(path.read_bytes() for path in sorted((CORPUS / name).glob("*")))]
    for index, data in enumerate(known):
        (found / f"seed-{index}").write_bytes(data)

    def one(data: bytes) -> None:
        door.read(data, work)

    bounds = ["-max_len=100000", "-timeout=60", "-rss_limit_mb=3000", "-seed=1", "-print_final_stats=1", "-verbosity=0"]
    atheris.Setup(["guided", f"-runs={runs}", *bounds, f"-artifact_prefix={folder}/", str(found)], one)
    return atheris.Fuzz  # type: ignore[no-any-return]


if __name__ == "__main__":
    begin(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))()
