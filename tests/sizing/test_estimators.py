"""Node counts of every release are those of KAITO's own estimator, built outside of this project (tests/evidence)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kaito_iac.catalog.load import models, sizes
from kaito_iac.sizing.estimate import NoFit, estimate
from kaito_iac.sizing.hardware import of_size

EVIDENCE = Path(__file__).parents[1] / "evidence"
NEWER = 9
"""Models that the catalogue of KAITO 0.11 does not have."""


def compared(release):
    """Return every cell where KAITO and we differ, and how many cells were compared; `-` is a refusal."""
    table = json.loads((EVIDENCE / f"kaito-{release}" / "estimates.json").read_text())
    hardware = [of_size(sizes()[name.split("/")[1]]) for name in table["sizes"]]
    different, cells = [], 0
    for name, rows in table["nodes"].items():
        for context, row in zip(table["contexts"], rows, strict=True):
            for machine, kaito in zip(hardware, row.split(), strict=True):
                found = estimate(models()[name], machine, context, release)
                ours = "-" if isinstance(found, NoFit) else str(found.nodes)
                cells += 1
                if ours != kaito:
                    different.append((name, machine.label, context, ours, kaito))
    return different, cells


@pytest.mark.parametrize(
    ("release", "cells"),
    [
        pytest.param("0.11.0", (60 - NEWER) * 57 * 3, id="0.11.0"),
        pytest.param("0.12.0", 60 * 57 * 3, id="0.12.0"),
        pytest.param("0.13.0-rc.0", 60 * 57 * 3, id="0.13.0-rc.0"),
    ],
)
def test_node_counts(release, cells):
    """Every model on every size at three contexts needs as many nodes as KAITO's estimator says, or is refused by both."""
    assert compared(release) == ([], cells)


def test_releases_differ():
    """The figures of the three releases are not the same: each has an estimator of its own."""
    tables = [
        json.loads((EVIDENCE / f"kaito-{release}" / "estimates.json").read_text())["nodes"]
        for release in ("0.12.0", "0.13.0-rc.0")
    ]
    changed = sum(one != other for name in tables[0] for one, other in zip(*(table[name] for table in tables), strict=True))
    assert changed > 100
