"""The words, names and limits of KAITO 0.12 that manifests and arguments of components are held against."""

from __future__ import annotations

import re
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
NEVER: Final = "KAITO admits it, but it can never work"
"""Suffix of messages about what is admitted and cannot work."""
UNREAD_CONFIG: Final = "without effect: KAITO 0.12 ignores engine configuration for transformers"
"""Message about a ConfigMap for transformers."""
CPU_SIZES: Final = "standard_d"
"""Beginning, in lower case, of sizes without GPUs that admission lets through: a RAG engine runs on them as it is."""
WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
"""A whole number as text."""
_DIGITS: Final = 30
"""Digits of a number that are read: those after them change no verdict, and Python refuses to read thousands."""
MOST_GPUS: Final = 16
"""GPUs of the biggest node."""

LONGEST: Final[Mapping[str, int]] = {"Workspace": 54, "InferenceSet": 48, "MultiRoleInference": 40}
"""Kind to the longest name that leaves room for what KAITO appends to it."""

KIND_GATES: Final[Mapping[str, str]] = {
    "InferenceSet": "enableInferenceSetController",
    "MultiRoleInference": "enableMultiRoleInferenceController",
    "ModelMirror": "ModelMirror",
}
"""Kind to the feature gate without which it is neither checked nor reconciled."""
PARTITION_GATES: Final[Mapping[str, str]] = {"mig": "enableMIG", "accelerator": "enableAccelerator"}
"""Mode of a partition to the feature gate without which KAITO refuses it."""
UPGRADE_GATE: Final = "enableBaseImageAutoUpgrade"
"""Feature gate without which spec.autoUpgrade does nothing."""


def service_name_problem(kind: str, name: str) -> tuple[str, str] | None:
    """Report why KAITO cannot make the Services of an object of this name, and what would do; None: it can."""
    longest = LONGEST.get(kind, 63)
    if len(name) > longest:
        message = f"{len(name)} characters: a Service of KAITO's with a longer name cannot be made"
        return message, f"at most {longest} characters"
    if re.fullmatch(r"[a-z][-a-z0-9]*", name):
        return None
    return f"'{name}': a Service of this name cannot be made", "a leading letter, and no dots"


def natural(text: str) -> int | None:
    """Return a whole number without a sign, however long; None: the text is none."""
    return int(text[:_DIGITS]) if text.isascii() and text.isdecimal() else None
