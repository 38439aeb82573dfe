"""The words, names and limits of KAITO 0.12 that manifests and arguments of components are held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

RUNTIMES: Final = ("vllm", "transformers")
"""What the annotation kaito.sh/runtime knows, letter by letter."""
PERFORMANCE: Final = ("balanced", "interactivity", "throughput")
"""What the annotation kaito.sh/performance-mode takes."""
IMAGE_FAMILIES: Final = ("ubuntu", "azurelinux")
"""What the annotation kaito.sh/node-image-family takes."""
METHODS: Final = ("lora", "qlora")
"""What tuning.method takes, in any case."""
MIRROR_MODES: Final = ("Managed", "Static")
"""What spec.mode of a ModelMirror takes."""
UPGRADES: Final = ("InPlace", "Surge")
"""What spec.autoUpgrade.strategy of an InferenceSet takes."""
EMBEDDING: Final = "BAAI/bge-small-en-v1.5"
"""What a RAG engine embeds with, whatever is asked for."""
VECTOR_STORES: Final = ("faiss", "qdrant")
"""What spec.storage.vectorDB.engine of a RAGEngine means something for."""
LEAST_WINDOW: Final = 512
"""Tokens below which a context window leaves no room for a question and its documents."""
MOST_ADAPTERS: Final = 10
"""Adapters of one preset."""
UNREAD_CONFIG: Final = "read by nothing: KAITO 0.12 hands no configuration to transformers"
"""What a ConfigMap for transformers is told."""
CPU_SIZES: Final = "standard_d"
"""Beginning, in lower case, of sizes without GPUs that admission lets through: a RAG engine runs on them as it is."""
MOST_GPUS: Final = 16
"""GPUs of the biggest node."""

LONGEST: Final[Mapping[str, int]] = {"Workspace": 54, "InferenceSet": 48, "MultiRoleInference": 40}
"""Kind to the longest name that leaves room for what KAITO appends to it."""

RESERVED: Final = frozenset(
    {
        "kaito.sh/workspace",
        "kaito.sh/ragengine",
        "kaito.sh/workspacenamespace",
        "kaito.sh/ragenginenamespace",
        "karpenter.kaito.sh/workspace-name",
        "karpenter.kaito.sh/workspace-namespace",
        "karpenter.kaito.sh/inferenceset",
        "karpenter.kaito.sh/inferenceset-namespace",
    }
)
"""Labels of KAITO's own, which it leaves out of selectors."""

KIND_GATES: Final[Mapping[str, str]] = {
    "InferenceSet": "enableInferenceSetController",
    "MultiRoleInference": "enableMultiRoleInferenceController",
    "ModelMirror": "ModelMirror",
}
"""Kind to the feature gate without which nobody checks it and nothing happens."""
PARTITION_GATES: Final[Mapping[str, str]] = {"mig": "enableMIG", "accelerator": "enableAccelerator"}
"""Mode of a partition to the feature gate without which KAITO refuses it."""
UPGRADE_GATE: Final = "enableBaseImageAutoUpgrade"
"""Feature gate without which spec.autoUpgrade does nothing."""
