"""Fields that a CRD does not declare, fields at another level, and numbers beyond the format of a field."""

from __future__ import annotations

from typing import Any

import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Environment

HEAD = {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", "metadata": {"name": "notes"}}
RESOURCE = {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "notes"}}}
SET = {
    "labelSelector": {"matchLabels": {"app": "a"}},
    "template": {"inference": {"preset": {"name": "phi-4"}}, "resource": RESOURCE},
}
LACKS = (
    "a field that the CRD does not have: kubectl and server-side apply refuse the object; expected a field of this kind [KS242]"
)


def found(manifest: dict[str, Any], version: str = "0.12.0") -> list[str]:
    """Return every problem of a manifest that is no information."""
    problems = judge(manifest, Environment(version=version)).problems
    return [f"{one.severity}: {one.text(indent='', marked=False)}" for one in problems if one.severity != "info"]


@pytest.mark.parametrize(
    ("manifest", "version", "problems"),
    [
        pytest.param(
            {**HEAD, "resource": RESOURCE, "inference": {"preset": {"nmae": "phi-4", "name": "phi-4"}}},
            "0.12.0",
            [f"error: inference.preset.nmae: {LACKS}\n  fix: did you mean 'name'?"],
            id="a misspelt field",
        ),
        pytest.param(
            {**HEAD, "resource": RESOURCE, "inference": {"name": "phi-4", "preset": {"name": "phi-4"}}},
            "0.12.0",
            [f"error: inference.name: {LACKS}\n  fix: move it into preset"],
            id="a field one level too high",
        ),
        pytest.param(
            {**HEAD, "resource": RESOURCE, "inference": {"preset": {"name": "phi-4"}}, "zones": [1]},
            "0.12.0",
            [f"error: zones: {LACKS}"],
            id="a field like no other",
        ),
        pytest.param(
            {**HEAD, "resource": RESOURCE, "inference": {"preset": {"name": "phi-4"}}, "zones": [1]},
            "0.13.0",
            [
                "warning: zones: a field that the CRD of KAITO 0.12.0 lacks; one of KAITO 0.13.0 may have it; expected a field "
                "of this kind [KS242]"
            ],
            id="a newer KAITO, whose CRDs are not held",
        ),
        pytest.param(
            {**HEAD, "spec": {"resource": RESOURCE, "inference": {"preset": {"name": "falcon-7b-instruct"}}}},
            "0.12.0",
            [
                "error: spec: a Workspace has no spec: its fields belong one level up; expected it beside metadata "
                "[KS242]\n  fix: move it one level up",
                "error: spec.inference.preset.name: 'falcon-7b-instruct' is retired; expected a name from `kaito-iac models`, or "
                "organisation/model [KS319]\n"
                "  fix: name 'tiiuae/falcon-7b-instruct', its Hugging Face id, which KAITO takes as best effort",
            ],
            id="everything under spec is reported once, and judged all the same",
        ),
        pytest.param(
            {**HEAD, "spec": {"replicas": 1}, "resource": RESOURCE, "inference": {"preset": {"name": "phi-4"}}},
            "0.12.0",
            [f"error: spec: {LACKS}"],
            id="a spec beside what belongs to a Workspace",
        ),
    ],
)
def test_fields_that_a_crd_lacks(manifest, version, problems):
    """A field that the CRD lacks is refused, with the place or the name that was meant; a newer CRD may have it."""
    assert found(manifest, version) == problems


@pytest.mark.parametrize(
    ("replicas", "problems"),
    [
        pytest.param(2147483647, [], id="the most that fits"),
        pytest.param(
            3000000000,
            ["error: spec.replicas: 3000000000; expected a whole number from -2147483648 to 2147483647 [KS303]"],
            id="beyond int32",
        ),
    ],
)
def test_whole_numbers_fit_the_format_of_their_field(replicas, problems):
    """A whole number beyond the format of its field is refused, as the API server does."""
    manifest = {**HEAD, "kind": "InferenceSet", "spec": {**SET, "replicas": replicas}}
    assert [text for text in found(manifest) if "KS303" in text] == problems
