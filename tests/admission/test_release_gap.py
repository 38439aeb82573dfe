"""Manifests held against a release that was named."""

import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.release_gap import release_gaps
from kaito_iac.admission.verdict import Cluster
from kaito_iac.catalog.judged_release import judging_by

CHAT = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "Workspace",
    "metadata": {"name": "chat"},
    "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"a": "b"}}},
    "inference": {"preset": {"name": "phi-4"}},
}
CUT = {**CHAT, "resource": {"labelSelector": {"matchLabels": {"a": "b"}}, "partition": {"mode": "mig", "profile": "2g.24gb"}}}
MIRROR = {"apiVersion": "kaito.sh/v1alpha1", "kind": "ModelMirror", "metadata": {"name": "m"}, "spec": {}}


@pytest.mark.parametrize(
    ("manifest", "release", "paths"),
    [
        pytest.param(CHAT, "0.11.0", [], id="what both have"),
        pytest.param(CUT, "0.11.0", [("resource", "partition")], id="a field that came later"),
        pytest.param(CUT, "0.12.0", [], id="the default release"),
        pytest.param(CUT, "0.13.0-rc.0", [], id="a release whose fields were not read"),
    ],
)
def test_fields(manifest, release, paths):
    """Fields that the release does not have are found by path."""
    with judging_by(release):
        assert [path for path, _, _ in release_gaps(manifest)] == paths


def test_a_field_that_came_later_is_an_error():
    """A manifest with a field that the named release does not have is refused, with the release in the text."""
    with judging_by("0.11.0"):
        found = [problem.headline for problem in judge(CUT).problems if problem.code == "KS295"]
    assert found == ["resource.partition: a field that KAITO 0.11.0 does not have; expected a field of the release [KS295]"]


def test_gone_arguments_are_errors_where_the_release_is_named():
    """An argument that vLLM lacks is a warning, and an error when the release is named."""
    cluster = Cluster(
        config_maps={("default", "engine"): {"inference_config.yaml": "vllm:\n  watermark: 0.1\n  swap-space: 4\n"}}
    )
    chat = {**CHAT, "inference": {"preset": {"name": "phi-4"}, "config": "engine"}}

    def told():
        return [
            (one.severity, one.found.partition(":")[0]) for one in judge(chat, cluster=cluster).problems if one.code == "KS228"
        ]

    assert told() == [("warning", "swap-space")]
    with judging_by("0.12.0"):
        assert told() == [("error", "swap-space")]
    with judging_by("0.11.0"):
        assert told() == [("error", "watermark"), ("error", "swap-space")]
