"""A YAML file is read safely, and every problem names its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaito_iac.files import SETTINGS_BYTES
from kaito_iac.kubernetes.builder import MAX_LEVELS, MAX_VALUES
from kaito_iac.kubernetes.yaml_file import read_yaml

TOP = "expected keys such as kind, name and why [KS107]"
MAPPING = "expected a YAML mapping [KS107]"
CONTROL = "control characters are not allowed"
DEEP = f"more than {MAX_LEVELS} levels; expected a YAML mapping [KS107]"
KEY = "a key that is no text; expected a YAML mapping [KS107]"
LONG = f"x.yaml: file of more than {SETTINGS_BYTES:,} bytes; expected a short YAML file [KS107]"
NESTED = "a:\n" + "".join(f"{' ' * depth}- \n" for depth in range(1, 80))
BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
UNDEFINED = f"anchor 'x' that is not defined before; {MAPPING}"
MANY = f"more than {MAX_VALUES} values, those of anchors counted as often as they are used; {MAPPING}"


def said(text: str) -> list[str]:
    return [problem.headline for problem in read_yaml(text, "x.yaml")[1]]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param("", [f"x.yaml:1: no mapping at the top; {TOP}"], id="empty"),
        pytest.param("# nothing\n", [f"x.yaml:1: no mapping at the top; {TOP}"], id="a comment alone"),
        pytest.param("- a\n", [f"x.yaml:1: no mapping at the top; {TOP}"], id="a list"),
        pytest.param("text", [f"x.yaml:1: no mapping at the top; {TOP}"], id="a text"),
        pytest.param(
            "a: 1\n\tb: 2\n", [f"x.yaml:2: no YAML: found a tab character that violates indentation; {MAPPING}"], id="a tab"
        ),
        pytest.param("a: 1\nb: [1\n", [f"x.yaml:3: no YAML: did not find expected ',' or ']'; {MAPPING}"], id="a list left open"),
        pytest.param("a: 1\n---\nb: 2\n", [f"x.yaml:2: a second document; {MAPPING}"], id="two documents"),
        pytest.param("a: \0", [f"x.yaml:1: no YAML: {CONTROL}; {MAPPING}"], id="binary"),
        pytest.param("a: 1\nb: 2\na: 3\n", ["x.yaml:3: key a a second time; expected every key once [KS107]"], id="a key twice"),
        pytest.param(
            "a:\n  b: 1\n  b: 2\nc: 1\nc: 2\n",
            [
                "x.yaml:3: key b a second time; expected every key once [KS107]",
                "x.yaml:5: key c a second time; expected every key once [KS107]",
            ],
            id="two keys twice",
        ),
        pytest.param("? [a]\n: b\n", [f"x.yaml:1: {KEY}"], id="a list as key"),
        pytest.param("a: &x [*x]\n", [f"x.yaml:1: {UNDEFINED}"], id="an anchor inside itself"),
        pytest.param("a: *x\n", [f"x.yaml:1: {UNDEFINED}"], id="an anchor that is not there"),
        pytest.param(BOMB, [f"x.yaml:6: {MANY}"], id="a bomb"),
        pytest.param(NESTED, [f"x.yaml:65: {DEEP}"], id="nested blocks"),
        pytest.param("a: 1\nb: " + "[" * 60000, [f"x.yaml:2: {DEEP}"], id="nested brackets that would overflow the stack"),
        pytest.param("a: " + "[" * 20000 + "]" * 20000, [f"x.yaml:1: {DEEP}"], id="nested brackets that are closed"),
        pytest.param("a: !!bool maybe\n", [f"x.yaml:1: no bool; {MAPPING}"], id="no flag"),
        pytest.param("a: !!int ''\n", [f"x.yaml:1: no int; {MAPPING}"], id="no number"),
        pytest.param("a: .inf\n", [f"x.yaml:1: JSON has no infinity; {MAPPING}"], id="infinity"),
        pytest.param("a: \ud800", [f"x.yaml:1: half a surrogate, which is no character; {MAPPING}"], id="half a surrogate"),
        pytest.param("a: " + "x" * SETTINGS_BYTES, [LONG], id="too long"),
        pytest.param("a: " + "é" * (SETTINGS_BYTES // 2), [LONG], id="too long in bytes"),
    ],
)
def test_what_is_refused(text: str, problems: list[str]) -> None:
    """A text that is no plain mapping is refused with the line and the reason, and gives no document."""
    assert said(text) == problems
    assert read_yaml(text, "x.yaml")[0] is None


@pytest.mark.parametrize(
    ("text", "data"),
    [
        pytest.param("a: 1\nb: [x, {c: true}]\n", {"a": 1, "b": ["x", {"c": True}]}, id="plain values"),
        pytest.param("{a: 1}", {"a": 1}, id="one line"),
        pytest.param("{}", {}, id="nothing in it"),
        pytest.param("\ufeffa: 1\r\nb: 2\r\n", {"a": 1, "b": 2}, id="as Windows writes it"),
        pytest.param("a: >-\n  two\n  lines\n", {"a": "two lines"}, id="folded text"),
        pytest.param(
            "a: !secret x\nb: !!python/object:x 1\n", {"a": "x", "b": "1"}, id="a tag that does not exist leaves a text"
        ),
        pytest.param("a: 0.0\nb: 1e3\nc: 5\n", {"a": 0.0, "b": 1000.0, "c": 5}, id="fractions stay fractions"),
        pytest.param("1: a\n", {"1": "a"}, id="a number as key is a text"),
        pytest.param("a: &x {b: 1}\nc: *x\nd: {<<: *x, b: 2}\n", {"a": {"b": 1}, "c": {"b": 1}, "d": {"b": 2}}, id="anchors"),
        pytest.param("a: 2026-02-30\nb: 18:30\n", {"a": "2026-02-30", "b": "18:30"}, id="dates and times are texts"),
        pytest.param("'1': a\n", {"1": "a"}, id="a quoted number is a text"),
        pytest.param("a: " + "[" * 19 + "]" * 19, None, id="the deepest that is read"),
    ],
)
def test_what_is_read(text: str, data: dict[str, object] | None) -> None:
    """A plain mapping is read as it is."""
    document, problems = read_yaml(text, "x.yaml")
    assert problems == []
    assert document
    assert data is None or document.data == data


def test_lines_are_remembered() -> None:
    """A value is on the line of its key, an item on its own; what is not there is on the line of what is around it."""
    document, _ = read_yaml("a: 1\nb:\n  c:\n    - x\n    - y: z\n", "x.yaml")
    assert document
    lines = {
        path: document.line_of(path)
        for path in ((), ("a",), ("b", "c"), ("b", "c", 1, "y"), ("b", "d"), ("e",), ("b", "c", 7, "q"))
    }
    assert lines == {(): 1, ("a",): 1, ("b", "c"): 3, ("b", "c", 1, "y"): 5, ("b", "d"): 2, ("e",): 1, ("b", "c", 7, "q"): 3}


yaml_like = st.text(st.sampled_from("abk: \n-[]{}&*!|>'\"#%@,?0x_.~=<\t\\"), max_size=60)
tagged = st.builds(
    "{}: !!{} {}\n".format,
    st.sampled_from("ab"),
    st.sampled_from(
        ["int", "bool", "float", "timestamp", "binary", "set", "omap", "pairs", "null", "str", "map", "seq", "merge"]
    ),
    yaml_like,
)


@given(st.one_of(st.text(max_size=200), yaml_like, tagged, st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))))
def test_no_text_raises(text: str) -> None:
    """Whatever the text, there is a document or a problem, never both and never an exception."""
    document, problems = read_yaml(text, "x.yaml")
    assert (document is None) == bool(problems)
    assert all(problem.code == "KS107" and problem.path.startswith("x.yaml") and problem.found for problem in problems)
