"""Names of a program: short where that is possible, and every one only once."""

from __future__ import annotations

from kaito_iac.convert.name import Names


def test_names():
    """The name alone; with the namespace, then a number, where that is taken; only signs that a name may hold."""
    names = Names()
    assert [names.add("chat", space) for space in (None, "a", "a", "b")] == ["chat", "a-chat", "a-chat-2", "b-chat"]
    assert names.add("b:chat!", None) == "b-chat-2"
    assert names.add("chat", None, "config-map") == "config-map-chat"
