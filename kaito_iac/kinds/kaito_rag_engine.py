"""Arguments of retrieval over documents."""

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired, TypedDict

import pulumi

from kaito_iac.kinds.field import At
from kaito_iac.kinds.nested import AdoptArgs, GuardrailsArgs, StorageArgs, VectorStoreArgs
from kaito_iac.kinds.references import OperatorLike


class KaitoRagEngineArgs(TypedDict):
    """Arguments of a KaitoRagEngine; without llm it retrieves only.

    Keys: preset, name, namespace, operator, llm, llm_secret, context_window, embedding, vector_store, storage,
    instance_type, node_selector, guardrails, labels, annotations, wait, timeout_minutes, adopt.
    """

    preset: NotRequired[str]
    """A RAG preset of `kaito-iac presets`. Default: docs-faiss."""
    name: NotRequired[Annotated[str, At("metadata.name")]]
    """Name of the RAGEngine and its Service. Default: the component's name."""
    namespace: NotRequired[Annotated[pulumi.Input[str], At("metadata.namespace")]]
    """Namespace. Default: `default`."""
    operator: NotRequired[OperatorLike | Mapping[str, Any] | pulumi.Output[Any]]
    """KaitoOperator, or its outputs from another stack; it is created first, and what it does not support is refused."""
    llm: NotRequired[Annotated[pulumi.Input[Any], At("spec.inferenceService.url")]]
    """The endpoint of a KaitoWorkspace, or the address of any chat completions API. Default: none, retrieval only."""
    llm_secret: NotRequired[Annotated[pulumi.Input[str], At("spec.inferenceService.accessSecret")]]
    """Name of a Secret with the key LLM_ACCESS_SECRET."""
    context_window: NotRequired[Annotated[int, At("spec.inferenceService.contextWindowSize")]]
    """Tokens of question, documents and answer together. Default: the endpoint's context."""
    embedding: NotRequired[Annotated[str, At("spec.embedding.local.modelID", default="BAAI/bge-small-en-v1.5")]]
    """Embedding model; KAITO 0.12 always uses BAAI/bge-small-en-v1.5."""
    vector_store: NotRequired[Annotated[VectorStoreArgs, At("spec.storage.vectorDB")]]
    """kind faiss, or kind qdrant with url and access_secret (key VECTOR_DB_ACCESS_SECRET). Default: faiss."""
    storage: NotRequired[Annotated[StorageArgs, At("spec.storage")]]
    """size_gib and storage_class of a new claim, or claim: an existing one; mount_path. Default: the preset's size."""
    instance_type: NotRequired[Annotated[str, At("spec.compute.instanceType")]]
    """VM size of a node for the service. Default: no separate node, 500m CPU and 512 MiB."""
    node_selector: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("spec.compute.labelSelector.matchLabels")]]
    """Labels of that node. Default: `apps: <name>`."""
    guardrails: NotRequired[Annotated[GuardrailsArgs, At("spec.guardrails")]]
    """enabled, and config_map with guardrails.yaml. Default: off."""
    labels: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("metadata.labels")]]
    """Labels of the RAGEngine and its claim."""
    annotations: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("metadata.annotations")]]
    """Further annotations of the RAGEngine."""
    wait: NotRequired[bool]
    """Wait until the service answers. Default: true."""
    timeout_minutes: NotRequired[int]
    """Maximum wait, minutes. Default: 20."""
    adopt: NotRequired[AdoptArgs]
    """Manage an existing RAGEngine: object, force, delete; remove the argument after the update. Default: create one."""
