"""Keys inside arguments: unknown ones are refused wherever they are, and the message names what does the same."""

from typing import Any

import pytest

import kaito_iac as kaito
from kaito_iac.testing import record

AKS = "/subscriptions/S/resourceGroups/G/providers/Microsoft.ContainerService/managedClusters/C"
TUNING: dict[str, Any] = {
    "preset": "phi-4-mini-instruct-qlora",
    "dataset": {"claim": "law-data"},
    "output": {"claim": "law-adapter"},
}


def problems(component: str, arguments: dict[str, Any]) -> list[str]:
    """Return path, text and fix of every problem of a component, errors or else warnings."""
    recording = record(lambda: getattr(kaito, component)("x", **arguments), allow_error=True)
    found = getattr(recording.error, "cause", None)
    named = [f"{one.path}: {one.found} -> {one.fix}" for one in found.problems] if isinstance(found, kaito.SpecError) else []
    return named or [entry.message for entry in recording.logs]


@pytest.mark.parametrize(
    ("component", "arguments", "answers"),
    [
        pytest.param(
            "KaitoCluster",
            {"location": "eastus", "auto_upgrade": {"channel": "stabel"}},
            ["auto_upgrade.channel: 'stabel' -> auto_upgrade.channel='stable'"],
            id="choice of an upgrade channel",
        ),
        pytest.param(
            "KaitoCluster",
            {"location": "eastus", "system_pool": {"vm_size": "Standard_D4s_v5", "mode": "System"}},
            [
                "system_pool.vm_size: not an argument -> use instance_type",
                "system_pool.mode: not an argument -> leave it out: the nodes are of mode System",
            ],
            id="names of azure-native in the system pool",
        ),
        pytest.param(
            "KaitoCluster",
            {"location": "eastus", "aad": {"managed": True, "admin_group_object_ids": []}},
            [
                "aad.managed: not an argument -> leave it out: AKS manages the integration",
                "aad.admin_group_object_ids: not an argument -> use admin_groups",
            ],
            id="names of Terraform for Entra ID",
        ),
        pytest.param(
            "KaitoWorkspace",
            {
                "preset": "phi-4",
                "node_pool": {"vm_size": "x", "labels": {}, "instance_type": "Standard_NC24ads_A100_v4", "selector": {"a": "b"}},
            },
            [
                "node_pool.vm_size: not an argument -> use instance_type",
                "node_pool.labels: not an argument -> use selector",
            ],
            id="keys of existing nodes",
        ),
        pytest.param(
            "KaitoWorkspace",
            {
                "preset": "org/model",
                "model_facts": {
                    "weights_gib": 8.0,
                    "bytes_per_token": 131072,
                    "max_context_tokens": 8192,
                    "num_hidden_layers": 32,
                },
            },
            ["model_facts.num_hidden_layers: not an argument -> use layers"],
            id="names of config.json",
        ),
        pytest.param(
            "KaitoWorkspace",
            {"preset": "phi-4", "model_facts": {"num_hidden_layers": 32}},
            [
                "model_facts.num_hidden_layers: not an argument -> use layers",
                "model_facts: without effect: the catalogue has the facts of microsoft/phi-4 -> leave model_facts out",
            ],
            id="facts of a model that is in the catalogue",
        ),
        pytest.param(
            "KaitoWorkspace",
            {"preset": "phi-4", "vllm": {"max_model_len": 8192, "max_num_seqs": 8, "--swap-space": 4}},
            [
                "vllm.max_model_len: not an engine argument -> use context",
                "vllm.max_num_seqs: not an engine argument -> write max-num-seqs",
                "vllm.--swap-space: not an engine argument -> leave it out: the engine no longer swaps; "
                "kv-offloading-size keeps KV cache in main memory",
            ],
            id="arguments of vLLM in another spelling",
        ),
        pytest.param(
            "KaitoTuning",
            {**TUNING, "training": {"learning_rate": 0.1}},
            ["training.learning_rate: not a section -> write it under TrainingArguments"],
            id="field of a training without its section",
        ),
        pytest.param(
            "KaitoNamespace",
            {"registry": {"url": "registry.example.com", "username": "u", "server": "s"}},
            ["registry.url: not an argument -> use server", "registry.password: missing -> "],
            id="address of a registry",
        ),
    ],
)
def test_key_inside_an_argument(component: str, arguments: dict[str, Any], answers: list[str]) -> None:
    """A key of another tool inside an argument is refused with the one that does the same."""
    found = problems(component, arguments)
    assert [one for one in found if one.split(":")[0] in {answer.split(":")[0] for answer in answers}] == answers


def test_facts_for_karpenter_under_another_provisioner() -> None:
    """Facts for Karpenter are checked under every provisioner, and reported where they have no effect."""
    wrong = problems("KaitoOperator", {"provisioner": "byo", "karpenter": {"node_class": []}})
    assert wrong == [
        "karpenter.node_class: not an argument -> did you mean 'node_classes'?",
        "karpenter: without effect: the provisioner is byo -> leave karpenter out",
    ]
    (idle,) = problems("KaitoOperator", {"provisioner": "byo", "karpenter": {"node_role": "nodes"}})
    assert idle == (
        "karpenter: without effect: the provisioner is byo; expected provisioner karpenter [KS105]\n"
        "  fix: leave karpenter out"
    )
