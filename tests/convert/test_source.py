"""Values as Python: the same value back, and a layout that the formatter keeps."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaito_iac.convert.source import Constants, block, literal, named, printable, quoted

RUFF = shutil.which("ruff") or shutil.which("ruff", path=str(Path(sys.executable).parent))
TEXTS = st.text(max_size=60) | st.text(alphabet="'\"\\\nab \t\x00é\u202e世", max_size=90)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=25,
)


def formatted(text: str, width: int) -> str:
    if RUFF is None:
        pytest.skip("needs ruff")
    command = [RUFF, "format", "--isolated", "--line-length", str(width), "-"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout.decode()


def assignment(value: object, constants: Constants) -> str:
    body = named(value, constants, "value")
    text = f"call(\n    value={literal(body, 4, 77)},\n)\n"
    return f'"""Module."""\n\n{constants.taken()}{text}'


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_the_same_value_back(value):
    """Python reads every value as it was, and the text holds nothing invisible."""
    text = assignment(value, Constants())
    scope: dict[str, object] = {"call": lambda value: scope.update(found=value)}
    exec(compile(text, "program", "exec"), scope)
    assert scope["found"] == value
    assert all(line.isprintable() for line in text.split("\n"))


@settings(max_examples=40, deadline=None)
@given(st.lists(VALUES, min_size=12, max_size=12))
def test_the_formatter_changes_nothing(values):
    """ruff leaves the text as it is, at its own width and at a wider one."""
    constants = Constants()
    text = '"""Module."""\n' + "".join("\n" + assignment(value, constants).partition("\n\n")[2] for value in values)
    assert formatted(text, 88) == text
    assert formatted(text, 130) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param('say "yes"', "'say \"yes\"'", id="the quotes that need fewer escapes"),
        pytest.param("it's", '"it\'s"', id="double quotes in doubt"),
        pytest.param("a\u202eb\x1b", '"a\\u202eb\\x1b"', id="what no one sees is written out"),
        pytest.param(1e20, "1e20", id="exponent as the formatter writes it"),
        pytest.param({}, "{}", id="empty mapping"),
        pytest.param([None, True], "[None, True]", id="words of Python"),
    ],
)
def test_values(value, text):
    """One value, one text."""
    assert literal(value) == text
    assert ast.literal_eval(text) == value


def test_long_values_are_broken():
    """What has no room on a line has one item a line."""
    value = {"name": "x" * 60, "list": [1, 2], "inner": {"key": "y" * 20}}
    rows = ["{", f'    "name": "{"x" * 60}",', '    "list": [1, 2],', f'    "inner": {{"key": "{"y" * 20}"}},', "}"]
    assert literal(value).split("\n") == rows


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="\"\\\na'", max_size=12))
def test_blocks_read_back(text):
    """Whatever quotes and backslashes a text ends with, Python reads it as it was."""
    assert ast.literal_eval(block(text)) == text


def test_blocks():
    """Texts of several lines stand as they read, but for what would end them."""
    assert block('a: "b"\n\n"""\n') == '"""\\\na: "b"\n\n\\"\\"\\"\n"""'
    assert block('a\nb"') == '"""\\\na\nb\\""""'
    assert (printable("a\nb\u200b"), quoted("")) == ("a\\nb\\u200b", '""')


def test_constants_have_names_of_their_own():
    """Two texts under one name get two constants; a name that is none gets a word before it."""
    constants = Constants()
    assert [constants.add(name, "a\nb") for name in ("own.yaml", "own-yaml", "1", "é")] == [
        "OWN_YAML",
        "OWN_YAML_2",
        "TEXT_1",
        "TEXT",
    ]
    assert constants.taken().count(" = ") == 4
    assert constants.taken() == ""
