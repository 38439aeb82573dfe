"""KO407: a GPU pool has the taint that KAITO's pods tolerate, and none that they do not."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.pool_taints import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
SKU = "sku=gpu:NoSchedule"
NVIDIA = "nvidia.com/gpu=present:NoSchedule"
SPOT = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"
A100 = "Standard_NC24ads_A100_v4"


def pool(*taints, size=A100, **inputs):
    given = {"vmSize": size, "nodeTaints": list(taints), **inputs}
    return Resource("urn:p", "azure-native:containerservice:AgentPool", "a100", None, given)


def cluster(*pools):
    return Resource("urn:c", "azure-native:containerservice:ManagedCluster", "aks", None, {"agentPoolProfiles": list(pools)})


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(pool(SKU), {}, [], id="the reserved taint"),
        pytest.param(
            pool(),
            {},
            [
                "nodeTaints: no sku=gpu:NoSchedule: any pod may fill the GPU nodes; expected the taint "
                "sku=gpu:NoSchedule [KO407]"
                "\n  fix: add it"
            ],
            id="no taint",
        ),
        pytest.param(pool(), {"reserved": False}, [], id="none is asked for"),
        pytest.param(pool(size="Standard_D4s_v5"), {}, [], id="a pool without GPUs"),
        pytest.param(pool("team=a:NoSchedule", size="Standard_D4s_v5"), {}, [], id="any taint without GPUs"),
        pytest.param(pool(SKU, NVIDIA), {}, [], id="a taint that inference tolerates"),
        pytest.param(
            pool(SKU, NVIDIA),
            {"workloads": ["inference", "tuning"]},
            [
                "nodeTaints[1]: nvidia.com/gpu=present:NoSchedule, which pods of tuning do not tolerate; "
                "expected sku=gpu:NoSchedule [KO407]"
                "\n  fix: use the taint that all KAITO pods tolerate"
            ],
            id="and tuning does not",
        ),
        pytest.param(
            pool(SKU, SPOT),
            {"workloads": ["tuning", "rag"]},
            [
                "nodeTaints[1]: kubernetes.azure.com/scalesetpriority=spot:NoSchedule, which pods of rag do not "
                "tolerate; expected sku=gpu:NoSchedule [KO407]"
                "\n  fix: use the taint that all KAITO pods tolerate"
            ],
            id="spot, which RAG engines do not tolerate",
        ),
        pytest.param(
            pool(SKU, "team=a:NoSchedule"),
            {},
            [
                "nodeTaints[1]: team=a:NoSchedule, which pods of inference do not tolerate; expected "
                "sku=gpu:NoSchedule [KO407]"
                "\n  fix: use the taint that all KAITO pods tolerate"
            ],
            id="a taint no one tolerates",
        ),
        pytest.param(pool(SKU, "team=a:PreferNoSchedule"), {}, [], id="a taint that keeps no one away"),
        pytest.param(
            pool("sku=gpu:NoExecute"),
            {},
            [
                "nodeTaints: no sku=gpu:NoSchedule: any pod may fill the GPU nodes; expected the taint "
                "sku=gpu:NoSchedule [KO407]"
                "\n  fix: add it",
                "nodeTaints[0]: sku=gpu:NoExecute, which pods of inference do not tolerate; expected "
                "sku=gpu:NoSchedule [KO407]"
                "\n  fix: use the taint that all KAITO pods tolerate",
            ],
            id="the reserved key with another effect",
        ),
        pytest.param(
            cluster({"vmSize": "Standard_D4s_v5"}, {"vmSize": A100}),
            {},
            [
                "agentPoolProfiles[1].nodeTaints: no sku=gpu:NoSchedule: any pod may fill the GPU nodes; "
                "expected the taint sku=gpu:NoSchedule [KO407]"
                "\n  fix: add it"
            ],
            id="a pool inside a cluster",
        ),
        pytest.param(
            pool(SKU, LATER),
            {},
            ["nodeTaints[1]: unknown (set by an output); expected a taint that KAITO's pods tolerate [KO407]"],
            id="a taint that is not known",
        ),
        pytest.param(pool(LATER), {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(
            pool(nodeTaints=LATER),
            {},
            ["nodeTaints: unknown (set by an output); expected taints that are known, with sku=gpu:NoSchedule [KO407]"],
            id="taints that are not known",
        ),
        pytest.param(
            pool(size=LATER),
            {},
            ["vmSize: unknown (set by an output); expected a plain VM size [KO407]"],
            id="a size that is not known",
        ),
        pytest.param(pool(SKU, size=LATER), {}, [], id="a size that does not matter"),
        pytest.param(
            cluster(LATER),
            {},
            [
                "agentPoolProfiles[0].nodeTaints: unknown (set by an output); expected taints that are known, "
                "with sku=gpu:NoSchedule [KO407]"
            ],
            id="a pool that is not known",
        ),
        pytest.param(
            pool(nodeTaints=SKU),
            {},
            [
                "nodeTaints: unknown (nodeTaints is a text, not a list); expected taints that are known, with "
                "sku=gpu:NoSchedule [KO407]"
            ],
            id="a text for the list",
        ),
        pytest.param(
            pool(7),
            {},
            [
                "nodeTaints: no sku=gpu:NoSchedule: any pod may fill the GPU nodes; expected the taint "
                "sku=gpu:NoSchedule [KO407]"
                "\n  fix: add it",
                "nodeTaints[0]: 7, which pods of inference do not tolerate; expected sku=gpu:NoSchedule [KO407]"
                "\n  fix: use the taint that all KAITO pods tolerate",
            ],
            id="a number for a taint",
        ),
        pytest.param(
            pool(SKU),
            {"workloads": ["training"]},
            [
                "pool-taints.workloads.0: 'training'; expected 'inference', 'tuning' or 'rag' [KO407]"
                "\n  fix: correct the policy configuration"
            ],
            id="a workload KAITO does not have",
        ),
        pytest.param(
            pool(SKU),
            {"reserved": "no"},
            ["pool-taints.reserved: 'no'; expected true or false [KO407]\n  fix: correct the policy configuration"],
            id="a text for a switch",
        ),
    ],
)
def test_pool_taints(told, resources, settings, said):
    """GPU nodes keep other pods away, and none of KAITO's."""
    assert told(RULE, [resources], settings) == said


