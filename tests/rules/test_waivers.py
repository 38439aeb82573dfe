"""KQ116: waivers let one finding pass until a day, in the open."""

from datetime import date
from pathlib import Path

import pytest

from kaito_iac.rules import gpu_budget, unread_resources, waivers
from kaito_iac.rules.rule import StackFacts
from kaito_iac.rules.run import run
from kaito_iac.rules.settings import settings_of
from kaito_iac.stack.resource import Resource

CHART = Resource("urn:chart", "kubernetes:helm.sh/v3:Release", "triton", None, {"chart": "triton"})
TODAY = date(2026, 6, 30)
GRANTED = {"rule": "unread-resources", "resource": "triton", "owner": "platform", "reason": "moved in July"}


def findings(*granted, level="mandatory"):
    rules = (unread_resources.RULE, gpu_budget.RULE, waivers.RULE)
    given = {"waivers": {"enforcementLevel": level, "granted": list(granted)}}
    settings, problems = settings_of(rules, given)
    assert problems == ()
    found = run(rules, StackFacts.of([CHART], TODAY, Path()), settings)
    return [(finding.rule.name, finding.level, finding.problem.found) for finding in found]


OPAQUE = "Release 'triton' may hold uncounted GPUs (unknown (what kubernetes:helm.sh/v3:Release installs is not seen))"
BUDGET = ("gpu-budget", "mandatory", "GPU count unknown (what kubernetes:helm.sh/v3:Release installs is not seen)")
STOPPED = ("unread-resources", "mandatory", OPAQUE)


@pytest.mark.parametrize(
    ("waiver", "found"),
    [
        pytest.param(
            {**GRANTED, "expires": "2026-06-30"},
            [("unread-resources", "advisory", f"{OPAQUE}; waived until 2026-06-30 by platform: moved in July"), BUDGET],
            id="on its last day it is advice, and other rules hold",
        ),
        pytest.param(
            {**GRANTED, "expires": "2026-06-29"},
            [STOPPED, BUDGET, ("waivers", "mandatory", "the waiver of platform ended on 2026-06-29")],
            id="a day later it is an error beside what it let pass",
        ),
        pytest.param({**GRANTED, "resource": "trit", "expires": "2026-12-31"}, [STOPPED, BUDGET], id="of another resource"),
        pytest.param({**GRANTED, "rule": "all", "expires": "2026-12-31"}, [STOPPED, BUDGET], id="of no rule"),
    ],
)
def test_waiver(waiver, found):
    """A waiver holds for one rule, one resource, and until its day."""
    assert findings(waiver) == found


def test_disabled():
    """Where the rule is off, nothing is waived."""
    assert findings({**GRANTED, "expires": "2026-12-31"}, level="disabled") == [STOPPED, BUDGET]


def test_of_itself():
    """No waiver waives that another is over."""
    over = {**GRANTED, "expires": "2026-01-01"}
    both = {**GRANTED, "rule": "waivers", "resource": "waiver of unread-resources for triton", "expires": "2026-12-31"}
    assert ("waivers", "mandatory", "the waiver of platform ended on 2026-01-01") in findings(over, both)


@pytest.mark.parametrize("key", ["rule", "resource", "owner", "reason", "expires"])
def test_everything_is_named(key):
    """A waiver without rule, resource, owner, reason or day is refused."""
    given = {**GRANTED, "expires": "2026-12-31"}
    del given[key]
    _, problems = settings_of((waivers.RULE,), {"waivers": {"granted": [given]}})
    assert [problem.headline for problem in problems] == [f"waivers.granted.0.{key}: missing; expected a value [KO485]"]
