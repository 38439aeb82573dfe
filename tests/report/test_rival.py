"""Two pull requests that fit alone, and not together: the boundary."""

from __future__ import annotations

import pytest

from kaito_iac.report.model import Room
from kaito_iac.report.rival import _problems

FAMILY, REGION = "Standard NCADS_A100_v4", "eastus"
KEY = "standardncads_a100_v4"


def room(left: float | None) -> Room:
    return Room(family=FAMILY, region=REGION, before=0, after=24, peak=24, room=None if left is None else 24 + left)


@pytest.mark.parametrize(
    ("left", "more", "said"),
    [
        pytest.param(24, 24, [], id="it fits exactly"),
        pytest.param(24, 25, ["fits alone, not with pr-7: that adds 25 vCPUs, 24 are left"], id="one too many"),
        pytest.param(0, 24, ["fits alone, not with pr-7: that adds 24 vCPUs, 0 are left"], id="nothing is left"),
        pytest.param(0, 0, [], id="nothing is left, and nothing is added"),
        pytest.param(-1, 24, [], id="it does not fit alone"),
        pytest.param(None, 24, [], id="no quota on record"),
    ],
)
def test_what_is_left_for_another(left: float | None, more: float, said: list[str]) -> None:
    """Another pull request is reported of where it takes more than is left, and where anything was left to take."""
    found = _problems("pr-7", [{(KEY, REGION): more}], [room(left)])
    assert [problem.found for problem in found] == said
