"""Sizes that KAITO's table lacks: well formed, found by pools, and replaced by what KAITO serves."""

import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.catalog.find import find_any_size, find_size, size_problems
from kaito_iac.catalog.load import sizes
from kaito_iac.catalog.other_size import other_sizes, retirements, successors_of
from kaito_iac.testing import record

CLUSTER = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"


def test_no_size_stands_in_both_tables():
    """A size that KAITO serves is not listed again."""
    assert sorted({name.lower() for name in other_sizes()} & {name.lower() for name in sizes()}) == []


@pytest.mark.parametrize("name", list(other_sizes()))
def test_vcpus_of_azure_stand_in_the_name(name):
    """The vCPUs of Azure's sizes are the first number of their names."""
    size = other_sizes()[name]
    digits = "".join(c if c.isdigit() else " " for c in name.removeprefix("Standard_")).split()
    assert size.cloud == "aws" or size.vcpus == int(digits[0])
    assert size.gpus > 0
    assert size.gpu_memory_gib % size.gpus == 0 or size.gpu_memory_gib > 700


@pytest.mark.parametrize(
    ("name", "told", "fix"),
    [
        (
            "Standard_NC6s_v3",
            "name: 'Standard_NC6s_v3' (1 x Tesla V100, 16 GiB, which azure retired on 2025-09-30) is a real size that KAITO 0.12 "
            "does not serve on azure: KAITO admits the name and then fails to size it; expected a size from `kaito-iac sizes` "
            "[KS201]",
            "the cheapest with as much GPU memory: Standard_NV36ads_A10_v5 or Standard_NC24ads_A100_v4",
        ),
        (
            "Standard_NC4as_T4_v3",
            "name: 'Standard_NC4as_T4_v3' (1 x Tesla T4, 16 GiB) is a real size that KAITO 0.12 does not serve on azure: KAITO "
            "admits the name and then fails to size it; expected a size from `kaito-iac sizes` [KS201]",
            "the cheapest with as much GPU memory: Standard_NV36ads_A10_v5 or Standard_NC24ads_A100_v4",
        ),
        (
            "Standard_D8s_v5",
            "name: 'Standard_D8s_v5' is a size without GPUs: KAITO admits the name and then fails to size it; expected a size "
            "from `kaito-iac sizes` [KS201]",
            "choose a size with GPUs",
        ),
        (
            "Standard_ND6s",
            "name: 'Standard_ND6s' (1 x Tesla P40, 24 GiB, which azure retired on 2023-09-06) is a real size that KAITO 0.12 "
            "does not serve on azure: KAITO admits the name and then fails to size it; expected a size from `kaito-iac sizes` "
            "[KS201]",
            "the cheapest with as much GPU memory: Standard_NV36ads_A10_v5 or Standard_NC24ads_A100_v4",
        ),
        (
            "Standard_ND96isr_MI300X_v5",
            "name: 'Standard_ND96isr_MI300X_v5' (8 x AMD MI300X, 1536 GiB) is a real size that KAITO 0.12 does not serve on "
            "azure: KAITO admits the name and then fails to size it; expected a size from `kaito-iac sizes` "
            "[KS201]",
            "`kaito-iac fit MODEL` lists the sizes that hold a model",
        ),
        (
            "Standard_NC128ds_xl_RTXPRO6000BSE_v6",
            "name: 'Standard_NC128ds_xl_RTXPRO6000BSE_v6' is sold, but its GPUs are not in the catalogue, and KAITO 0.12 does "
            "not serve it on azure: KAITO admits the name and then fails to size it; expected a size from `kaito-iac sizes` "
            "[KS201]",
            "`kaito-iac fit MODEL` lists the sizes that hold a model",
        ),
        (
            "g4dn.xlarge",
            "name: 'g4dn.xlarge' is not a size of KAITO 0.12 on azure: it is a size of aws, where KAITO does not serve it "
            "either; expected a size from `kaito-iac sizes` [KS201]",
            "",
        ),
        (
            "Standard_NP10s",
            "name: 'Standard_NP10s' is not a size of KAITO 0.12 on azure: KAITO admits the name and then fails to size it; "
            "expected a size from `kaito-iac sizes` [KS201]",
            "",
        ),
        (
            "Standard_NC40ads_H100v5",
            "name: 'Standard_NC40ads_H100v5' is not a size of KAITO 0.12 on azure: KAITO admits the name and then fails to size "
            "it; expected a size from `kaito-iac sizes` [KS201]",
            "did you mean 'Standard_NC40ads_H100_v5' or 'Standard_NCC40ads_H100_v5' or 'Standard_NC80adis_H100_v5'?",
        ),
    ],
)
def test_suggestions_go_by_memory_and_price(name, told, fix):
    """A real size that KAITO does not serve is called one, and what takes its place is the cheapest that holds as much."""
    (problem,) = size_problems(name, "azure", "name")
    assert (problem.headline, problem.fix) == (told, fix)


