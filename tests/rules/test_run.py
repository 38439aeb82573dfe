"""Rules of a pack applied without an engine, to resources from wherever they come."""

import json
from datetime import date
from pathlib import Path

import pytest

from kaito_iac.planning.state import facts
from kaito_iac.rules import operator_replicas, owner_tag, plain_secret, pool_replacement, ready_timeout, unprotected
from kaito_iac.rules.rule import StackFacts
from kaito_iac.rules.run import run
from kaito_iac.rules.settings import settings_of
from kaito_iac.stack.resource import Resource
from kaito_iac.stack.saved_state import read_state

RULES = (owner_tag.RULE, operator_replicas.RULE, pool_replacement.RULE)
POOL = Resource("urn:p", "azure-native:containerservice:AgentPool", "a100", None, {"nodeLabels": {"apps": "gpu"}})
CHAT = Resource(
    "urn:w",
    "kubernetes:kaito.sh/v1beta1:Workspace",
    "chat",
    None,
    {"metadata": {"name": "chat"}, "resource": {"labelSelector": {"matchLabels": {"apps": "gpu"}}}},
)
NO_OWNER = "tags.owner: missing; expected the name of the responsible person or team [KO409]"
NO_TEAM = "tags.team: missing; expected the name of the responsible person or team [KO409]"
NOT_PROTECTED = "a100: not protected, under chat; expected a protected pool [KO404]"
NO_LABEL = "metadata.labels.owner: missing; expected the name of the responsible person or team [KO409]"


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
            id="nothing is corrected, so what would be is refused",
        ),
        pytest.param(
            {"owner-tag": {"labels": True}, "pool-replacement": "disabled"},
            [("advisory", "urn:p", NO_OWNER), ("advisory", "urn:w", NO_LABEL)],
            id="settings without a level",
        ),
    ],
)
def test_run(config, said):
    """Each resource is judged, then the stack; levels and settings are those of a pack's configuration."""
    settings, problems = settings_of(RULES, config)
    found = run(RULES, StackFacts.of([POOL, CHAT], date(2026, 6, 30), Path("/")), settings)
    assert problems == ()
    assert [(one.level, one.urn, one.problem.headline) for one in found] == said


def saved(kind, name, **entry):
    return {"urn": f"urn:pulumi:prod::shop::{kind}::{name}", "type": kind, "custom": True, **entry}


SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "c2VjcmV0"}
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
WAITING = {
    "metadata": {"name": "chat", "annotations": {"pulumi.com/waitFor": "condition=WorkspaceSucceeded"}},
    "inference": {"preset": {"name": "phi-4"}},
}
WORKSPACE = "kubernetes:kaito.sh/v1beta1:Workspace"


def test_saved_state():
    """A saved state is judged like a stack: with protection, timeouts and secrets as the state has them."""
    resources = [
        saved(CLAIM, "kept", inputs={}, protect=True),
        saved(CLAIM, "loose", inputs={}),
        saved(CLAIM, "looked-up", inputs={}, external=True),
        saved(WORKSPACE, "patient", inputs=WAITING, customTimeouts={"create": 7200}),
        saved(WORKSPACE, "hasty", inputs=WAITING, customTimeouts={"create": 600}),
        saved(
            "kubernetes:core/v1:Secret", "token", inputs={"stringData": SECRET}, additionalSecretOutputs=["data", "stringData"]
        ),
        saved("kubernetes:core/v1:ConfigMap", "odd", inputs={"data": SECRET}),
    ]
    state = read_state(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    assert state.problems == ()
    rules = (unprotected.RULE, ready_timeout.RULE, plain_secret.RULE)
    seen = StackFacts.of(facts(state), date(2026, 6, 30), Path("/"))
    found = [(one.name, one.problem.headline) for one in run(rules, seen, settings_of(rules, {})[0])]
    assert found == [
        ("loose", "protect: data that one wrong word deletes; expected the option protect [KO405]"),
        (
            "hasty",
            "customTimeouts.create: 10 minutes, but the weights of phi-4 may take 36; expected 36 minutes [KO411]",
        ),
        ("odd", "data: unknown (a secret); expected a value that is no token [KN305]"),
    ]
