"""What the resolver accepts, KAITO accepts: manifests of components are held against the judge of manifests."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Cluster, Environment
from kaito_iac.admission.vocabulary import KIND_GATES, UPGRADE_GATE
from kaito_iac.testing import record

GATES = {**dict.fromkeys(KIND_GATES.values(), True), UPGRADE_GATE: True}
NC24, NC80, T4 = "Standard_NC24ads_A100_v4", "Standard_NC80adis_H100_v5", "Standard_NV36ads_A10_v5"
POOL = {"instance_type": NC24, "selector": {"apps": "gpu"}, "max_count": 4}
WORDS = ("", "true", "True", "false", "ubuntu", "windows", "balanced", "fast", "transformers", "vllm", "x y", "disabled")
KEYS = (
    "team",
    "Example.com/a",
    "kaito.sh/node-image-family",
    "kaito.sh/bypass-resource-checks",
    "kaito.sh/enablelb",
    "kaito.sh/model-streaming",
    "kaito.sh/workspace",
    "kaito.sh/node-class-name",
    "kaito.sh/performance-mode",
    "-bad",
)


NAMES = st.sampled_from(["chat", "c" * 40, "c" * 41, "c" * 48, "c" * 54, "c" * 55, "c" * 63, "1chat", "chat.one", "Chat"])
LABELS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from([*WORDS, "x" * 64]), max_size=2)
METADATA = {"labels": LABELS, "annotations": st.dictionaries(st.sampled_from(KEYS), st.sampled_from(WORDS), max_size=2)}
SELECTOR = st.dictionaries(st.sampled_from([*KEYS, "kaito.sh/ragengine"]), st.sampled_from(["a", "a b", ""]), max_size=2)
IMAGES = st.sampled_from(
    ["registry.example.com/a:1", "a", "A/b", "a b", "example.com/a@sha256:" + "0" * 64, "x/" * 200, "a:b:c", "-a"]
)
CLAIM = {"persistentVolumeClaim": {"claimName": "data"}}
VOLUMES = st.sampled_from([CLAIM, {"emptyDir": {}}, {"hostPath": {"path": "/data"}}, {**CLAIM, "emptyDir": {}}])
ADAPTERS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["law", "tax", "A", "a.b"])},
        optional={"image": IMAGES, "volume": VOLUMES, "strength": st.sampled_from(["0.5", 1, 0, "nan", "2", "0x1p-2", True])},
    ),
    max_size=3,
)
PARTS = st.fixed_dictionaries(
    {"mode": st.sampled_from(["mig", "accelerator", "half"])},
    optional={"profile": st.sampled_from(["2g.24gb", "1g.12gb", "9g.9gb"]), "count": st.sampled_from([1, 2, 17])},
)
PLACES = st.sampled_from(
    [
        {"instance_type": NC24},
        {"instance_type": NC80},
        {"instance_type": "p4d.24xlarge"},
        {"instance_type": NC24, "provisioner": "karpenter"},
        {"node_pool": POOL},
        {"node_pool": {**POOL, "instance_type": NC80}, "partition": {"mode": "mig", "profile": "2g.24gb"}},
        {"node_pool": {**POOL, "instance_type": NC80}, "partition": {"mode": "accelerator", "count": 1}},
    ]
)
WINDOW = st.fixed_dictionaries(
    {},
    optional={
        "schedule": st.sampled_from(
            ["0 2 * * *", "0 2 * * 7", "@daily", "0 2 30 2 *", "0,, * * * *", "TZ=Mars 0 2 * * *", "+1 * * * *"]
        ),
        "duration": st.sampled_from(["4h", "0s", "-1h", "4", "1.5h", "99999999h"]),
    },
)
URLS = st.lists(
    st.sampled_from(
        [
            "https://data.example.com/a.parquet",
            "http://localhost/a",
            "http://a.localhost./a",
            "http://10.0.0.1/a",
            "http://[::1]:80/a",
            "http://224.0.0.1/a",
            "http://[fd00::1]/a",
            "http://x:99999/a",
            "ftp://a/b",
            "http://exa mple/a",
            "http:///a",
            "http://a/%zz",
        ]
    ),
    max_size=2,
)
SOURCES = {"urls": URLS, "image": IMAGES, "volume": VOLUMES}
TRAINING = st.fixed_dictionaries(
    {},
    optional={
        "LoraConfig": st.sampled_from([{"r": 8}, {"rank": 8}, {"lora-alpha": 8}]),
        "QuantizationConfig": st.sampled_from([{}, {"load_in_4bit": True}, {"load_in_8bit": True, "load_in_4bit": True}]),
        "TrainingArguments": st.sampled_from([{"output_dir": "/mnt/"}, {"output_dir": "../mntx"}, {"output_dir": "results"}]),
        "Other": st.just({}),
    },
)


def few_of(bases, values):
    """Return one of some good arguments with at most three of them changed."""
    chosen = st.lists(st.sampled_from(sorted(values)), max_size=3, unique=True)
    changes = chosen.flatmap(lambda keys: st.fixed_dictionaries({key: values[key] for key in keys}))
    return st.tuples(st.sampled_from(bases), PLACES if "node_pool" in values else st.just({}), changes).map(
        lambda found: {**found[0], **found[1], **found[2]}
    )


PHI = {"preset": "phi-4-mini-instruct"}
BASES = (
    PHI,
    {**PHI, "runtime": "transformers"},
    {"preset": "llama-3.1-8b-instruct", "access_secret": "hf"},
    {"preset": "a/b", "model_facts": {"weights_gib": 2, "bytes_per_token": 1000, "max_context_tokens": 4096}},
    {"template": {"spec": {"containers": [{"name": "a", "image": "b"}]}}},
)
SERVED = {
    "preset": st.sampled_from(["falcon-7b", "nobody-knows", "qwen3.5-2b", "phi-4"]),
    "instance_type": st.sampled_from([NC24, T4, "standard_nc24ads_a100_v4", "Standard_NC999", "p4d.24xlarge"]),
    "node_pool": st.just(POOL),
    "provisioner": st.sampled_from(["karpenter", "byo", "azure-gpu-provisioner"]),
    "cloud": st.sampled_from(["azure", "aws", "arc"]),
    "node_class": st.sampled_from(["image-family-ubuntu", "mine"]),
    "partition": PARTS,
    "runtime": st.sampled_from(["vllm", "transformers"]),
    "context": st.sampled_from([1, 2048, 131072, 10**6]),
    "access_secret": st.sampled_from(["hf", "H F"]),
    "local_weights": st.booleans(),
    "performance_mode": st.sampled_from(["balanced", "throughput", "fast"]),
    "config": st.sampled_from(["mine", "not mine"]),
    "adapters": ADAPTERS,
    "node_selector": SELECTOR,
    "namespace": st.sampled_from(["default", "a.b", "team"]),
    "name": NAMES,
    **METADATA,
}
ARGUMENTS = {
    "KaitoWorkspace": few_of(
        BASES, {**SERVED, "count": st.sampled_from([1, 2]), "expose": st.sampled_from(["cluster", "loadBalancer"])}
    ),
    "KaitoInferenceSet": few_of(
        BASES,
        {
            **SERVED,
            "replicas": st.sampled_from([0, 1, 2]),
            "autoscale": st.sampled_from([{"max_count": 3}, {"min_count": 4, "max_count": 3}]),
            "auto_upgrade": st.fixed_dictionaries(
                {}, optional={"strategy": st.sampled_from(["InPlace", "Surge"]), "maintenance_window": WINDOW}
            ),
            "replica_labels": LABELS,
            "replica_annotations": METADATA["annotations"],
            "update_strategy": st.sampled_from([{"type": "RollingUpdate"}, {"type": "OnDelete"}, {"type": 7}, {"typo": "x"}]),
        },
    ),
    "KaitoTuning": few_of(
        (
            {"preset": "phi-4-mini-instruct-lora", "dataset": {"claim": "data"}, "output": {"claim": "adapters"}},
            {
                "model": "phi-4-mini-instruct",
                "method": "qlora",
                "instance_type": NC24,
                "dataset": {"urls": ["https://data.example.com/a.parquet"]},
                "output": {"image": "registry.example.com/a:1", "push_secret": "push"},
            },
        ),
        {
            "dataset": st.one_of(*(st.fixed_dictionaries({key: found}) for key, found in SOURCES.items())),
            "output": st.fixed_dictionaries({"image": IMAGES, "push_secret": st.just("push")})
            | st.fixed_dictionaries({"volume": VOLUMES}),
            "training": TRAINING,
            "provisioner": st.sampled_from(["karpenter", "byo"]),
            "node_class": st.sampled_from(["image-family-ubuntu", "mine"]),
            "instance_type": st.sampled_from([NC24, "Standard_NC999"]),
            "node_selector": SELECTOR,
            "name": NAMES,
            **METADATA,
        },
    ),
    "KaitoMultiRoleInference": few_of(
        (
            {**PHI, "prefill": {"instance_type": NC24}, "decode": {"instance_type": NC24, "replicas": 2}},
            {**PHI, "node_pool": POOL, "prefill": {"replicas": 1}, "decode": {"context": 4096}},
        ),
        {
            "prefill": st.sampled_from([{"instance_type": NC24}, {"instance_type": "Standard_NC999"}, {"replicas": 2}]),
            "node_selector": SELECTOR,
            "access_secret": st.just("hf"),
            "name": NAMES,
            **METADATA,
        },
    ),
    "KaitoModelMirror": few_of(
        ({"preset": "phi-4", "storage_class": "fast"}, {"preset": "phi-4", "mode": "static"}),
        {
            "storage_class": st.sampled_from(["fast", "no class"]),
            "size_gib": st.sampled_from([1, 100]),
            "access_secret": st.sampled_from([{"name": "hf", "namespace": "a"}, {"name": "hf"}]),
            "name": NAMES,
            **METADATA,
        },
    ),
    "KaitoRagEngine": few_of(
        ({}, {"llm": "http://chat/v1", "context_window": 4096}, {"preset": "docs-memory"}),
        {
            "llm": st.sampled_from(["http://chat/v1", "chat", "http://chat:99999/v1"]),
            "context_window": st.sampled_from([1, 4096]),
            "embedding": st.sampled_from(["BAAI/bge-small-en-v1.5", "a/b"]),
            "vector_store": st.sampled_from(
                [{"kind": "faiss"}, {"kind": "qdrant", "url": "http://qdrant:6333"}, {"kind": "qdrant"}]
            ),
            "storage": st.sampled_from([{"claim": "data"}, {"size_gib": 8, "mount_path": "/x"}]),
            "instance_type": st.sampled_from(
                [NC24, "Standard_D8s_v5", "Standard_NC999", "standard_d8s_v5", "D8", "p4d.24xlarge"]
            ),
            "guardrails": st.sampled_from([{"enabled": True}, {"config_map": "rails"}]),
            "node_selector": SELECTOR,
            "name": NAMES,
            **METADATA,
        },
    ),
}


def made(kind, args):
    """Return the component's specification and its objects of KAITO's; None: refused."""
    component = []
    recording = record(lambda: component.append(getattr(kaito, kind)("chat", args)), allow_error=True)
    if recording.error is not None:
        assert isinstance(recording.error.cause, SpecError), recording.error
        return None
    objects = [dict(found.inputs) for found in recording.resources if found.type.startswith("kubernetes:")]
    maps = {
        (found["metadata"].get("namespace") or "default", found["metadata"]["name"]): found["data"]
        for found in objects
        if found["kind"] == "ConfigMap"
    }
    theirs = [found for found in objects if found["apiVersion"].startswith("kaito.sh/")]
    return component[0].spec, theirs, maps


def environment(kind, spec, maps):
    """Return how KAITO is installed for the arguments: provisioner, cloud, and the gates that the component says it needs."""
    placed = {
        "KaitoInferenceSet": lambda: spec.served.placement.environment,
        "KaitoMultiRoleInference": lambda: spec.roles[0].placement.environment,
        "KaitoRagEngine": lambda: spec.environment,
        "KaitoModelMirror": Environment,
    }
    env = placed.get(kind, lambda: spec.placement.environment)()
    return replace(env, feature_gates={**GATES, **env.feature_gates}, cluster=Cluster(config_maps=maps))


@pytest.mark.parametrize("kind", sorted(ARGUMENTS))
def test_what_is_registered_is_admitted(kind):
    """Whatever the resolver accepts without an error, the judge of manifests accepts too, in the environment it needs."""
    told = Counter()

    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(ARGUMENTS[kind])
    def accepted(args):
        found = made(kind, args)
        told[found is not None] += 1
        for manifest in found[1] if found else ():
            verdict = judge(manifest, environment(kind, found[0], found[2]))
            assert [problem.headline for problem in verdict.problems if problem.severity == "error"] == [], manifest

    accepted()
    assert told[True] > 40, f"nearly everything is refused: {told}"
