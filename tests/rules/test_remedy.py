"""What a remedy changes: steps that add and replace, never take away."""

import pytest
from google.protobuf import json_format, struct_pb2

from kaito_iac.problem import Unknown
from kaito_iac.rules.remedy import Change, applied, changes
from kaito_iac.rules.wire import write
from kaito_iac.stack.analyzer import plain
from kaito_iac.stack.pulumi_markers import SECRET, SIGNATURE, UNKNOWN_TEXT

LATER = Unknown("known only after the update")


def struct(values):
    made = struct_pb2.Struct()
    made.update(values)
    return made


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        pytest.param({"a": 1}, {"a": 1}, [], id="nothing differs"),
        pytest.param({"a": 1}, {"a": 1, "b": 2}, [Change(("b",), 2)], id="a key more"),
        pytest.param({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, [Change(("a", "c"), 2)], id="a key inside"),
        pytest.param({"a": [1]}, {"a": [1, 2]}, [Change(("a",), [2], appended=True)], id="an entry more"),
        pytest.param({"a": "x"}, {"a": "y"}, [Change(("a",), "y")], id="another value"),
        pytest.param({"a": ["x"]}, {"a": "y"}, [Change(("a",), "y")], id="a text for a list"),
        pytest.param({"a": "x"}, {"a": ["y"]}, [Change(("a",), ["y"])], id="a list for a text"),
    ],
)
def test_changes(before, after, steps):
    """What differs is one step each; made on plain data and on what the engine gave, it leads to the same."""
    found = list(changes(before, after))
    assert found == steps
    assert applied(before, found) == after
    given = struct(before)
    for change in found:
        write(given, change)
    assert plain(given) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"a": 1, "b": 2}, {"b": 3}, id="a key less"),
        pytest.param({"b": 2, "a": [1, 2]}, {"b": 3, "a": [2]}, id="an entry less"),
    ],
)
def test_takes_nothing_away(before, after):
    """A remedy that takes something away is none."""
    with pytest.raises(TypeError):
        list(changes(before, after))


def secret(value):
    return {SIGNATURE: SECRET, "value": value}


def test_secrets_and_unknowns_stay():
    """A secret stays one, also where something inside it changes, and an unknown stays what the engine knows it by."""
    given = struct({"tags": secret({"key": "s3cret"}), "later": UNKNOWN_TEXT, "list": [secret("s3cret")]})
    before = plain(given)
    assert before == {"tags": {"key": "s3cret"}, "later": LATER, "list": ["s3cret"]}
    after = {**before, "tags": {**before["tags"], "owner": "us"}, "list": ["s3cret", "b"], "more": {"a": [LATER, None]}}
    for change in changes(before, after):
        write(given, change)
    assert json_format.MessageToDict(given) == {
        "tags": secret({"key": "s3cret", "owner": "us"}),
        "later": UNKNOWN_TEXT,
        "list": [secret("s3cret"), "b"],
        "more": {"a": [UNKNOWN_TEXT, None]},
    }
