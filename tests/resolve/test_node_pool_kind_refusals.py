# ruff: noqa: E501 -- messages are whole lines
"""What is said about a pool of AKS or of Karpenter that could not be made, or that KAITO could not use: whole messages."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.errors import SpecError
from kaito_iac.testing import record

CLUSTER = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
A100 = "Standard_NC24ads_A100_v4"
AKS = {"clusterId": CLUSTER, "instanceType": A100}
KARPENTER = {"kind": "karpenter", "instanceType": A100}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {**AKS, "cluster": "models"},
            """\
GpuNodePool 'a100': 2 problems
  clusterId: together with cluster, which knows its id; expected either cluster or clusterId [KS105]
    fix: leave clusterId out
  cluster: 'models'; expected a KaitoCluster of the same program [KS102]
    fix: give clusterId for another cluster""",
            id="a cluster that is none, beside another",
        ),
        pytest.param(
            {**AKS, "instanceType": "Standard_NV36ads_A10_v5", "mig": "MIG1g"},
            """\
GpuNodePool 'a100': 1 problem
  mig: 'MIG1g' on Standard_NV36ads_A10_v5, whose NVIDIA A10 cannot be cut; expected a size with A100 or H100 [KS260]
    fix: leave mig out""",
            id="slices of a GPU that cannot be cut",
        ),
        pytest.param(
            {
                **AKS,
                "labels": {"kubernetes.azure.com/mode": "user", "karpenter.sh/capacity-type": "spot", "sub.karpenter.sh/x": "y"},
            },
            """\
GpuNodePool 'a100': 3 problems
  labels.kubernetes.azure.com/mode: 'kubernetes.azure.com/mode': AKS and Karpenter keep labels of kubernetes.azure.com to themselves and refuse them; expected a label of your own [KS261]
    fix: choose another key
  labels.karpenter.sh/capacity-type: 'karpenter.sh/capacity-type': AKS and Karpenter keep labels of karpenter.sh to themselves and refuse them; expected a label of your own [KS261]
    fix: choose another key
  labels.sub.karpenter.sh/x: 'sub.karpenter.sh/x': AKS and Karpenter keep labels of sub.karpenter.sh to themselves and refuse them; expected a label of your own [KS261]
    fix: choose another key""",
            id="labels of the cloud",
        ),
        pytest.param(
            {**AKS, "labels": {"kaito.sh/workspace": "chat", "karpenter.sh/nodepool": "kaito"}},
            """\
GpuNodePool 'a100': 2 problems
  labels.kaito.sh/workspace: 'kaito.sh/workspace' is KAITO's own: its provisioner deletes pools that carry it, and selectors drop it; expected a label of your own [KS208]
    fix: choose another key
  labels.karpenter.sh/nodepool: 'karpenter.sh/nodepool' is KAITO's own: its provisioner deletes pools that carry it, and selectors drop it; expected a label of your own [KS208]
    fix: choose another key""",
            id="labels that make gpu-provisioner collect the pool as garbage",
        ),
        pytest.param(
            {**AKS, "osDisk": "Ephemeral", "osDiskGiB": 512},
            """\
GpuNodePool 'a100': 1 problem
  osDisk: Ephemeral with 512 GiB; expected at most 256 GiB, all that Standard_NC24ads_A100_v4 has room for [KS263]
    fix: osDiskGiB=256, or osDisk='Managed'""",
            id="ephemeral disk without room",
        ),
        pytest.param(
            {**AKS, "forModels": ["phi4", 7, "Acme/Rocket"]},
            """\
