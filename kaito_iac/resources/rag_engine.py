"""KAITO's RAGEngine, kaito.sh/v1beta1."""

from __future__ import annotations

from kaito_iac.resources.spec_object import SpecObject


class RAGEngine(SpecObject):
    """A retrieval service over an embedding model, a vector store and a language model.

    spec: compute, storage, embedding, inferenceService, guardrails.
    """

    served_as = ("kaito.sh/v1beta1", "RAGEngine")
