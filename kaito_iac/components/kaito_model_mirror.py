"""A mirror of a model's weights: one ModelMirror, and the path the weights have in the cluster."""

from collections.abc import Mapping
from typing import Any, Unpack, overload

import pulumi

from kaito_iac.components.dependencies import before
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.kinds.kaito_model_mirror import KaitoModelMirrorArgs
from kaito_iac.resolve.model_mirror import ModelMirrorSpec, resolve_model_mirror
from kaito_iac.resources.model_mirror import ModelMirror


@collectable
class KaitoModelMirror(pulumi.ComponentResource):
    """Keeps one model's weights inside the cluster, for its Workspaces to start from; a change makes it anew."""

    name: pulumi.Output[str]
    """Name of the ModelMirror, by which KAITO finds it."""
    path: pulumi.Output[str | None]
    """Where the weights are, as its controller says; null before that."""

    @overload
    def __init__(
        self, resource_name: str, args: KaitoModelMirrorArgs | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[KaitoModelMirrorArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: KaitoModelMirrorArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec: ModelMirrorSpec = resolve_model_mirror(resource_name, args)
        super().__init__("kaito-iac:index:KaitoModelMirror", resource_name, self.spec.inputs(), opts)
        warn(resource_name, self.spec.problems, self)
        wait = f"{self.spec.wait_seconds}s" if self.spec.wait_seconds else None
        self.workload = made = ModelMirror(
            f"{resource_name}-modelmirror",
            metadata=self.spec.metadata(),
            spec=self.spec.spec(),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=before(args) or None,
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create=wait, update=wait, delete="30m"),
            ),
        )
        self.name = made.metadata.apply(lambda stored: str(stored["name"]))
        self.path = made.status.apply(model_path)
        self.register_outputs({"name": self.name, "path": self.path})


def model_path(status: Any) -> str | None:
    """Return the path of the weights from the status of a ModelMirror."""
    path = status.get("modelPath") if isinstance(status, Mapping) else None
    return path if isinstance(path, str) else None
