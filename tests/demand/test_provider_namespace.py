"""The namespace of an object is resolved as the engine does: the object, its provider, the stack's configuration."""

import json

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.errors import SpecError
from kaito_iac.stack.saved_state import read_state
from kaito_iac.testing import record

WORKSPACE = "kubernetes:kaito.sh/v1beta1:Workspace"
WORK = {
    "resource": {"instanceType": "Standard_NC24ads_A100_v4"},
    "inference": {"preset": {"name": "phi-4-mini-instruct"}},
}
QUOTA = "date: 2026-06-30\nlimits: []\nbudgets:\n  namespaces:\n    chat: {gpus: 0}\n"


class Provider(pulumi.ProviderResource):
    def __init__(self, namespace):
        super().__init__("kubernetes", "cluster", {"namespace": namespace})


def workspace(namespace=None, opts=None):
    metadata = {"name": "w", **({"namespace": namespace} if namespace else {})}
    pulumi.CustomResource(WORKSPACE, "w", {"metadata": metadata, **WORK}, opts)


def of_provider():
    workspace(opts=pulumi.ResourceOptions(provider=Provider("chat")))


def of_component():
    """A provider that a component hands on."""
    inherited = pulumi.ResourceOptions(providers={"kubernetes": Provider("chat")})
    workspace(opts=pulumi.ResourceOptions(parent=pulumi.ComponentResource("my:index:Shop", "shop", {}, inherited)))


def own():
    workspace("docs", pulumi.ResourceOptions(provider=Provider("chat")))


CASES = [
    pytest.param(of_provider, {}, "chat", id="of the provider"),
    pytest.param(of_component, {}, "chat", id="of the provider of a component"),
    pytest.param(own, {}, "docs", id="of the object"),
    pytest.param(workspace, {"kubernetes:namespace": "chat"}, "chat", id="of the stack's configuration"),
    pytest.param(of_provider, {"kubernetes:namespace": "docs"}, "chat", id="the provider is above the configuration"),
    pytest.param(workspace, {}, "default", id="of no one"),
]


@pytest.mark.parametrize(("program", "config", "namespace"), CASES)
def test_plan(program, config, namespace):
    """A plan counts an object in the namespace that the engine puts it in."""
    (found,) = demands(record(program, config=config).resources)
    assert found.namespace == namespace


@pytest.mark.parametrize(("program", "config", "namespace"), CASES)
def test_guard(program, config, namespace, tmp_path, monkeypatch):
    """The guard holds an object against the budget of the namespace that the engine puts it in."""
    (tmp_path / "quota.yaml").write_text(QUOTA)
    refused = []

    def guarded():
        kaito.guard(quota_file=str(tmp_path / "quota.yaml"))
        try:
            program()
        except SpecError as error:
            refused.extend(one.code for one in error.problems)

    record(guarded, config=config)
    assert ("KQ108" in refused) == (namespace == "chat")


def test_state():
    """A saved state states the namespace of its providers."""
    urn = "urn:pulumi:dev::shop::"
    provider = {"urn": f"{urn}pulumi:providers:kubernetes::cluster", "type": "pulumi:providers:kubernetes", "custom": True}
    workload = {"urn": f"{urn}{WORKSPACE}::w", "type": WORKSPACE, "custom": True, "inputs": {"metadata": {"name": "w"}, **WORK}}
    listed = [{**provider, "inputs": {"namespace": "chat"}}, {**workload, "provider": f"{provider['urn']}::id"}]
    state = read_state(json.dumps({"version": 3, "deployment": {"resources": listed}}))
    assert [found.namespace for found in demands(state.resources)] == ["chat"]


def test_the_configuration_of_a_model_is_found_there():
    """A ConfigMap and the Workspace that names it are in one namespace where the provider gives both of them theirs."""

    def program():
        opts = pulumi.ResourceOptions(provider=Provider("chat"))
        data = {"inference_config.yaml": "vllm:\n  max-model-len: 4096\n"}
        pulumi.CustomResource("kubernetes:core/v1:ConfigMap", "c", {"metadata": {"name": "c"}, "data": data}, opts)
        inference = {"preset": {"name": "phi-4-mini-instruct"}, "config": "c"}
        pulumi.CustomResource(WORKSPACE, "w", {"metadata": {"name": "w"}, **WORK, "inference": inference}, opts)

    (found,) = demands(record(program).resources)
    assert (found.why, str(found.gpus)) == ("KAITO's estimate for 4096 tokens", str(Range.exactly(1)))
