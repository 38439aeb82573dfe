"""What is read of a manifest for a proposal, whatever is there."""

from __future__ import annotations

import pytest

from kaito_iac.convert.proposal import Manifest, Nodes, common, given, inside, read_yaml, selected, space


@pytest.mark.parametrize(
    ("text", "data"),
    [
        pytest.param("a: 1", {"a": 1}, id="data"),
        pytest.param("a: &b [1]", None, id="anchors are not read"),
        pytest.param("{", None, id="no YAML"),
        pytest.param("[" * 5000, None, id="too deep"),
        pytest.param("a" * 70000, None, id="too long"),
        pytest.param(5, None, id="no text"),
    ],
)
def test_read_yaml(text, data):
    """Short and plain texts are read, others are none."""
    assert read_yaml(text) == data


def test_parts():
    """A path that leads nowhere gives nothing; arguments without a value are left out."""
    assert (inside({"a": {"b": 1}}, "a", "b"), inside({"a": [1]}, "a", "b"), inside(None, "a")) == (1, None, None)
    assert given(a=0, b=None, c={}, d=[], e="", f=False) == {"a": 0, "e": "", "f": False}
    assert (space({}), space({"namespace": 5}), space({"namespace": "a"})) == ("default", "default", "a")


def test_nodes_and_metadata():
    """Existing nodes become a pool; a selector that is the default, and the namespace default, need no word."""
    manifest = Manifest(
        kind="Workspace",
        name="chat",
        fields={"metadata": {"namespace": "default", "annotations": {"a": "b", "c": "d"}}},
        others={},
    )
    labels = {"matchLabels": {"apps": "chat"}}
    assert selected(manifest, labels, exists=True) == {"node_pool": Nodes((("apps", "chat"),))}
    assert selected(manifest, labels, exists=False) == {}
    assert selected(manifest, {"matchLabels": {"a": 1}}, exists=True) == {"node_selector": {"a": 1}}
    assert common(manifest, handled=("a",)) == {"annotations": {"c": "d"}}
