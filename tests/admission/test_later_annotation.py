"""Annotations of KAITO 0.13: nothing before, and judged by its webhooks from then on."""

import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Environment
from kaito_iac.catalog.judged_release import judging_by

CAPACITY, SPECULATIVE = "kaito.sh/capacity-type", "kaito.sh/enable-speculative-decoding"


def told(annotations, release, provisioner="karpenter", old=None):
    """Return the findings about annotations of a Workspace, each with its severity."""

    def manifest(given):
        return {
            "apiVersion": "kaito.sh/v1beta1",
            "kind": "Workspace",
            "metadata": {"name": "a", "annotations": given},
            "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "a"}}},
            "inference": {"preset": {"name": "phi-4"}},
        }

    with judging_by(release):
        found = judge(manifest(annotations), Environment(provisioner=provisioner), old=None if old is None else manifest(old))
    return [f"{one.severity}: {one.headline}" for one in found.problems if one.path.startswith("metadata")]


NEW = "0.13.0-rc.0"


@pytest.mark.parametrize(
    ("annotations", "release", "found"),
    [
        pytest.param({CAPACITY: "spot", SPECULATIVE: "true"}, NEW, [], id="values of the release"),
        pytest.param({CAPACITY: ""}, NEW, [], id="empty means on-demand"),
        pytest.param(
            {CAPACITY: "Spot"},
            NEW,
            [f"error: metadata.annotations[{CAPACITY}]: 'Spot'; expected on-demand or spot [KS310]"],
            id="a capital",
        ),
        pytest.param(
            {SPECULATIVE: "True"},
            NEW,
            [f"error: metadata.annotations[{SPECULATIVE}]: 'True'; expected 'true' or 'false' [KS310]"],
            id="a word of Python",
        ),
        pytest.param(
            {CAPACITY: "Spot"},
            "0.12.0",
            [
                f"warning: metadata.annotations[{CAPACITY}]: 'Spot' does nothing: KAITO reads it from 0.13 on; expected no "
                "annotation before KAITO 0.13 [KS229]"
            ],
            id="before the release",
        ),
    ],
)
def test_values(annotations, release, found):
    """Under Karpenter capacity-type has two values; speculative decoding is true or false."""
    assert told(annotations, release) == found


def test_other_provisioners_read_no_capacity():
    """Without Karpenter the webhook does not look at capacity-type."""
    assert told({CAPACITY: "Spot"}, NEW, provisioner="azure-gpu-provisioner") == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param({CAPACITY: "spot"}, {CAPACITY: "spot"}, [], id="the same"),
        pytest.param(
            {CAPACITY: "spot"},
            {},
            [f"error: metadata.annotations[{CAPACITY}]: removed; expected 'spot' [KS325]"],
            id="taken away",
        ),
        pytest.param(
            {},
            {CAPACITY: "spot"},
            [f"error: metadata.annotations[{CAPACITY}]: 'spot'; expected no annotation: it is immutable [KS325]"],
            id="added later",
        ),
        pytest.param({CAPACITY: "Spot"}, {CAPACITY: "spot"}, [], id="a value of an older release may be put right"),
    ],
)
def test_updates(old, new, found):
    """capacity-type is immutable, unless it had no value that the release takes."""
    assert told(new, NEW, old=old) == found
