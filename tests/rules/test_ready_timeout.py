"""KO411: what waits for a model waits long enough for its weights."""

from dataclasses import replace

import pytest

from kaito_iac.catalog.find import find_model
from kaito_iac.problem import Unknown
from kaito_iac.rules.ready_timeout import RULE, longest
from kaito_iac.sizing.weights import wait_seconds
from kaito_iac.stack.resource import Options, Resource

LATER = Unknown("set by an output")
NEEDED = wait_seconds(find_model("phi-4").ready_seconds, provisioned=True)
OWN_NODES = wait_seconds(find_model("phi-4").ready_seconds, provisioned=False)


def workspace(seconds=0, name="phi-4", waits="condition=WorkspaceSucceeded", size="Standard_NC24ads_A100_v4"):
    inputs = {
        "metadata": {"name": "chat", "annotations": {"pulumi.com/waitFor": waits} if waits else {}},
        "resource": {"instanceType": size} if size else {},
        "inference": {"preset": {"name": name}} if name else {"template": {}},
    }
    return Resource(
        "urn:w",
        "kubernetes:kaito.sh/v1beta1:Workspace",
        "chat",
        None,
        inputs,
        options=Options(custom_timeouts={"create": f"{seconds}s"}),
    )


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(workspace(waits=None), {}, [], id="no one waits"),
        pytest.param(
            workspace(),
            {},
            [
                "customTimeouts.create: 10 minutes, but the weights of phi-4 may take 51; expected 51 minutes "
                "[KO411]"
                "\n  fix: set create='51m'"
            ],
            id="the provider's ten minutes",
        ),
        pytest.param(workspace(NEEDED), {}, [], id="exactly what is needed"),
        pytest.param(
            workspace(NEEDED - 1),
            {},
            [
                "customTimeouts.create: 50 minutes, but the weights of phi-4 may take 51; expected 51 minutes "
                "[KO411]"
                "\n  fix: set create='51m'"
            ],
            id="one second less",
        ),
        pytest.param(workspace(OWN_NODES, size=None), {}, [], id="less is needed on nodes that are there"),
        pytest.param(
            workspace(OWN_NODES - 1, size=None),
            {},
            [
                "customTimeouts.create: 35 minutes, but the weights of phi-4 may take 36; expected 36 minutes "
                "[KO411]"
                "\n  fix: set create='36m'"
            ],
            id="but not one second less than that",
        ),
        pytest.param(workspace(name=None), {}, [], id="a pod of its own, whose weights are unknown"),
        pytest.param(
            workspace(3600, name="acme/own"),
            {},
            [
                "customTimeouts.create: unknown (the catalogue has no weights of acme/own); expected a model "
                "whose weights are known, or 231 minutes [KO411]"
            ],
            id="a model outside the catalogue",
        ),
        pytest.param(workspace(longest(), name="acme/own"), {}, [], id="as long as any model needs"),
        pytest.param(
            workspace(3600, name=LATER),
            {},
            [
                "customTimeouts.create: unknown (set by an output); expected a model whose weights are known, or "
                "231 minutes [KO411]"
            ],
            id="a model that is not known",
        ),
        pytest.param(workspace(3600, name=LATER), {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(workspace(longest(), name=LATER), {}, [], id="a model that does not matter"),
        pytest.param(
            workspace(60, waits=LATER),
            {},
            [
                "customTimeouts.create: unknown (set by an output); expected a model whose weights are known, or "
                "231 minutes [KO411]"
            ],
            id="not known whether anybody waits",
        ),
        pytest.param(
            workspace(3600, name=7),
            {},
            [
                "customTimeouts.create: unknown (name is a number, not a text); expected a model whose weights "
                "are known, or 231 minutes [KO411]"
            ],
            id="a number for the model",
        ),
        pytest.param(
            workspace(),
            {"minutes": 5},
            ["ready-timeout.minutes: an unknown key; expected one of onUnknown [KO411]\n  fix: correct the policy configuration"],
            id="an unknown setting",
        ),
    ],
)
def test_ready_timeout(told, resources, settings, said):
    """The create timeout of what is waited for covers download, start and new nodes."""
    assert told(RULE, [resources], settings) == said


@pytest.mark.parametrize(
    ("urn", "codes"),
    [
        pytest.param("urn:pulumi:dev::shop::kaito-iac:index:KaitoWorkspace$kubernetes:w::chat", [], id="made by a component"),
        pytest.param("urn:pulumi:dev::shop::kubernetes:w::chat", ["KO411"], id="made by hand"),
    ],
)
def test_weights_that_a_component_was_told(urn, codes):
    """A component waits as long as the facts that it is given ask for: the catalogue need not know the model."""
    made = replace(workspace(900, name="example/own"), urn=urn)
    assert [problem.code for problem in RULE.judge(made, {})] == codes
