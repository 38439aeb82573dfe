# ruff: noqa: E501 -- messages are whole lines
"""A pool of another stack as an Output: nodes are counted from the size that is stated, labels come when the stack answers."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.testing import record

NC24 = "Standard_NC24ads_A100_v4"
PHI = {"preset": "phi-4-mini-instruct"}
REFERENCE = {"selector": {"apps": "gpu"}, "instanceType": NC24, "maxCount": 2, "location": "eastus"}


def chat(pool, **given):
    return record(
        lambda: kaito.KaitoWorkspace("chat", {**PHI, "node_pool": pulumi.Output.from_input(pool), **given}),
        preview=False,
        allow_error=True,
    )


def test_labels_of_the_pool_are_used():
    """A reference of another stack gives the labels; a size is not written, as the nodes exist."""
    made = chat(REFERENCE, instance_type=NC24)
    assert made.error is None
    assert made.by_name("chat-workspace").inputs["resource"] == {"labelSelector": {"matchLabels": {"apps": "gpu"}}}


def test_own_labels_are_added():
    """Labels of the program come beside those of the pool."""
    made = chat(REFERENCE, instance_type=NC24, node_selector={"zone": "1"})
    labels = {"apps": "gpu", "zone": "1"}
    assert made.by_name("chat-workspace").inputs["resource"] == {"labelSelector": {"matchLabels": labels}}


def test_a_set_on_a_pool_of_another_stack():
    """Replicas run there too."""
    pool = pulumi.Output.from_input
    made = record(
        lambda: kaito.KaitoInferenceSet("chat", {**PHI, "node_pool": pool(REFERENCE), "instance_type": NC24}), preview=False
    )
    assert made.by_name("chat-inferenceset").inputs["spec"]["labelSelector"] == {"matchLabels": {"apps": "gpu"}}


@pytest.mark.parametrize(
    ("pool", "given", "said"),
    [
        pytest.param(
            REFERENCE,
            {},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: missing, and node_pool is an Output; expected the size of the pool's nodes: how many a model needs follows from it, before another stack is asked [KS102]""",
            id="no size",
        ),
        pytest.param(
            REFERENCE,
            {"instance_type": "Standard_NC80adis_H100_v5"},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'Standard_NC80adis_H100_v5', but the pool has Standard_NC24ads_A100_v4; expected Standard_NC24ads_A100_v4 [KS105]
    fix: instance_type='Standard_NC24ads_A100_v4'""",
            id="another size than the pool has",
        ),
        pytest.param(
            {"instanceType": NC24},
            {"instance_type": NC24},
            """\
KaitoWorkspace 'chat': 1 problem
  node_pool.selector: missing; expected labels that the nodes carry already [KS102]
    fix: kubectl label node NODE apps=gpu; node_pool.selector={'apps': 'gpu'}""",
            id="no labels",
        ),
        pytest.param(
            "a100",
            {"instance_type": NC24},
            """\
KaitoWorkspace 'chat': 1 problem
  node_pool: 'a100'; expected the reference of a GpuNodePool, or instance_type and selector of its nodes [KS102]""",
            id="no mapping",
        ),
        pytest.param(
            REFERENCE,
            {"instance_type": "A100"},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'A100' is no size in the catalogue; expected a size from `kaito-iac sizes` [KS102]""",
            id="no size of the catalogue",
        ),
    ],
)
def test_pool_that_does_not_fit(pool, given, said):
    """What is wrong is reported at once, or when the other stack answers."""
    found = chat(pool, **given).error
    assert found is not None
    assert isinstance(found.cause, SpecError), found.message
    assert str(found.cause) == said
