"""What a saved stack runs for certain: never more than it has in use, since that would hide the use of others."""

import json
from datetime import date

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.quota.model import QuotaFile
from kaito_iac.quota.running import Running, running_of, with_running
from kaito_iac.stack.saved_state import read_state

POOL = "azure-native:containerservice:AgentPool"
SIZE = "Standard_NC24ads_A100_v4"
FAMILY = "StandardNCADSA100v4Family"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "c2VjcmV0"}


def pool(name="gpu", *, entry=None, **inputs):
    found = {"vmSize": SIZE, "location": "eastus", "count": 1, **inputs}
    return {"urn": f"urn:pulumi:prod::shop::{POOL}::{name}", "type": POOL, "custom": True, "inputs": found, **(entry or {})}


def state(*resources, operations=()):
    deployment = {"resources": list(resources), "pending_operations": list(operations)}
    return read_state(json.dumps({"version": 3, "deployment": deployment}))


def vcpus(count):
    return {"eastus": {FAMILY: 24 * count, "cores": 24 * count}}


@pytest.mark.parametrize(
    ("found", "regions"),
    [
        pytest.param(state(pool(count=2)), vcpus(2), id="a fixed count"),
        pytest.param(state(pool(enableAutoScaling=True, minCount=1, maxCount=4)), vcpus(1), id="autoscaled: its minimum"),
        pytest.param(state(pool(enableAutoScaling=True, minCount=0, maxCount=4)), {}, id="autoscaled from none"),
        pytest.param(state(pool(scaleSetPriority="Spot")), {"eastus": {"lowPriorityCores": 24}}, id="spot is no part of cores"),
        pytest.param(state(pool(vmSize="Standard_D4s_v5")), {}, id="without GPUs"),
        pytest.param(state(pool(entry={"external": True})), {}, id="looked up, not held"),
        pytest.param(state(pool(), pool(entry={"delete": True})), vcpus(2), id="what waits for its deletion runs"),
        pytest.param(
            state(pool(), operations=[{"type": "creating", "resource": pool("half")}]), vcpus(1), id="what may not exist does not"
        ),
        pytest.param(state(pool("a"), pool("b", location="East US")), vcpus(2), id="a region in two spellings"),
    ],
)
def test_running(found, regions):
    """Each kind of resource counts with what it has in use at least."""
    assert running_of(found) == Running(stack="shop/prod", made=None, regions=regions, doubts=())


def test_doubts():
    """What is not known is left out and reported: size, region, whether it is spot."""
    hidden = Unknown("a secret")
    found = running_of(state(pool("a", vmSize=SECRET), pool("b", location=SECRET), pool("c", scaleSetPriority=SECRET)))
    assert found.regions == {}
    assert found.doubts == (("a", "vCPUs", hidden), ("b", "region", hidden), ("c", "quota family", hidden))


def test_region_of_what_names_none():
    """A region that is given simulates resources that name none."""
    assert running_of(state(pool(location=None)), "East US").regions == vcpus(1)


def test_with_running():
    """The file says it in its own spelling; other stacks stay, and a family without a limit on record is reported."""
    families = {"standardNCADSA100v4Family": {"limit": 96, "used": 48}}
    region = {"families": families, "running": {"docs/prod": {"standardNCADSA100v4Family": 4}}}
    quota = QuotaFile.model_validate({"date": date(2026, 6, 30), "subscriptions": {"lab": {"regions": {"East US": region}}}})
    one = Running(stack="shop/prod", made=None, regions={**vcpus(1), "westus": {"cores": 24, FAMILY: 24}}, doubts=())
    after, left_out = with_running(quota, "lab", [one])
    assert after.subscriptions["lab"].regions["East US"].running == {
        "docs/prod": {"standardNCADSA100v4Family": 4},
        "shop/prod": {"standardNCADSA100v4Family": 24},
    }
    assert left_out == (f"shop/prod: 24 vCPUs of {FAMILY} in westus: no limit on record there",)
