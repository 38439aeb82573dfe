"""One model served by prefill and decode roles: one MultiRoleInference and the configuration of each role."""

from typing import Any, Unpack, overload

import pulumi

from kaito_iac.catalog.label import INFERENCE_KEY
from kaito_iac.components.dependencies import after, before
from kaito_iac.components.outputs import publish
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.kinds.kaito_multi_role_inference import KaitoMultiRoleInferenceArgs
from kaito_iac.kinds.outputs import PoolEndpoint
from kaito_iac.resolve.multi_role import MultiRoleSpec, Role, resolve_multi_role
from kaito_iac.resources.config_map import ConfigMap
from kaito_iac.resources.multi_role_inference import MultiRoleInference


@collectable
class KaitoMultiRoleInference(pulumi.ComponentResource):
    """Serves one model with prompts read and answers written by different nodes, behind an InferencePool."""

    endpoint: pulumi.Output[PoolEndpoint]
    """pool (the InferencePool a gateway routes to), namespace, model (name to send), context_tokens."""
    max_nodes: pulumi.Output[int]
    """Nodes of both roles, all their replicas."""
    role_nodes: pulumi.Output[dict[str, int]]
    """Nodes of one replica of each role."""
    gpus: pulumi.Output[int | None]
    """GPUs of these nodes; null for an unknown size."""
    instance_type: pulumi.Output[str | None]
    """VM size of the nodes; null where the roles differ."""
    location: pulumi.Output[str | None]
    """Region of the nodes; null where none is named."""

    @overload
    def __init__(
        self, resource_name: str, args: KaitoMultiRoleInferenceArgs | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[KaitoMultiRoleInferenceArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: KaitoMultiRoleInferenceArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec: MultiRoleSpec = resolve_multi_role(resource_name, args)
        super().__init__("kaito-iac:index:KaitoMultiRoleInference", resource_name, self.spec.inputs(), opts)
        warn(resource_name, self.spec.problems, self)
        child = pulumi.ResourceOptions(parent=self)
        configs = {
            role.kind: role_config(f"{resource_name}-{role.kind}-config", self.spec, role, child) for role in self.spec.roles
        }
        self.workload = made = MultiRoleInference(
            f"{resource_name}-multiroleinference",
            metadata=self.spec.metadata(),
            spec=self.spec.spec(configs),
            opts=multi_role_options(self, self.spec, before(args)),
        )
        self.endpoint = made.metadata.apply(lambda stored: PoolEndpoint(self.spec.endpoint(stored)))
        outputs = {key: after(made, value) for key, value in self.spec.outputs().items()}
        publish(self, {"endpoint": self.endpoint, **outputs})


def role_config(name: str, spec: MultiRoleSpec, role: Role, opts: pulumi.ResourceOptions) -> Any:
    """Declare the ConfigMap of a role's engine; return its name, the user's own, or None when there is none."""
    text = role.engine.text()
    if not text:
        return role.engine.config
    metadata = {"name": role.engine.config_map_name(f"{spec.object_name}-{role.kind}"), "namespace": spec.namespace}
    made = ConfigMap(name, metadata=metadata, data={INFERENCE_KEY: text}, opts=opts)
    return made.metadata.apply(lambda stored: stored["name"])


def multi_role_options(parent: pulumi.Resource, spec: MultiRoleSpec, first: list[pulumi.Resource]) -> pulumi.ResourceOptions:
    """Return the options of the MultiRoleInference: after operator and pool, replaced when model, nodes or engine change."""
    wait = f"{spec.wait_seconds}s" if spec.wait_seconds else None
    fixed = ["spec.model.name", "spec.labelSelector", "spec.roles[*].instanceType", "spec.roles[*].runtimeConfig"]
    return pulumi.ResourceOptions(
        parent=parent,
        depends_on=first or None,
        replace_on_changes=fixed,
        delete_before_replace=True,
        custom_timeouts=pulumi.CustomTimeouts(create=wait, update=wait, delete="30m"),
    )
