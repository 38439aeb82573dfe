"""What components hand on as one value."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.components.package import COMPONENTS
from kaito_iac.spelling import camel
from kaito_iac.testing import record

A100 = "Standard_NC24ads_A100_v4"


def seen(make):
    """Records a program; gives the values of the Outputs it returns."""
    found = {}

    def program():
        for name, output in make().items():
            output.apply(lambda value, name=name: found.update({name: value}))

    assert record(program, preview=False).error is None
    return found


def test_endpoint_has_attributes():
    """Attributes of an endpoint are snake_case, its keys as state has them."""

    def make():
        chat = kaito.KaitoWorkspace("chat", preset="phi-4-mini-instruct", instance_type=A100, context=4096)
        return {
            "url": chat.endpoint.url,
            "model": chat.endpoint.model,
            "tokens": chat.endpoint.context_tokens,
            "all": chat.endpoint,
        }

    url = "http://chat.default.svc.cluster.local/v1"
    whole = {"url": url, "model": "phi-4-mini-instruct", "contextTokens": 4096}
    assert seen(make) == {"url": url, "model": "phi-4-mini-instruct", "tokens": 4096, "all": whole}


def test_adapter_has_attributes():
    """A trained adapter states its image and pull secrets."""

    def make():
        tuned = kaito.KaitoTuning(
            "law",
            preset="phi-4-mini-instruct-qlora",
            dataset={"urls": ["https://data.example.com/law.parquet"]},
            output={"image": "registry.example.com/law:1", "push_secret": "push"},
        )
        return {"image": tuned.adapter.image, "secrets": tuned.adapter.image_pull_secrets, "name": tuned.adapter.name}

    assert seen(make) == {"image": "registry.example.com/law:1", "secrets": ["push"], "name": "law"}


def test_references_are_taken_back():
    """What another stack exports as a reference is an operator, a pool: its keys are camelCase, and plain where they can be."""

    def make():
        operator = kaito.KaitoOperator("kaito", provisioner="byo", feature_gates={"enableMIG": True})
        pool = kaito.GpuNodePool("a100", instance_type=A100, count=2, labels={"apps": "gpu"}, location="eastus")
        return {"operator": operator.reference, "pool": pool.reference}

    references = seen(make)
    assert references["pool"] == {"selector": {"apps": "gpu"}, "instanceType": A100, "maxCount": 2, "location": "eastus"}

    def workload():
        later = pulumi.Output.from_input(references["operator"])
        kaito.KaitoWorkspace("chat", preset="phi-4-mini-instruct", operator=later, node_pool=references["pool"])

    made = record(workload, preview=False)
    assert made.error is None
    assert made.by_name("chat-workspace").inputs["resource"] == {"labelSelector": {"matchLabels": {"apps": "gpu"}}}


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda found: found.__name__)
def test_outputs_are_snake_case(component):
    """Attributes of a component are snake_case."""
    assert [name for name in component.__annotations__ if name != name.lower()] == []
    assert all(camel(name) for name in component.__annotations__)
