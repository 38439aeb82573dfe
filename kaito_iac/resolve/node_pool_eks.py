"""Resolves a managed node group of EKS: nodes with EKS's accelerated image, between two counts, of reserved capacity too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from kaito_iac.catalog.record import GpuSize
from kaito_iac.problem import Problem
from kaito_iac.resolve.node_pool_disk import read_disk
from kaito_iac.resolve.node_pool_reading import read_new_nodes, stated_size
from kaito_iac.resolve.pool_spec import NodePoolSpec
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import label_value, shown, some_text

IMAGES: Final[Mapping[str, tuple[str, str]]] = {
    "AL2023": ("AL2023_x86_64_NVIDIA", "AL2023_ARM_64_NVIDIA"),
    "Bottlerocket": ("BOTTLEROCKET_x86_64_NVIDIA", "BOTTLEROCKET_ARM_64_NVIDIA"),
}
"""Image families to EKS's accelerated images, which bring NVIDIA's driver and container toolkit.

Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html, amiType.
"""
ARM: Final = re.compile(r"(g5g|gr?\d+g\w*|p\d+g\w*)\..+")
"""Instance types with GPUs on Graviton or Grace."""
_ROLE: Final = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/.+")
_RESERVATION: Final = re.compile(r"cr-[0-9a-f]{8,17}")
_EFFECTS: Final = {"NoSchedule": "NO_SCHEDULE", "NoExecute": "NO_EXECUTE", "PreferNoSchedule": "PREFER_NO_SCHEDULE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeGroup:
    """Input for EKS."""

    cluster: Any
    role: Any
    subnets: tuple[Any, ...]
    image: str
    """amiType."""
    disk_gib: int | None
    reservation: Any
    """Id of a capacity reservation of EC2, possibly an Output; None: none."""
    tags: Mapping[str, Any]

    def template(self) -> dict[str, Any] | None:
        """Return the launch template by which nodes come out of the reservation; None where none is needed."""
        if self.reservation is None:
            return None
        target = {"capacityReservationId": self.reservation}
        disk = {"volumeSize": self.disk_gib or 300, "volumeType": "gp3", "deleteOnTermination": "true"}
        return {
            "capacityReservationSpecification": {"capacityReservationTarget": target},
            "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": disk}],
            "tags": dict(self.tags) or None,
        }

    def properties(self, spec: NodePoolSpec, template: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the properties of the node group, in the names of the provider `aws`."""
        taints = [taint.partition("=") for taint in spec.taints]
        parts = [(key, *rest.split(":", 1)) for key, _, rest in taints]
        found = {
            "clusterName": self.cluster,
            "nodeGroupName": spec.pool_name,
            "nodeRoleArn": self.role,
            "subnetIds": list(self.subnets),
            "instanceTypes": [spec.size.cloud_name if spec.size else spec.instance_type],
            "amiType": self.image,
            "capacityType": "SPOT" if spec.spot else "ON_DEMAND",
            "diskSize": None if template is not None else self.disk_gib,
            "launchTemplate": dict(template) if template is not None else None,
            "scalingConfig": {"minSize": spec.min_nodes, "desiredSize": spec.min_nodes, "maxSize": spec.max_nodes},
            "labels": dict(spec.labels),
            "taints": [{"key": key, "value": value, "effect": _EFFECTS[effect]} for key, value, effect in parts] or None,
            "tags": dict(self.tags) or None,
        }
        return {key: value for key, value in found.items() if value is not None}


def read_eks(reader: Reader, name: str) -> NodePoolSpec:
    """Read a managed node group that is made; problems go to the reader."""
    nodes = read_new_nodes(reader, name, "eks", region="us-east-1")
    reader.add(label_value("the component's name", name))
    group = NodeGroup(
        cluster=_needed(reader, "eks_cluster", some_text, "the name of the EKS cluster"),
        role=_needed(reader, "node_role", _role, "the ARN of the role of the nodes"),
        subnets=tuple(_subnets(reader)),
        image=_image(reader, nodes.size),
        disk_gib=read_disk(reader, nodes.size, largest=16384),
        reservation=_reservation(reader),
        tags=reader.texts("tags"),
    )
    return replace(
        nodes,
        pool_name=reader.text("pool_name", "a name of at most 63 characters") or name,
        node_group=group,
        reserved=group.reservation is not None,
    )


def _needed(reader: Reader, key: str, check: Any, accepted: str) -> Any:
    if not reader.has(key):
        reader.add(Problem("KS102", key, "missing", accepted, f"give {key}"))
    return reader.late(key, check)


def _subnets(reader: Reader) -> list[Any]:
    found = reader.words("subnet_ids")
    if not found and not reader.problems_at("subnet_ids"):
        reader.add(Problem("KS102", "subnet_ids", "missing", "ids of the subnets of the nodes", "subnet_ids=['subnet-…']"))
    return found


def _role(path: str, value: Any) -> Problem | None:
    if isinstance(value, str) and _ROLE.fullmatch(value):
        return None
    return Problem("KS102", path, shown(value), "the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME", "aws iam get-role")


def _image(reader: Reader, size: GpuSize | None) -> str:
    family = reader.text("image_family", choices=tuple(IMAGES)) or "AL2023"
    named = size.cloud_name if size else stated_size(reader)
    return IMAGES[family][bool(ARM.fullmatch(named))]


def _reservation(reader: Reader) -> Any:
    def check(path: str, value: Any) -> Problem | None:
        if isinstance(value, str) and _RESERVATION.fullmatch(value):
            return None
        return Problem("KS102", path, shown(value), "the id of a capacity reservation of EC2, cr-…")

    given = reader.late("capacity_reservation", check)
    if given is not None and reader.args.get("spot") is True:
        message = "together with spot, which cannot be reserved"
        reader.add(Problem("KS105", "capacity_reservation", message, "spot, or a reservation", "leave spot out"))
    return given