GpuNodePool 'a100': 3 problems
  forModels[0]: 'phi4' is not a preset; expected a name from `kaito-iac presets`, or an `organisation/model` [KS101]
    fix: did you mean 'phi-4' or 'phi-4-lora' or 'phi-4-qlora'?
  forModels[1]: 7; expected a name from `kaito-iac presets`, or an `organisation/model` [KS102]
  forModels[2]: 'Acme/Rocket' is not in the catalogue: KAITO would look it up on Hugging Face, which a plan cannot; expected a name from `kaito-iac models`, or modelFacts [KS217]
    fix: give modelFacts={'weightsGiB': …, 'bytesPerToken': …, 'maxContextTokens': …} from the model's files and config.json""",
            id="models that nobody knows",
        ),
        pytest.param(
            {**AKS, "upgrade": {"maxSurge": "0", "maxUnavailable": "0%", "nodeSoakMinutes": 31, "undrainable": "Kill"}},
            """\
GpuNodePool 'a100': 3 problems
  upgrade.maxSurge: '0', and no node may be missing either: an upgrade could never start; expected maxUnavailable above 0 [KS105]
    fix: upgrade.maxUnavailable='1'
  upgrade.nodeSoakMinutes: 31; expected a whole number from 0 to 30 minutes [KS102]
  upgrade.undrainable: 'Kill'; expected Schedule or Cordon [KS102]""",
            id="upgrade that could never start",
        ),
        pytest.param(
            {**AKS, "upgrade": {"maxSurge": 1, "maxUnavailable": "120%"}},
            """\
GpuNodePool 'a100': 2 problems
  upgrade.maxSurge: 1; expected nodes or a share of them as text, such as '1' or '33%' [KS102]
  upgrade.maxUnavailable: '120%'; expected nodes or a share of them as text, such as '1' or '33%' [KS102]""",
            id="amounts that are none",
        ),
        pytest.param(
            {**AKS, "nodeClass": "default", "expireAfter": "720h"},
            """\
GpuNodePool 'a100': 2 problems
  nodeClass: not for kind aks; expected an argument of kind karpenter [KS265]
    fix: leave nodeClass out
  expireAfter: not for kind aks; expected an argument of kind karpenter [KS265]
    fix: leave expireAfter out""",
            id="arguments of Karpenter on AKS",
        ),
        pytest.param(
            KARPENTER,
            """\
GpuNodePool 'a100': 1 problem
  max: neither count nor max: Karpenter would buy nodes up to the quota; expected count for nodes that are kept, or max for nodes that come with pods [KO425]
    fix: give count or max""",
            id="Karpenter without a bound",
        ),
        pytest.param(
            {**KARPENTER, "min": 1, "max": 2, "clusterId": CLUSTER, "mig": "MIG1g"},
            """\
GpuNodePool 'a100': 3 problems
  min: Karpenter keeps no minimum; expected an argument of kind aks or existing [KS265]
    fix: leave min out
  clusterId: not for kind karpenter; expected an argument of kind aks [KS265]
    fix: leave clusterId out
  mig: not for kind karpenter; expected an argument of kind aks [KS265]
    fix: leave mig out""",
            id="arguments of AKS with Karpenter",
        ),
        pytest.param(
            {**KARPENTER, "count": 1, "zones": ["1"], "expireAfter": "30 days", "imageFamily": "Windows", "poolName": "GPU"},
            """\
GpuNodePool 'a100': 4 problems
  zones: without location: Karpenter's zones on Azure are called REGION-1; expected location beside zones [KS102]
    fix: give location
  expireAfter: '30 days'; expected a duration such as 30m or 720h, or Never [KS102]
  imageFamily: 'Windows'; expected Ubuntu or Ubuntu2204 or Ubuntu2404 or AzureLinux [KS102]
  poolName: 'GPU'; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]
    fix: poolName='gpu'""",
            id="what Karpenter's objects would refuse",
        ),
        pytest.param(
            {**KARPENTER, "count": 1, "nodeClass": "default", "osDiskGiB": 300, "tags": {"a": "b"}},
            """\
GpuNodePool 'a100': 2 problems
  osDiskGiB: together with nodeClass, which says it; expected either nodeClass or what a new one is made of [KS105]
    fix: leave osDiskGiB out
  tags: together with nodeClass, which says it; expected either nodeClass or what a new one is made of [KS105]
    fix: leave tags out""",
            id="a NodeClass that exists, and what a new one is made of",
        ),
        pytest.param(
            {**KARPENTER, "count": 1, "eksCluster": "models"},
            """\
GpuNodePool 'a100': 1 problem
  eksCluster: with a size of azure; expected an argument of this cloud [KS265]
    fix: leave eksCluster out""",
            id="AWS's argument with a size of Azure",
        ),
        pytest.param(
            {"kind": "karpenter", "instanceType": "g5.12xlarge", "count": 1, "driver": "None", "imageFamily": "AL2"},
            """\
GpuNodePool 'a100': 3 problems
  driver: 'None', while the image of EKS brings the driver; expected Install [KS265]
    fix: leave driver out
  imageFamily: 'AL2'; expected an alias of AL2023, such as al2023@latest [KS102]
  eksCluster: missing; expected name of the EKS cluster: its role, subnets and security groups are found by it [KS102]
    fix: give eksCluster, or nodeClass""",
            id="AWS without its cluster",
        ),
        pytest.param(
            {"kind": "karpenter", "instanceType": "Standard_NC4_A2", "count": 1},
            """\
GpuNodePool 'a100': 1 problem
  instanceType: a size of arc, where Karpenter makes no nodes; expected a size of azure or aws [KS265]""",
            id="Karpenter on Arc",
        ),
    ],
)
def test_refusals(refusal, args, said):
    """Every problem is named at once, and nothing is registered."""
    assert refusal("GpuNodePool", "a100", args) == said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {**AKS, "forModels": ["phi-4"], "osDiskGiB": 64},
            """\
osDiskGiB: 64 GiB, while phi-4 needs 107, except on its NVMe disk; expected 107 GiB or more [KS262]
  fix: leave osDiskGiB out""",
            id="disk below the weights, with NVMe",
        ),
        pytest.param(
            {**AKS, "instanceType": "Standard_NV36ads_A10_v5", "forModels": ["phi-4"], "osDiskGiB": 64},
            """\
osDiskGiB: 64 GiB, while phi-4 needs 107: weights, images and system; expected 107 GiB or more [KS262]
  fix: leave osDiskGiB out""",
            id="disk below the weights",
        ),
        pytest.param({**AKS, "osDisk": "Ephemeral", "osDiskGiB": 256}, "", id="ephemeral disk that fits"),
        pytest.param(
            {**AKS, "instanceType": "Standard_NC48ads_A100_v4", "osDisk": "Ephemeral", "osDiskGiB": 2048},
            "",
            id="ephemeral disk of a size whose room nobody tells",
        ),
    ],
)
def test_remarks(remarks, args, said):
    """What works but not as meant is a warning; what only Azure can know is left to Azure."""
    assert remarks("GpuNodePool", "a100", args) == said


