# ruff: noqa: E501 -- messages are whole lines
"""What a pool on AKS needs beside its arguments: the Azure package, and the provider's subscription."""

from kaito_iac.resolve import node_pool_aks

CLUSTER = (
    "/subscriptions/11111111-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
)
POOL = {"cluster_id": CLUSTER, "instance_type": "Standard_NC24ads_A100_v4"}


def test_azure_package_is_missing(refusal, monkeypatch):
    """Without pulumi-azure-native a pool on AKS is refused before anything is registered."""
    monkeypatch.setattr(node_pool_aks, "find_spec", lambda name: None)
    assert refusal("GpuNodePool", "a100", POOL) == (
        "GpuNodePool 'a100': 1 problem\n"
        "  kind: aks, but pulumi-azure-native is not installed; expected the extra azure [KS224]\n"
        "    fix: pip install 'kaito-iac[azure] @ git+https://example.com/kaito-iac'"
    )


def test_cluster_in_another_subscription(refusal):
    """The provider makes the pool in its own subscription, so a cluster elsewhere is refused."""
    said = refusal("GpuNodePool", "a100", POOL, {"azure-native:subscriptionId": "22222222-0000-0000-0000-000000000000"})
    assert said == (
        "GpuNodePool 'a100': 1 problem\n"
        "  cluster_id: a cluster in subscription 11111111-0000-0000-0000-000000000000, while azure-native:subscriptionId is 22222222-0000-0000-0000-000000000000; expected one subscription: the pool is made in the provider's [KS105]\n"
        "    fix: pulumi config set azure-native:subscriptionId …, or name the other cluster"
    )


def test_cluster_in_the_subscription_of_the_provider(remarks):
    """The same subscription in any case is fine."""
    assert remarks("GpuNodePool", "a100", POOL, {"azure-native:subscriptionId": "11111111-0000-0000-0000-000000000000"}) == ""
