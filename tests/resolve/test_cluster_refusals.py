# ruff: noqa: E501 -- messages are whole lines
"""Messages about a cluster that cannot be made or adopted: whole messages."""

import pulumi
import pytest

from kaito_iac.components.kaito_cluster import KaitoCluster
from kaito_iac.errors import SpecError
from kaito_iac.resolve import cluster
from kaito_iac.testing import record

EAST = {"location": "eastus"}
ID = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {},
            """\
KaitoCluster 'models': 1 problem
  location: missing; expected a region, such as eastus: prices and quota follow from it [KS102]
    fix: give location, or pulumi config set azure-native:location eastus""",
            id="no region",
        ),
        pytest.param(
            {"location": 7, "tier": "Gold", "node_auto_provisioning": "yes", "subnet": "x"},
            """\
KaitoCluster 'models': 4 problems
  location: 7; expected a region, such as eastus [KS102]
  tier: 'Gold'; expected Free or Standard or Premium [KS102]
  node_auto_provisioning: 'yes'; expected true or false [KS102]
  subnet: not an argument; expected one of adopt_id, name, location, resource_group, kubernetes_version, tier, system_pool, network, authorized_ip_ranges, private_cluster, identity_id, aad, local_accounts, auto_upgrade, addon, node_auto_provisioning, blob_driver, protect, tags [KS102]""",
            id="values of wrong types, and an unknown key",
        ),
        pytest.param(
            {"location": pulumi.Output.from_input("eastus"), "name": pulumi.Output.from_input("x")},
            """\
KaitoCluster 'models': 2 problems
  location: an Output; expected a plain value: a region, such as eastus [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  name: an Output; expected a plain value: 1 to 63 letters, digits, '-' and '_', a letter or digit first and last (AKS) [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created""",
            id="Outputs where a plain value decides",
        ),
        pytest.param(
            {**EAST, "name": "-models"},
            """\
KaitoCluster 'models': 1 problem
  name: '-models'; expected 1 to 63 letters, digits, '-' and '_', a letter or digit first and last (AKS) [KS104]
    fix: give name""",
            id="name that AKS refuses",
        ),
        pytest.param(
            {**EAST, "kubernetes_version": "v1.34"},
            """\
KaitoCluster 'models': 1 problem
  kubernetes_version: 'v1.34'; expected a version of Kubernetes, such as '1.34' or '1.34.2' [KS102]
    fix: az aks get-versions --location REGION --output table""",
            id="version with a letter",
        ),
        pytest.param(
            {**EAST, "system_pool": {"count": 2, "max_count": 1, "min_count": 3, "os_disk_gib": 8}},
            """\
KaitoCluster 'models': 3 problems
  system_pool.count: 2 together with min_count or max_count; expected either count, or min_count and max_count [KS105]
  system_pool.min_count: 3; expected at most max_count (1) [KS105]
  system_pool.os_disk_gib: 8; expected a whole number from 30 to 2048 GiB [KS102]""",
            id="system pool that contradicts itself",
        ),
        pytest.param(
            {**EAST, "system_pool": {"min_count": 1, "max_count": 3}, "node_auto_provisioning": True},
            """\
KaitoCluster 'models': 1 problem
  system_pool.max_count: the cluster autoscaler together with node auto-provisioning, which AKS refuses; expected a fixed count [KO421]
    fix: system_pool.count=3 instead of min_count and max_count""",
            id="autoscaler beside node auto-provisioning",
        ),
        pytest.param(
            {**EAST, "network": {"dataplane": "azure", "policy": "cilium"}, "node_auto_provisioning": True},
            """\
KaitoCluster 'models': 2 problems
  warning: network.dataplane: 'azure' with node auto-provisioning: AKS supports it, and recommends Cilium; expected cilium [KO420]
    fix: leave dataplane out
  network.policy: 'cilium' with dataplane azure; expected azure, calico or none [KO420]""",
            id="network that excludes Karpenter",
        ),
        pytest.param(
            {**EAST, "node_auto_provisioning": True, "network": {"dataplane": "azure", "policy": "calico"}},
            """KaitoCluster 'models': 2 problems
  warning: network.dataplane: 'azure' with node auto-provisioning: AKS supports it, and recommends Cilium; expected cilium [KO420]
    fix: leave dataplane out
  network.policy: 'calico' with node auto-provisioning, which AKS excludes; expected cilium, azure or none [KO420]
    fix: leave policy out""",
            id="Calico with node auto-provisioning",
        ),
        pytest.param(
            {**EAST, "network": {"dataplane": "cilium", "policy": "calico"}},
            """\
KaitoCluster 'models': 1 problem
  network.policy: 'calico' with dataplane cilium; expected cilium, the only one with dataplane cilium [KO420]""",
            id="policy of another dataplane",
        ),
        pytest.param(
            {**EAST, "network": {"pod_cidr": "10.0.0.0/8", "service_cidr": "10.0.0.0/16", "dns_service_ip": "10.1.0.10"}},
            """\
KaitoCluster 'models': 2 problems
  network.service_cidr: 10.0.0.0/16 is inside pod_cidr, 10.0.0.0/8; expected ranges that share no address [KS105]
  network.dns_service_ip: 10.1.0.10 is outside service_cidr, 10.0.0.0/16; expected an address in it [KS105]""",
            id="ranges that overlap",
        ),
        pytest.param(
            {**EAST, "network": {"subnet_id": "nodes", "pod_cidr": "10.0.0.1/16", "dns_service_ip": "dns"}},
            """\
KaitoCluster 'models': 4 problems
  network.pod_cidr: '10.0.0.1/16'; expected an IPv4 range, such as 10.244.0.0/16 [KS102]
  network.dns_service_ip: 'dns'; expected an IPv4 address, such as 10.0.0.10 [KS102]
  network.dns_service_ip: without service_cidr; expected service_cidr beside it [KS105]
    fix: give network.service_cidr
  network.subnet_id: 'nodes'; expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/… [KS102]
    fix: az network vnet subnet show --query id -o tsv""",
            id="addresses that are none",
        ),
        pytest.param(
            {**EAST, "private_cluster": True, "authorized_ip_ranges": ["203.0.113.0/24"]},
            """\
KaitoCluster 'models': 1 problem
  authorized_ip_ranges: together with private_cluster, which has no public address; expected one of both (AKS) [KS105]
    fix: leave authorized_ip_ranges out""",
            id="private, and open to some",
        ),
        pytest.param(
            {**EAST, "local_accounts": False},
            """\
KaitoCluster 'models': 1 problem
  local_accounts: false without aad: no one could sign in, and AKS refuses it; expected users of Entra ID [KO424]
    fix: aad={'admin_groups': ['OBJECT-ID']}""",
            id="no one could sign in",
        ),
        pytest.param(
            {**EAST, "auto_upgrade": {"channel": "node-image", "node_os": "SecurityPatch"}},
            """\
KaitoCluster 'models': 1 problem
  auto_upgrade.node_os: 'SecurityPatch' with channel node-image; expected NodeImage (AKS) [KS105]""",
            id="channels that contradict each other",
        ),
        pytest.param(
            {"adopt_id": "main"},
            """\
KaitoCluster 'models': 1 problem
  adopt_id: 'main'; expected /subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/… [KS102]
    fix: az aks show --query id -o tsv""",
            id="nothing to adopt",
        ),
    ],
)
def test_refusals(refusal, args, said):
    """Every problem is named at once, and nothing is registered."""
    assert refusal("KaitoCluster", "models", args) == said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(EAST, "", id="a plain cluster"),
        pytest.param(
            {**EAST, "authorized_ip_ranges": ["0.0.0.0/0"]},
            """\
authorized_ip_ranges[0]: every address of the internet; expected ranges of your own [KO423]
  fix: leave authorized_ip_ranges out, which means the same""",
            id="open to everyone",
        ),
        pytest.param(
            {"adopt_id": ID, "tier": "Free", "addon": True},
            """\
tier: without effect on a cluster that is adopted: nothing of it is changed; expected an argument of a new cluster [KS105]
  fix: leave tier out
addon: without effect on a cluster that is adopted: nothing of it is changed; expected an argument of a new cluster [KS105]
  fix: leave addon out""",
            id="arguments of a new cluster on an adopted one",
        ),
    ],
)
def test_remarks(remarks, args, said):
    """What works but says more than it does is a warning."""
    assert remarks("KaitoCluster", "models", args) == said


