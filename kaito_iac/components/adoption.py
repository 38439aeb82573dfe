"""Takes over an object that exists: it is looked up first, refused where another owner manages it, and imported."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

import pulumi

from kaito_iac.errors import SpecError, warn
from kaito_iac.problem import errors
from kaito_iac.resolve.adoption import Adoption
from kaito_iac.resources.kubernetes_object import KubernetesObject, provider_version, token

FORCE = "pulumi.com/patchForce"
"""Annotation by which the Kubernetes provider takes fields that others set."""


class Running(pulumi.CustomResource):
    """The object as it is in the cluster: read, and never written."""

    metadata: pulumi.Output[Any]

    def __init__(self, name: str, kind: tuple[str, str], fields: Sequence[str], identity: str, parent: pulumi.Resource) -> None:
        namespace, _, own = identity.rpartition("/")
        metadata = {"namespace": namespace, "name": own}  # the provider reads in the namespace of these, not of the id
        properties = {"apiVersion": kind[0], "kind": kind[1], "metadata": metadata, **dict.fromkeys(fields)}
        opts = pulumi.ResourceOptions(parent=parent, id=identity, version=provider_version())
        super().__init__(token(*kind), name, properties, opts)


def adopted(options: pulumi.ResourceOptions, adoption: Adoption | None) -> pulumi.ResourceOptions:
    """Return the options of what is taken over: imported, changed in place alone, and kept by a destroy."""
    if adoption is None:
        return options
    found = copy(options)
    found.import_ = adoption.object
    found.retain_on_delete = None if adoption.delete else True
    found.replace_on_changes = None
    return found


def after_check(
    options: pulumi.ResourceOptions,
    adoption: Adoption | None,
    component: pulumi.Resource,
    kind: type[KubernetesObject],
    own: Mapping[str, Any],
) -> pulumi.ResourceOptions:
    """Return the options of an object that is taken over, and registered only once the running one may be.

    `own` is what the program writes; what of it cannot change in place has to be as it is.
    """
    if adoption is None:
        return options
    from kaito_iac.readiness.ownership import Takeover, takeover_problems  # most programs take nothing over

    name = component.pulumi_resource_name
    fixed = (*kind.immutable, *(options.replace_on_changes or ()))
    over = Takeover(name=adoption.object, served_as=kind.served_as, fixed=fixed, force=adoption.force)
    running = Running(f"{name}-running", kind.served_as, [key for key in own if key != "metadata"], adoption.object, component)

    def judge(both: Mapping[str, Any]) -> pulumi.Resource:
        if not both["live"]["metadata"].get("uid"):  # a recording of a test, which reads no cluster
            return running
        problems = takeover_problems(both["live"], both["own"], over)
        if errors(problems):
            raise SpecError(f"{type(component).__name__} {name!r}", problems)
        warn(name, problems, component)
        return running

    live = {key: getattr(running, key) for key in own}
    gate = pulumi.Output.all(live=live, own=dict(own)).apply(judge)
    found = adopted(options, adoption)
    found.depends_on = [*(options.depends_on or ()), gate]  # type: ignore[misc]  # lists alone are passed here
    return found


def forced(metadata: Mapping[str, Any], adoption: Adoption | None) -> dict[str, Any]:
    """Return metadata by which the provider takes fields that others set, where that is wanted."""
    if adoption is None or not adoption.force:
        return dict(metadata)
    return {**metadata, "annotations": {**metadata.get("annotations", {}), FORCE: "true"}}
