# ruff: noqa: E501 -- messages are whole lines
"""Messages about a pool of AKS or of Karpenter that could not be made, or that KAITO could not use: whole messages."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.errors import SpecError
from kaito_iac.testing import record

CLUSTER = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
A100 = "Standard_NC24ads_A100_v4"
AKS = {"cluster_id": CLUSTER, "instance_type": A100}
KARPENTER = {"kind": "karpenter", "instance_type": A100}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {**AKS, "cluster": "models"},
            """\
GpuNodePool 'a100': 2 problems
  cluster_id: together with cluster, which has its ID; expected either cluster or cluster_id [KS105]
    fix: leave cluster_id out
  cluster: 'models'; expected a KaitoCluster of the same program [KS102]
    fix: give cluster_id for another cluster""",
            id="a cluster that is none, beside another",
        ),
        pytest.param(
            {**AKS, "instance_type": "Standard_NV36ads_A10_v5", "mig": "MIG1g"},
            """\
GpuNodePool 'a100': 1 problem
  mig: 'MIG1g' on Standard_NV36ads_A10_v5, whose NVIDIA A10 cannot be cut; expected a size with A100, H100 or H200 [KS260]
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
            {**AKS, "labels": {"kubernetes.io/os": "linux", "agentpool": "gpu", "example.com/os": "linux"}},
            """\
GpuNodePool 'a100': 2 problems
  labels.kubernetes.io/os: 'kubernetes.io/os': AKS and Karpenter keep labels of kubernetes.io to themselves and refuse them; expected a label of your own [KS261]
    fix: choose another key
  labels.agentpool: 'agentpool', which AKS sets itself; expected a label of your own [KS261]
    fix: choose another key""",
            id="labels of Kubernetes, and one that AKS sets",
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
            {**AKS, "os_disk": "Ephemeral", "os_disk_gib": 512},
            """\
GpuNodePool 'a100': 1 problem
  os_disk: Ephemeral with 512 GiB; expected at most 256 GiB, all that Standard_NC24ads_A100_v4 has room for [KS263]
    fix: os_disk_gib=256, or os_disk='Managed'""",
            id="ephemeral disk without room",
        ),
        pytest.param(
            {**AKS, "for_models": ["phi4", 7, "Acme/Rocket"]},
            """\
GpuNodePool 'a100': 3 problems
  for_models[0]: 'phi4' is not a preset; expected a name from `kaito-iac presets`, or an `organisation/model` [KS101]
    fix: did you mean 'phi-4' or 'phi-4-lora' or 'phi-4-qlora'?
  for_models[1]: 7; expected a name from `kaito-iac presets`, or an `organisation/model` [KS102]
  for_models[2]: 'Acme/Rocket' is not in the catalogue: KAITO would look it up on Hugging Face, which a plan cannot; expected a name from `kaito-iac models`, or model_facts [KS217]
    fix: give model_facts={'weights_gib': …, 'bytes_per_token': …, 'max_context_tokens': …} from the model's files and config.json""",
            id="models that does not exist",
        ),
        pytest.param(
            {**AKS, "upgrade": {"max_surge": "0", "max_unavailable": "0%", "node_soak_minutes": 31, "undrainable": "Kill"}},
            """\
GpuNodePool 'a100': 3 problems
  upgrade.max_surge: '0', and no node may be missing either: an upgrade could never start; expected max_unavailable above 0 [KS105]
    fix: upgrade.max_unavailable='1'
  upgrade.node_soak_minutes: 31; expected a whole number from 0 to 30 minutes [KS102]
  upgrade.undrainable: 'Kill'; expected Schedule or Cordon [KS102]""",
            id="upgrade that could never start",
        ),
        pytest.param(
            {**AKS, "upgrade": {"max_surge": 1, "max_unavailable": "120%"}},
            """\
GpuNodePool 'a100': 2 problems
  upgrade.max_surge: 1; expected nodes or a share of them as text, such as '1' or '33%' [KS102]
  upgrade.max_unavailable: '120%'; expected nodes or a share of them as text, such as '1' or '33%' [KS102]""",
            id="amounts that are none",
        ),
        pytest.param(
            {**AKS, "node_class": "default", "expire_after": "720h"},
            """\
GpuNodePool 'a100': 2 problems
  node_class: not for kind aks; expected an argument of kind karpenter [KS265]
    fix: leave node_class out
  expire_after: not for kind aks; expected an argument of kind karpenter [KS265]
    fix: leave expire_after out""",
            id="arguments of Karpenter on AKS",
        ),
        pytest.param(
            KARPENTER,
            """\
GpuNodePool 'a100': 1 problem
  max_count: neither count nor max_count: Karpenter would create nodes up to the quota; expected count for nodes that are kept, or max_count for nodes that Karpenter creates for pods [KO425]
    fix: give count or max_count""",
            id="Karpenter without a bound",
        ),
        pytest.param(
            {**KARPENTER, "min_count": 1, "max_count": 2, "cluster_id": CLUSTER, "mig": "MIG1g"},
            """\
GpuNodePool 'a100': 3 problems
  min_count: Karpenter keeps no minimum; expected an argument of kind aks or eks or existing [KS265]
    fix: leave min_count out
  cluster_id: not for kind karpenter; expected an argument of kind aks [KS265]
    fix: leave cluster_id out
  mig: not for kind karpenter; expected an argument of kind aks [KS265]
    fix: leave mig out""",
            id="arguments of AKS with Karpenter",
        ),
        pytest.param(
            {**KARPENTER, "count": 1, "zones": ["1"], "expire_after": "30 days", "image_family": "Windows", "pool_name": "GPU"},
            """\
GpuNodePool 'a100': 4 problems
  zones: without location: Karpenter's zones on Azure are called REGION-1; expected location beside zones [KS102]
    fix: give location
  expire_after: '30 days'; expected a duration such as 30m or 720h, or Never [KS102]
  image_family: 'Windows'; expected Ubuntu or Ubuntu2204 or Ubuntu2404 or AzureLinux [KS102]
  pool_name: 'GPU'; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]
    fix: pool_name='gpu'""",
            id="what Karpenter's objects would refuse",
        ),
        pytest.param(
            {**KARPENTER, "count": 1, "node_class": "default", "os_disk_gib": 300, "tags": {"a": "b"}},
            """\
GpuNodePool 'a100': 2 problems
  os_disk_gib: together with node_class, which defines it; expected either node_class, or the settings of a new one [KS105]
    fix: leave os_disk_gib out
  tags: together with node_class, which defines it; expected either node_class, or the settings of a new one [KS105]
    fix: leave tags out""",
            id="a NodeClass that exists, and what a new one is made of",
        ),
        pytest.param(
            {**KARPENTER, "count": 1, "eks_cluster": "models"},
            """\
GpuNodePool 'a100': 1 problem
  eks_cluster: with a size of azure; expected an argument of this cloud [KS265]
    fix: leave eks_cluster out""",
            id="AWS's argument with a size of Azure",
        ),
        pytest.param(
            {"kind": "karpenter", "instance_type": "g5.12xlarge", "count": 1, "driver": "None", "image_family": "AL2"},
            """\
GpuNodePool 'a100': 3 problems
  driver: 'None', while the image of EKS brings the driver; expected Install [KS265]
    fix: leave driver out
  image_family: 'AL2'; expected an alias of AL2023, such as al2023@latest [KS102]
  eks_cluster: missing; expected name of the EKS cluster: its role, subnets and security groups are found by it [KS102]
    fix: give eks_cluster, or node_class""",
            id="AWS without its cluster",
        ),
        pytest.param(
            {"kind": "karpenter", "instance_type": "Standard_NC4_A2", "count": 1},
            """\
GpuNodePool 'a100': 1 problem
  instance_type: a size of arc, where Karpenter makes no nodes; expected a size of azure or aws [KS265]""",
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
            {**AKS, "for_models": ["phi-4"], "os_disk_gib": 64},
            """\
os_disk_gib: 64 GiB, while phi-4 needs 107, except on its NVMe disk; expected 107 GiB or more [KS262]
  fix: leave os_disk_gib out""",
            id="disk below the weights, with NVMe",
        ),
        pytest.param(
            {**AKS, "instance_type": "Standard_NV36ads_A10_v5", "for_models": ["phi-4"], "os_disk_gib": 64},
            """\
os_disk_gib: 64 GiB, while phi-4 needs 107: weights, images and system; expected 107 GiB or more [KS262]
  fix: leave os_disk_gib out""",
            id="disk below the weights",
        ),
        pytest.param({**AKS, "os_disk": "Ephemeral", "os_disk_gib": 256}, "", id="ephemeral disk that fits"),
        pytest.param(
            {**AKS, "instance_type": "Standard_NC48ads_A100_v4", "os_disk": "Ephemeral", "os_disk_gib": 2048},
            "",
            id="ephemeral disk of a size whose room no one states",
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
            {**KARPENTER, "max_count": 2},
            {},
            """\
KaitoWorkspace 'chat': 1 problem
  node_pool: 1 node is needed; KAITO makes pods when nodes are ready, and this pool's nodes come when there are pods: it waits indefinitely; expected nodes that Karpenter keeps [KS264]
    fix: count=1 instead of max_count on the pool, or no node_pool with provisioner='karpenter'""",
            id="nodes that come with pods",
        ),
        pytest.param(
            {**AKS, "instance_type": "Standard_NC40ads_H100_v5", "mig": "MIG2g"},
            {},
            """\
KaitoWorkspace 'chat': 1 problem
  partition: none, while the pool's GPUs are cut by MIG2g; expected mode mig with a profile of 2g [KS266]
    fix: a GpuNodePool without mig for whole GPUs""",
            id="whole GPUs of a pool of slices",
        ),
        pytest.param(
            {**AKS, "instance_type": "Standard_NC40ads_H100_v5", "mig": "MIG3g"},
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
        kaito.KaitoWorkspace("chat", {"preset": "qwen3.5-2b", "node_pool": nodes, **workspace})

    assert _refused(program) == said


def test_autoscaled_pool_beside_node_auto_provisioning():
    """AKS refuses its own autoscaler in a cluster with node auto-provisioning; the pool of such a cluster has a fixed count."""

    def program():
        cluster = kaito.KaitoCluster("models", {"location": "eastus", "node_auto_provisioning": True})
        kaito.GpuNodePool("fixed", {"cluster": cluster, "instance_type": A100, "count": 1})
        kaito.GpuNodePool("a100", {"cluster": cluster, "instance_type": A100, "max_count": 2})

    assert (
        _refused(program)
        == """\
GpuNodePool 'a100': 1 problem
  max_count: an autoscaled pool in a cluster with node auto-provisioning, which AKS refuses; expected a fixed count, or kind='karpenter' [KO421]
    fix: count instead of min_count and max_count"""
    )


def test_pool_of_something_else():
    """A resource that is no KaitoCluster is called by its class."""

    def program():
        kaito.GpuNodePool("a100", {"cluster": pulumi.ComponentResource("test:index:Box", "box"), "instance_type": A100})

    assert (
        _refused(program)
        == """\
GpuNodePool 'a100': 1 problem
  cluster: a ComponentResource; expected a KaitoCluster of the same program [KS102]
    fix: give cluster_id for another cluster"""
    )
