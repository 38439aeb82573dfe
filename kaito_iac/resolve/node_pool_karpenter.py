"""Resolves a pool whose nodes Karpenter makes, on Azure or AWS."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

import pulumi

from kaito_iac.catalog.label import CAPACITY_TYPE, GPU, INSTANCE_TYPE
from kaito_iac.catalog.record import GpuSize
from kaito_iac.problem import Problem, Unknown
from kaito_iac.resolve.node_pool_aks import read_cluster
from kaito_iac.resolve.node_pool_disk import read_disk
from kaito_iac.resolve.node_pool_manifest import KarpenterNodes
from kaito_iac.resolve.node_pool_reading import read_new_nodes
from kaito_iac.resolve.pool_spec import NodePoolSpec, subnet_id
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_label, label_value, shown, some_text

DISK_GIB: Final = 300
"""OS disk of the NodeClasses that KAITO 0.12 makes itself."""
LARGEST_DISK_GIB: Final = 2048
AZURE_IMAGES: Final = ("Ubuntu", "Ubuntu2204", "Ubuntu2404", "AzureLinux")
DURATION: Final = re.compile(r"([0-9]+(s|m|h))+|Never")
AMI: Final = re.compile(r"al2023@\S+")
OF_AZURE: Final = ("subnet_id",)
OF_AWS: Final = ("eks_cluster", "node_role")


def read_karpenter(reader: Reader, name: str) -> NodePoolSpec:
    """Read a pool of Karpenter's; problems go to the reader."""
    around = read_cluster(reader)
    nodes = read_new_nodes(reader, name, "karpenter", region="eastus", cluster_region=around.location if around else "")
    most = 0 if isinstance(nodes.max_nodes, Unknown) else nodes.max_nodes
    drifted = reader.number("replace_drifted", 0, 1000, "nodes") or 0
    karpenter = replace(
        _karpenter(reader, name, nodes.size),
        requirements=_requirements(reader, nodes.size, nodes.spot, nodes.location),
        labels=nodes.labels,
        taint=nodes.taints[0] if nodes.taints else "",
        replicas=None if nodes.autoscaled else most,
        limits={GPU: most * nodes.hardware.gpus} if nodes.autoscaled else {"nodes": most + drifted},
        replace_drifted=drifted,
        empty_after=(_duration(reader, "empty_after") or "15m") if nodes.autoscaled else "Never",
    )
    return replace(
        nodes,
        pool_name=karpenter.object_name,
        extra={"gpu_profile": {"driver": _driver(reader, nodes.size)}},
        karpenter=karpenter,
    )


def _karpenter(reader: Reader, name: str, size: GpuSize | None) -> KarpenterNodes:
    """Read what does not depend on how many nodes there are."""
    aws = size is not None and size.cloud == "aws"
    class_name, class_spec = _node_class(reader, name, size)
    return KarpenterNodes(
        group="karpenter.k8s.aws" if aws else "karpenter.azure.com",
        kind="EC2NodeClass" if aws else "AKSNodeClass",
        object_name=_object_name(reader, name),
        class_name=class_name,
        class_spec=class_spec,
        expire_after=_duration(reader, "expire_after") or "Never",
        wait=reader.flag("wait", True),
    )


def _object_name(reader: Reader, name: str) -> str:
    reader.add(label_value("the component's name", name))
    given = reader.text("pool_name", "name of the NodePool") or name.lower()
    reader.add(dns_label()("pool_name", given))
    return given


def _driver(reader: Reader, size: GpuSize | None) -> str:
    driver = reader.text("driver") or "Install"
    if driver == "None" and size and size.cloud == "aws":
        message = "'None', while the image of EKS brings the driver"
        reader.add(Problem("KS265", "driver", message, "Install", "leave driver out"))
    return driver


