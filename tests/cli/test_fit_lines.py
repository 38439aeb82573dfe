"""`fit --models`: one answer per line, in order, whatever the line holds."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaito_iac.cli.fit_lines import LONGEST, answer_all, answers, bounded_lines
from kaito_iac.sizing.fit import Query, fit

GOOD = b'{"model": "phi-4", "size": "Standard_NC24ads_A100_v4"}'
KEYS = [*fit(Query(model="phi-4", size="Standard_NC24ads_A100_v4")).as_json()]


def headlines(line: bytes) -> list[str]:
    (answer,) = answers(bounded_lines(BytesIO(line)))
    return [f"{found['path']}: {found['found']}; expected {found['accepted']}" for found in json.loads(answer.text)["problems"]]


OBJECT = 'a JSON object such as {"model": "phi-4", "size": "Standard_NC24ads_A100_v4"}'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(GOOD, [], id="good"),
        pytest.param(GOOD + b"\r\n", [], id="Windows line end"),
        pytest.param(GOOD[:-1] + b', "context": null, "region": null}', [], id="null is left out"),
        pytest.param(b"\n", [f"line 1: empty; expected {OBJECT}"], id="empty"),
        pytest.param(b"  \t\n", [f"line 1: empty; expected {OBJECT}"], id="blank"),
        pytest.param(b"phi-4\n", ["line 1: no JSON: Expecting value; expected a JSON object"], id="no JSON"),
        pytest.param(b'["phi-4"]\n', ["line 1: ['phi-4']; expected a JSON object"], id="a list"),
        pytest.param(b"NaN\n", ["line 1: no JSON: NaN is no JSON; expected a JSON object"], id="NaN"),
        pytest.param(b"\xff\xfe\n", ["line 1: no UTF-8 text; expected a JSON object in UTF-8"], id="bytes that are no text"),
        pytest.param(b"[" * 15_000, ["line 1: no JSON: nested too deeply; expected a JSON object"], id="deep"),
        pytest.param(b" " * 20000, [f"line 1: more than {LONGEST:,} bytes; expected a short JSON object"], id="long"),
        pytest.param(
            b"{}",
            [
                "line 1: model: missing; expected the name of a model",
                "line 1: size: missing; expected the name of a VM size or MIG profile",
            ],
            id="nothing asked",
        ),
        pytest.param(
            b'{"model": null, "size": 4, "context": "4k", "region": []}',
            [
                "line 1: model: null; expected the name of a model",
                "line 1: size: 4; expected the name of a VM size or MIG profile",
                "line 1: context: '4k'; expected a whole number of tokens",
                "line 1: region: []; expected the name of a region",
            ],
            id="wrong types, all at once",
        ),
        pytest.param(
            GOOD[:-1] + b', "context": true}',
            ["line 1: context: True; expected a whole number of tokens"],
            id="true is no number",
        ),
        pytest.param(
            GOOD[:-1] + b', "context": 4096.0}', ["line 1: context: 4096.0; expected a whole number of tokens"], id="fraction"
        ),
        pytest.param(
            GOOD[:-1] + b', "g\\u001bpu": 1}',
            ["line 1: g\\x1bpu: an unknown key; expected model, size, context, region"],
            id="unknown key",
        ),
        pytest.param(
            GOOD[:-1] + b', "size": "x"}', ["line 1: key 'size' a second time; expected every key once"], id="key twice"
        ),
        pytest.param(
            b'{"model": "phi-4", "size": "nope"}',
            ["size: 'nope' is not a size of KAITO 0.12; expected a size from `kaito-iac sizes`"],
            id="well asked, ill named",
        ),
    ],
)
def test_line(line, said):
    """A line is answered with figures, or with every problem it has."""
    assert headlines(line) == said


def test_refused_line_keeps_the_shape():
    """A line that is no question is answered with the keys of an answer, everything null, and the reason of each."""
    (answer,) = answers([b"?"])
    data = json.loads(answer.text)
    assert list(data) == KEYS
    assert {key for key, value in data.items() if value is not None} == {"unknown", "problems"}
    assert answer.failed


@given(st.lists(st.one_of(st.binary(max_size=200), st.just(GOOD), st.from_regex(rb'\{"(model|size)": .{0,40}\}')), max_size=8))
def test_every_line_gets_one_answer(lines):
    """Whatever bytes come in: as many answers as lines, in order, each one JSON object with the keys of an answer."""
    stream = b"".join(line.replace(b"\n", b" ") + b"\n" for line in lines)
    out: list[str] = []
    tally = answer_all(BytesIO(stream), out.append, lambda done: None)
    assert tally.asked == len(out) == len(lines)
    for line, text in zip(lines, out, strict=True):
        assert text.endswith("\n")
        assert text.count("\n") == 1
        data = json.loads(text)
        assert list(data) == KEYS
        assert (data["nodes"] == 1) == (line == GOOD)
        assert text.isascii()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(["phi-4", "llama-3.3-70b-instruct", "Standard_NC24ads_A100_v4", "g6.xlarge", "1g.10gb", "x"])


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "model": names | json_values,
            "size": names | json_values,
            "context": json_values,
            "region": json_values,
            "x": json_values,
        },
    )
)
def test_any_object_is_answered(asked):
    """A question of the right types is answered as the library answers it; any other names the line in each problem."""
    (answer,) = answers([json.dumps(asked).encode()])
    data = json.loads(answer.text)
    types = {"model": str, "size": str, "context": int | None, "region": str | None}
    right = all(isinstance(asked.get(key), kind) and not isinstance(asked.get(key), bool) for key, kind in types.items())
    if right and "x" not in asked:
        assert data == json.loads(json.dumps(fit(Query(**asked)).as_json()))
    else:
        assert data["problems"]
        assert all(problem["path"].startswith("line 1") for problem in data["problems"])


def test_file_is_answered_in_order(run, tmp_path):
    """A file's answers stand in its order, the problems count, and the exit code says that there are some."""
    path = tmp_path / "asked.jsonl"
    path.write_bytes(GOOD + b"\n\n" + GOOD.replace(b"phi-4", b"phi-5") + b"\n" + GOOD)
    ended = run("fit", "--models", str(path))
    rows = [json.loads(line) for line in ended.out.splitlines()]
    assert [row["model"] for row in rows] == ["microsoft/phi-4", None, "phi-5", "microsoft/phi-4"]
    assert [[problem["path"] for problem in row["problems"]] for row in rows] == [[], ["line 2"], ["model"], []]
    assert (ended.code, ended.err) == (1, "4 questions, 2 with errors\n")


def test_empty_file_has_no_answers(run, tmp_path):
    """A file without lines is no problem."""
    (tmp_path / "none").write_text("")
    ended = run("fit", "--models", str(tmp_path / "none"))
    assert (ended.code, ended.out, ended.err) == (0, "", "0 questions, none with errors\n")
