"""KAITO's RAGEngine, kaito.sh/v1beta1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from kaito_iac.resources.kubernetes_object import KubernetesObject


class RAGEngine(KubernetesObject):
    """A retrieval service over an embedding model, a vector store and a language model."""

    if TYPE_CHECKING:
        spec: pulumi.Output[Mapping[str, Any]]
        """compute, storage, embedding, inferenceService, guardrails."""

    def __init__(
        self,
        name: str,
        *,
        metadata: Mapping[str, Any],
        spec: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, "kaito.sh/v1beta1", "RAGEngine", metadata, {"spec": spec}, opts)
