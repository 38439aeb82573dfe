"""KO409: what costs money names its owner."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.owner_tag import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")


def pool(tags, kind="azure-native:containerservice:AgentPool"):
    return Resource(
        "urn:p", kind, "a100", None, {"vmSize": "Standard_NC24ads_A100_v4", **({} if tags is None else {"tags": tags})}
    )


def workspace(labels):
    return Resource(
        "urn:w", "kubernetes:kaito.sh/v1beta1:Workspace", "chat", None, {"metadata": {"name": "chat", "labels": labels}}
    )


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(pool({"owner": "chat"}), {}, [], id="an owner"),
        pytest.param(
            pool(None),
            {},
            ["tags.owner: missing; expected the name of the responsible person or team [KO409]\n  fix: tags={'owner': 'NAME'}"],
            id="no tags",
        ),
        pytest.param(
            pool({"team": "chat"}),
            {},
            ["tags.owner: missing; expected the name of the responsible person or team [KO409]\n  fix: tags={'owner': 'NAME'}"],
            id="another tag",
        ),
        pytest.param(
            pool({"owner": ""}),
            {},
            ["tags.owner: empty; expected the name of the responsible person or team [KO409]\n  fix: tags={'owner': 'NAME'}"],
            id="an empty owner",
        ),
        pytest.param(pool({"team": "chat"}), {"tag": "team"}, [], id="a tag of the settings"),
        pytest.param(
            pool({}, "azure-native:resources/v20240301:ResourceGroup"),
            {},
            ["tags.owner: missing; expected the name of the responsible person or team [KO409]\n  fix: tags={'owner': 'NAME'}"],
            id="a resource group",
        ),
        pytest.param(workspace({}), {}, [], id="a KAITO object, which needs none"),
        pytest.param(
            workspace({}),
            {"labels": True},
            [
                "metadata.labels.owner: missing; expected the name of the responsible person or team [KO409]\n"
                "  fix: labels={'owner': 'NAME'}"
            ],
            id="unless labels are asked for",
        ),
        pytest.param(workspace({"owner": "chat"}), {"labels": True}, [], id="with a label"),
        pytest.param(
            pool({"owner": LATER}),
            {},
            ["tags.owner: unknown (set by an output); expected the name of the responsible person or team [KO409]"],
            id="an owner that is not known",
        ),
        pytest.param(
            pool(LATER),
            {},
            ["tags.owner: unknown (set by an output); expected the name of the responsible person or team [KO409]"],
            id="tags that are not known",
        ),
        pytest.param(pool(LATER), {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(
            pool("chat"),
            {},
            ["tags.owner: unknown (tags is a text, not a mapping); expected the name of the responsible person or team [KO409]"],
            id="a text for the tags",
        ),
        pytest.param(
            pool({"owner": 7}),
            {},
            ["tags.owner: 7; expected the name of the responsible person or team [KO409]\n  fix: write a text"],
            id="a number for the owner",
        ),
        pytest.param(
            pool({}),
            {"tag": ""},
            ["owner-tag.tag: ''; expected at least 1 character [KO409]\n  fix: correct the policy configuration"],
            id="settings out of bounds",
        ),
    ],
)
def test_owner_tag(told, resources, settings, said):
    """Every resource of Azure, and KAITO's objects when asked for, name an owner."""
    assert told(RULE, [resources], settings) == said


@pytest.mark.parametrize(
    ("fact", "settings", "inputs"),
    [
        pytest.param(pool({}), {}, None, id="not given who the owner is"),
        pytest.param(pool({"a": LATER}), {"value": "chat"}, {"tags": {"a": LATER, "owner": "chat"}}, id="written"),
        pytest.param(pool(None), {"value": "chat"}, {"tags": {"owner": "chat"}}, id="written where no tags are"),
        pytest.param(pool({"owner": "us"}), {"value": "chat"}, None, id="there already"),
        pytest.param(pool({"owner": LATER}), {"value": "chat"}, None, id="not known whether it is there"),
        pytest.param(pool(LATER), {"value": "chat"}, None, id="tags that are not known"),
        pytest.param(workspace({}), {"value": "chat"}, None, id="a label no one asks for"),
        pytest.param(
            workspace({"a": "b"}),
            {"value": "chat", "labels": True},
            {"metadata": {"name": "chat", "labels": {"a": "b", "owner": "chat"}}},
            id="a label",
        ),
    ],
)
def test_remedy(told, fact, settings, inputs):
    """The owner of the settings is written where none is named, and the rule is content."""
    after = RULE.remedied(fact, RULE.config(**settings))
    assert after == (None if inputs is None else {**fact.inputs, **inputs})
    if after:
        assert told(RULE, [Resource(fact.urn, fact.type, fact.name, None, after)], settings) == []
