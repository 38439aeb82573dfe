"""What each component is called with for the objects of its kind."""

from __future__ import annotations

from typing import Any

import pytest

from kaito_iac.convert.component import use_components
from kaito_iac.convert.decide import Given
from kaito_iac.convert.program import decisions
from kaito_iac.testing import record

A100 = "Standard_NC24ads_A100_v4"
ARGUMENTS = [
    pytest.param(
        "KaitoWorkspace",
        {
            "preset": "phi-4",
            "instance_type": A100,
            "runtime": "transformers",
            "count": 2,
            "adapters": [{"name": "law", "image": "x.io/law:1", "strength": "0.5"}],
        },
        id="transformers with an adapter",
    ),
    pytest.param(
        "KaitoWorkspace",
        {
            "preset": "phi-4",
            "instance_type": A100,
            "expose": "loadBalancer",
            "performance_mode": "throughput",
            "local_weights": True,
            "benchmark": True,
            "access_secret": "hf",
        },
        id="everything an annotation says",
    ),
    pytest.param(
        "KaitoWorkspace",
        {"preset": "phi-4", "instance_type": A100, "provisioner": "karpenter", "node_class": "image-family-azure-linux"},
        id="a node class",
    ),
    pytest.param(
        "KaitoWorkspace",
        {
            "preset": "phi-4",
            "instance_type": A100,
            "context": 8192,
            "vllm": {"max-num-seqs": 8, "tool-call-parser": "phi4_mini_json"},
        },
        id="a configuration of its own",
    ),
    pytest.param(
        "KaitoInferenceSet",
        {
            "preset": "phi-4",
            "instance_type": A100,
            "context": 8192,
            "autoscale": {
                "min_count": 2,
                "max_count": 4,
                "scale_up_cooldown": 30,
                "combine_policy": "AND",
                "metrics": [
                    {
                        "name": "vllm:e2e_request_latency_seconds",
                        "type": "histogram",
                        "up_threshold": 5,
                        "down_threshold": 1,
                        "cache_window": 60,
                    }
                ],
            },
        },
        id="an autoscaled set",
    ),
    pytest.param(
        "KaitoInferenceSet",
        {
            "preset": "phi-4",
            "instance_type": A100,
            "service": False,
            "replicas": 3,
            "update_strategy": {"type": "OnDelete"},
            "auto_upgrade": {
                "strategy": "Surge",
                "maintenance_window": {"schedule": "0 2 * * 6", "duration": "4h"},
            },
            "replica_labels": {"a": "b"},
            "replica_annotations": {"c": "d"},
        },
        id="a set without a Service",
    ),
    pytest.param(
        "KaitoInferenceSet",
        {
            "preset": "phi-4",
            "instance_type": A100,
            "autoscale": {"min_count": 0, "max_count": 3, "cron": [{"start": "0 7 * * *", "end": "0 19 * * *", "replicas": 3}]},
        },
        id="a set scaled by the clock",
    ),
    pytest.param(
        "KaitoTuning",
        {
            "model": "phi-4",
            "method": "qlora",
            "instance_type": A100,
            "dataset": {"name": "law", "claim": "data"},
            "output": {"claim": "adapters"},
            "training": {"QuantizationConfig": {"load_in_4bit": True}, "LoraConfig": {"r": 8}},
        },
        id="tuning from claim to claim",
    ),
    pytest.param(
        "KaitoTuning",
        {
            "model": "phi-4",
            "method": "lora",
            "instance_type": A100,
            "dataset": {"image": "x.io/data:1", "image_pull_secrets": ["pull"]},
            "output": {"image": "x.io/law:1", "push_secret": "push"},
            "config": "own",
        },
        id="tuning from image to image",
    ),
    pytest.param(
        "KaitoRagEngine",
        {
            "preset": "docs-qdrant",
            "vector_store": {"url": "http://q:6333", "access_secret": "key"},
            "guardrails": {"config_map": "rails"},
            "llm": "https://api.example.com/v1/chat/completions",
            "llm_secret": "llm",
            "context_window": 4096,
        },
        id="Qdrant, guardrails and a remote model",
    ),
    pytest.param("KaitoRagEngine", {"storage": {"storage_class": "fast"}, "instance_type": A100}, id="a claim of its own"),
    pytest.param("KaitoRagEngine", {"storage": {"size_gib": 50, "mount_path": "/mnt/vectors"}}, id="a bigger claim"),
    pytest.param("KaitoRagEngine", {"storage": {"claim": "own"}}, id="an existing claim"),
    pytest.param("KaitoRagEngine", {"preset": "docs-memory"}, id="nothing is kept"),
    pytest.param(
        "KaitoMultiRoleInference",
        {
            "preset": "phi-4",
            "epp_plugins_config": "epp",
            "benchmark": True,
            "prefill": {"instance_type": A100, "replicas": 1, "config": "own"},
            "decode": {"instance_type": A100, "replicas": 2, "context": 4096},
        },
        id="roles",
    ),
    pytest.param(
        "KaitoModelMirror",
        {
            "preset": "microsoft/phi-4",
            "size_gib": 100,
            "storage_class": "blob",
            "job_namespace": "models",
            "service_account": "loader",
        },
        id="a managed mirror",
    ),
    pytest.param("KaitoModelMirror", {"preset": "microsoft/phi-4", "mode": "static"}, id="a static mirror"),
]


@pytest.mark.parametrize(("component", "args"), ARGUMENTS)
def test_arguments_come_back(component, args):
    """The objects of a component give back the arguments it was called with."""
    found = decisions(Given("a.yaml", line, one) for line, one in enumerate(objects(component, args), start=1))
    use_components(found, A100)
    calls = [(one.call.component, one.call.logical, one.call.args) for one in found if one.call]
    shown = {key: value for key, value in args.items() if key != "provisioner"}
    assert [one.plain for one in found if one.plain] == []
    assert calls == [(component, logical(component), shown)]


def logical(component: str) -> str:
    """Return the name of the component: a mirror is called after its model."""
    return "phi-4" if component == "KaitoModelMirror" else "chat"


def objects(component: str, args: dict[str, Any]) -> list[Any]:
    import kaito_iac

    recording = record(lambda: getattr(kaito_iac, component)(logical(component), args))
    kept = ("apiVersion", "kind", "metadata", "data", "spec", "resource", "inference", "tuning")
    custom = [resource for resource in recording.resources if resource.custom]
    return [{key: one.inputs[key] for key in kept if one.inputs.get(key) is not None} for one in custom]
