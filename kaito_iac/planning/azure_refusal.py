"""What Azure refuses of an AKS cluster or agent pool while an update runs, and what works otherwise than it reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from ipaddress import IPv4Network
from typing import Any, Final

from kaito_iac.catalog.find import find_any_size, pool_size_problems
from kaito_iac.catalog.label import KEPT_LABELS
from kaito_iac.demand.aks import agent_pools, pool_nodes, surge_of
from kaito_iac.demand.range import Range
from kaito_iac.problem import Problem
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource

MOST_INSTANCES: Final = 1000
"""Instances of one agent pool, those that an upgrade adds included (AKS release of 7 August 2026)."""
_CLUSTER: Final = re.compile(r"azure-native(_containerservice_v\w+)?:containerservice(/\w+)?:ManagedCluster")
_PREFIX: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?")
_NAMES: Final = {"linux": re.compile(r"[a-z][a-z0-9]{0,11}"), "windows": re.compile(r"[a-z][a-z0-9]{0,5}")}
_OWN_EGRESS: Final = ("userDefinedRouting", "userAssignedNATGateway")
_KEPT_PREFIXES: Final = ("kubernetes.azure.com/", "kubernetes.io/")
_SPOT_LABEL: Final = "kubernetes.azure.com/scalesetpriority"
_ZONES: Final = ("1", "2", "3")
_KEPT: Final = tuple(map(IPv4Network, ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")))
"""Ranges that AKS uses itself."""


def azure_problems(resources: Iterable[Resource]) -> Iterator[Problem]:
    """Report what Azure answers with a refusal in the middle of an update; what is not known is left alone."""
    for resource in resources:
        pools = [(path, pool) for path, pool in agent_pools(resource) if isinstance(pool, Mapping)]
        if _CLUSTER.fullmatch(resource.type):
            yield from _of_cluster(resource, [pool for _, pool in pools])
        for path, pool in pools:
            yield from _of_pool(f"{resource.name}: {path}." if path else f"{resource.name}: ", resource, pool, bool(path))


def _of_cluster(resource: Resource, pools: list[Mapping[str, Any]]) -> Iterator[Problem]:
    prefix = field(resource.inputs, "dnsPrefix")
    if isinstance(prefix, str) and not _PREFIX.fullmatch(prefix):
        message = f"'{prefix}', {len(prefix)} characters"
        yield _refused(f"{resource.name}: dnsPrefix", message, "1 to 54 letters, digits and hyphens, none of them at an end")
    network = field(resource.inputs, "networkProfile")
    outbound = field({"network": network}, "network", "outboundType")
    subnets = [pool.get("vnetSubnetID") for pool in pools]
    if outbound in _OWN_EGRESS and pools and not any(subnets):
        message = f"{outbound} without a subnet of your own"
        yield _refused(f"{resource.name}: networkProfile.outboundType", message, "vnetSubnetID on the pools, or loadBalancer")
    if outbound == "managedNATGateway" and any(isinstance(subnet, str) for subnet in subnets):
        message = "managedNATGateway with a subnet of your own"
        yield _refused(f"{resource.name}: networkProfile.outboundType", message, "userAssignedNATGateway, or no subnet")
    yield from _of_ranges(f"{resource.name}: networkProfile.", network)


def _of_ranges(where: str, network: Any) -> Iterator[Problem]:
    """Report ranges of pods and services that AKS refuses, and an address of the DNS service that is another service's.

    Source: learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay, "IP address planning".
    """
    services, pods = (_range(field({"network": network}, "network", key)) for key in ("serviceCidr", "podCidr"))
    if services is not None and services.prefixlen < 12:
        yield _refused(f"{where}serviceCidr", str(services), "a range no larger than /12")
    for key, found in (("serviceCidr", services), ("podCidr", pods)):
        kept = next((one for one in _KEPT if found is not None and found.overlaps(one)), None)
        if kept is not None:
            yield _refused(f"{where}{key}", f"{found} overlaps {kept}, which AKS keeps to itself", "another private range")
    dns = field({"network": network}, "network", "dnsServiceIP")
    if services is not None and isinstance(dns, str) and dns == str(services[1] if services.num_addresses > 1 else ""):
        message = f"{dns}, the first address of {services}, which is that of the API server"
        yield _refused(
            f"{where}dnsServiceIP", message, f"another address of it, such as {services[min(10, services.num_addresses - 1)]}"
        )


def _range(cidr: Any) -> IPv4Network | None:
    try:
        return IPv4Network(cidr) if isinstance(cidr, str) else None
    except ValueError:
        return None


def _of_pool(where: str, resource: Resource, pool: Mapping[str, Any], inside: bool) -> Iterator[Problem]:
    name = pool.get("name") if inside else pool.get("agentPoolName")
    system = str(pool.get("osType") or "Linux").lower()
    if isinstance(name, str) and system in _NAMES and not _NAMES[system].fullmatch(name):
        most = 6 if system == "windows" else 12
        key = "name" if inside else "agentPoolName"
        yield _refused(f"{where}{key}", f"'{name}'", f"a letter, then letters and digits, all lower case, at most {most}")
    for zone in pool.get("availabilityZones") or ():
        if isinstance(zone, str) and zone not in _ZONES:
            yield _refused(f"{where}availabilityZones", f"'{zone}'", "'1', '2' or '3'")
    yield from _of_labels(where, pool)
    yield from _of_nodes(where, pool)
    yield from _of_size(where, pool)
    yield from _of_price(where, pool)
    yield from _of_upgrade(where, pool)
    gpus = pool.get("gpuInstanceProfile")
    if isinstance(gpus, str) and pool.get("enableAutoScaling") is True:
        message = f"{gpus} on an autoscaled pool: the cluster autoscaler counts only nvidia.com/gpu, not slices"
        yield Problem(
            "KS282", f"{where}gpuInstanceProfile", message, "a fixed count", "set count, and no minCount or maxCount", "warning"
        )


def _of_labels(where: str, pool: Mapping[str, Any]) -> Iterator[Problem]:
    """Report labels that AKS keeps to itself, but for the one of spot nodes, which it takes."""
    labels = pool.get("nodeLabels")
    for label in labels if isinstance(labels, Mapping) else ():
        if label in KEPT_LABELS or (str(label).startswith(_KEPT_PREFIXES) and label != _SPOT_LABEL):
            message = "a label that AKS keeps to itself and refuses"
            yield Problem("KS261", f"{where}nodeLabels[{label}]", message, "a label of your own", "choose another key")


def _of_nodes(where: str, pool: Mapping[str, Any]) -> Iterator[Problem]:
    """Report numbers of nodes that contradict each other, and system pools without nodes or on spot."""
    low, high, count = (
        pool.get(key) if isinstance(pool.get(key), int | float) else None for key in ("minCount", "maxCount", "count")
    )
    scaled, system = pool.get("enableAutoScaling") is True, str(pool.get("mode") or "").lower() == "system"
    if scaled and low is not None and high is not None and low > high:
        yield _refused(f"{where}minCount", f"{low:g}, more than maxCount ({high:g})", f"at most {high:g}")
    if system and (low if scaled else count) == 0:
        yield _refused(f"{where}{'minCount' if scaled else 'count'}", "0 in a system pool", "1 or more, or mode User")
    if system and str(pool.get("scaleSetPriority") or "").lower() == "spot":
        yield _refused(f"{where}scaleSetPriority", "Spot in a system pool", "Regular, or mode User")


def _of_size(where: str, pool: Mapping[str, Any]) -> Iterator[Problem]:
    """Report a size that Azure has retired, and GPUs that are to be cut and cannot."""
    name = pool.get("vmSize")
    size = find_any_size(name, "azure") if isinstance(name, str) else None
    if size is None:
        return
    gone = (one for one in pool_size_problems(size.name, "azure", f"{where}vmSize", stated=True, exists=False))
    yield from (one for one in gone if one.code == "KS294")
    mig = pool.get("gpuInstanceProfile")
    if isinstance(mig, str) and not size.mig_capable:
        yield _refused(
            f"{where}gpuInstanceProfile", f"{mig} on {size.name} with {size.gpu_model}", "a size with A100, H100 or H200"
        )


def _of_price(where: str, pool: Mapping[str, Any]) -> Iterator[Problem]:
    price = pool.get("spotMaxPrice")
    if not isinstance(price, int | float) or isinstance(price, bool) or price == -1:
        return
    try:
        exponent = Decimal(str(price)).as_tuple().exponent
    except InvalidOperation:
        return
    if isinstance(exponent, int) and exponent < -5:
        yield _refused(f"{where}spotMaxPrice", str(price), "at most five decimals, US dollars an hour, or -1")


def _of_upgrade(where: str, pool: Mapping[str, Any]) -> Iterator[Problem]:
    spot = str(pool.get("scaleSetPriority") or "").lower() == "spot"
    settings = pool.get("upgradeSettings")
    known = settings if isinstance(settings, Mapping) else {}
    surge, less = (known.get(key) for key in ("maxSurge", "maxUnavailable"))
    if spot and surge is not None:
        message = "maxSurge on a spot pool, where it has no effect"
        yield Problem("KS282", f"{where}upgradeSettings", message, "no maxSurge", "leave maxSurge out", "warning")
    if all(isinstance(value, str) and not re.fullmatch(r"0+%?", value) for value in (surge, less)):
        message = f"maxSurge {surge} and maxUnavailable {less}: both above 0 is a preview of AKS"
        yield Problem("KS282", f"{where}upgradeSettings", message, "one of them above 0", "leave one of them out", "warning")
    nodes = pool_nodes(pool)
    more = surge_of(pool, nodes) if not spot else Range(0, 0, 0)
    if isinstance(nodes, Range) and isinstance(more, Range) and nodes.high + more.high > MOST_INSTANCES:
        message = f"{nodes.high:g} nodes and {more.high:g} while AKS upgrades"
        yield _refused(f"{where}maxCount", message, f"at most {MOST_INSTANCES} instances together")


def _refused(path: str, found: str, accepted: str) -> Problem:
    return Problem("KS282", path, found, accepted, "change it: Azure refuses it in the middle of an update")
