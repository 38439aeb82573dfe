"""Laws over any stream: nothing crashes, no deletion is lost, no secret is shown, no limit is exceeded."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kaito_iac.report.annotation import log_commands
from kaito_iac.report.assemble import stack_report
from kaito_iac.report.code_quality import code_quality
from kaito_iac.report.document import read_report, report_json
from kaito_iac.report.html import html
from kaito_iac.report.markdown import markdown
from kaito_iac.report.model import Report
from kaito_iac.report.safe import code, fence
from kaito_iac.report.sarif import sarif
from kaito_iac.report.section import LIMITS, Section, fitted
from kaito_iac.stack.change import DELETING
from kaito_iac.stack.events import read_events

from .conftest import STACK, Stream

TYPES = ("kubernetes:core/v1:ConfigMap", "azure-native:containerservice:AgentPool", "kaito-iac:index:KaitoWorkspace", "x:y:Z")
OPS = (
    "same",
    "create",
    "update",
    "delete",
    "replace",
    "create-replacement",
    "delete-replaced",
    "refresh",
    "import",
    "teleport",
    "",
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
SECRET_TEXT = "hunter2-hunter2"


@st.composite
def steps(draw: Any) -> tuple[str, str, str, Any, Any]:
    sides = [draw(st.none() | st.dictionaries(TEXT, VALUE, max_size=3)) for _ in range(2)]
    return draw(st.sampled_from(OPS)), draw(st.sampled_from(TYPES)), draw(TEXT), *sides


def stream(found: list[tuple[str, str, str, Any, Any]], *, end: bool) -> Stream:
    made = Stream()
    for op, token, name, old, new in found:
        urn = f"{STACK}{token}::{name}"
        states = [None if side is None else {"type": token, "urn": urn, "inputs": side, "outputs": {}} for side in (old, new)]
        body = {"op": op, "urn": urn, "type": token, "old": states[0], "new": states[1], "logical": True}
        made.add("resourcePreEvent", {"metadata": body})
    return made.end() if end else made


@settings(max_examples=60)
@given(st.lists(steps(), max_size=12), st.booleans())
def test_any_steps(found: list[tuple[str, str, str, Any, Any]], end: bool) -> None:
    """Every format is made of any steps within its limit, and every deleted or replaced resource is in it."""
    report = Report(stacks=(stack_report(read_events(stream(found, end=end).lines)),))
    assert len(markdown(report).encode()) <= LIMITS["github"]
    for text in (html(report), json.dumps(sarif(report)), json.dumps(code_quality(report)), log_commands(report)):
        assert isinstance(text, str)
    back, problems = read_report(json.dumps(report_json(report)).encode(), "x")
    assert (back, problems) == (report, ())
    lost = {loss.change.urn for loss in report.stacks[0].losses}
    assert {change.urn for change in report.stacks[0].changes if change.action in DELETING} == lost
    assert {f"{STACK}{token}::{name}" for op, token, name, _, _ in found if op == "delete"} <= lost
    assert (report.verdict == "incomplete") == (not end)


@settings(max_examples=40)
@given(st.lists(steps(), min_size=1, max_size=8, unique_by=lambda step: step[1:3]), st.randoms(use_true_random=False))
def test_order_of_resources(found: list[tuple[str, str, str, Any, Any]], random: Any) -> None:
    """Events of different resources may come in any order: counts, numbers and losses are the same."""
    shuffled = list(found)
    random.shuffle(shuffled)
    one, other = (stack_report(read_events(stream(steps, end=True).lines)) for steps in (found, shuffled))
    assert (one.counts, one.gpus, one.money, one.rooms) == (other.counts, other.gpus, other.money, other.rooms)
    assert markdown(Report(stacks=(one,))) == markdown(Report(stacks=(other,)))


@settings(max_examples=150)
@given(st.lists(st.binary(max_size=60) | VALUE.map(lambda value: json.dumps(value).encode()), max_size=20))
def test_any_lines(lines: list[bytes]) -> None:
    """Lines that are no events are counted and left out."""
    log = read_events(lines)
    assert markdown(Report(stacks=(stack_report(log),)))


@settings(max_examples=60)
@given(VALUE, VALUE, st.sampled_from(["before", "after", "both"]))
def test_no_secret_is_shown(old: Any, new: Any, where: str) -> None:
    """A property of which either side is secret shows neither side, in no format."""
    hidden = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": SECRET_TEXT}
    before = {"a": {"b": hidden if where != "after" else SECRET_TEXT}, "c": old}
    after = {"a": {"b": hidden if where != "before" else SECRET_TEXT}, "c": new}
    made = stream([("update", TYPES[0], "web", before, after)], end=True)
    report = Report(stacks=(stack_report(read_events(made.lines)),))
    for text in (markdown(report), html(report), json.dumps(report_json(report)), json.dumps(sarif(report))):
        assert SECRET_TEXT not in text


@given(TEXT)
def test_text_stays_text(text: str) -> None:
    """Text of others never ends the code span or the block it is in, nor a table cell, nor a line."""
    shown = code(text)
    ticks = len(shown) - len(shown.lstrip("`"))
    assert "\n" not in shown
    assert "|" not in shown.replace("\\|", "")
    if ticks:
        assert "`" * ticks not in shown[ticks:-ticks]
    block = fence(text)
    first = block.splitlines()[0].removesuffix("text")
    assert block.count(first) == 2


@given(
    st.lists(st.tuples(st.lists(TEXT, min_size=1, max_size=30), st.booleans(), st.booleans()), max_size=6),
    st.integers(1_200, 3_000),  # holds the shortest form of six pieces; platforms take 60,000 and more
)
def test_fitted(found: list[tuple[list[str], bool, bool]], limit: int) -> None:
    """A text is within its limit whatever it is made of, keeps its last line, and folds what it folds whole."""
    sections = [
        Section(title=f"part {index}", lines=tuple(code(line) for line in lines), folded=folded, needed=needed)
        for index, (lines, folded, needed) in enumerate(found)
    ]
    text = fitted(sections, "the last line\n", limit)
    assert len(text.encode()) <= limit
    assert text.endswith("the last line\n")
    assert text.count("<details>") == text.count("</details>")