def _refused(program):
    error = record(program, allow_error=True).error
    assert error is not None
    assert isinstance(error.cause, SpecError), error
    return str(error.cause)


@pytest.mark.parametrize(
    ("pool", "workspace", "said"),
    [
        pytest.param(
            {**KARPENTER, "max": 2},
            {},
            """\
KaitoWorkspace 'chat': 1 problem
  nodePool: 1 node is needed; KAITO makes pods when nodes are ready, and this pool's nodes come when there are pods: it waits for ever; expected nodes that Karpenter keeps [KS264]
    fix: count=1 instead of max on the pool, or no nodePool with provisioner='karpenter'""",
            id="nodes that come with pods",
        ),
        pytest.param(
            {**AKS, "instanceType": "Standard_NC40ads_H100_v5", "mig": "MIG2g"},
            {},
            """\
KaitoWorkspace 'chat': 1 problem
  partition: none, while the pool's GPUs are cut by MIG2g; expected mode mig with a profile of 2g [KS266]
    fix: a GpuNodePool without mig for whole GPUs""",
            id="whole GPUs of a pool of slices",
        ),
        pytest.param(
            {**AKS, "instanceType": "Standard_NC40ads_H100_v5", "mig": "MIG3g"},
            {"partition": {"mode": "mig", "profile": "2g.24gb"}},
            """\
KaitoWorkspace 'chat': 1 problem
  partition: 2g.24gb, while the pool's GPUs are cut by MIG3g; expected mode mig with a profile of 3g [KS266]
    fix: a GpuNodePool without mig for whole GPUs""",
            id="slices of another size",
        ),
    ],
)
def test_pools_that_a_workspace_could_not_use(pool, workspace, said):
    """A workspace says of its pool what KAITO would only show by waiting."""

    def program():
        nodes = kaito.GpuNodePool("a100", pool)
        kaito.KaitoWorkspace("chat", {"preset": "qwen3.5-2b", "nodePool": nodes, **workspace})

    assert _refused(program) == said


def test_autoscaled_pool_beside_node_auto_provisioning():
    """AKS refuses its own autoscaler in a cluster with node auto-provisioning; the pool of such a cluster has a fixed count."""

    def program():
        cluster = kaito.KaitoCluster("models", {"location": "eastus", "nodeAutoProvisioning": True})
        kaito.GpuNodePool("fixed", {"cluster": cluster, "instanceType": A100, "count": 1})
        kaito.GpuNodePool("a100", {"cluster": cluster, "instanceType": A100, "max": 2})

    assert (
        _refused(program)
        == """\
GpuNodePool 'a100': 1 problem
  max: an autoscaled pool in a cluster with node auto-provisioning, which AKS refuses; expected a fixed count, or kind='karpenter' [KO421]
    fix: count instead of min and max"""
    )


def test_pool_of_something_else():
    """A resource that is no KaitoCluster is called by its class."""

    def program():
        kaito.GpuNodePool("a100", {"cluster": pulumi.ComponentResource("test:index:Box", "box"), "instanceType": A100})

    assert (
        _refused(program)
        == """\
GpuNodePool 'a100': 1 problem
  cluster: a ComponentResource; expected a KaitoCluster of the same program [KS102]
    fix: give clusterId for another cluster"""
    )
