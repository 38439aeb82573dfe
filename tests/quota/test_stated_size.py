"""Facts of sizes that a quota file states."""

from dataclasses import replace

import pytest

from kaito_iac.catalog.load import sizes
from kaito_iac.demand.demand import Demand
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.quota.file import read_quota_text
from kaito_iac.quota.stated_size import with_stated

TEXT = """\
date: 2026-11-20
sizes:
  Standard_ND128x_Z1_v9: {vcpus: 128, family: standardZ1Family, gpus: 4, gpuModel: NVIDIA Z1}
subscriptions:
  a: {regions: {eastus: {families: {standardZ1Family: {limit: 256}}}}}
"""


def demand(name, size):
    return Demand(
        urn="u", resource="r", kind="AgentPool", component="c", size_name=name, size=size, nodes=Range.exactly(2), region="eastus"
    )


def test_stated_facts_count():
    """vCPUs, family and GPUs of an unknown size are those of the file, whatever the case of its name."""
    quota, problems = read_quota_text(TEXT, "quota.yaml")
    assert problems == ()
    (found,) = with_stated([demand("standard_nd128x_z1_v9", Unknown("not known"))], quota)
    assert (found.vcpus, found.family, found.gpus) == (Range.exactly(256), "standardZ1Family", Range.exactly(8))
    assert found.gpu_model == "NVIDIA Z1"


@pytest.mark.parametrize("quota", [None, read_quota_text(TEXT, "quota.yaml")[0]])
def test_known_sizes_keep_their_facts(quota):
    """A size of the catalogue, and one that the file does not state, stay as they are."""
    known = demand("Standard_NC24ads_A100_v4", sizes()["Standard_NC24ads_A100_v4"])
    other = demand("Standard_ND1_v9", Unknown("not known"))
    assert with_stated([known, other], quota) == (known, other)


def test_a_family_alone_takes_no_gpus_away():
    """A size of the catalogue without a family keeps its GPUs; one that reads like GPUs has an unknown number of them."""
    text = TEXT.replace(
        "subscriptions", "  Standard_ND1_v9: {vcpus: 8, family: f}\n  Standard_L8_v9: {vcpus: 8, family: f}\nsubscriptions"
    )
    quota, problems = read_quota_text(text, "quota.yaml")
    assert problems == ()
    bare = replace(sizes()["Standard_NC24ads_A100_v4"], name="Standard_ND128x_Z1_v9", quota_family=Unknown("not known"))
    names = ("Standard_ND1_v9", "Standard_L8_v9")
    known, open_, none = with_stated(
        [demand("Standard_ND128x_Z1_v9", bare), *(demand(name, Unknown("not known")) for name in names)], quota
    )
    assert (known.family, known.gpus, known.gpu_model) == ("standardZ1Family", Range.exactly(2), "NVIDIA A100")
    assert (open_.vcpus, open_.gpus) == (
        Range.exactly(16),
        Unknown("sizes.Standard_ND1_v9 of the quota file states no gpus"),
    )
    assert none.gpus == Range.exactly(0)


def test_facts_are_whole():
    """A size without vCPUs is refused with its line."""
    _, problems = read_quota_text("date: 2026-11-20\nsizes:\n  X: {family: f}\nbudgets: {}\n", "quota.yaml")
    assert [problem.headline for problem in problems] == ["quota.yaml:3: sizes.X.vcpus: missing; expected a value [KQ103]"]
