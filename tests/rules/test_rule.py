"""What all rules share: judging, configuration problems, amounts, shares."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaito_iac.code import CODES
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.quota.amount import amount, counted, shares
from kaito_iac.rules.gpu_quota import NAME, RULES
from kaito_iac.rules.rule import ResourceRule, StackFacts
from kaito_iac.stack.resource import Resource

NOTHING = StackFacts(demands=(), today=date(2026, 6, 30), folder=Path("/"))
POOL = Resource("urn:pool", "azure-native:containerservice:AgentPool", "pool", None, {"vmSize": "Standard_NC24ads_A100_v4"})
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(Unknown("set by an output")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["maxGpus", "onUnknown", "limits", "region", "maxAgeDays", "nothing"])


@settings(max_examples=100, deadline=None)
@given(found=st.dictionaries(KEYS, VALUES, max_size=4), rule=st.sampled_from(RULES))
def test_any_configuration_is_judged(found, rule):
    """Whatever the configuration holds, a rule answers with findings of one line each; it never raises."""
    for problem in rule.judge(POOL if isinstance(rule, ResourceRule) else NOTHING, found):
        assert problem.code == rule.code
        assert "\n" not in problem.headline


def test_the_pack():
    """The pack's rules, each with a name, a known code and words for the user it stops."""
    assert NAME == "gpu-quota"
    assert [(rule.code, rule.name, rule.level) for rule in RULES] == [
        ("KQ101", "gpu-budget", "mandatory"),
        ("KQ102", "vcpu-quota", "mandatory"),
        ("KQ103", "quota-age", "advisory"),
        ("KQ104", "unknown-demand", "mandatory"),
        ("KQ114", "unread-resources", "mandatory"),
        ("KQ105", "gpu-products", "mandatory"),
        ("KQ107", "team-budget", "mandatory"),
        ("KQ108", "namespace-budget", "mandatory"),
        ("KQ109", "autoscaler-maximum", "advisory"),
        ("KQ110", "stack-cost", "mandatory"),
        ("KQ111", "resource-cap", "mandatory"),
        ("KQ112", "ledger-age", "advisory"),
        ("KQ115", "declared-demand", "mandatory"),
        ("KQ116", "waivers", "mandatory"),
    ]
    assert all(rule.code in CODES and rule.title and rule.why and rule.fix and rule.tags for rule in RULES)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(0, "0 GPUs", id="none"),
        pytest.param(1, "1 GPU", id="one"),
        pytest.param(1.0, "1 GPU", id="one off the wire"),
        pytest.param(2, "2 GPUs", id="two"),
        pytest.param(1234, "1,234 GPUs", id="thousands"),
    ],
)
def test_counted(value, text):
    """An amount comes with its unit, one or many."""
    assert counted(value, "GPU") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(8.0, "8", id="a whole float"),
        pytest.param(2.5, "2.50", id="a fraction"),
        pytest.param(1e12 + 0.5, "1,000,000,000,000", id="a fraction no one wants to read"),
        pytest.param(float("inf"), "inf", id="without end"),
    ],
)
def test_amount(value, text):
    """An amount shows a fraction only when it has one."""
    assert amount(value) == text


@pytest.mark.parametrize(
    ("found", "text"),
    [
        pytest.param([], "", id="no one"),
        pytest.param(
            [("b", Range.exactly(2)), ("a", Range.exactly(2)), ("c", Range(0, 1, 5))], "c 5, a 2, b 2", id="biggest first"
        ),
        pytest.param([("a", Range.exactly(2)), ("a", Range.exactly(3))], "a 5", id="added up by name"),
        pytest.param(
            [("a", Unknown("later")), ("b", Range.exactly(0)), ("c", Range.exactly(1))], "c 1", id="unknowns and none left out"
        ),
    ],
)
def test_shares(found, text):
    """Shares name who holds how much at most."""
    assert shares(found) == text
