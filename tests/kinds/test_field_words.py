"""Names of other tools lead to our arguments."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from pulumi_azure_native import containerservice

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.catalog.load import table_of
from kaito_iac.components.package import COMPONENTS
from kaito_iac.kinds import references
from kaito_iac.kinds.field_elsewhere import ELSEWHERE, OF
from kaito_iac.kinds.field_lookup import COMPONENTS as NAMED
from kaito_iac.kinds.field_lookup import field_word, near_argument
from kaito_iac.kinds.field_words import WORDS
from kaito_iac.kinds.rows import args_of, argument_names, keys_of, lines_of
from kaito_iac.kinds.training import TrainingArgs
from kaito_iac.testing import record

SET = "no argument: opts=pulumi.ResourceOptions(transforms=[…]) sets it on the resource that the component creates"
SCALES = "KaitoInferenceSet scales, by its argument autoscale"
CASES = {
    "GpuNodePool": {
        # azure-native, Terraform
        "vmSize": "use instance_type",
        "vm_size": "use instance_type",
        "instanceType": "write instance_type",
        "enableAutoScaling": "use max_count",
        "auto_scaling_enabled": "use max_count",
        "scaleSetPriority": "use spot",
        "eviction_policy": "use spot",
        "gpuProfile": "use driver",
        "gpuInstanceProfile": "use mig",
        "minCount": "write min_count",
        "max": "use max_count",
        "max_surge": "use upgrade={'max_surge': …}",
        "availabilityZones": "use zones",
        "capacityReservationGroupID": "use capacity_reservation",
        "maxPods": SET,
        "host_encryption_enabled": SET,
        "fips_enabled": SET,
        "temporary_name_for_rotation": SET,
        "orchestrator_version": "leave it out: nodes have the version of their cluster",
        "replicas": "use count",
        # Kubernetes, Karpenter, EKS, GPU feature discovery
        "tolerations": "use taint",
        "desiredSize": "use count",
        "scaling_config": "use max_count",
        "consolidateAfter": "use empty_after",
        "gpuMemory": "use gpu={'memory_mib': …}",
        "protected": "did you mean 'protect'?",
        "preset": "KaitoWorkspace has preset",
    },
    "KaitoCluster": {
        "vmSize": "use system_pool={'instance_type': …}",
        "node_count": "use system_pool={'count': …}",
        "networkProfile": "use network",
        "network_policy": "use network={'policy': …}",
        "pod_cidr": "use network={'pod_cidr': …}",
        "private_cluster_enabled": "use private_cluster",
        "azure_rbac_enabled": "use aad={'azure_rbac': …}",
        "automatic_upgrade_channel": "use auto_upgrade={'channel': …}",
        "disableLocalAccounts": "use local_accounts",
        "oidc_issuer_enabled": "leave it out: the OIDC issuer is on",
        "node_pools": "GpuNodePool adds GPU nodes to it",
        "azure_policy_enabled": SET,
        "version": "did you mean 'kubernetes_version'?",
    },
    "KaitoWorkspace": {
        "replicas": "KaitoInferenceSet has replicas",
        "autoscale": SCALES,
        "hpa": SCALES,
        "min_replicas": "KaitoInferenceSet scales, by autoscale={'min_count': …}",
        "image": "use template",
        "hfToken": "use access_secret",
        "resource": "use instance_type",
        "inference": "use preset",
        "tuning": "KaitoTuning trains an adapter",
        "preferredNodes": "use node_pool",
        "model": "use preset",
        "accessMode": "use access_secret",
        "serviceType": "use expose",
        "matchLabels": "use node_selector",
        "maxModelLen": "use context",
        "max-model-len": "use context",
        "context_length": "use context",
        "storage": "KAITO has no volume for weights here: KaitoModelMirror keeps them in the cluster",
        "profile": "use partition={'profile': …}",
        "provider": "opts=pulumi.ResourceOptions(provider=…)",
        "protect": "opts=pulumi.ResourceOptions(protect=True)",
        "spec": "its fields are arguments; `kaito-iac convert --presets` writes them",
        "spot": "GpuNodePool has spot",
        "availability_zones": "GpuNodePool has zones",
        "urls": "KaitoTuning has dataset={'urls': …}",
        "contxt": "did you mean 'context'?",
        "nothing_like_it": "",
    },
    "KaitoInferenceSet": {
        "minReplicas": "use autoscale={'min_count': …}",
        "cooldown_period": "use autoscale={'scale_down_cooldown': …}",
        "schedule": "use auto_upgrade={'maintenance_window': {'schedule': …}}",
        "timezone": "use autoscale={'cron': [{'timezone': …}]}",
        "node_count": "no argument: KAITO computes the nodes of each replica; max_nodes limits them",
        "upgrade": "did you mean 'auto_upgrade'?",
    },
    "KaitoMultiRoleInference": {"runtimeConfig": "use prefill={'config': …}"},
    "KaitoRagEngine": {
        "inferenceService": "use llm",
        "vectorDB": "use vector_store",
        "url": "use llm",
        "remote": "use embedding",
        "modelID": "use embedding",
        "size_gib": "use storage={'size_gib': …}",
        "index_name": "no argument: clients send it with a request",
    },
    "KaitoTuning": {
        "input": "use dataset",
        "learning_rate": "use training={'TrainingArguments': {'learning_rate': …}}",
        "lora_alpha": "use training={'LoraConfig': {'lora_alpha': …}}",
        "push_secret": "use output={'push_secret': …}",
    },
    "KaitoModelMirror": {"namespace": "use job_namespace", "modelID": "use preset"},
    "KaitoOperator": {
        "nvidiaDevicePlugin": "use gpu_operator",
        "tolerations": "use values",
        "oidc_issuer_url": "cluster={'oidc_issuer_url': …}",
        "imageTag": "use image={'tag': …}",
    },
    "KaitoNamespace": {"resource_quota": "use quota", "hf_token": "use hugging_face_token"},
    "InferenceGateway": {"host": "use hosts", "inference_pool": "use endpoints={NAME: {'inference_pool': …}}"},
    "KaitoMonitoring": {"scrape_interval": "use interval_seconds"},
    "ReadinessGate": {"resource": "use workload"},
}
"""Component to names that users of other tools write, with what answers them."""
KINDS = {
    "Workspace": "KaitoWorkspace",
    "InferenceSet": "KaitoInferenceSet",
    "RAGEngine": "KaitoRagEngine",
    "MultiRoleInference": "KaitoMultiRoleInference",
    "ModelMirror": "KaitoModelMirror",
}
NO_FIELD = {"key", "values", "fieldPath", "resourceVersion", "uid", "kind", "registry", "mode", "image", "type"}
"""Parts of references and of selectors, and fields that have another meaning on each kind."""


def answer(component: str, key: str) -> str:
    """Return what answers a key of a component, without the arguments of vLLM."""
    args = args_of(component)
    return field_word(key, keys_of(args), args) or near_argument(key, keys_of(args), top=True)


@pytest.mark.parametrize(
    ("component", "key", "fix"),
    [
        pytest.param(component, key, fix, id=f"{component} {key}")
        for component, names in CASES.items()
        for key, fix in names.items()
    ],
)
def test_name_of_another_tool(component: str, key: str, fix: str) -> None:
    """A name of azure-native, Terraform, KAITO, vLLM, Karpenter, EKS or Kubernetes is answered with what does the same."""
    assert answer(component, key) == fix


@pytest.mark.parametrize(
    ("component", "args"),
    [("GpuNodePool", containerservice.AgentPoolArgs), ("KaitoCluster", containerservice.ManagedClusterArgs)],
    ids=["AgentPool", "ManagedCluster"],
)
def test_every_argument_of_azure_native_has_an_answer(component: str, args: Any) -> None:
    """Every argument of azure-native's AgentPool and ManagedCluster leads to ours, or to how it is set."""
    names = [name for name in inspect.signature(args.__init__).parameters if name not in ("self", "__self__", "type")]
    assert len(names) > 40
    assert [name for name in names if not field_word(name, keys_of(args_of(component)), args_of(component))] == []