def test_successors_hold_as_much():
    """A successor has at least the memory of what it replaces."""
    for size in other_sizes().values():
        for name in successors_of(size):
            assert sizes()[name].gpu_memory_gib >= size.gpu_memory_gib


def test_any_size_prefers_kaitos_table():
    """A size of KAITO's table is found there, another beside it, and a name that does not exist nowhere."""
    assert find_any_size("Standard_NC24ads_A100_v4") is find_size("Standard_NC24ads_A100_v4")
    assert find_any_size("standard_nc4as_t4_v3", "azure") is other_sizes()["Standard_NC4as_T4_v3"]
    assert find_any_size("Standard_NC4as_T4_v3", "aws") is None
    assert find_any_size("Standard_NC4as_T5_v9") is None


def pool(**args):
    return record(lambda: kaito.GpuNodePool("gpu", {"cluster_id": CLUSTER, "location": "eastus", **args}))


@pytest.mark.parametrize(
    "name", ["Standard_NC64as_T4_v3", "Standard_NV12ads_A10_v5", "Standard_ND96asr_v4", "Standard_ND128isr_NDR_GB200_v6"]
)
def test_pools_take_sizes_that_kaito_does_not_know(name):
    """KAITO reads nodes that exist by their labels: a pool of any real size is made."""
    assert pool(instance_type=name, count=1).by_name("gpu-nodes").inputs["vmSize"] == name


def test_a_size_nobody_knows_is_usable_with_its_facts():
    """A pool of a size outside every table is made when the program states its GPUs."""
    facts = {"product": "NVIDIA-Z1", "count": 2, "memory_mib": 81920}
    assert pool(instance_type="Standard_NZ1_v9", count=1, gpu=facts).by_name("gpu-nodes").inputs["vmSize"] == "Standard_NZ1_v9"


def test_a_size_nobody_knows_needs_its_facts():
    """A pool of a size outside every table is refused for its GPUs, not for KAITO's table, which pools are not looked up in."""
    with pytest.raises(SpecError) as raised:
        pool(instance_type="Standard_NC128ds_xl_RTXPRO6000BSE_v6", count=1)
    assert str(raised.value).splitlines()[1:] == [
        "  instance_type: 'Standard_NC128ds_xl_RTXPRO6000BSE_v6' is not in the catalogue: the GPUs of its nodes are not known; "
        "expected a size from `kaito-iac sizes`, or gpu [KS201]",
        "    fix: state its GPUs: gpu={'product': …, 'count': …, 'memory_mib': …}, as in the labels of its nodes",
    ]


def test_a_retired_size_is_refused():
    """A size that Azure has retired makes no nodes: the day and what takes its place are reported."""
    with pytest.raises(SpecError) as raised:
        pool(instance_type="Standard_NC12s_v3", count=1)
    assert str(raised.value).splitlines()[1:] == [
        "  instance_type: 'Standard_NC12s_v3', which azure retired on 2025-09-30: it creates no such nodes any more; expected a "
        "size that is available [KS294]",
        "    fix: choose Standard_NC24ads_A100_v4 or Standard_NV72ads_A10_v5",
    ]
    assert retirements()["Standard_NC6s_v3"] == "2025-09-30"
