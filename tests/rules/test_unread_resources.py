"""KQ114: every resource of a stack is one that can be counted, or is known to hold no GPUs."""

from datetime import date
from pathlib import Path

import pytest

from kaito_iac.rules import gpu_budget, stack_cost, unknown_demand, unread_resources
from kaito_iac.rules.rule import StackFacts
from kaito_iac.stack.resource import Resource

CHART = Resource("urn:chart", "kubernetes:helm.sh/v3:Release", "serving", None, {"chart": "vllm"})
REASON = "what kubernetes:helm.sh/v3:Release installs is not seen"
LINE = 'kaito_iac.declare("serving", gpus=N, reason="…")'
FIX = (
    f"\n  fix: register its objects as resources of the program, or declare its demand: {LINE} where the pack has "
    "declarations: program, "
    'else "declared-demand": {"declared": [{"resource": "serving", "gpus": N, "reason": "…"}]} in its configuration'
)


def said(rule, settings):
    facts = StackFacts.of([CHART], date(2026, 6, 30), Path())
    return [problem.text(indent="") for problem in rule.judge(facts, settings)]


def test_unread_resources():
    """A chart is named, with why no one can count it."""
    assert said(unread_resources.RULE, {}) == [
        f"serving: Release 'serving' may hold uncounted GPUs (unknown ({REASON})); expected a resource that can be "
        f"counted [KQ114]{FIX}"
    ]


@pytest.mark.parametrize(
    ("rule", "settings", "found"),
    [
        (
            gpu_budget.RULE,
            {"maxGpus": 0},
            f"serving: GPU count unknown ({REASON}); expected a number the budget can count [KQ101]"
            f"\n  fix: state it where declarations are accepted: {LINE}",
        ),
        (
            stack_cost.RULE,
            {"maxUsdPerMonth": 1},
            f"stack: serving: USD a month unknown ({REASON}); expected a number the budget can count [KQ110]",
        ),
    ],
    ids=["budget", "cost"],
)
def test_budgets(rule, settings, found):
    """A budget does not pass a chart, unless that is left to a warning; `warn-unread` leaves nothing else."""
    assert said(rule, settings) == [found]
    assert said(rule, {**settings, "onUnknown": "warn-unread"}) == []
    assert said(rule, {**settings, "onUnknown": "warn"}) == []


def test_named_once():
    """The rule about values that are not known leaves it to this one."""
    assert said(unknown_demand.RULE, {}) == []
