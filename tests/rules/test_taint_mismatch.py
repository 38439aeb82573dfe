"""KO407: every workload tolerates the taints of the pools that it selects."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.taint_mismatch import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
SKU = "sku=gpu:NoSchedule"
NVIDIA = "nvidia.com/gpu:NoSchedule"
APPS = {"apps": "gpu"}


def pool(*taints, labels=APPS, **inputs):
    given = {"vmSize": "Standard_NC24ads_A100_v4", "nodeLabels": labels, "nodeTaints": list(taints), **inputs}
    return Resource("urn:p", "azure-native:containerservice:AgentPool", "a100", None, given)


def workspace(part="inference", labels=APPS):
    inputs = {"resource": {"labelSelector": {"matchLabels": labels}}, part: {"preset": {"name": "phi-4"}}}
    return Resource("urn:w", "kubernetes:kaito.sh/v1beta1:Workspace", "chat", None, inputs)


def rag(labels=APPS):
    inputs = {"spec": {"compute": {"labelSelector": {"matchLabels": labels}}}}
    return Resource("urn:r", "kubernetes:kaito.sh/v1beta1:RAGEngine", "docs", None, inputs)


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param([pool(SKU), workspace(), workspace("tuning"), rag()], {}, [], id="the taint all tolerate"),
        pytest.param([pool(NVIDIA), workspace(), rag()], {}, [], id="inference and RAG tolerate NVIDIA's"),
        pytest.param(
            [pool(NVIDIA), workspace("tuning")],
            {},
            [
                "chat on a100: the pool has nvidia.com/gpu:NoSchedule, which pods of tuning do not tolerate; "
                "expected sku=gpu:NoSchedule [KO407]"
                "\n  fix: give the pool the taint that all tolerate"
            ],
            id="tuning does not",
        ),
        pytest.param(
            [pool("team=a:NoSchedule"), workspace()],
            {},
            [
                "chat on a100: the pool has team=a:NoSchedule, which pods of inference do not tolerate; expected "
                "sku=gpu:NoSchedule [KO407]"
                "\n  fix: give the pool the taint that all tolerate"
            ],
            id="a taint no one tolerates",
        ),
        pytest.param([pool("team=a:NoSchedule"), workspace(labels={"apps": "x"})], {}, [], id="on a pool it does not select"),
        pytest.param([pool(SKU, scaleSetPriority="Spot"), workspace()], {}, [], id="inference on spot"),
        pytest.param(
            [pool(SKU, scaleSetPriority="Spot"), rag()],
            {},
            [
                "docs on a100: the pool has kubernetes.azure.com/scalesetpriority=spot:NoSchedule, which pods of "
                "rag do not tolerate; expected sku=gpu:NoSchedule [KO407]"
                "\n  fix: give the pool the taint that all tolerate"
            ],
            id="a RAG engine on spot, whose taint AKS adds",
        ),
        pytest.param(
            [pool(LATER), workspace()],
            {},
            ["chat on a100: unknown (set by an output); expected taints that its pods tolerate [KO407]"],
            id="a taint that is not known",
        ),
        pytest.param([pool(LATER), workspace()], {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(
            [pool(nodeTaints=LATER), workspace()],
            {},
            ["chat on a100: unknown (set by an output); expected taints that its pods tolerate [KO407]"],
            id="taints that are not known",
        ),
        pytest.param(
            [pool(NVIDIA, labels=LATER), workspace("tuning")],
            {},
            ["chat on a100: unknown (set by an output); expected taints that its pods tolerate [KO407]"],
            id="labels that are not known",
        ),
        pytest.param([pool(SKU, labels=LATER), workspace("tuning")], {}, [], id="labels that do not matter"),
        pytest.param(
            [pool(NVIDIA), workspace("tuning", LATER)],
            {},
            ["chat on a100: unknown (set by an output); expected taints that its pods tolerate [KO407]"],
            id="a selector that is not known",
        ),
        pytest.param(
            [pool(nodeTaints="sku"), workspace()],
            {},
            ["chat on a100: unknown (nodeTaints is a text, not a list); expected taints that its pods tolerate [KO407]"],
            id="a text for the list",
        ),
        pytest.param(
            [pool(SKU), workspace()],
            {"on": "x"},
            ["taint-mismatch.on: an unknown key; expected one of onUnknown [KO407]\n  fix: correct the policy configuration"],
            id="an unknown setting",
        ),
    ],
)
def test_taint_mismatch(told, resources, settings, said):
    """Taints of a pool are held against the pods of every workload that selects it."""
    assert told(RULE, resources, settings) == said
