"""KO404: a pool under workloads of the same stack cannot be replaced by accident."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.pool_replacement import RULE
from kaito_iac.stack.resource import Options, Resource

LATER = Unknown("set by an output")


def pool(labels, name="a100", protect=False):
    inputs = {"vmSize": "Standard_NC24ads_A100_v4", "nodeLabels": labels}
    return Resource(
        f"urn:{name}", "azure-native:containerservice:AgentPool", name, None, inputs, options=Options(protect=protect)
    )


def workspace(labels, name="chat"):
    inputs = {"resource": {"labelSelector": {"matchLabels": labels}}}
    return Resource(f"urn:{name}", "kubernetes:kaito.sh/v1beta1:Workspace", name, None, inputs)


APPS = {"apps": "gpu"}


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param([pool(APPS)], {}, [], id="a pool without workloads"),
        pytest.param(
            [pool(APPS), workspace(APPS)],
            {},
            [
                "a100: not protected, under chat; expected a protected pool [KO404]"
                "\n  fix: set protect=True; remove it only when you intend to replace the pool"
            ],
            id="a pool under a workload",
        ),
        pytest.param([pool(APPS, protect=True), workspace(APPS)], {}, [], id="a protected pool"),
        pytest.param([pool({"apps": "cpu"}), workspace(APPS)], {}, [], id="another pool"),
        pytest.param([pool(APPS), workspace({**APPS, "zone": "1"})], {}, [], id="labels the pool does not have"),
        pytest.param(
            [pool({}), workspace({"agentpool": "a100"})],
            {},
            [
                "a100: not protected, under chat; expected a protected pool [KO404]"
                "\n  fix: set protect=True; remove it only when you intend to replace the pool"
            ],
            id="the label that AKS adds",
        ),
        pytest.param(
            [pool(APPS)] + [workspace(APPS, f"w{n:02}") for n in range(10)],
            {},
            [
                "a100: not protected, under w00, w01, w02, w03, w04, w05, w06, w07 and 2 more; expected a "
                "protected pool [KO404]"
                "\n  fix: set protect=True; remove it only when you intend to replace the pool"
            ],
            id="many workloads",
        ),
        pytest.param(
            [pool(LATER), workspace(APPS)],
            {},
            ["a100: unknown (set by an output); expected labels that show whether chat runs on it [KO404]\n  fix: set protect"],
            id="labels of the pool that are not known",
        ),
        pytest.param(
            [pool({"apps": LATER}), workspace(APPS)],
            {},
            ["a100: unknown (set by an output); expected labels that show whether chat runs on it [KO404]\n  fix: set protect"],
            id="a label that is not known",
        ),
        pytest.param(
            [pool(APPS), workspace(LATER)],
            {},
            ["a100: unknown (set by an output); expected labels that show whether chat runs on it [KO404]\n  fix: set protect"],
            id="a selector that is not known",
        ),
        pytest.param(
            [pool(APPS), workspace({"apps": LATER})],
            {},
            ["a100: unknown (set by an output); expected labels that show whether chat runs on it [KO404]\n  fix: set protect"],
            id="a value of it that is not known",
        ),
        pytest.param([pool(APPS), workspace(LATER)], {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param([pool(APPS), workspace({"apps": LATER, "zone": "1"})], {}, [], id="an unknown that does not matter"),
        pytest.param(
            [pool("apps"), workspace(APPS)],
            {},
            [
                "a100: unknown (nodeLabels is a text, not a mapping); expected labels that show whether chat "
                "runs on it [KO404]"
                "\n  fix: set protect"
            ],
            id="a text for the labels",
        ),
        pytest.param(
            [pool(APPS), workspace(APPS)],
            {"onUnknown": "no"},
            ["pool-replacement.onUnknown: 'no'; expected 'deny' or 'warn' [KO404]\n  fix: correct the policy configuration"],
            id="settings out of bounds",
        ),
    ],
)
def test_pool_replacement(told, resources, settings, said):
    """Only pools that no one uses, or that are protected, may be replaced."""
    assert told(RULE, resources, settings) == said
