# ruff: noqa: E501 -- messages are whole lines
"""What is refused of a mirror of weights, with the whole message."""

import pytest

MIRROR = {"preset": "phi-4", "storage_class": "nfs"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {},
            """\
KaitoModelMirror 'weights': 2 problems
  preset: missing; expected a name of `kaito-iac models` [KS102]
    fix: give preset: the model, by the name its Workspace uses
  storage_class: missing; expected the StorageClass of the volume [KS102]
    fix: give storage_class; see `kubectl get storageclass`""",
            id="nothing",
        ),
        pytest.param(
            {"preset": "phi-4"},
            """\
KaitoModelMirror 'weights': 1 problem
  storage_class: missing; expected the StorageClass of the volume [KS102]
    fix: give storage_class; see `kubectl get storageclass`""",
            id="no storage class",
        ),
        pytest.param(
            {**MIRROR, "mode": "static", "size_gib": 100},
            """\
KaitoModelMirror 'weights': 2 problems
  storage_class: together with mode static; expected mode managed: a static mirror downloads nothing [KS105]
    fix: leave storage_class out
  size_gib: together with mode static; expected mode managed: a static mirror downloads nothing [KS105]
    fix: leave size_gib out""",
            id="static mirror with storage",
        ),
        pytest.param(
            {**MIRROR, "mode": "Copied"},
            """\
KaitoModelMirror 'weights': 1 problem
  mode: 'Copied'; expected managed or static [KS102]""",
            id="unknown mode",
        ),
        pytest.param(
            {**MIRROR, "size_gib": 10},
            """\
KaitoModelMirror 'weights': 1 problem
  size_gib: 10, less than the 27.31Gi of weights; expected 107 or more [KS202]
    fix: leave size_gib out""",
            id="volume too small",
        ),
        pytest.param(
            {**MIRROR, "preset": "llama-3.1-8b-instruct"},
            """\
KaitoModelMirror 'weights': 1 problem
  access_secret: missing, but meta-llama/llama-3.1-8b-instruct is gated: KAITO admits it, but it can never work; expected name and namespace of a Secret with the key HF_TOKEN [KS204]
    fix: kubectl create secret generic hf-token --from-literal=HF_TOKEN=…, and name it here""",
            id="gated model without a secret",
        ),
        pytest.param(
            {**MIRROR, "access_secret": {"name": "hf-token"}},
            """\
KaitoModelMirror 'weights': 1 problem
  access_secret.namespace: missing; expected the namespace of the Secret [KS102]""",
            id="half a secret",
        ),
        pytest.param(
            {**MIRROR, "preset": "phi-44"},
            """\
KaitoModelMirror 'weights': 1 problem
  preset: 'phi-44' is not a preset; expected a name from `kaito-iac presets`, or an `organisation/model` [KS101]
    fix: did you mean 'phi-4' or 'phi-4-lora'?""",
            id="unknown model",
        ),
        pytest.param(
            {**MIRROR, "name": "A_b"},
            """\
KaitoModelMirror 'weights': 1 problem
  name: 'A_b'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]""",
            id="a name that is none",
        ),
        pytest.param(
            {**MIRROR, "access_secret": {"name": "hf_abcdefghijklmnopqrst", "namespace": "ai"}},
            """\
KaitoModelMirror 'weights': 2 problems
  access_secret.name: '[token]'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]
  access_secret.name: a token in plain text, readable in the state and in the cluster; expected the name of a Secret that holds it [KS221]
    fix: kubectl create secret generic NAME --from-literal=HF_TOKEN=…""",
            id="a token in the place of a secret",
        ),
    ],
)
def test_refusal(refusal, args, said):
    """A declaration that cannot work is refused with every problem, and nothing is registered."""
    assert refusal("KaitoModelMirror", "weights", args) == said
