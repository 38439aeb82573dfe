"""A Kubernetes object of any kind as a Pulumi resource of the kubernetes provider, without its typed SDK modules."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi


@cache
def provider_version() -> str:
    """Return the version of the installed pulumi-kubernetes package, which is also its provider's."""
    return version("pulumi-kubernetes")


def token(api_version: str, kind: str) -> str:
    """Return the Pulumi type of a Kubernetes kind, such as `kubernetes:kaito.sh/v1beta1:Workspace`."""
    return f"kubernetes:{api_version if '/' in api_version else f'core/{api_version}'}:{kind}"


def stored(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return metadata without empty maps: the API server stores none, so every preview would show them as a change."""
    return {key: value for key, value in metadata.items() if not (isinstance(value, Mapping) and not value)}


class KubernetesObject(pulumi.CustomResource):
    """Holds one object; fields beside apiVersion, kind and metadata are passed as they are.

    `apiextensions.CustomResource` of the Python SDK passes `spec` alone, which KAITO's Workspace does not have.
    Outputs are annotated for type checkers alone: they exist without, and the SDK evaluates the annotations of a class
    anew for every resource, a tenth of the time of registering it.
    """

    served_as: ClassVar[tuple[str, str]]
    """apiVersion and kind."""
    immutable: ClassVar[tuple[str, ...]] = ()
    """Fields the kind's admission refuses to change: a change of one replaces the object."""
    if TYPE_CHECKING:
        metadata: pulumi.Output[Mapping[str, Any]]
        """Metadata as the API server stored it."""
        status: pulumi.Output[Any]
        """Status as its controller last wrote it; None before that."""

    def __init__(
        self,
        resource_name: str,
        api_version: str,
        kind: str,
        metadata: Mapping[str, Any],
        fields: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        properties = {"apiVersion": api_version, "kind": kind, "metadata": stored(metadata), "status": None, **fields}
        options = copy(opts) if opts else pulumi.ResourceOptions()
        options.version = options.version or provider_version()
        if options.import_ is None:  # what is taken over is never replaced
            options.replace_on_changes = [*self.immutable, *(options.replace_on_changes or ())] or None
        super().__init__(token(api_version, kind), resource_name, properties, options)
