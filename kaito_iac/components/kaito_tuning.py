"""A tuning job: one Workspace that trains an adapter, its configuration, and the adapter for the model that serves it."""

from typing import Any, Unpack, overload

import pulumi

from kaito_iac.catalog.label import TRAINING_KEY
from kaito_iac.components.dependencies import after, before
from kaito_iac.components.outputs import publish
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.kinds.kaito_tuning import KaitoTuningArgs
from kaito_iac.kinds.outputs import Adapter
from kaito_iac.resolve.tuning import resolve_tuning
from kaito_iac.resolve.tuning_spec import TuningSpec
from kaito_iac.resources.config_map import ConfigMap
from kaito_iac.resources.workspace import Workspace


@collectable
class KaitoTuning(pulumi.ComponentResource):
    """Trains one adapter for a model, on one node."""

    adapter: pulumi.Output[Adapter]
    """What `adapters` of a KaitoWorkspace or KaitoInferenceSet takes: name, and image or volume."""
    nodes: pulumi.Output[int]
    """Nodes KAITO uses for it: one."""
    gpus: pulumi.Output[int | None]
    """GPUs of the node."""
    instance_type: pulumi.Output[str | None]
    """VM size of the node."""
    location: pulumi.Output[str | None]
    """Region of the node; null where none is named."""

    @overload
    def __init__(
        self, resource_name: str, args: KaitoTuningArgs | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[KaitoTuningArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: KaitoTuningArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec: TuningSpec = resolve_tuning(resource_name, args)
        super().__init__("kaito-iac:index:KaitoTuning", resource_name, self.spec.inputs(), opts)
        warn(resource_name, self.spec.problems, self)
        config = training_config(f"{resource_name}-config", self.spec, pulumi.ResourceOptions(parent=self))
        wait = f"{self.spec.wait_seconds}s" if self.spec.wait_seconds else None
        self.workload = made = Workspace(
            f"{resource_name}-workspace",
            metadata=self.spec.metadata(),
            resource=self.spec.resource(),
            tuning=self.spec.tuning(config),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=before(args) or None,
                replace_on_changes=["tuning"],
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create=wait, update=wait, delete="30m"),
            ),
        )
        self.adapter = after(made, self.spec.adapter()).apply(Adapter)
        outputs = {key: after(made, value) for key, value in self.spec.outputs().items()}
        publish(self, {"adapter": self.adapter, **outputs})


def training_config(name: str, spec: TuningSpec, opts: pulumi.ResourceOptions) -> Any:
    """Declare the ConfigMap with the training configuration; return its name, the user's own, or None for KAITO's default."""
    text = spec.config_text()
    if not text:
        return spec.config
    made = ConfigMap(name, metadata=spec.config_metadata(), data={TRAINING_KEY: text}, opts=opts)
    return made.metadata.apply(lambda stored: stored["name"])