def _requirements(reader: Reader, size: GpuSize | None, spot: bool, location: str) -> tuple[dict[str, Any], ...]:
    """Return one size, its price and where: demand and quota are read from them."""
    found = [
        _is_in(INSTANCE_TYPE, [size.name if size else ""]),
        _is_in(CAPACITY_TYPE, ["spot" if spot else "on-demand"]),
    ]
    azure = size is None or size.cloud == "azure"
    zones = reader.words("zones")
    if zones and azure and not location:
        message = "without location: Karpenter's zones on Azure are called REGION-1"
        reader.add(Problem("KS102", "zones", message, "location beside zones", "give location"))
    if zones:
        names = [f"{location}-{zone}" if azure and isinstance(zone, str) and "-" not in zone else zone for zone in zones]
        found.append(_is_in("topology.kubernetes.io/zone", names))
    elif azure:
        found.append(_is_in("karpenter.azure.com/placement-scope", ["regional"]))  # as KAITO 0.12 asks for on Azure
    return tuple(found)


def _is_in(key: str, values: list[Any]) -> dict[str, Any]:
    return {"key": key, "operator": "In", "values": values}


def _node_class(reader: Reader, name: str, size: GpuSize | None) -> tuple[str, dict[str, Any] | None]:
    """Read what nodes are made of; return the NodeClass's name, and its spec unless it exists already."""
    existing = reader.text("node_class", "name of a NodeClass that exists")
    cloud = size.cloud if size else "azure"
    if cloud == "arc":
        reader.add(Problem("KS265", "instance_type", "a size of arc, where Karpenter makes no nodes", "a size of azure or aws"))
    if existing:
        for key in ("os_disk_gib", "for_models", "image_family", "tags", *OF_AZURE, *OF_AWS):
            if reader.has(key):
                message = "together with node_class, which defines it"
                reader.add(Problem("KS105", key, message, "either node_class, or the settings of a new one", f"leave {key} out"))
        return existing, None
    for key in OF_AZURE if cloud == "aws" else OF_AWS:
        if reader.has(key):
            reader.add(Problem("KS265", key, f"with a size of {cloud}", "an argument of this cloud", f"leave {key} out"))
    disk = read_disk(reader, size, largest=LARGEST_DISK_GIB) or DISK_GIB
    return name.lower(), _ec2(reader, disk) if cloud == "aws" else _azure(reader, disk)


def _azure(reader: Reader, disk: int) -> dict[str, Any]:
    values = {
        "imageFamily": reader.text("image_family", choices=AZURE_IMAGES) or "Ubuntu2204",
        "osDiskSizeGB": disk,
        "gpu": {"mode": "None"} if reader.args.get("driver") == "None" else None,
        "vnetSubnetID": reader.late("subnet_id", subnet_id),
        "tags": reader.texts("tags") or None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _ec2(reader: Reader, disk: int) -> dict[str, Any]:
    cluster = reader.late("eks_cluster", some_text)
    if cluster is None:
        accepted = "name of the EKS cluster: its role, subnets and security groups are found by it"
        reader.add(Problem("KS102", "eks_cluster", "missing", accepted, "give eks_cluster, or node_class"))
    image = reader.text("image_family", "an AMI alias, such as al2023@latest") or "al2023@latest"
    if not AMI.fullmatch(image):
        reader.add(Problem("KS102", "image_family", shown(image), "an alias of AL2023, such as al2023@latest"))
    role = reader.late("node_role", some_text)
    if role is None and cluster is not None:
        role = pulumi.Output.concat("KarpenterNodeRole-", cluster)
    found = [{"tags": {"karpenter.sh/discovery": cluster}}]
    volume = {"volumeSize": f"{disk}Gi", "volumeType": "gp3", "deleteOnTermination": True, "encrypted": True}
    tags = reader.texts("tags")
    return {
        "role": role,
        "amiSelectorTerms": [{"alias": image}],
        "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": volume}],
        "subnetSelectorTerms": found,
        "securityGroupSelectorTerms": found,
        **({"tags": tags} if tags else {}),
    }


def _duration(reader: Reader, key: str) -> str | None:
    given = reader.text(key, "a duration such as 720h, or Never")
    if given is not None and not DURATION.fullmatch(given):
        reader.add(Problem("KS102", reader.path(key), shown(given), "a duration such as 30m or 720h, or Never"))
    return given
