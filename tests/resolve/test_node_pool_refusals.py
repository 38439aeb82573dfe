# ruff: noqa: E501 -- messages are whole lines
"""Messages about a pool that cannot be made or described: whole messages."""

import pulumi
import pytest

later = pulumi.Output.from_input
CLUSTER = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {},
            """\
GpuNodePool 'a100': 2 problems
  instance_type: missing; expected a size from `kaito-iac sizes` [KS102]
    fix: give instance_type
  labels: missing; expected labels that the nodes carry already [KS102]
    fix: kubectl label node NODE apps=gpu; labels={'apps': 'gpu'}""",
            id="no arguments",
        ),
        pytest.param(
            [("instance_type", "Standard_NC24ads_A100_v4")],
            """\
GpuNodePool 'a100': 1 problem
  args: [('instance_type', 'Standard_NC24ads_A100_v4')]; expected a mapping of arguments [KS102]""",
            id="args that are a list",
        ),
        pytest.param(
            {"kind": "aks", "instance_type": "Standard_NC24ads_A100_v4"},
            """\
GpuNodePool 'a100': 1 problem
  cluster_id: missing; expected the ARM id of the AKS cluster [KS102]
    fix: give cluster or cluster_id, or kind='existing' for existing nodes""",
            id="no cluster for a new pool",
        ),
        pytest.param(
            {"cluster_id": "my-cluster", "instance_type": "Standard_NC24ads_A100_v4"},
            """\
GpuNodePool 'a100': 1 problem
  cluster_id: 'my-cluster'; expected /subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/… [KS102]
    fix: az aks show --query id -o tsv""",
            id="cluster id that is none",
        ),
        pytest.param(
            {"cluster_id": CLUSTER + "/agentPools/a100", "instance_type": "Standard_NC24ads_A100_v4"},
            """\
GpuNodePool 'a100': 1 problem
  cluster_id: '/subscriptions/0/resourceGroups/g/providers/Microsoft.Co...; expected /subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/… [KS102]
    fix: az aks show --query id -o tsv""",
            id="cluster id of another resource",
        ),
        pytest.param(
            {"kind": "gke", "instance_type": "Standard_NC24ads_A100_v4"},
            """\
GpuNodePool 'a100': 1 problem
  kind: 'gke'; expected aks or eks or karpenter or existing [KS102]""",
            id="kind that does not exist",
        ),
        pytest.param(
            {"cluster_id": CLUSTER, "instance_type": "p5.48xlarge"},
            """\
GpuNodePool 'a100': 1 problem
  instance_type: 'p5.48xlarge' is not a size of KAITO 0.12 on azure: it is a size of aws; expected a size from `kaito-iac sizes` [KS201]""",
            id="size of another cloud",
        ),
        pytest.param(
            {"cluster_id": CLUSTER, "instance_type": "Standard_ND96asr_A100_v4"},
            """\
GpuNodePool 'a100': 1 problem
  instance_type: 'Standard_ND96asr_A100_v4' is in KAITO's table, but azure sells it as 'Standard_ND96asr_v4', which KAITO cannot size; neither can work; expected a size that both know [KS211]
    fix: choose Standard_ND96amsr_A100_v4 or another size of `kaito-iac sizes`""",
            id="size that AKS cannot make under KAITO's name",
        ),
        pytest.param(
            {"cluster_id": CLUSTER, "instance_type": "standard_nc24ads_a100_V4"},
            """\
GpuNodePool 'a100': 1 problem
  instance_type: 'standard_nc24ads_a100_V4' is not the canonical case: KAITO sizes it and never finds its nodes ready; expected 'Standard_NC24ads_A100_v4' [KS211]
    fix: write Standard_NC24ads_A100_v4""",
            id="size in another case",
        ),
        pytest.param(
            {"cluster_id": CLUSTER, "instance_type": "Standard_NC24ads_A100_v4", "count": 1, "max_count": 2},
            """\
GpuNodePool 'a100': 1 problem
  count: 1 together with min_count or max_count; expected either count, or min_count and max_count [KS105]
    fix: leave count out""",
            id="count together with max_count",
        ),
        pytest.param(
            {"cluster_id": CLUSTER, "instance_type": "Standard_NC24ads_A100_v4", "min_count": 3, "max_count": 2},
            """\
GpuNodePool 'a100': 1 problem
  min_count: 3; expected at most max_count (2) [KS105]""",
            id="min_count above max_count",
        ),
        pytest.param(
            {
                "cluster_id": CLUSTER,
                "instance_type": "Standard_NC24ads_A100_v4",
                "min_count": -1,
                "max_count": 1001,
                "os_disk_gib": 10,
            },
            """\
GpuNodePool 'a100': 3 problems
  min_count: -1; expected a whole number from 0 to 1000 nodes [KS102]
  max_count: 1001; expected a whole number from 1 to 1000 nodes [KS102]
  os_disk_gib: 10; expected a whole number from 64 to 4096 GiB [KS102]""",
            id="numbers out of bounds",
        ),
        pytest.param(
            {"cluster_id": CLUSTER, "instance_type": "Standard_NC24ads_A100_v4", "count": True},
            """\
GpuNodePool 'a100': 1 problem
  count: True; expected a whole number from 0 to 1000 nodes [KS102]""",
            id="truth value for a number",
        ),
        pytest.param(
            {
                "cluster_id": CLUSTER,
                "instance_type": "Standard_NC24ads_A100_v4",
                "labels": {"kaito.sh/workspace": "chat", "karpenter.sh/nodepool": "a", "kaito-iac/pool": "a"},
            },
            """\
GpuNodePool 'a100': 3 problems
  labels.kaito.sh/workspace: 'kaito.sh/workspace' is KAITO's own: its provisioner deletes pools that carry it, and selectors drop it; expected a label of your own [KS208]
    fix: choose another key
  labels.karpenter.sh/nodepool: 'karpenter.sh/nodepool' is KAITO's own: its provisioner deletes pools that carry it, and selectors drop it; expected a label of your own [KS208]
    fix: choose another key
  labels.kaito-iac/pool: 'kaito-iac/pool' is set by the pool itself, to the component's name; expected a label of your own [KS208]
    fix: choose another key""",
            id="reserved labels",
        ),
        pytest.param(
            {"instance_type": "Standard_NC24ads_A100_v4", "labels": {"kaito.sh/ragengine": "docs"}},
            """\
GpuNodePool 'a100': 1 problem
  labels.kaito.sh/ragengine: 'kaito.sh/ragengine' is KAITO's own: its provisioner deletes pools that carry it, and selectors drop it; expected a label of your own [KS208]
    fix: choose another key""",
            id="reserved label on existing nodes",
        ),
        pytest.param(
            {"instance_type": "Standard_NC24ads_A100_v4", "count": 2},
            """\
GpuNodePool 'a100': 1 problem
  labels: missing; expected labels that the nodes carry already [KS102]
    fix: kubectl label node NODE apps=gpu; labels={'apps': 'gpu'}""",
            id="existing nodes without labels",
        ),
        pytest.param(
            {"cluster_id": CLUSTER, "instance_type": "Standard_NC24ads_A100_v4", "taint": "gpu=true:NoSchedule"},
            """\
GpuNodePool 'a100': 1 problem
  taint: 'gpu=true:NoSchedule': KAITO's tuning jobs and device plugin tolerate sku=gpu:NoSchedule alone, so their pods would never be scheduled; expected sku=gpu:NoSchedule or none [KS105]
    fix: leave taint out""",
            id="taint that workloads do not tolerate",
        ),
        pytest.param(
            {"cluster_id": CLUSTER, "instance_type": "Standard_NC24ads_A100_v4", "pool_name": "A100-pool"},
            """\
GpuNodePool 'a100': 1 problem
  pool_name: 'A100-pool'; expected 1 to 12 lower-case letters and digits, a letter first (AKS) [KS104]
    fix: give pool_name""",
            id="pool name that AKS refuses",
        ),
        pytest.param(
            {"cluster_id": CLUSTER, "instance_type": "Standard_NC24ads_A100_v4", "max_price": 1.5},
            """\
GpuNodePool 'a100': 1 problem
  max_price: 1.5 without spot; expected spot=True [KS105]""",
            id="price without spot",
        ),
        pytest.param(
            {"cluster_id": CLUSTER, "instance_type": "Standard_NC24ads_A100_v4", "spot": True, "max_price": "low"},
            """\
GpuNodePool 'a100': 1 problem
  max_price: 'low'; expected USD an hour above 0, or -1 for the on-demand price [KS102]""",
            id="price that is none",
        ),
        pytest.param(
            {"cluster_id": CLUSTER, "instance_type": "Standard_NC24ads_A100_v4", "driver": "none"},
            """\
GpuNodePool 'a100': 1 problem
  driver: 'none'; expected Install or None [KS102]
    fix: driver='None'""",
            id="driver that does not exist",
        ),
        pytest.param(
            {
                "cluster_id": CLUSTER,
                "instance_type": "Standard_NC24ads_A100_v4",
                "zones": "1",
                "tags": {"owner": 7},
                "subnet_id": 7,
            },
            """\
GpuNodePool 'a100': 3 problems
  zones: '1'; expected a list [KS102]
  tags.owner: 7; expected text [KS102]
  subnet_id: 7; expected text [KS102]""",
            id="zones, tags and subnet of wrong types",
        ),
        pytest.param(
            {"gpu": {"product": "NVIDIA-L40S"}, "labels": {"apps": "gpu"}},
            """\
GpuNodePool 'a100': 1 problem
  gpu.memory_mib: missing; expected memory of one GPU in MiB, as in the label nvidia.com/gpu.memory [KS102]
    fix: give gpu.memory_mib""",
            id="GPU facts incomplete",
        ),
        pytest.param(
            {"gpu": {"product": 7, "count": 0, "memory": 1, "memory_mib": 46068}, "labels": {"apps": "gpu"}},
            """\
GpuNodePool 'a100': 3 problems
  gpu.memory: not an argument; expected one of product, memory_mib, count [KS102]
    fix: did you mean 'memory_mib'?
  gpu.product: 7; expected GPU product, as in the label nvidia.com/gpu.product [KS102]
  gpu.count: 0; expected a whole number from 1 to 16 (GPUs per node) [KS102]""",
            id="GPU facts wrong",
        ),
        pytest.param(
            lambda: {"kind": later("aks"), "instance_type": later("x"), "count": later(1), "spot": later(True)},
            """\
GpuNodePool 'a100': 4 problems
  kind: an Output; expected a plain value: aks or eks or karpenter or existing [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  instance_type: an Output; expected a plain value: a size from `kaito-iac sizes` [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  count: an Output; expected a plain value: a whole number from 0 to 1000 nodes [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  spot: an Output; expected a plain value: true or false [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created""",
            id="Outputs where resources are decided",
        ),
    ],
)
def test_pool_that_cannot_be(refusal, args, said):
    """A pool that AKS or KAITO would refuse, or that workloads could not use, is refused."""
    assert refusal("GpuNodePool", "a100", args) == said
