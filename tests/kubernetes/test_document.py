"""YAML is read as kubectl reads it, with lines, within bounds, and no text raises or hangs."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaito_iac.admission.judge import judge
from kaito_iac.kubernetes.builder import Dialect
from kaito_iac.kubernetes.document import MAX_BYTES, MAX_LEVELS, Document, Unreadable, documents, read_one
from kaito_iac.kubernetes.scalar import tagged

PIECES = """
apiVersion: kaito.sh/v1beta1|kind: Workspace|metadata:|  name: chat|resource:|  labelSelector: {}|inference:|  preset:
|    name: phi-4|---|...
|&a|*a|<<: *a|? |: |- |{|}|[|]|'|"|!!int x|!!binary ///|!!timestamp x|!!float .inf|%YAML 1.1|1e999|~|null: 1|#| |>
""".split("|")
PIECES += ["|", "\t", "\x00", "\x85", "\u2028", "\ufeff", "0x" + "f" * 50, "9" * 5000]
KEYS = "metadata spec template name roles labels resource inference tuning preset adapters source embedding x"


def told(text: str) -> list[object]:
    return [(one.line, one.reason) if isinstance(one, Unreadable) else one.data for one in documents(text)]


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        pytest.param("y", "y", id="y is text here, and reported"),
        pytest.param("off", False, id="off is false"),
        pytest.param("012", 10, id="a leading zero is octal"),
        pytest.param("08", 8, id="unless it cannot be"),
        pytest.param("0o14", 12, id="octal"),
        pytest.param("0x1F", 31, id="hexadecimal"),
        pytest.param("1_000", 1000, id="underscores"),
        pytest.param("1:30", "1:30", id="a time of day is text"),
        pytest.param("2020-01-01", "2020-01-01", id="a date is text"),
        pytest.param("1e3", 1000, id="a whole float is whole"),
        pytest.param("-.5", -0.5, id="a fraction"),
        pytest.param("1.", 1, id="a dot behind"),
        pytest.param("~", None, id="null"),
        pytest.param("18446744073709551616", 18446744073709552000.0, id="too long for 64 bits"),
        pytest.param("0o19", "0o19", id="no number of any radix"),
        pytest.param("0b101", 5, id="binary digits"),
        pytest.param("0x_", "0x_", id="a prefix alone"),
        pytest.param("1e999", "1e999", id="a float that is none"),
        pytest.param("080000000000000000.5", 80000000000000000, id="digits as Go prints them"),
        pytest.param("'1'", "1", id="quotes make text"),
        pytest.param("!!str 5", "5", id="a tag makes text"),
        pytest.param("!!binary aGk=", "hi", id="binary is decoded"),
    ],
)
def test_scalars(scalar, value):
    """Scalars are what kubectl 1.35 makes of them."""
    assert told(f"a: {scalar}") == [{"a": value}]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("a: 1\n---\nb: 2\n", [{"a": 1}, {"b": 2}], id="two documents"),
        pytest.param("---\n# nothing\n---\n---\na: 1", [{"a": 1}], id="empty documents are none"),
        pytest.param("a: &x [1]\nb: *x", [{"a": [1], "b": [1]}], id="an anchor"),
        pytest.param("a: &x {b: 1}\nc: {<<: *x, d: 2}", [{"a": {"b": 1}, "c": {"d": 2, "b": 1}}], id="a merge"),
        pytest.param(
            "a: &x {b: 1, e: 3}\nc: {b: 2, <<: *x}",
            [{"a": {"b": 1, "e": 3}, "c": {"b": 2, "e": 3}}],
            id="a merge keeps keys before it",
        ),
        pytest.param("a: &x {b: 1}\nc: {<<: *x, b: 2}", [{"a": {"b": 1}, "c": {"b": 2}}], id="keys after a merge override it"),
        pytest.param("a: 1\na: 2", [{"a": 2}], id="the last of two keys"),
        pytest.param("1: a\ntrue: b", [{"1": "a", "true": "b"}], id="keys become text"),
        pytest.param("a: [\n---\nb: 1", [(1, "did not find expected node content"), {"b": 1}], id="one bad document"),
        pytest.param("a: *x", [(1, "anchor 'x' that is not defined before")], id="no such anchor"),
        pytest.param("a: &x [*x]", [(1, "anchor 'x' that is not defined before")], id="an anchor inside itself"),
        pytest.param("? [a]\n: 1", [(1, "a key that is no text")], id="a list as a key"),
        pytest.param("a: .inf", [(1, "JSON has no infinity")], id="infinity"),
        pytest.param("[" * 70, [(1, f"more than {MAX_LEVELS} levels")], id="deep"),
        pytest.param("a: \x00", [(1, "control characters are not allowed")], id="a null byte"),
    ],
)
def test_documents(text, found):
    """Documents are read one by one, each with its own end."""
    assert told(text) == found


def test_lines():
    """Every key and item knows its line in the file; what is missing has that of what is around it."""
    first, second = documents("a:\n  b: 1\n---\n# c\nc:\n- d\n- e: 1\n")
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert [first.line_of(path) for path in ((), ("a",), ("a", "b"), ("a", "x"))] == [1, 1, 2, 1]
    assert [second.line_of(path) for path in ((), ("c",), ("c", 0), ("c", 1, "e"), ("c", 9))] == [5, 5, 6, 7, 5]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "\n".join([f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" if n else "a0: &a0 [x]" for n in range(20)]), id="bomb"
        ),
        pytest.param("a: " + "x" * (MAX_BYTES + 1), id="long scalar"),
        pytest.param("[" * 200_000, id="brackets"),
        pytest.param("{a: " * 100_000, id="mappings"),
        pytest.param("a: " + "9" * 100_000, id="digits"),
        pytest.param("- " * 100_000, id="dashes"),
        pytest.param("a: [" + "1, " * 200_000 + "]", id="many values"),
        pytest.param("? " * 10_000, id="questions"),
        pytest.param("---\n" * 50_000, id="many empty documents"),
        pytest.param("&a " * 50_000, id="anchors"),
        pytest.param(" " * 1_000_000 + "\t", id="blanks"),
    ],
)
def test_nothing_hangs(text):
    """Bombs and long texts end soon, as data or as a refusal."""
    start = time.process_time()
    for one in documents(text):
        if isinstance(one, Document) and isinstance(one.data, dict):
            judge(one.data)
    assert time.process_time() - start < 10


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(["\n", " ", ""]), st.text(max_size=40))
def test_no_text_raises(pieces, between, end):
    """Any text is documents or refusals, and any mapping among them has a verdict."""
    for one in documents(between.join(pieces) + end):
        if isinstance(one, Document) and isinstance(one.data, dict):
            judge(one.data)
            judge(one.data, old=one.data)


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=4),
        max_leaves=20,
    ),
    st.sampled_from(["Workspace", "InferenceSet", "RAGEngine", "ModelMirror", "MultiRoleInference", 5, None]),
    st.sampled_from(["kaito.sh/v1beta1", "kaito.sh/v1alpha1", None]),
)  # fmt: skip
def test_no_data_raises(data, kind, version):
    """Any data of a kind has a verdict, as a new object and as an update."""
    body = data if isinstance(data, dict) else {"spec": data}
    manifest = {"metadata": {"name": "a"}, **body, "kind": kind, "apiVersion": version}
    assert judge(manifest).problems == judge(manifest).problems
    judge(manifest, old=manifest)


def test_plain_text():
    """A dialect of your own sees every scalar without quotes as it is."""
    assert read_one("a: 0x10\nb: '5'", Dialect(plain=str, tagged=tagged)).data == {"a": "0x10", "b": "5"}


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        pytest.param("a: 1\nb: 1\na: 2\n", [(3, "a")], id="a key twice"),
        pytest.param("a:\n  b: 1\n  b: 2\n  b: 3\n", [(3, "b"), (4, "b")], id="inside, three times"),
        pytest.param("- {a: 1}\n- {a: 1}\n", [], id="in two mappings"),
        pytest.param("a: &x {b: 1}\nc:\n  <<: *x\n  b: 2\n", [], id="a merge is overridden"),
        pytest.param("1: a\n'1': b\n", [(2, "1")], id="a number and its text are one key"),
    ],
)
def test_keys_that_stand_twice(text, repeated):
    """Keys that stand twice in one mapping are remembered with their line."""
    assert read_one(text).repeated == repeated


@pytest.mark.parametrize("line", ["\n", "# comment\n", "---\n"], ids=["blank", "comments", "marks"])
def test_nothing_costs_little(line):
    """Four megabytes without content need little more memory than their text."""
    text = line * (4 * 2**20 // len(line))
    tracemalloc.start()
    try:
        assert told(text) == []
        assert tracemalloc.get_traced_memory()[1] < 2 * len(text)
    finally:
        tracemalloc.stop()
