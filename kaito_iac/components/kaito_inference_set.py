"""Replicas of a served model: one InferenceSet, its engine configuration, and a Service over all replicas."""

from typing import Any, Unpack, overload

import pulumi

from kaito_iac.components.adoption import after_check, forced
from kaito_iac.components.dependencies import after, before
from kaito_iac.components.kaito_workspace import inference_config, workspace_options
from kaito_iac.components.outputs import publish
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.kinds.kaito_inference_set import KaitoInferenceSetArgs
from kaito_iac.kinds.outputs import Endpoint
from kaito_iac.resolve.inference_set import resolve_inference_set
from kaito_iac.resolve.inference_set_spec import InferenceSetSpec
from kaito_iac.resources.inference_set import InferenceSet
from kaito_iac.resources.scaled_object import ScaledObject
from kaito_iac.resources.service import Service


@collectable
class KaitoInferenceSet(pulumi.ComponentResource):
    """Serves one model by any number of replicas, on one OpenAI-compatible endpoint."""

    endpoint: pulumi.Output[Endpoint]
    """url (in-cluster address over all replicas, ends in /v1; null without service), model (name to send), context_tokens."""
    nodes: pulumi.Output[int]
    """Nodes of one replica."""
    max_nodes: pulumi.Output[int]
    """Nodes of all replicas there may be."""
    gpus: pulumi.Output[int | None]
    """GPUs of all replicas there may be; null for an unknown size."""
    instance_type: pulumi.Output[str | None]
    """VM size of the nodes, also of existing ones; null where only their GPUs are known."""
    location: pulumi.Output[str | None]
    """Region of the nodes; null where none is named."""

    @overload
    def __init__(
        self, resource_name: str, args: KaitoInferenceSetArgs | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[KaitoInferenceSetArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: KaitoInferenceSetArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec: InferenceSetSpec = resolve_inference_set(resource_name, args)
        super().__init__("kaito-iac:index:KaitoInferenceSet", resource_name, self.spec.inputs(), opts)
        warn(resource_name, self.spec.problems, self)
        served, child = self.spec.served, pulumi.ResourceOptions(parent=self)
        spec = self.spec.spec(inference_config(f"{resource_name}-config", served, child))
        own = {"metadata": forced(served.metadata(), served.adopt), "spec": spec}
        opts = after_check(set_options(self, self.spec, before(args)), served.adopt, self, InferenceSet, own)
        self.workload = made = InferenceSet(f"{resource_name}-inferenceset", **own, opts=opts)
        if self.spec.triggers:
            behind = pulumi.ResourceOptions(parent=self, depends_on=[made])
            ScaledObject(
                f"{resource_name}-scaler", metadata=self.spec.scaler_metadata(), spec=self.spec.scaler_spec(), opts=behind
            )
        self.endpoint = after(made, replica_service(f"{resource_name}-service", self.spec, child)).apply(Endpoint)
        outputs = {key: after(made, value) for key, value in self.spec.outputs().items()}
        publish(self, {"endpoint": self.endpoint, **outputs})


def replica_service(name: str, spec: InferenceSetSpec, opts: pulumi.ResourceOptions) -> Any:
    """Declare the Service over all replicas, if there is to be one; return the endpoint."""
    if not spec.service:
        return spec.endpoint(None)
    made = Service(name, metadata=spec.service_metadata(), spec=spec.service_spec(), opts=opts)
    return made.metadata.apply(spec.endpoint)


def set_options(parent: pulumi.Resource, spec: InferenceSetSpec, first: list[pulumi.Resource]) -> pulumi.ResourceOptions:
    """Return the options of the InferenceSet: replaced when its template changes, replicas left to the scaler if there is one."""
    own = pulumi.ResourceOptions(
        replace_on_changes=["spec.template", "spec.labelSelector"],
        ignore_changes=["spec.replicas"] if spec.scaled else None,
    )
    return pulumi.ResourceOptions.merge(workspace_options(parent, spec.served, first), own)
