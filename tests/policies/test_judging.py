"""Rules of a pack applied without an engine, to resources from wherever they come."""

from datetime import date
from pathlib import Path

import pytest

from kaito_iac.policies import operator_replicas, owner_tag, pool_replacement
from kaito_iac.policies.facts import Fact
from kaito_iac.policies.judging import judge_stack

RULES = (owner_tag.RULE, operator_replicas.RULE, pool_replacement.RULE)
POOL = Fact("urn:p", "azure-native:containerservice:AgentPool", "a100", None, {"nodeLabels": {"apps": "gpu"}})
CHAT = Fact(
    "urn:w",
    "kubernetes:kaito.sh/v1beta1:Workspace",
    "chat",
    None,
    {"metadata": {"name": "chat"}, "resource": {"labelSelector": {"matchLabels": {"apps": "gpu"}}}},
)
NO_OWNER = "tags.owner: missing; expected the name of whoever answers for it [KO409]"
NO_TEAM = "tags.team: missing; expected the name of whoever answers for it [KO409]"
NOT_PROTECTED = "a100: not protected, under chat; expected a protected pool [KO404]"
NO_LABEL = "metadata.labels.owner: missing; expected the name of whoever answers for it [KO409]"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        pytest.param({}, [("advisory", "urn:p", NO_OWNER), ("advisory", "", NOT_PROTECTED)], id="levels of the rules"),
        pytest.param(
            {"all": "mandatory"}, [("mandatory", "urn:p", NO_OWNER), ("mandatory", "", NOT_PROTECTED)], id="one level for all"
        ),
        pytest.param({"all": "disabled", "owner-tag": "mandatory"}, [("mandatory", "urn:p", NO_OWNER)], id="all but one off"),
        pytest.param(
            {"all": {"enforcementLevel": "disabled"}, "owner-tag": {"enforcementLevel": "remediate", "tag": "team"}},
            [("mandatory", "urn:p", NO_TEAM)],
            id="nothing is mended, so what would be is refused",
        ),
        pytest.param(
            {"owner-tag": {"labels": True}, "pool-replacement": "disabled"},
            [("advisory", "urn:p", NO_OWNER), ("advisory", "urn:w", NO_LABEL)],
            id="settings without a level",
        ),
    ],
)
def test_judge_stack(config, said):
    """Each resource is judged, then the stack; levels and settings are those of a pack's configuration."""
    found = judge_stack(RULES, [POOL, CHAT], config, today=date(2026, 6, 30), folder=Path("/"))
    assert [(one.level, one.urn, one.problem.headline) for one in found] == said
