"""Keys inside arguments: unknown ones are refused wherever they are, and the message names what does the same."""

import typing
from collections.abc import Iterator
from typing import Any

import pytest

import kaito_iac as kaito
from kaito_iac.kinds.rows import args_of, inner_args, lines_of, maps
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
            "KaitoMultiRoleInference",
            {"preset": "phi-4", "prefill": {"provisioner": "karpenter", "replicas": 1}, "decode": {"replicas": 1}},
            ["prefill.provisioner: not an argument -> give provisioner beside prefill and decode"],
            id="argument of both roles inside one",
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
        "karpenter: without effect: the provisioner is byo; expected provisioner karpenter [KS105]\n  fix: leave karpenter out"
    )


ENDPOINTS = {"chat": {"url": "http://chat.default.svc.cluster.local/v1", "model": "phi-4"}}
GOOD: dict[str, dict[str, Any]] = {
    "GpuNodePool": {"cluster_id": AKS, "instance_type": "Standard_NC24ads_A100_v4", "count": 1},
    "InferenceGateway": {"endpoints": ENDPOINTS, "hosts": ["default.models.example.com"]},
    "KaitoCluster": {"location": "eastus"},
    "KaitoInferenceSet": {"preset": "phi-4"},
    "KaitoModelMirror": {"preset": "phi-4", "storage_class": "fast"},
    "KaitoMonitoring": {"endpoints": ENDPOINTS},
    "KaitoMultiRoleInference": {
        "preset": "phi-4",
        "prefill": {"instance_type": "Standard_NC40ads_H100_v5"},
        "decode": {"instance_type": "Standard_NC40ads_H100_v5"},
    },
    "KaitoNamespace": {},
    "KaitoOperator": {"provisioner": "byo"},
    "KaitoRagEngine": {},
    "KaitoTuning": TUNING,
    "KaitoWorkspace": {"preset": "phi-4"},
}
"""Good arguments of every component that has choices, or arguments inside arguments."""


def closed(args: type) -> Iterator[str]:
    """Yield the names of the arguments that take one of some texts."""
    for name, line in lines_of(args).items():
        if line.choices and all(isinstance(choice, str) for choice in line.choices):
            yield name


def wrapped(args: type, holder: str, value: dict[str, Any]) -> Any:
    """Return the value as the argument that holds it takes it: as it is, in a list, or under a name."""
    if holder in maps(args):
        return {"one": value}
    return [value] if typing.get_origin(lines_of(args)[holder].hint) is list else value


def mistakes() -> Iterator[Any]:
    """Yield one wrong choice for every closed argument, and one unknown key for every argument with keys."""
    for component in GOOD:
        args = args_of(component)
        for name in closed(args):
            yield pytest.param(component, {name: "wrong-choice"}, name, id=f"{component} {name}")
        for holder, inner in inner_args(args).items():
            if holder != "endpoints":  # a value that is no wrapper is an endpoint
                yield pytest.param(component, {holder: wrapped(args, holder, {"zzz": 1})}, "zzz", id=f"{component} {holder}")
            for name in closed(inner):
                value = wrapped(args, holder, {name: "wrong-choice"})
                yield pytest.param(component, {holder: value}, name, id=f"{component} {holder} {name}")


@pytest.mark.parametrize(("component", "wrong", "name"), list(mistakes()))
def test_wrong_choices_and_unknown_keys_are_refused(component: str, wrong: dict[str, Any], name: str) -> None:
    """What a type checker finds is refused at run time too, at its path: every choice and every key, two levels deep."""
    found = problems(component, {**GOOD[component], **wrong})
    assert [one for one in found if name in one.split(": ")[0]] != []
