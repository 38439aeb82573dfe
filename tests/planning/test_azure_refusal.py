"""What Azure refuses of clusters and pools."""

from __future__ import annotations

import pytest

from kaito_iac.planning.azure_refusal import azure_problems
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

FIX = " / change it: Azure refuses it in the middle of an update"
SIZE = {"vmSize": "Standard_NC24ads_A100_v4", "name": "gpu", "count": 1}


def said(pool=(), **cluster):
    inputs = {"dnsPrefix": "kaito", "agentPoolProfiles": [{**SIZE, **dict(pool)}], **cluster}
    resource = Resource("urn:c", "azure-native:containerservice:ManagedCluster", "c", None, inputs)
    return [f"{problem.severity}: {problem.headline} / {problem.fix}" for problem in azure_problems([resource])]


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        pytest.param({}, [], id="nothing wrong"),
        pytest.param({"dnsPrefix": "k" * 54}, [], id="54 characters"),
        pytest.param(
            {"dnsPrefix": "k" * 55},
            [
                f"error: c: dnsPrefix: '{'k' * 55}', 55 characters; expected 1 to 54 letters, digits and hyphens, none of them"
                f" at an end [KS282]{FIX}"
            ],
            id="one character more",
        ),
        pytest.param({"dnsPrefix": Unknown("set by an output")}, [], id="not known"),
        pytest.param(
            {"networkProfile": {"outboundType": "userDefinedRouting"}},
            [
                "error: c: networkProfile.outboundType: userDefinedRouting without a subnet of your own; expected vnetSubnetID on"
                f" the pools, or loadBalancer [KS282]{FIX}"
            ],
            id="routes of your own without a subnet",
        ),
        pytest.param(
            {"networkProfile": {"serviceCidr": "10.0.0.0/8"}},
            [f"error: c: networkProfile.serviceCidr: 10.0.0.0/8; expected a range no larger than /12 [KS282]{FIX}"],
            id="a range of services that is too large",
        ),
        pytest.param({"networkProfile": {"serviceCidr": "10.16.0.0/12"}}, [], id="the largest range"),
        pytest.param(
            {"networkProfile": {"serviceCidr": "172.30.8.0/24", "podCidr": "192.0.2.0/24"}},
            [
                "error: c: networkProfile.serviceCidr: 172.30.8.0/24 overlaps 172.30.0.0/16, which AKS keeps to itself; expected"
                f" another private range [KS282]{FIX}",
                "error: c: networkProfile.podCidr: 192.0.2.0/24 overlaps 192.0.2.0/24, which AKS keeps to itself; expected"
                f" another private range [KS282]{FIX}",
            ],
            id="ranges that AKS uses itself",
        ),
        pytest.param(
            {"networkProfile": {"serviceCidr": "10.0.0.0/16", "dnsServiceIP": "10.0.0.1"}},
            [
                "error: c: networkProfile.dnsServiceIP: 10.0.0.1, the first address of 10.0.0.0/16, which is that of the API"
                f" server; expected another address of it, such as 10.0.0.10 [KS282]{FIX}"
            ],
            id="an address of DNS that is the API server's",
        ),
        pytest.param(
            {"networkProfile": {"serviceCidr": "172.29.0.0/16", "podCidr": "10.244.0.0/16", "dnsServiceIP": "172.29.0.10"}},
            [],
            id="ranges beside them",
        ),
    ],
)
def test_clusters(cluster, expected):
    """What ARM refuses is known before. Sources: azure-aks-docs, egress-outboundtype and concepts-network-azure-cni-overlay."""
    assert said(**cluster) == expected


def test_nat_gateway_of_aks_with_a_subnet():
    """AKS makes no NAT gateway for a subnet of your own."""
    assert said({"vnetSubnetID": "/subscriptions/s"}, networkProfile={"outboundType": "managedNATGateway"}) == [
        "error: c: networkProfile.outboundType: managedNATGateway with a subnet of your own; expected userAssignedNATGateway, or"
        f" no subnet [KS282]{FIX}"
    ]


