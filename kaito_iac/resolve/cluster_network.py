"""Resolves the network of an AKS cluster: how nodes and pods get addresses, and who reaches the API server."""

from __future__ import annotations

from ipaddress import IPv4Network, ip_address, ip_network
from typing import Any, Final

from kaito_iac.kinds.kaito_cluster import ClusterNetworkArgs
from kaito_iac.problem import Problem
from kaito_iac.resolve.pool_spec import subnet_id
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import shown

WIDE: Final = "0.0.0.0/0"


def network_profile(reader: Reader, automatic: bool) -> tuple[dict[str, Any], Any]:
    """Read the network: Azure CNI overlay always, Cilium with node auto-provisioning; return the profile and the subnet."""
    inner = reader.inner("network", ClusterNetworkArgs)
    dataplane = inner.text("dataplane") or ("cilium" if automatic else "azure")
    policy = inner.text("policy", choices=("azure", "calico", "cilium", "none"))
    if automatic and dataplane != "cilium" and not inner.problems_at("dataplane"):
        message = f"'{dataplane}' with node auto-provisioning: AKS supports it, and recommends Cilium"
        inner.add(Problem("KO420", inner.path("dataplane"), message, "cilium", "leave dataplane out", "warning"))
    if automatic and policy == "calico":
        message = "'calico' with node auto-provisioning, which AKS excludes"
        inner.add(Problem("KO420", inner.path("policy"), message, "cilium, azure or none", "leave policy out"))
    if policy is not None and (dataplane == "cilium") != (policy == "cilium"):
        accepted = "cilium, the only one with dataplane cilium" if dataplane == "cilium" else "azure, calico or none"
        inner.add(Problem("KO420", inner.path("policy"), f"'{policy}' with dataplane {dataplane}", accepted))
    ranges = {key: inner.late(key, _range) for key in ("pod_cidr", "service_cidr")}
    dns = inner.late("dns_service_ip", _address)
    _consistent(inner, ranges, dns)
    subnet = inner.late("subnet_id", subnet_id)
    values = {
        "network_policy": policy or ("cilium" if dataplane == "cilium" else None),
        "pod_cidr": ranges["pod_cidr"],
        "service_cidr": ranges["service_cidr"],
        "dns_service_ip": dns,
        "outbound_type": inner.text("outbound_type"),
    }
    reader.take(inner)
    base = {"network_plugin": "azure", "network_plugin_mode": "overlay", "network_dataplane": dataplane}
    return base | {key: value for key, value in values.items() if value is not None}, subnet


def server_access(reader: Reader) -> dict[str, Any]:
    """Read who reaches the API server: everyone, some address ranges, or the network of the cluster alone."""
    private = reader.flag("private_cluster", False)
    ranges = [_checked_range(reader, index, item) for index, item in enumerate(reader.items("authorized_ip_ranges"))]
    if private and ranges:
        message = "together with private_cluster, which has no public address"
        fix = "leave authorized_ip_ranges out"
        reader.add(Problem("KS105", "authorized_ip_ranges", message, "one of both (AKS)", fix))
    profile: dict[str, Any] = {"enable_private_cluster": True} if private else {}
    profile |= {"authorized_ip_ranges": ranges} if ranges else {}
    return {"api_server_access_profile": profile} if profile else {}


def _checked_range(reader: Reader, index: int, item: Any) -> Any:
    path = f"authorized_ip_ranges[{index}]"
    if item == WIDE:
        message = "every address of the internet"
        reader.add(
            Problem(
                "KO423", path, message, "ranges of your own", "leave authorized_ip_ranges out, which means the same", "warning"
            )
        )
    return reader.checked(path, item, _range)


def _range(path: str, value: Any) -> Problem | None:
    return None if _network(value) else Problem("KS102", path, shown(value), "an IPv4 range, such as 10.244.0.0/16")


def _address(path: str, value: Any) -> Problem | None:
    try:
        ip_address(value if isinstance(value, str) else "")
    except ValueError:
        return Problem("KS102", path, shown(value), "an IPv4 address, such as 10.0.0.10")
    return None


def _network(value: Any) -> IPv4Network | None:
    try:
        found = ip_network(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if isinstance(found, IPv4Network) else None


def _consistent(inner: Reader, ranges: dict[str, Any], dns: Any) -> None:
    pods, services = _network(ranges["pod_cidr"]), _network(ranges["service_cidr"])
    if pods and services and pods.overlaps(services):
        message = (
            f"{services} is inside pod_cidr, {pods}" if services.subnet_of(pods) else f"{services} overlaps pod_cidr, {pods}"
        )
        inner.add(Problem("KS105", inner.path("service_cidr"), message, "ranges that share no address"))
    if services and isinstance(dns, str) and not inner.problems_at("dns_service_ip") and ip_address(dns) not in services:
        inner.add(
            Problem("KS105", inner.path("dns_service_ip"), f"{dns} is outside service_cidr, {services}", "an address in it")
        )
    if dns is not None and not inner.has("service_cidr"):
        accepted = "service_cidr beside it"
        inner.add(
            Problem("KS105", inner.path("dns_service_ip"), "without service_cidr", accepted, f"give {inner.path('service_cidr')}")
        )
