"""Nothing that comes in through a door ends otherwise than in an answer or a refusal, within a bounded time.

CI runs a few hundred inputs a door, the same ones every time; `make fuzz` runs 10,000 of each with a new seed. An input that
broke a door becomes a small file in corpus/, in the folder of its door.
"""

from __future__ import annotations

import os
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from .doors import DOORS, Door
from .mutation import broken

pytest.importorskip("kubernetes")
CORPUS = Path(__file__).parent / "corpus"
INPUTS = int(os.environ.get("KAITO_IAC_FUZZ", "200"))
SECONDS = 20.0
"""Processor time that the reading of one small file may take at most, on whatever machine."""
FIXED = "KAITO_IAC_FUZZ" not in os.environ

RUBBISH = {
    "nothing": b"",
    "nul bytes": b"\x00" * 100,
    "no text": b"\xff" * 100,
    "deep lists": b"[" * 100_000,
    "deep mappings": b'{"a":' * 100_000,
    "a list in itself": b"a: &a [*a]",
    "digits": b"9" * 100_000,
    "aliases": b"".join(b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9) if n else b"x") for n in range(9)),
}


def read(door: Door, data: bytes, folder: Path) -> None:
    """Read one input, and hold the time against its bound."""
    start = process_time()
    door.read(data, folder)
    assert process_time() - start < SECONDS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("door")


@pytest.mark.parametrize("name", DOORS)
def test_nearly_right(name: str, folder: Path) -> None:
    """A file that differs in a few bytes or values from a right one is read or refused."""
    door = DOORS[name]
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]
    phases = [Phase.explicit, Phase.generate, Phase.shrink] if not FIXED else [Phase.generate]

    @settings(max_examples=INPUTS, deadline=None, database=None, derandomize=FIXED, suppress_health_check=quiet, phases=phases)
    @given(broken(door.seeds, lines=door.lines))
    def tried(data: bytes) -> None:
        read(door, data, folder)

    tried()


@pytest.mark.parametrize("name", DOORS)
def test_seeds(name: str, folder: Path) -> None:
    """The files that others are made of are read."""
    for seed in DOORS[name].seeds:
        read(DOORS[name], seed, folder)


@pytest.mark.parametrize("data", RUBBISH.values(), ids=RUBBISH)
@pytest.mark.parametrize("name", DOORS)
def test_rubbish(name: str, data: bytes, folder: Path) -> None:
    """Empty files, nul bytes, endless nesting and endless digits are refused at every door."""
    if name == "analyzer" and len(data) > 10_000:
        pytest.skip("protobuf itself reads endless groups by recursion, before anything of ours sees them")
    read(DOORS[name], data, folder)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*/*")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_corpus(path: Path, folder: Path) -> None:
    """What once broke a door does so no more."""
    read(DOORS[path.parent.name], path.read_bytes(), folder)
