"""Retrieval over documents of your own: a RAGEngine, its volume, and the model that answers."""

from typing import Any, Unpack, overload

import pulumi

from kaito_iac.components.adoption import after_check, forced
from kaito_iac.components.dependencies import before
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.kinds.kaito_rag_engine import KaitoRagEngineArgs
from kaito_iac.resolve.rag_engine import resolve_rag_engine
from kaito_iac.resolve.rag_spec import RagEngineSpec
from kaito_iac.resources.persistent_volume_claim import PersistentVolumeClaim
from kaito_iac.resources.rag_engine import RAGEngine


@collectable
class KaitoRagEngine(pulumi.ComponentResource):
    """Answers questions from documents that were indexed into it."""

    url: pulumi.Output[str]
    """In-cluster address of the service; chat completions are under /v1/chat/completions."""
    index_url: pulumi.Output[str]
    """In-cluster address documents are sent to."""

    @overload
    def __init__(
        self, resource_name: str, args: KaitoRagEngineArgs | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[KaitoRagEngineArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: KaitoRagEngineArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec: RagEngineSpec = resolve_rag_engine(resource_name, args)
        super().__init__("kaito-iac:index:KaitoRagEngine", resource_name, self.spec.inputs(), opts)
        warn(resource_name, self.spec.problems, self)
        claim = index_claim(f"{resource_name}-index", self.spec, pulumi.ResourceOptions(parent=self))
        own = {"metadata": forced(self.spec.engine_metadata(), self.spec.adopt), "spec": self.spec.spec(claim)}
        opts = after_check(engine_options(self, self.spec, before(args)), self.spec.adopt, self, RAGEngine, own)
        self.workload = made = RAGEngine(f"{resource_name}-ragengine", **own, opts=opts)
        self.url = made.metadata.apply(self.spec.url)
        self.index_url = self.url.apply(lambda url: f"{url}/index")
        self.register_outputs({"url": self.url, "indexUrl": self.index_url})


def engine_options(parent: pulumi.Resource, spec: RagEngineSpec, first: list[pulumi.Resource]) -> pulumi.ResourceOptions:
    """Return the options of the RAGEngine: after the operator, replaced where its controller changes nothing in place."""
    wait = f"{spec.wait_seconds}s" if spec.wait_seconds else None
    return pulumi.ResourceOptions(
        parent=parent,
        depends_on=first or None,
        replace_on_changes=["spec.compute", "spec.storage", "spec.guardrails"],
        delete_before_replace=True,
        custom_timeouts=pulumi.CustomTimeouts(create=wait, update=wait, delete="30m"),
    )


def index_claim(name: str, spec: RagEngineSpec, opts: pulumi.ResourceOptions) -> Any:
    """Declare the claim for the indexes; return its name, the user's own, or None when nothing is kept."""
    if spec.claim is not None or spec.storage_gib is None:
        return spec.claim
    made = PersistentVolumeClaim(name, metadata=spec.metadata(spec.claim_name), spec=spec.claim_spec(), opts=opts)
    return made.metadata.apply(lambda stored: stored["name"])