@pytest.mark.parametrize(
    ("fact", "settings", "taints"),
    [
        pytest.param(pool(), {}, [SKU], id="added"),
        pytest.param(pool(NVIDIA), {}, [NVIDIA, SKU], id="added to what is there"),
        pytest.param(pool(SKU), {}, None, id="there already"),
        pytest.param(pool(), {"reserved": False}, None, id="not asked for"),
        pytest.param(pool(LATER), {}, None, id="not known whether it is there"),
        pytest.param(pool(nodeTaints=LATER), {}, None, id="taints that are not known"),
        pytest.param(pool(size=LATER), {}, None, id="not known whether it has GPUs"),
        pytest.param(pool(size="Standard_D4s_v5"), {}, None, id="no GPUs"),
        pytest.param(cluster({"vmSize": A100}), {}, None, id="a pool inside a cluster, where a person decides"),
    ],
)
def test_remedy(fact, settings, taints):
    """The reserved taint is added to a GPU pool; nothing else changes."""
    after = RULE.remedied(fact, RULE.config(**settings))
    assert (after and after["nodeTaints"]) == taints
    if after:
        assert after["vmSize"] == fact.inputs["vmSize"]


def test_nothing_is_said_after_the_remedy(told):
    """A pool as the remedy leaves it has what the rule asks for."""
    after = RULE.remedied(pool(), RULE.config())
    assert told(RULE, [Resource("urn:p", "azure-native:containerservice:AgentPool", "a100", None, after)]) == []