def test_region_of_the_provider(remarks):
    """The region of azure-native's configuration counts when none is given."""
    assert remarks("KaitoCluster", "models", {}, {"azure-native:location": "eastus"}) == ""


def test_azure_package_is_missing(refusal, monkeypatch):
    """Without pulumi-azure-native a cluster is refused before anything is registered."""
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    assert refusal("KaitoCluster", "models", EAST) == (
        "KaitoCluster 'models': 1 problem\n"
        "  args: needs pulumi-azure-native, which is not installed; expected the extra azure [KS224]\n"
        "    fix: pip install 'kaito-iac[azure] @ git+https://example.com/kaito-iac'"
    )


READ = {
    "id": ID,
    "location": "westus",
    "nodeResourceGroup": "MC_models_main_westus",
    "oidcIssuerProfile": {"enabled": True, "issuerURL": "https://westus.oic.example.com/tenant/cluster/"},
    "securityProfile": {"workloadIdentity": {"enabled": True}},
    "identityProfile": {"kubeletidentity": {"clientId": "client", "objectId": "object"}},
}
CREDENTIALS = {"kubeconfigs": [{"name": "clusterUser", "value": "YXBpVmVyc2lvbjogdjE="}]}
GET, LIST = (f"azure-native:containerservice:{name}" for name in ("getManagedCluster", "listManagedClusterUserCredentials"))


