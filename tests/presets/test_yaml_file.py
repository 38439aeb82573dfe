"""One YAML document is read safely, and every problem names its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaito_iac.presets.yaml_file import MAX_BYTES, MAX_LEVELS, read_yaml

TOP = "expected keys such as kind, name and why [KS107]"
MAPPING = "expected a YAML mapping [KS107]"
CONTROL = "unacceptable character #x0000: control characters are not allowed"
TAG = "a value that its tag does not allow"
PLAIN = "expected plain YAML [KS107]"
ANCHOR = "an anchor used twice; expected values written out [KS107]"
DEEP = f"more than {MAX_LEVELS} levels; expected a flat file [KS107]"
KEY = "a key that is no text; expected keys that are text [KS107]"
LONG = f"x.yaml: file of more than {MAX_BYTES} bytes; expected a short YAML file [KS107]"
HUGE = "a whole number of more than 64 bits; expected a smaller number [KS107]"
NESTED = "a:\n" + "".join(f"{' ' * depth}- \n" for depth in range(1, 30))


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
        pytest.param("a: 1\n---\nb: 2\n", [f"x.yaml:2: no YAML: but found another document; {MAPPING}"], id="two documents"),
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
        pytest.param("a: 1\n2: b\n", [f"x.yaml:2: {KEY}"], id="a number as key"),
        pytest.param("? [a]\n: b\n", [f"x.yaml:1: {KEY}"], id="a list as key"),
        pytest.param("a: {}\n<<: {b: 1}\n", [f"x.yaml:2: {KEY}"], id="a merge"),
        pytest.param("a: &x {b: 1}\nc: *x\n", [f"x.yaml:1: {ANCHOR}"], id="an anchor"),
        pytest.param("a: &x [*x]\n", [f"x.yaml:1: {ANCHOR}"], id="an anchor that holds itself"),
        pytest.param("a: *x\n", [f"x.yaml:1: no YAML: found undefined alias; {MAPPING}"], id="an anchor that is not there"),
        pytest.param(
            "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", [f"x.yaml:1: {ANCHOR}"] * 2 + [f"x.yaml:2: {ANCHOR}"] * 2, id="a bomb"
        ),
        pytest.param(NESTED, [f"x.yaml:21: {DEEP}"], id="nested blocks"),
        pytest.param("a: 1\nb: " + "[" * 60000, [f"x.yaml:2: {DEEP}"], id="nested brackets that would overflow the stack"),
        pytest.param("a: " + "[" * 20000 + "]" * 20000, [f"x.yaml:1: {DEEP}"], id="nested brackets that are closed"),
        pytest.param(
            "a: 1\nb: !!python/object/apply:os.system [ls]\n",
            [
                "x.yaml:2: no plain value: could not determine a constructor for the tag "
                f"'tag:yaml.org,2002:python/object/apply:os.system'; {PLAIN}"
            ],
            id="a Python object",
        ),
        pytest.param(
            "a: !secret x\n", [f"x.yaml:1: no plain value: could not determine a constructor for the tag '!secret'; {PLAIN}"],
            id="a tag of somebody's own",
        ),
        pytest.param("a: !!timestamp x\n", [f"x.yaml:1: no plain value: {TAG}; {PLAIN}"],
            id="no time"),
        pytest.param("a: !!bool maybe\n", [f"x.yaml:1: no plain value: {TAG}; {PLAIN}"], id="no flag"),
        pytest.param("a: !!int ''\n", [f"x.yaml:1: no plain value: {TAG}; {PLAIN}"], id="no number"),
        pytest.param("a: 2026-02-30\n", [f"x.yaml:1: no plain value: day is out of range for month; {PLAIN}"], id="no day"),
        pytest.param(
            f"a: 1{'0' * 5000}\n",
            [f"x.yaml:1: no plain value: a number of too many digits; {PLAIN}"],
            id="more digits than Python reads",
        ),
        pytest.param(f"a: 1\nb: [0, 0x{'f' * 5000}]\n", [f"x.yaml:2: {HUGE}"], id="more digits than Python prints"),
        pytest.param(f"a: {2**64 - 1}\nb: {2**64}\nc: {{d: -{2**64}}}\n",
            [f"x.yaml:2: {HUGE}", f"x.yaml:3: {HUGE}"], id="65 bits"),
        pytest.param("a: " + "x" * MAX_BYTES, [LONG],
            id="too long"),
        pytest.param("a: " + "é" * (MAX_BYTES // 2), [LONG],
            id="too long in bytes"),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, problems: list[str]) -> None:
    """A text that is no plain mapping is refused with the line and the reason, and gives no document."""
    assert said(text) == problems
    assert read_yaml(text, "x.yaml")[0] is None


def test_half_a_surrogate_is_no_text() -> None:
    """A text that cannot be written as UTF-8 is refused like any other."""
    assert said("a: \ud800") == [
        f"x.yaml:1: no YAML: 'utf-8' codec can't encode character '\\ud800' in position 3: surrogates not allowed; {MAPPING}"
    ]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        pytest.param("a: 1\nb: [x, {c: true}]\n", {"a": 1, "b": ["x", {"c": True}]}, id="plain values"),
        pytest.param("{a: 1}", {"a": 1}, id="one line"),
        pytest.param("{}", {}, id="nothing in it"),
        pytest.param("\ufeffa: 1\r\nb: 2\r\n", {"a": 1, "b": 2}, id="as Windows writes it"),
        pytest.param("a: >-\n  two\n  lines\n", {"a": "two lines"}, id="folded text"),
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
        path: document.line(path) for path in ((), ("a",), ("b", "c"), ("b", "c", 1, "y"), ("b", "d"), ("e",), ("b", "c", 7, "q"))
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
