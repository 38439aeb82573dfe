"""A served model: one Workspace, its engine configuration, and the endpoint it answers on."""

from typing import Any, Unpack, overload

import pulumi

from kaito_iac.catalog.label import INFERENCE_KEY, PLANNED_NODES
from kaito_iac.components.adoption import after_check, forced
from kaito_iac.components.dependencies import after, before
from kaito_iac.components.outputs import publish
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.kinds.kaito_workspace import KaitoWorkspaceArgs
from kaito_iac.kinds.outputs import Endpoint
from kaito_iac.resolve.workspace import resolve_workspace
from kaito_iac.resolve.workspace_spec import WorkspaceSpec
from kaito_iac.resources.config_map import ConfigMap
from kaito_iac.resources.workspace import Workspace


@collectable
class KaitoWorkspace(pulumi.ComponentResource):
    """Serves one model inside the cluster, on an OpenAI-compatible endpoint."""

    endpoint: pulumi.Output[Endpoint]
    """url (in-cluster base address, ends in /v1), model (name to send), context_tokens."""
    nodes: pulumi.Output[int]
    """Nodes KAITO uses for it."""
    gpus: pulumi.Output[int | None]
    """GPUs of these nodes; null for an unknown size."""
    instance_type: pulumi.Output[str | None]
    """VM size of the nodes, also of existing ones; null where only their GPUs are known."""
    location: pulumi.Output[str | None]
    """Region of the nodes; null where none is named."""

    @overload
    def __init__(
        self, resource_name: str, args: KaitoWorkspaceArgs | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[KaitoWorkspaceArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: KaitoWorkspaceArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec: WorkspaceSpec = resolve_workspace(resource_name, args)
        seen = {key: value for key, value in self.spec.inputs().items() if value is not None}  # each costs an output of its own
        super().__init__("kaito-iac:index:KaitoWorkspace", resource_name, seen, opts)
        warn(resource_name, self.spec.problems, self)
        config = inference_config(f"{resource_name}-config", self.spec, pulumi.ResourceOptions(parent=self))
        own = {
            "metadata": forced(self.spec.metadata(), self.spec.adopt),
            "resource": self.spec.resource(),
            "inference": self.spec.inference(config),
        }
        options = workspace_options(self, self.spec, before(args))
        opts = after_check(options, self.spec.adopt, self, Workspace, own)
        self.workload = made = Workspace(f"{resource_name}-workspace", **own, opts=opts)
        self.endpoint = made.metadata.apply(lambda stored: Endpoint(self.spec.endpoint(stored)))
        outputs = {key: after(made, value) for key, value in self.spec.outputs().items()}
        publish(self, {"endpoint": self.endpoint, **outputs})


def inference_config(name: str, spec: WorkspaceSpec, opts: pulumi.ResourceOptions) -> Any:
    """Declare the ConfigMap with the engine's configuration; return its name, the user's own, or None when there is none."""
    text = spec.engine.text()
    if not text or spec.card is None:
        return spec.engine.config
    metadata = {"name": spec.engine.config_map_name(spec.object_name), "namespace": spec.namespace}
    made = ConfigMap(name, metadata=metadata, data={INFERENCE_KEY: text}, opts=opts)
    return made.metadata.apply(lambda stored: stored["name"])


def workspace_options(parent: pulumi.Resource, spec: WorkspaceSpec, first: list[pulumi.Resource]) -> pulumi.ResourceOptions:
    """Return the options of the Workspace: after operator and pool, replaced with another node count, waited for long enough."""
    wait = f"{spec.wait_seconds}s" if spec.wait_seconds else None
    return pulumi.ResourceOptions(
        parent=parent,
        depends_on=first or None,
        replace_on_changes=[f'metadata.annotations["{PLANNED_NODES}"]'],
        delete_before_replace=not spec.blue_green,
        custom_timeouts=pulumi.CustomTimeouts(create=wait, update=wait, delete="30m"),
    )
