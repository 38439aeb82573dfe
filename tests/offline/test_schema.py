"""What a JSON schema does not allow, in words."""

import pytest

from kaito_iac.offline.schema import misfits


@pytest.mark.parametrize(
    ("value", "terms", "found"),
    [
        pytest.param(3.0, {"type": "integer", "minimum": 1}, [], id="a whole number is an integer"),
        pytest.param(2.5, {"type": "integer"}, [("x", "2.5", "integer")], id="a fraction is none"),
        pytest.param(True, {"type": "number"}, [("x", "true", "number")], id="a truth value is no number"),
        pytest.param(0, {"minimum": 1.0}, [("x", "0", "at least 1")], id="too small"),
        pytest.param(5, {"exclusiveMaximum": 5}, [("x", "5", "less than 5")], id="on an open bound"),
        pytest.param("c", {"enum": ["a", "b"]}, [("x", '"c"', 'one of "a", "b"')], id="none of those"),
        pytest.param("ab", {"pattern": "^b"}, [("x", '"ab"', "text that matches ^b")], id="another pattern"),
        pytest.param("", {"type": "string", "minLength": 1}, [("x", '""', "at least 1 characters")], id="too short"),
        pytest.param(
            [1, "a", 1],
            {"items": {"type": "integer"}, "maxItems": 2, "uniqueItems": True},
            [("x", "3 items", "at most 2"), ("x", "an item twice", "every item once"), ("x[1]", '"a"', "integer")],
            id="everything about a list",
        ),
        pytest.param(
            {"b": 1, "c": {"d": 1}},
            {
                "required": ["a"],
                "properties": {"c": {"additionalProperties": {"type": "string"}}},
                "additionalProperties": False,
            },
            [("x.a", "missing", "a value"), ("x.b", "not a setting", "one of c"), ("x.c.d", "1", "string")],
            id="everything about an object",
        ),
        pytest.param(None, {"type": ["string", "null"]}, [], id="one of several types"),
        pytest.param(5, {"multipleOf": 2}, [("x", "5", "what multipleOf 2 allows")], id="a keyword without words of ours"),
        pytest.param(
            5,
            {"type": "nonsense"},
            [
                (
                    "x",
                    "settings with a schema that is none ('nonsense' is not valid under any of the given schemas)",
                    "a JSON schema",
                )
            ],
            id="a schema that is none",
        ),
    ],
)
def test_misfits(value, terms, found):
    """Every keyword a value breaks is reported, with its path."""
    assert list(misfits(value, terms, "x")) == found
