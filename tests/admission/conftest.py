"""Real verdicts of KAITO 0.12, and manifests made at random from good ones."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from kaito_iac.admission.verdict import Cluster, Environment

VERDICTS = Path(__file__).parents[1] / "evidence" / "kaito-0.12.0" / "admission_verdicts.json"
CRDS = Path(__file__).parents[3] / "shared" / "kaito" / "crds"
LABELS = {"matchLabels": {"app": "chat"}}
PRESET = {"preset": {"name": "phi-4", "presetOptions": {"modelAccessSecret": "hf"}}, "config": "own"}
TEMPLATE = {"spec": {"containers": [{"name": "server", "image": "registry.example.com/server:1"}]}}
TUNING = {
    "preset": {"name": "phi-4"},
    "method": "lora",
    "input": {"name": "data", "urls": ["https://data.example.com/train.parquet"], "imagePullSecrets": ["pull"]},
    "output": {"image": "registry.example.com/adapters/phi:1", "imagePushSecret": "push"},
}
RESOURCE = {"instanceType": "Standard_NC24ads_A100_v4", "count": 1, "labelSelector": LABELS, "preferredNodes": ["a"]}
SET = {
    "replicas": 2,
    "nodeCountLimit": 4,
    "labelSelector": LABELS,
    "template": {
        "metadata": {"labels": {"team": "a"}, "annotations": {"kaito.sh/runtime": "vllm"}},
        "resource": {"instanceType": "Standard_NC24ads_A100_v4"},
        "inference": {**PRESET, "adapters": [{"source": {"name": "a", "image": "registry.example.com/a:1"}}]},
    },
    "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}},
    "autoUpgrade": {"enabled": True, "strategy": "InPlace", "maintenanceWindow": {"schedule": "0 2 * * 6", "duration": "2h"}},
}
RAG = {
    "compute": {
        "instanceType": "Standard_NC24ads_A100_v4",
        "labelSelector": {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]},
    },
    "storage": {"persistentVolume": {"persistentVolumeClaim": "data", "mountPath": "/mnt/data"}},
    "embedding": {"local": {"modelID": "BAAI/bge-small-en-v1.5"}},
    "inferenceService": {"url": "http://chat/v1/chat/completions", "contextWindowSize": 4096},
    "guardrails": {"enabled": False, "configMapRef": {"name": "policy"}},
}
MIRROR = {
    "mode": "Managed",
    "source": {"registry": "huggingface", "modelID": "microsoft/phi-4", "accessSecret": {"name": "hf", "namespace": "default"}},
    "storage": {"size": "100Gi", "storageClassName": "fast"},
    "jobNamespace": "default",
}
ROLES = {
    "labelSelector": LABELS,
    "model": {"name": "phi-4"},
    "roles": [
        {"type": "prefill", "replicas": 1, "instanceType": "Standard_NC24ads_A100_v4", "runtimeConfig": "p"},
        {"type": "decode", "replicas": 2, "instanceType": "Standard_NC24ads_A100_v4"},
    ],
}


def _of(kind: str, version: str, **body: Any) -> dict[str, Any]:
    return {"apiVersion": f"kaito.sh/{version}", "kind": kind, "metadata": {"name": "chat", "labels": {"team": "a"}}, **body}


GOOD = (
    *(_of("Workspace", version, resource=RESOURCE, inference=PRESET) for version in ("v1beta1", "v1alpha1")),
    *(_of("Workspace", version, resource=RESOURCE, inference={"template": TEMPLATE}) for version in ("v1beta1", "v1alpha1")),
    *(_of("Workspace", version, resource=RESOURCE, tuning=TUNING) for version in ("v1beta1", "v1alpha1")),
    _of(
        "Workspace",
        "v1beta1",
        resource={"labelSelector": LABELS, "partition": {"mode": "mig", "profile": "2g.24gb"}},
        inference=PRESET,
    ),
    *(_of("InferenceSet", version, spec=SET) for version in ("v1beta1", "v1alpha1")),
    *(_of("RAGEngine", version, spec=RAG) for version in ("v1beta1", "v1alpha1")),
    _of("ModelMirror", "v1alpha1", spec=MIRROR),
    _of("MultiRoleInference", "v1alpha1", spec=ROLES),
)
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 64, 1.0, 1.5, 2**31, 2**31 - 1, "", "x", "1", "mig", "Surge", "prefill", "huggingface",
    "Static", "2d", "100Gi", [], ["x"], [1], [None], {}, {"x": 1}, {"name": "x"}, 
    {"matchLabels": {"a": "b"}}, {"matchLabels": {}}, {"matchLabels": {"a": 1}},
)  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Return every holder and key inside a value."""
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from places(inner)


def mutated(random: Random, *, metadata: bool = False) -> dict[str, Any]:
    """Return a good manifest with one to three things changed."""
    manifest: dict[str, Any] = copy.deepcopy(random.choice(GOOD))
    for _ in range(random.randint(1, 3)):
        body = [
            place
            for place in places(manifest)
            if metadata or place[1] not in ("apiVersion", "kind", "metadata", "name", "labels", "team")
        ]
        if not body:
            break
        holder, key = random.choice(body)
        what = random.random()
        if what < 0.25:
            del holder[key]
        elif what < 0.35 and isinstance(holder, dict):
            holder["unknown"] = 1
        elif what < 0.45 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        else:
            holder[key] = copy.deepcopy(random.choice(VALUES))
    return manifest


@pytest.fixture(scope="session")
def space() -> Callable[..., Iterator[dict[str, Any]]]:
    """Makes a seeded number of manifests."""

    def make(count: int, seed: int, *, metadata: bool = False) -> Iterator[dict[str, Any]]:
        random = Random(seed)
        return (mutated(random, metadata=metadata) for _ in range(count))

    return make


@pytest.fixture(scope="session")
def examples() -> Mapping[str, Any]:
    """Return the real verdicts."""
    found: dict[str, Any] = json.loads(VERDICTS.read_text())
    return found


@pytest.fixture(scope="session")
def environment(examples: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Environment]:
    """Return the environment of a real verdict."""

    def make(given: Mapping[str, Any]) -> Environment:
        there = [examples["fixtures"][name] for name in given["cluster"]]
        named = {
            kind: {one["metadata"]["name"]: one for one in there if one["kind"] == kind} for kind in ("Node", "StorageClass")
        }
        cluster = Cluster(
            config_maps={
                (one["metadata"]["namespace"], one["metadata"]["name"]): one["data"]
                for one in there
                if one["kind"] == "ConfigMap"
            },
            nodes={name: one["metadata"]["labels"] for name, one in named["Node"].items()},
            storage_classes=frozenset(named["StorageClass"]),
            complete=True,
        )
        classes = tuple(given["nodeClasses"]) if "nodeClasses" in given else None
        return Environment(
            cloud=given["provider"],
            provisioner=given["provisioner"],
            feature_gates=given["gates"],
            node_classes=classes,
            cluster=cluster,
        )

    return make


@pytest.fixture(scope="session")
def crds() -> Mapping[tuple[str, str], Any]:
    """Return KAITO's own schemas by kind and version; skips where they are not beside the checkout."""
    if not CRDS.is_dir():
        pytest.skip("needs KAITO's CRDs in ../shared/kaito/crds beside the checkout")
    found = {}
    for path in CRDS.glob("kaito.sh_*.yaml"):
        spec = yaml.safe_load(path.read_text())["spec"]
        found |= {(spec["names"]["kind"], row["name"]): row["schema"]["openAPIV3Schema"] for row in spec["versions"]}
    return found
