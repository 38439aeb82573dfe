"""How many GPUs MIG slices are cut from."""

from __future__ import annotations

import pytest

from kaito_iac.sizing.slices import cut_gpus


@pytest.mark.parametrize(
    ("slices", "gpus"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([("1g.12gb", 7)], 1, id="seven of the smallest"),
        pytest.param([("1g.12gb", 8)], 2, id="eight of them"),
        pytest.param([("2g.24gb", 3), ("1g.12gb", 1)], 1, id="seven sevenths"),
        pytest.param([("1g.24gb", 4)], 2, id="memory runs out before compute"),
        pytest.param([("4g.24gb", 1), ("1g.6gb", 4)], 2, id="a GPU of four slices"),
        pytest.param([("1g.12gb", 1), ("1g.6gb", 1)], 2, id="two products share no GPU"),
    ],
)
def test_cut(slices, gpus):
    """The fewest GPUs that hold the slices, by compute and by memory."""
    assert cut_gpus(slices) == gpus