AT = "c: agentPoolProfiles[0]."


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        pytest.param({"name": "abcdefghijkl"}, [], id="12 characters"),
        pytest.param(
            {"name": "System_Pool-1"},
            [
                f"error: {AT}name: 'System_Pool-1'; expected a letter, then letters and digits, all lower case, at most 12"
                f" [KS282]{FIX}"
            ],
            id="capitals and other characters",
        ),
        pytest.param(
            {"name": "windows", "osType": "Windows"},
            [f"error: {AT}name: 'windows'; expected a letter, then letters and digits, all lower case, at most 6 [KS282]{FIX}"],
            id="7 characters on Windows",
        ),
        pytest.param(
            {"availabilityZones": ["1", "4"]},
            [f"error: {AT}availabilityZones: '4'; expected '1', '2' or '3' [KS282]{FIX}"],
            id="a fourth zone",
        ),
        pytest.param(
            {"scaleSetPriority": "Spot", "spotMaxPrice": 1.234567},
            [f"error: {AT}spotMaxPrice: 1.234567; expected at most five decimals, US dollars an hour, or -1 [KS282]{FIX}"],
            id="six decimals",
        ),
        pytest.param({"scaleSetPriority": "Spot", "spotMaxPrice": -1}, [], id="the price on demand"),
        pytest.param(
            {"scaleSetPriority": "Spot", "upgradeSettings": {"maxSurge": "1"}},
            [
                f"warning: {AT}upgradeSettings: maxSurge on a spot pool, where it has no effect; expected no maxSurge [KS282]"
                " / leave maxSurge out"
            ],
            id="surge of a spot pool",
        ),
        pytest.param(
            {"upgradeSettings": {"maxSurge": "1", "maxUnavailable": "1"}},
            [
                f"warning: {AT}upgradeSettings: maxSurge 1 and maxUnavailable 1: both above 0 is a preview of AKS; expected one"
                " of them above 0 [KS282] / leave one of them out"
            ],
            id="both ways of an upgrade",
        ),
        pytest.param(
            {"enableAutoScaling": True, "minCount": 1, "maxCount": 1000, "upgradeSettings": {"maxSurge": "10%"}},
            [
                f"error: {AT}maxCount: 1000 nodes and 100 while AKS upgrades; expected at most 1000"
                f" instances together [KS282]{FIX}"
            ],
            id="1,000 instances with the surge",
        ),
        pytest.param(
            {"enableAutoScaling": True, "minCount": 1, "maxCount": 2, "gpuInstanceProfile": "MIG1g"},
            [
                f"warning: {AT}gpuInstanceProfile: MIG1g on an autoscaled pool: the cluster autoscaler counts only nvidia.com/gpu"
                ", not slices; expected a fixed count [KS282] / set count, and no minCount or maxCount"
            ],
            id="slices on an autoscaled pool",
        ),
        pytest.param(
            {"nodeLabels": {"apps": "gpu", "kubernetes.azure.com/scalesetpriority": "spot"}}, [], id="labels that AKS takes"
        ),
        pytest.param(
            {"nodeLabels": {"kubernetes.azure.com/foo": "x", "agentpool": "y"}},
            [
                f"error: {AT}nodeLabels[{label}]: a label that AKS keeps to itself and refuses; "
                "expected a label of your own [KS261] / choose another key"
                for label in ("kubernetes.azure.com/foo", "agentpool")
            ],
            id="labels that AKS keeps to itself",
        ),
        pytest.param({"enableAutoScaling": True, "minCount": 2, "maxCount": 2}, [], id="one number of nodes"),
        pytest.param(
            {"enableAutoScaling": True, "minCount": 3, "maxCount": 2},
            [f"error: {AT}minCount: 3, more than maxCount (2); expected at most 2 [KS282]{FIX}"],
            id="more nodes than there may be",
        ),
        pytest.param(
            {"mode": "System", "count": 0},
            [f"error: {AT}count: 0 in a system pool; expected 1 or more, or mode User [KS282]{FIX}"],
            id="a system pool without nodes",
        ),
        pytest.param(
            {"mode": "System", "scaleSetPriority": "Spot"},
            [f"error: {AT}scaleSetPriority: Spot in a system pool; expected Regular, or mode User [KS282]{FIX}"],
            id="a system pool on spot",
        ),
        pytest.param({"vmSize": "Standard_NC4as_T4_v3"}, [], id="a size that is available, and that KAITO's table lacks"),
        pytest.param(
            {"vmSize": "Standard_NC24rs_v3"},
            [
                f"error: {AT}vmSize: 'Standard_NC24rs_v3', which azure retired on 2025-09-30: it creates no such nodes any more;"
                " expected a size that is available [KS294] / choose Standard_NC24ads_A100_v4 or Standard_NC40ads_H100_v5"
            ],
            id="a size that is retired",
        ),
        pytest.param(
            {"vmSize": "Standard_NC16as_T4_v3", "gpuInstanceProfile": "MIG1g"},
            [
                f"error: {AT}gpuInstanceProfile: MIG1g on Standard_NC16as_T4_v3 with Tesla T4; expected a size with A100, H100"
                f" or H200 [KS282]{FIX}"
            ],
            id="GPUs that cannot be cut",
        ),
    ],
)
def test_pools(pool, expected):
    """Names, zones, prices and upgrades of agent pools are held against Azure's rules."""
    assert said(pool) == expected
