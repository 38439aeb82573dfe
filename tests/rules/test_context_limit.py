"""KS203: what a ConfigMap of the same stack states an engine is within what the model and KAITO allow."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.context_limit import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")


def workspace(config="settings", namespace="default", size="Standard_NC24ads_A100_v4"):
    inputs = {
        "metadata": {"name": "chat", "namespace": namespace},
        "resource": {"instanceType": size, "labelSelector": {"matchLabels": {"app": "chat"}}},
        "inference": {"preset": {"name": "phi-4-mini-instruct"}, "config": config},
    }
    return Resource("urn:w", "kubernetes:kaito.sh/v1beta1:Workspace", "chat", None, inputs)


def config_map(context=4096, name="settings", namespace="default", data=None):
    found = {"inference_config.yaml": f"vllm:\n  max-model-len: {context}\n"} if data is None else data
    inputs = {"metadata": {"name": name, "namespace": namespace}, "data": found}
    return Resource("urn:c", "kubernetes:core/v1:ConfigMap", "settings", None, inputs)


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param([workspace(None)], {}, [], id="no settings"),
        pytest.param([workspace(), config_map()], {}, [], id="a short context"),
        pytest.param([workspace(), config_map(131072)], {}, [], id="exactly the model's limit"),
        pytest.param(
            [workspace(), config_map(131073)],
            {},
            [
                "chat: inference.config: max-model-len 131073; expected at most 131072, the limit of "
                "microsoft/phi-4-mini-instruct [KS203]"
            ],
            id="one token more",
        ),
        pytest.param(
            [workspace(size="Standard_NV72ads_A10_v5"), config_map(131072)],
            {},
            [
                "chat: inference.config: 131072 tokens, but the GPUs of 1 x Standard_NV72ads_A10_v5 are "
                "estimated to have room for 79645; expected at most 79645 (estimate) [KS213]"
                "\n  fix: leave it out and vLLM takes what fits, or choose a bigger size"
            ],
            id="no room for the context",
        ),
        pytest.param(
            [workspace(), config_map(data={})],
            {},
            [
                "chat: inference.config: ConfigMap 'settings' has no key inference_config.yaml; expected a "
                "ConfigMap with the key inference_config.yaml [KS320]"
            ],
            id="a ConfigMap without the key",
        ),
        pytest.param(
            [workspace(), config_map(data={"inference_config.yaml": "vllm: ["})],
            {},
            [
                "chat: inference.config: inference_config.yaml cannot be read: line 2: did not find expected "
                "node content; expected YAML with a flat mapping `vllm` [KS320]"
            ],
            id="no YAML",
        ),
        pytest.param(
            [workspace(), config_map(data="vllm: {}")],
            {},
            [
                "chat: inference.config: ConfigMap 'settings' has no key inference_config.yaml; expected a "
                "ConfigMap with the key inference_config.yaml [KS320]"
            ],
            id="a text for the data",
        ),
        pytest.param([workspace(), config_map(131073, namespace="other")], {}, [], id="a ConfigMap of another namespace"),
        pytest.param([workspace()], {}, [], id="a ConfigMap of another stack"),
        pytest.param(
            [workspace(LATER), config_map()],
            {},
            ["chat: inference.config: unknown (set by an output); expected a ConfigMap whose content is known [KS203]"],
            id="a name that is not known",
        ),
        pytest.param([workspace(LATER), config_map()], {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(
            [workspace(), config_map(data=LATER)],
            {},
            ["chat: inference.config: unknown (set by an output); expected a ConfigMap whose content is known [KS203]"],
            id="data that is not known",
        ),
        pytest.param(
            [workspace(), config_map(data={"inference_config.yaml": LATER})],
            {},
            ["chat: inference.config: unknown (set by an output); expected a ConfigMap whose content is known [KS203]"],
            id="a key that is not known",
        ),
        pytest.param(
            [workspace(), config_map(name=LATER)],
            {},
            ["chat: inference.config: unknown (set by an output); expected a ConfigMap whose content is known [KS203]"],
            id="a ConfigMap whose name is not known",
        ),
        pytest.param(
            [workspace(namespace=LATER), config_map(131073)],
            {},
            [
                "chat: inference.config: unknown (set by an output); expected a ConfigMap whose content is known [KS203]",
                "chat: inference.config: max-model-len 131073; expected at most 131072, the limit of "
                "microsoft/phi-4-mini-instruct [KS203]",
            ],
            id="a namespace that is not known",
        ),
        pytest.param([workspace(7), config_map()], {}, [], id="a number for the name"),
        pytest.param(
            [workspace(), config_map()],
            {"cloud": "moon"},
            [
                "context-limit.cloud: 'moon'; expected 'any', 'azure', 'aws' or 'arc' [KS203]"
                "\n  fix: correct the policy configuration"
            ],
            id="settings out of bounds",
        ),
    ],
)
def test_context_limit(told, resources, settings, said):
    """What KAITO would say with the ConfigMap at hand is reported, and nothing that the object alone shows."""
    assert told(RULE, resources, settings) == said
