"""Words of clouds, and what they mean."""

from __future__ import annotations

import pytest

from kaito_iac.readiness.connection import _next_step
from kaito_iac.readiness.error_patterns import cloud_refusal


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        pytest.param(
            "LaunchFailed: creating instance failed: PUT agentPools/ws123: RESPONSE 412: OriginalEtagNotExpect: The original"
            " etag of agent pool is not the expected one",
            "cluster-start",
            id="a pool that changed meanwhile",
        ),
        pytest.param(
            "RESPONSE 409: OperationNotAllowed: Operation is not allowed because there's an in progress Starting operation on the"
            " managed cluster",
            "cluster-start",
            id="a start in progress",
        ),
        pytest.param(
            "BadRequest: agent pool operation is not allowed: the cluster is stopped", "cluster-start", id="a stopped cluster"
        ),
        pytest.param(
            "OperationNotAllowed: Operation could not be completed as it results in exceeding approved standardNCADSA100v4Family"
            " Cores quota",
            "quota",
            id="a quota stays a quota",
        ),
        pytest.param("AllocationFailed: allocation failed", "capacity", id="no capacity"),
        pytest.param("the node is ready", None, id="nothing is refused"),
    ],
)
def test_cloud_refusal(message, cause):
    """A refusal is reported by the words of the cloud."""
    assert cloud_refusal(message) == cause


NO_NAME = "Failed to resolve 'c-1.hcp.eastus.azmk8s.io' ([Errno -2] Name or service not known)"


@pytest.mark.parametrize(
    ("server", "error", "stopped"),
    [
        pytest.param("https://c-1.hcp.eastus.azmk8s.io:443", NO_NAME, True, id="AKS, no such name"),
        pytest.param("https://c-1.hcp.usgovvirginia.cx.aks.containerservice.azure.us", NO_NAME, False, id="another cloud's name"),
        pytest.param("https://c-1.hcp.eastus.azmk8s.io:443", "Connection refused", False, id="AKS, refused"),
        pytest.param("https://k8s.example.com", NO_NAME, False, id="another cluster"),
        pytest.param("https://c.hcp.chinaeast2.azmk8s.cn:443", "[Errno 11001] getaddrinfo failed", True, id="China, Windows"),
    ],
)
def test_a_stopped_cluster(server, error, stopped):
    """The API server of a stopped AKS cluster has no name in DNS: the message says how to see and start it, else how to look."""
    start = "; AKS takes the name of a stopped cluster away: `az aks show --query powerState`, `az aks start`"
    look = "; `kubectl cluster-info` shows whether this machine reaches it (VPN, private cluster, stopped cluster)"
    assert _next_step(server, error) == (start if stopped else look)
