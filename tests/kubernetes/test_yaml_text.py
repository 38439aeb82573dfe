"""What is written as YAML is read as the same values, by our reader and by kubectl."""

from __future__ import annotations

import json
import random
import shutil
import subprocess

import pytest
import yaml

from kaito_iac.kubernetes.document import read_one
from kaito_iac.kubernetes.yaml_text import needs_quotes, one_line, yaml_text

TEXTS = 100_000
NUMERIC = "0123456789+-._eExobBXn:aAfFtTZ"
ANY = NUMERIC + "yYN ~\n\t#'\"{}[],&*!|>%@`?=<\\é\u2028\x85\ufeff\U0001f600\r\x00\x7f"
WORDS = "yes Yes YES no No NO on On ON off Off OFF true True TRUE false False FALSE null Null NULL ~ y Y n N << = none".split()


def random_texts(number: int, seed: int = 7) -> list[str]:
    """Return texts that look like numbers, times, words of YAML or anything else, always the same."""
    choose = random.Random(seed)
    texts = [
        *WORDS,
        "12e4567",
        "08",
        "1e3",
        "0o17",
        "+.8",
        "1:30",
        "2024-01-01",
        "0x1F",
        "1_000",
        ".inf",
        "-.INF",
        "1e999",
        "",
        "-",
    ]
    while len(texts) < number:
        letters = NUMERIC if choose.random() < 0.5 else ANY
        texts.append("".join(choose.choices(letters, k=choose.randint(1, 9))))
    return texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({"commit": "12e4567"}, "commit: '12e4567'\n", id="a commit that looks like a float"),
        pytest.param({"build": "08"}, "build: '08'\n", id="a number that starts with zero"),
        pytest.param({"answer": "y", "n": "N"}, "answer: 'y'\n'n': 'N'\n", id="letters that are truth values, keys too"),
        pytest.param({"1e3": "0o17", "+.8": ".5"}, "'1e3': '0o17'\n'+.8': '.5'\n", id="numbers of either YAML"),
        pytest.param({"from": "18:30", "on": "2024-01-01"}, "from: '18:30'\n'on': '2024-01-01'\n", id="times and dates"),
        pytest.param({"v": "1.2.3", "ip": "10.0.0.1"}, "v: 1.2.3\nip: 10.0.0.1\n", id="what is no number stays bare"),
        pytest.param(
            {"a": None, "b": True, "c": 5, "d": 1.5, "e": 1e20, "f": -0.0},
            "a: null\nb: true\nc: 5\nd: 1.5\ne: 1.0e+20\nf: -0.0\n",
            id="values that are no texts",
        ),
        pytest.param({"a": [], "b": {}, "c": [{"d": 1, "e": [2]}]}, "a: []\nb: {}\nc:\n- d: 1\n  e:\n  - 2\n", id="collections"),
        pytest.param({"a": "one\ntwo\n"}, "a: |\n  one\n  two\n", id="lines are a block"),
        pytest.param({"a": "x " * 900 + "y"}, f"a: {'x ' * 900}y\n", id="no line is broken"),
        pytest.param({"a": "\u202edecoy"}, 'a: "\\u202Edecoy"\n', id="what is not ASCII is escaped"),
        pytest.param({"a": "\ud800"}, "a: '?'\n", id="half a surrogate is a question mark"),
    ],
)  # fmt: skip
def test_what_is_written(value: object, text: str) -> None:
    """Only what some reader would take for something else is in quotes."""
    assert yaml_text(value) == text


def test_one_value_twice_is_written_twice() -> None:
    """No anchors: kustomize and people read what is there."""
    shared = {"a": [1]}
    assert yaml_text([shared, shared]) == "- a:\n  - 1\n- a:\n  - 1\n"


@pytest.mark.parametrize("value", [float("inf"), float("nan"), {1, 2}, object()], ids=["infinity", "nan", "a set", "an object"])
def test_what_cannot_be_written(value: object) -> None:
    """What JSON cannot say is a ValueError, not a tag."""
    with pytest.raises(ValueError, match="is nothing that JSON can say"):
        yaml_text({"a": value})


def test_random_texts_are_read_as_they_were() -> None:
    """A hundred thousand texts, as values and as keys, come back as the same texts, and none is doubtful."""
    texts = random_texts(TEXTS)
    for start in range(0, len(texts), 1000):
        batch = texts[start : start + 1000]
        value = {"values": batch, "keys": {key: index for index, key in enumerate(batch)}}
        read = read_one(yaml_text(value))
        assert (read.data, read.doubts) == (value, [])


def test_other_readers_agree() -> None:
    """PyYAML, whose words and numbers are those of YAML 1.1, reads the same texts."""
    value = {"values": random_texts(4000, seed=8)}
    assert yaml.load(yaml_text(value), getattr(yaml, "CSafeLoader", yaml.SafeLoader)) == value


@pytest.mark.kubectl
def test_kubectl_reads_the_same() -> None:
    """Kubectl reads ten thousand texts, as values and as keys, as the texts they were."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("needs kubectl on PATH")
    texts = random_texts(10_000, seed=9)
    value = {"values": texts, "keys": {key: index for index, key in enumerate(dict.fromkeys(texts))}}
    written = yaml_text({"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", "metadata": {"name": "a"}, "spec": value})
    command = [kubectl, "label", "--local", "-f", "-", "read=back", "-o", "json"]
    done = subprocess.run(command, input=written, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert json.loads(done.stdout)["spec"] == value


def test_a_long_number_is_quoted_without_search() -> None:
    """Texts longer than any number of use are quoted by their first character."""
    assert needs_quotes("9" * 100_000)
    assert not needs_quotes("x" * 100_000)


def test_one_line() -> None:
    """A key, or a value within braces, is bare only when it is a plain word."""
    texts = ["eastus", "a/b.c-d", "no", "1e3", "a, b", "a: b", "x\ny", "é", ""]
    assert [one_line(text) for text in texts] == [
        "eastus",
        "a/b.c-d",
        '"no"',
        '"1e3"',
        '"a, b"',
        '"a: b"',
        '"x\\ny"',
        '"\\xE9"',
        '""',
    ]
