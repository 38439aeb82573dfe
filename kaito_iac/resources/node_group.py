"""A managed node group of EKS as the provider `aws` registers it, without its SDK; the engine installs the provider's plugin."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import pulumi

GROUP: Final = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"


class NodeGroup(pulumi.CustomResource):
    """One node group; properties are those of `pulumi_aws.eks.NodeGroup`, in camelCase."""

    def __init__(self, resource_name: str, properties: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(GROUP, resource_name, dict(properties), pulumi.ResourceOptions.merge(_own(), opts))


class LaunchTemplate(pulumi.CustomResource):
    """A launch template of EC2."""

    def __init__(self, resource_name: str, properties: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        known = {key: value for key, value in properties.items() if value is not None}
        super().__init__(TEMPLATE, resource_name, {**known, "latestVersion": None}, pulumi.ResourceOptions.merge(_own(), opts))

    @property
    def latest(self) -> pulumi.Output[str]:
        """Return the number of its latest version."""
        number: pulumi.Output[Any] = self.__dict__["latestVersion"]
        return number.apply(str)


def _own() -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(version=_version())


@cache
def _version() -> str | None:
    try:
        return version("pulumi-aws")
    except PackageNotFoundError:
        return None