def _adopt(read):
    answers = {GET: read, LIST: CREDENTIALS}
    return record(lambda: KaitoCluster("models", {"adopt_id": pulumi.Output.from_input(ID)}), invokes=answers, allow_error=True)


def test_outputs_of_an_adopted_cluster():
    """Everything is read from Azure; the credentials are a secret."""
    made = _adopt(READ).by_name("models")
    secret = made.outputs.pop("kubeconfig")
    assert (type(secret).__name__, secret.value) == ("Secret", "apiVersion: v1")
    assert made.outputs == {
        "clusterId": ID,
        "clusterName": "main",
        "resourceGroupName": "models",
        "location": "westus",
        "nodeResourceGroup": "MC_models_main_westus",
        "oidcIssuerUrl": "https://westus.oic.example.com/tenant/cluster/",
        "kubeletIdentityClientId": "client",
        "kubeletIdentityObjectId": "object",
        "subscriptionId": "0",
        "tenantId": "tenant",
    }


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param(
            {"oidcIssuerProfile": {"enabled": False}, "securityProfile": {}},
            """\
KaitoCluster 'models': 1 problem
  adopt_id: without oidcIssuerProfile and workloadIdentity; expected a cluster with OIDC issuer and workload identity [KO422]
    fix: az aks update --enable-oidc-issuer --enable-workload-identity""",
            id="neither",
        ),
        pytest.param(
            {"securityProfile": {"workloadIdentity": {"enabled": False}}},
            """\
KaitoCluster 'models': 1 problem
  adopt_id: without workloadIdentity; expected a cluster with OIDC issuer and workload identity [KO422]
    fix: az aks update --enable-workload-identity""",
            id="no workload identity",
        ),
        pytest.param(
            {"id": ID.replace("/0/", "/1/")},
            """\
KaitoCluster 'models': 1 problem
  adopt_id: a cluster of 0, looked for in 1; expected a cluster in the subscription of the Azure provider [KS102]
    fix: pulumi config set azure-native:subscriptionId 0""",
            id="its namesake in another subscription",
        ),
    ],
)
def test_adopted_cluster_is_the_one_and_lets_provisioners_sign_in(changed, said):
    """A cluster that is another, or whose provisioners could not sign in, is refused as soon as it is read, in the preview."""
    error = _adopt(READ | changed).error
    assert isinstance(error.cause, SpecError)
    assert str(error.cause) == said
