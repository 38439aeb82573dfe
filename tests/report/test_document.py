"""Reports as JSON that others wrote: checked before anything is made of them."""

from __future__ import annotations

import gzip
import json

import pytest

from kaito_iac.report.assemble import stack_report
from kaito_iac.report.document import read_report, report_json
from kaito_iac.report.model import Report
from kaito_iac.stack.events import read_events

from .conftest import Stream, state

FIX = "write it with `kaito-iac report render --json`"


def written() -> dict[str, object]:
    stream = Stream().step("create", None, state("kubernetes:core/v1:Service", "web", {"spec": {"ports": [80]}})).end()
    return report_json(Report(stacks=(stack_report(read_events(stream.lines)),), versions={"kaito-iac": "1"}))


def test_back_and_forth() -> None:
    """What is written is read as it was, gzipped or not, and a field of a later version is no matter."""
    found = {**written(), "later": True}
    for data in (json.dumps(found).encode(), gzip.compress(json.dumps(found).encode())):
        report, problems = read_report(data, "a.json")
        assert problems == ()
        assert report is not None
        assert report_json(report) == written()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(b"{", "a.json: no JSON; expected a report [KO490]", id="no JSON"),
        pytest.param(b"[1]", "a.json: no report of this version; expected schema 1 [KO490]", id="no object"),
        pytest.param(b'{"schema": 2}', "a.json: no report of this version; expected schema 1 [KO490]", id="another version"),
        pytest.param(b'{"schema": 1}', "a.json: stacks: field required; expected a report [KO490]", id="nothing in it"),
        pytest.param(
            b'{"schema": 1, "stacks": 1}',
            "a.json: stacks: input should be a valid array; expected a report [KO490]",
            id="of a wrong type",
        ),
        pytest.param(b"\x1f\x8bx", "a.json: no JSON; expected a report [KO490]", id="broken gzip"),
        pytest.param(
            gzip.compress(bytes(65 * 2**20)),
            "a.json: file of more than 67,108,864 bytes; expected a report [KO490]",
            id="long when unpacked",
        ),
        pytest.param(b"[" * 100_000, "a.json: no JSON; expected a report [KO490]", id="nested too deep"),
    ],
)
def test_refused(data: bytes, told: str) -> None:
    """What is no report of this version is refused with the field that is wrong."""
    report, problems = read_report(data, "a.json")
    assert report is None
    assert [problem.headline for problem in problems] == [told]
    assert [problem.fix for problem in problems] == [FIX]
