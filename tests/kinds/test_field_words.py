"""Words of others lead to our arguments."""

import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.components.package import COMPONENTS
from kaito_iac.kinds.field_words import ELSEWHERE, WORDS, field_word
from kaito_iac.kinds.rows import argument_names, keys_of
from kaito_iac.testing import record

SET, POOL, CLUSTER = kaito.KaitoInferenceSetArgs, kaito.GpuNodePoolArgs, kaito.KaitoClusterArgs
CHAT, RAG, TUNE = kaito.KaitoWorkspaceArgs, kaito.KaitoRagEngineArgs, kaito.KaitoTuningArgs


def test_every_word_leads_to_an_argument():
    """What a word leads to is an argument of some component, and no word is one where it is asked."""
    lost = [(word, name) for word, names in WORDS.items() for name in names.split() if name not in argument_names()]
    assert lost == []
    assert ELSEWHERE.keys() & WORDS.keys() == set()


@pytest.mark.parametrize(
    ("args", "word", "said"),
    [
        (POOL, "vmSize", "use instance_type"),
        (POOL, "vm_size", "use instance_type"),
        (POOL, "enableAutoScaling", "use max_count"),
        (POOL, "scaleSetPriority", "use spot"),
        (POOL, "gpuProfile", "use driver"),
        (POOL, "gpuInstanceProfile", "use mig"),
        (POOL, "minCount", "write min_count"),
        (POOL, "max", "use max_count"),
        (POOL, "availabilityZones", "use zones"),
        (POOL, "instanceType", "write instance_type"),
        (POOL, "tolerations", "use taint"),
        (POOL, "desiredSize", "use count"),
        (POOL, "consolidateAfter", "use empty_after"),
        (POOL, "capacityReservationGroupID", "use capacity_reservation"),
        (CLUSTER, "vmSize", "use system_pool"),
        (CLUSTER, "networkProfile", "use network"),
        (CLUSTER, "disableLocalAccounts", "use local_accounts"),
        (CHAT, "replicas", "KaitoInferenceSet has replicas"),
        (CHAT, "autoscale", "KaitoInferenceSet scales, by its argument autoscale"),
        (CHAT, "image", "use template"),
        (CHAT, "hfToken", "use access_secret"),
        (CHAT, "resource", "use instance_type"),
        (CHAT, "inference", "use preset"),
        (CHAT, "tuning", "KaitoTuning trains an adapter"),
        (CHAT, "preferredNodes", "use node_pool"),
        (CHAT, "model", "use preset"),
        (CHAT, "accessMode", "use access_secret"),
        (CHAT, "serviceType", "use expose"),
        (CHAT, "maxModelLen", "use context"),
        (CHAT, "max-model-len", "use context"),
        (CHAT, "storage", "KAITO has no volume for weights here: KaitoModelMirror keeps them in the cluster"),
        (CHAT, "provider", "opts=pulumi.ResourceOptions(provider=…)"),
        (SET, "minReplicas", "KaitoInferenceSet scales, by autoscale={'min_count': …}"),
        (RAG, "inferenceService", "use llm"),
        (RAG, "vectorDB", "use vector_store"),
        (TUNE, "input", "use dataset"),
        (kaito.VectorStoreArgs, "type", "use kind"),
        (CHAT, "contxt", ""),
        (RAG, "url", "use llm"),
        (RAG, "remote", "use embedding"),
        (kaito.KaitoOperatorArgs, "nvidiaDevicePlugin", "use gpu_operator"),
        (kaito.KaitoOperatorArgs, "tolerations", "use values"),
        (CHAT, "spec", "its fields are arguments; `kaito-iac convert --presets` writes them"),
        (
            POOL,
            "maxPods",
            "no argument: opts=pulumi.ResourceOptions(transforms=[…]) sets it on the resource that the component makes",
        ),
    ],
)
def test_word(args, word, said):
    """A word of azure-native, KAITO, vLLM, Karpenter, EKS or Kubernetes is answered with what does it."""
    assert field_word(word, keys_of(args)) == said


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda found: found.__name__)
def test_arguments_are_no_words_of_others(component):
    """A word never leads away from an argument that the component has."""
    keys = keys_of(getattr(kaito, f"{component.__name__}Args"))
    assert {field_word(key, keys) for key in keys} == {f"write {key}" for key in keys}


def test_message_lists_the_keys():
    """A refusal says what does it, and lists what there is."""
    recording = record(lambda: kaito.KaitoRagEngine("docs", vector_store={"type": "faiss"}), allow_error=True)
    assert isinstance(recording.error.cause, SpecError)
    assert "vector_store.type: not an argument; expected one of kind, url, access_secret [KS102]\n    fix: use kind" in str(
        recording.error.cause
    )


def test_arguments_of_vllm_go_into_vllm():
    """The name of an argument of vLLM is told its place."""
    recording = record(lambda: kaito.KaitoWorkspace("chat", preset="phi-4", max_num_seqs=64), allow_error=True)
    assert "fix: vllm={'max-num-seqs': …}" in str(recording.error.cause)
