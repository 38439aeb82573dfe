"""Resources that are deleted and made anew with equal inputs."""

from __future__ import annotations

import pytest

from kaito_iac.report.rename import renames
from kaito_iac.stack.events import read_events

from .conftest import Stream, state

POOL = "azure-native:containerservice:AgentPool"
SIZE = {"vmSize": "Standard_NC24ads_A100_v4", "count": 1}


@pytest.mark.parametrize(
    ("gone", "made", "pairs"),
    [
        pytest.param(["old"], ["new"], [("old", "new")], id="one of each"),
        pytest.param(
            ["a-east", "a-west"], ["b-west", "b-east"], [("a-east", "b-east"), ("a-west", "b-west")], id="by their names"
        ),
        pytest.param(["a", "b"], ["c"], [], id="fewer than before: no one can state which is gone"),
        pytest.param(["a"], ["b", "c"], [], id="more than before"),
        pytest.param([f"a{index}" for index in range(21)], [f"b{index}" for index in range(21)], [], id="too many to compare"),
    ],
)
def test_pairs(stream: Stream, gone: list[str], made: list[str], pairs: list[tuple[str, str]]) -> None:
    """Of equal resources each is a pair with the new one whose name is most like its own; none are where some are left over."""
    for name in gone:
        stream.step("delete", state(POOL, name, SIZE), None)
    for name in made:
        stream.step("create", None, state(POOL, name, SIZE))
    found = renames(read_events(stream.end().lines).changes)
    assert [(one.old.rpartition("::")[2], one.new.rpartition("::")[2]) for one in found] == pairs
    assert [one.alias for one in found] == [f"aliases=[pulumi.Alias(name={old!r})]" for old, _ in pairs]