def fields(schema: dict[str, Any], depth: int = 4) -> Iterator[str]:
    """Yield the names of the fields of a CRD, outside pod templates."""
    for name, inner in (schema.get("properties") or {}).items() if depth else ():
        yield name
        yield from fields(inner.get("items") or inner, depth - 1)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_manifest_has_an_answer(kind: str) -> None:
    """Every field of KAITO's kinds leads to an argument of the component, or to the component that has it."""
    versions = table_of("fields.json")["kinds"][kind]["versions"]
    names = set(fields(versions.get("v1beta1") or versions["v1alpha1"]))
    assert len(names) > 10
    assert {name for name in names - NO_FIELD if not answer(KINDS[kind], name)} == set()


def test_every_word_leads_to_an_argument() -> None:
    """Each target is an argument of a component or a field of the training file; no name has two targets."""
    sections = {name for line in lines_of(TrainingArgs).values() for name in line.hint.__annotations__}
    targets = {name for names in WORDS for name in names.split()}
    assert targets - argument_names() - sections == set()
    words = [word for found in WORDS.values() for word in found.split()]
    assert len(words) == len(set(words))
    assert set(ELSEWHERE) & set(words) == set()
    assert {found.__name__ for found in COMPONENTS} == set(NAMED)
    assert [
        name for name in OF if name not in NAMED and not hasattr(kaito, f"{name}Args") and not hasattr(references, f"{name}Args")
    ] == []


@pytest.mark.parametrize("component", NAMED)
def test_arguments_are_no_words_of_others(component: str) -> None:
    """A name never leads away from an argument that the component has."""
    keys = keys_of(args_of(component))
    assert {field_word(key, keys, args_of(component)) for key in keys} == {f"write {key}" for key in keys}


def refusal(program: Any) -> str:
    """Return the text of the error that stops a program."""
    error: Any = record(program, allow_error=True).error
    assert isinstance(error.cause, SpecError)
    return str(error.cause)


def test_message_lists_the_keys() -> None:
    """A refusal names what does the same, and lists the accepted keys; a key inside an argument names no other component."""
    assert "vector_store.type: not an argument; expected one of kind, url, access_secret [KS102]\n    fix: use kind" in refusal(
        lambda: kaito.KaitoRagEngine("docs", vector_store={"type": "faiss"})
    )
    assert refusal(lambda: kaito.KaitoRagEngine("docs", vector_store={"spot": True})).endswith("access_secret [KS102]")


def test_arguments_of_vllm_go_into_vllm() -> None:
    """The name of an argument of vLLM is answered with its place."""
    assert "fix: vllm={'max-num-seqs': …}" in refusal(lambda: kaito.KaitoWorkspace("chat", preset="phi-4", max_num_seqs=64))
