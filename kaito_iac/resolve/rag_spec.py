"""A checked RAG engine, and the manifests it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaito_iac.admission.verdict import Environment
from kaito_iac.catalog.find import find_size
from kaito_iac.catalog.label import SKIP_AWAIT
from kaito_iac.kinds.kaito_rag_engine import KaitoRagEngineArgs
from kaito_iac.kinds.manifest import write
from kaito_iac.kinds.nested import VectorStoreArgs
from kaito_iac.problem import Problem
from kaito_iac.resolve.adoption import Adoption
from kaito_iac.resolve.object_metadata import object_metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class RagEngineSpec:
    """A checked RAG engine."""

    object_name: str
    namespace: Any
    llm_url: Any
    """Address of the chat API, possibly an Output; None: retrieval only."""
    llm_secret: Any
    context_window: Any
    embedding: str
    vector_store: Mapping[str, Any]
    storage_gib: int | None
    """Size of the claim we make, GiB; None: none of ours."""
    storage_class: Any
    claim: Any
    """Name of an existing claim."""
    mount_path: str
    instance_type: str
    selector: Mapping[str, Any]
    guardrails: Mapping[str, Any]
    labels: Mapping[str, Any]
    annotations: Mapping[str, Any]
    wait_seconds: int
    problems: tuple[Problem, ...]
    adopt: Adoption | None = None
    """The object that is taken over; None: one is made."""
    operator: Any = None
    """Version of the operator it was held against, possibly an Output; None: not known."""

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the component."""
        return {
            "name": self.object_name,
            "namespace": self.namespace,
            "llmUrl": self.llm_url,
            "contextWindow": self.context_window,
            "embedding": self.embedding,
            "vectorStore": self.vector_store["kind"],
            "storageGiB": self.storage_gib,
            "instanceType": self.instance_type or None,
            "operator": self.operator,
        }

    @property
    def environment(self) -> Environment:
        """Return how KAITO has to be installed for the engine: on the cloud that has its size."""
        size = find_size(self.instance_type) if self.instance_type else None
        return Environment(cloud=size.cloud) if size else Environment()

    @property
    def claim_name(self) -> str:
        """Return the name of the claim we make."""
        return f"{self.object_name}-index"

    def metadata(self, name: str) -> dict[str, Any]:
        """Return the metadata of the claim, which has neither annotations of the engine nor a wait."""
        return object_metadata(name, self.namespace, self.labels, {SKIP_AWAIT: "true"})

    def engine_metadata(self) -> dict[str, Any]:
        """Return the metadata of the RAGEngine."""
        return object_metadata(self.object_name, self.namespace, self.labels, self.annotations)

    def claim_spec(self) -> dict[str, Any]:
        """Return the claim to the index volume."""
        spec: dict[str, Any] = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": f"{self.storage_gib}Gi"}}}
        return {**spec, "storageClassName": self.storage_class} if self.storage_class is not None else spec

    def spec(self, claim: Any) -> dict[str, Any]:
        """Return the RAGEngine's spec, with the name of its claim if it has one."""
        fields: dict[str, Any] = {"embedding": {"local": {"modelID": self.embedding}}}
        if self.instance_type:
            fields["compute"] = {"instanceType": self.instance_type, "labelSelector": {"matchLabels": dict(self.selector)}}
        if self.llm_url is not None:
            answered = {"llm": self.llm_url, "context_window": self.context_window, "llm_secret": self.llm_secret}
            fields |= write(KaitoRagEngineArgs, answered)["spec"]
        if storage := self._storage(claim):
            fields["storage"] = storage
        if self.guardrails:
            fields["guardrails"] = dict(self.guardrails)
        return fields

    def manifest(self) -> dict[str, Any]:
        """Return the RAGEngine as it is registered."""
        claim = self.claim if self.storage_gib is None else self.claim_name
        parts = {"metadata": self.engine_metadata(), "spec": self.spec(claim)}
        return {"apiVersion": "kaito.sh/v1beta1", "kind": "RAGEngine", **parts}

    def _storage(self, claim: Any) -> dict[str, Any]:
        storage: dict[str, Any] = {}
        if claim is not None:
            storage["persistentVolume"] = {"persistentVolumeClaim": claim, "mountPath": self.mount_path}
        if self.vector_store["kind"] == "qdrant":
            storage["vectorDB"] = write(VectorStoreArgs, self.vector_store)
        return storage

    def url(self, metadata: Mapping[str, Any]) -> str:
        """Return the address of the Service KAITO makes for a RAGEngine with this metadata."""
        return f"http://{metadata['name']}.{metadata.get('namespace') or 'default'}.svc.cluster.local"
