"""Assertions about a plan: what passes, and the whole message of what fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.testing import (
    assert_cost_at_most,
    assert_fits_quota,
    assert_gpus_at_most,
    assert_no_errors,
    assert_nothing_public,
)

CLUSTER = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/models"
    "/providers/Microsoft.ContainerService/managedClusters/models"
)


def pool(most: Any = 3, size: Any = "Standard_NC40ads_H100_v5") -> None:
    kaito.GpuNodePool("pool", cluster_id=CLUSTER, location="eastus", instance_type=size, min_count=1, max_count=most)


def mixed() -> None:
    pool(2)
    kaito.KaitoWorkspace("chat", preset="phi-4", instance_type="Standard_NC96ads_A100_v4", location="eastus")


def later() -> None:
    """A pool whose size is known only after another resource."""
    other = pulumi.CustomResource("test:index:Thing", "other")
    inputs = {"vmSize": other.id, "count": 2, "resourceGroupName": "r", "resourceName": "c"}
    pulumi.CustomResource("azure-native:containerservice:AgentPool", "late", inputs)


def public() -> None:
    kaito.KaitoWorkspace("chat", preset="phi-4", instance_type="Standard_NC24ads_A100_v4", expose="loadBalancer")


def broken() -> None:
    pool(1)
    kaito.KaitoWorkspace("chat", preset="phi-5")


HEAD = "plan of project, stack dev:\n"


@pytest.mark.parametrize(
    ("program", "most", "product", "said"),
    [
        pytest.param(pool, 3, "H100", "", id="exactly as many"),
        pytest.param(pool, 3, "", "", id="of all products"),
        pytest.param(pool, 2, "h100", "  up to 3 h100 GPUs (3 NVIDIA H100); at most 2 are allowed", id="one more"),
        pytest.param(mixed, 2, "H100", "", id="another product does not count"),
        pytest.param(
            mixed, 5, "", "  up to 6 GPUs (2 NVIDIA H100, 4 NVIDIA A100); at most 5 are allowed", id="all products count"
        ),
        pytest.param(pool, 0, "A100", "", id="none of the product"),
        pytest.param(
            later,
            99,
            "H100",
            "  GPUs of other: not known, test:index:Thing is an unknown type\n"
            "  GPUs of late: not known, set by an output of other",
            id="unknown is never none",
        ),
    ],
)
def test_gpus(program: Callable[[], None], most: int, product: str, said: str) -> None:
    """The most that a program may ever hold counts, by product."""
    plan = kaito.plan(program)
    if not said:
        assert_gpus_at_most(plan, most, product)
        return
    with pytest.raises(AssertionError) as failed:
        assert_gpus_at_most(plan, most, product)
    assert str(failed.value) == HEAD + said


def test_cost() -> None:
    """The cost of a program at its largest is what counts."""
    plan = kaito.plan(pool)
    assert_cost_at_most(plan, 15_300)
    with pytest.raises(AssertionError) as failed:
        assert_cost_at_most(plan, 15_000)
    assert str(failed.value) == f"{HEAD}  up to 15,286 USD a month; at most 15,000 are allowed"


def test_public() -> None:
    """A load balancer is an address that everyone reaches."""
    assert_nothing_public(kaito.plan(mixed))
    with pytest.raises(AssertionError) as failed:
        assert_nothing_public(kaito.plan(public))
    assert [line.rpartition("[")[2] for line in str(failed.value).splitlines()[1:]] == ["KN301]"]


QUOTA = """
date: 2026-11-20
subscriptions:
  00000000-0000-0000-0000-000000000001:
    regions: {eastus: {families: {StandardNCadsH100v5Family: {limit: 120, used: 0}}}}
"""


def test_quota(tmp_path: Path) -> None:
    """A program that needs more than the file has gets a message with family, region and amounts; an upgrade's surge counts."""
    file = tmp_path / "quota.yaml"
    file.write_text(QUOTA)
    assert_fits_quota(kaito.plan(lambda: pool(2)), file)
    with pytest.raises(AssertionError) as failed:
        assert_fits_quota(kaito.plan(lambda: pool(4)), str(file))
    told = str(failed.value).splitlines()
    assert told[1].startswith("  StandardNCadsH100v5Family in eastus: ")
    assert told[1].endswith("[KQ102]")
    with pytest.raises(AssertionError, match="KQ103"):
        assert_fits_quota(kaito.plan(lambda: pool(1)), tmp_path / "none.yaml")


def test_errors() -> None:
    """Errors fail; warnings only when that is asked for."""
    plan = kaito.plan(lambda: kaito.KaitoWorkspace("chat", preset="phi-4", instance_type="Standard_NC24ads_A100_v4"))
    assert_no_errors(plan)
    with pytest.raises(AssertionError) as failed:
        assert_no_errors(kaito.plan(broken))
    told = "preset: 'phi-5' is not a preset; expected a name from `kaito-iac presets`, or an `organisation/model` [KS101]"
    assert str(failed.value) == f"{HEAD}  KaitoWorkspace 'chat': {told}\n    fix: did you mean 'phi-4'?"


@pytest.mark.parametrize(
    "judge",
    [
        pytest.param(lambda plan: assert_gpus_at_most(plan, 99), id="GPUs"),
        pytest.param(lambda plan: assert_cost_at_most(plan, 10**9), id="cost"),
        pytest.param(assert_nothing_public, id="public"),
        pytest.param(lambda plan: assert_fits_quota(plan, "quota.yaml"), id="quota"),
    ],
)
def test_a_program_that_broke_off_passes_nothing(judge: Callable[[kaito.Plan], None]) -> None:
    """A program that did not run to its end may hold more than its plan says: nothing is certified."""
    with pytest.raises(AssertionError, match=r"^plan of project, stack dev:\n  the program did not run to its end:\n"):
        judge(kaito.plan(broken))
