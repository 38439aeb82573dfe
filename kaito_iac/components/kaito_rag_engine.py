"""Retrieval over documents of one's own: a RAGEngine, its volume, and the model that answers."""

from typing import Any, NotRequired, TypedDict

import pulumi

from kaito_iac.components.dependencies import before
from kaito_iac.components.nested_args import GuardrailsArgs, StorageArgs, VectorStoreArgs
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.resolve.rag_engine import resolve_rag_engine
from kaito_iac.resolve.rag_spec import RagEngineSpec
from kaito_iac.resources.persistent_volume_claim import PersistentVolumeClaim
from kaito_iac.resources.rag_engine import RAGEngine


class KaitoRagEngineArgs(TypedDict):
    """Arguments of a KaitoRagEngine; without llm it retrieves only."""

    preset: NotRequired[str]
    """A RAG preset of `kaito-iac presets`. Default: docs-faiss."""
    name: NotRequired[str]
    """Name of the RAGEngine and its Service. Default: the component's name."""
    namespace: NotRequired[pulumi.Input[str]]
    """Namespace. Default: `default`."""
    operator: NotRequired[Any]
    """KaitoOperator, or its outputs from another stack: comes after it; what it lacks, and another provisioner, is refused."""
    llm: NotRequired[pulumi.Input[Any]]
    """The endpoint of a KaitoWorkspace, or the address of any chat completions API. Default: none, retrieval only."""
    llmSecret: NotRequired[pulumi.Input[str]]
    """Name of a Secret with the key LLM_ACCESS_SECRET."""
    contextWindow: NotRequired[int]
    """Tokens of question, documents and answer together. Default: the endpoint's context."""
    embedding: NotRequired[str]
    """Embedding model; KAITO 0.12 always uses BAAI/bge-small-en-v1.5."""
    vectorStore: NotRequired[VectorStoreArgs]
    """kind faiss, or kind qdrant with url and accessSecret (key VECTOR_DB_ACCESS_SECRET). Default: faiss."""
    storage: NotRequired[StorageArgs]
    """sizeGiB and storageClass of a new claim, or claim: an existing one; mountPath. Default: the preset's size."""
    instanceType: NotRequired[str]
    """VM size of a node for the service. Default: no node of its own, 500m CPU and 512 MiB."""
    nodeSelector: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels of that node. Default: `apps: <name>`."""
    guardrails: NotRequired[GuardrailsArgs]
    """enabled, and configMap with guardrails.yaml. Default: off."""
    labels: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels of the RAGEngine and its claim."""
    annotations: NotRequired[dict[str, pulumi.Input[str]]]
    """Further annotations of the RAGEngine."""
    wait: NotRequired[bool]
    """Wait until the service answers. Default: true."""
    timeoutMinutes: NotRequired[int]
    """How long to wait. Default: 20."""


@collectable
class KaitoRagEngine(pulumi.ComponentResource):
    """Answers questions from documents that were indexed into it."""

    url: pulumi.Output[str]
    """In-cluster address of the service; chat completions are under /v1/chat/completions."""
    indexUrl: pulumi.Output[str]
    """In-cluster address documents are sent to."""

    def __init__(self, name: str, args: KaitoRagEngineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self.spec: RagEngineSpec = resolve_rag_engine(name, args)
        super().__init__("kaito-iac:index:KaitoRagEngine", name, self.spec.inputs(), opts)
        warn(name, self.spec.problems, self)
        claim = index_claim(f"{name}-index", self.spec, pulumi.ResourceOptions(parent=self))
        wait = f"{self.spec.wait_seconds}s" if self.spec.wait_seconds else None
        self.workload = made = RAGEngine(
            f"{name}-ragengine",
            metadata=self.spec.engine_metadata(),
            spec=self.spec.spec(claim),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=before(args) or None,
                replace_on_changes=["spec.compute", "spec.storage", "spec.guardrails"],
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create=wait, update=wait, delete="30m"),
            ),
        )
        self.url = made.metadata.apply(self.spec.url)
        self.indexUrl = self.url.apply(lambda url: f"{url}/index")
        self.register_outputs({"url": self.url, "indexUrl": self.indexUrl})


def index_claim(name: str, spec: RagEngineSpec, opts: pulumi.ResourceOptions) -> Any:
    """Declare the claim for the indexes; return its name, the user's own, or None when nothing is kept."""
    if spec.claim is not None or spec.storage_gib is None:
        return spec.claim
    made = PersistentVolumeClaim(name, metadata=spec.metadata(spec.claim_name), spec=spec.claim_spec(), opts=opts)
    return made.metadata.apply(lambda stored: stored["name"])
