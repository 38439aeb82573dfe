"""What the components register, whole: inputs, parents, providers, options and outputs of every example, in both modes."""

import json
import re

import pulumi
import pytest
import yaml

import kaito_iac as kaito
from kaito_iac.testing import record

CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
A100 = "Standard_NC24ads_A100_v4"
POOL = {"instance_type": A100, "selector": {"apps": "gpu"}}


def test_registrations(example, registrations, golden):
    """An example registers what its golden file says, and the update registers nothing but what the preview showed."""
    name, program = example
    preview = registrations(record(program))
    golden(f"components/{name}.json", preview)
    planned, updated = json.loads(preview), json.loads(registrations(record(program, preview=False)))
    assert _settled(planned, updated) == planned


def _settled(planned, updated):
    """Return what an update registered, with what no preview can know as the preview has it."""
    if _later(planned):
        return planned
    if isinstance(planned, dict) and isinstance(updated, dict):
        late = {key: value for key, value in planned.items() if _later(value) or key == "property_dependencies"}
        settled = {key: _settled(planned.get(key), updated.get(key)) for key in {**updated, **late}}
        if "property_dependencies" in planned:  # an input that is not known in the update depends on nothing
            found = updated.get("property_dependencies", {})
            settled["property_dependencies"] = {**planned["property_dependencies"], **found}
        return settled
    if isinstance(planned, list) and isinstance(updated, list) and len(planned) == len(updated):
        return [_settled(*pair) for pair in zip(planned, updated, strict=True)]
    return updated


def _later(planned):
    return isinstance(planned, str) and (planned == "unknown" or planned.startswith("unknown ("))


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_children_use_the_provider_of_the_component(preview):
    """A provider that is passed to the component is the one its Kubernetes objects use, and no other option is passed on."""

    def program():
        provider = pulumi.ProviderResource("kubernetes", "edge", {})
        options = pulumi.ResourceOptions(providers=[provider], protect=True, depends_on=[Marker("first")])
        chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "context": 8192}, options)
        kaito.KaitoRagEngine("docs", {"llm": chat.endpoint}, pulumi.ResourceOptions(provider=provider))

    recording = record(program, preview=preview)
    children = ["chat-config", "chat-workspace", "docs-index", "docs-ragengine"]
    providers = {name: recording.by_name(name).provider.rpartition("::")[0] for name in children}
    assert providers == dict.fromkeys(children, "urn:pulumi:dev::project::pulumi:providers:kubernetes::edge")
    assert [recording.by_name(name).options.protect for name in children] == [True, True, False, False]
    assert [recording.by_name(name).options.ignore_changes for name in children] == [()] * 4


class Marker(pulumi.CustomResource):
    def __init__(self, name):
        super().__init__("test:index:Marker", name, {})


def test_pool_is_there_before_the_workspace():
    """A workspace waits for the agent pool of its node pool, not for the component alone."""

    def program():
        pool = kaito.GpuNodePool("a100", {"cluster_id": CLUSTER, "instance_type": A100})
        kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "node_pool": pool, "context": 8192})

    recording = record(program)
    waits_for = {urn.rpartition("::")[2] for urn in recording.by_name("chat-workspace").options.depends_on}
    assert waits_for == {"a100-nodes", "chat-config"}


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_endpoint_is_known_and_comes_from_the_workspace(preview):
    """What is made from an endpoint is known in the preview, and waits for the Workspace."""

    def program():
        chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct"})
        Listener("listener", chat.endpoint, chat.nodes, chat.gpus)

    listener = record(program, preview=preview).by_name("listener")
    assert listener.inputs == {
        "endpoint": {"url": "http://chat.default.svc.cluster.local/v1", "model": "phi-4-mini-instruct", "contextTokens": 79645},
        "nodes": 1,
        "gpus": 1,
    }
    sources = {key: [urn.rpartition("::")[2] for urn in urns] for key, urns in listener.options.property_dependencies.items()}
    assert sources == {"endpoint": ["chat-workspace"], "nodes": ["chat-workspace"], "gpus": ["chat-workspace"]}


class Listener(pulumi.CustomResource):
    def __init__(self, name, endpoint, nodes, gpus):
        super().__init__("test:index:Listener", name, {"endpoint": endpoint, "nodes": nodes, "gpus": gpus})


@pytest.mark.parametrize(
    ("args", "seconds"),
    [
        pytest.param({"preset": "phi-4-mini-instruct"}, 3060, id="30 min of KAITO's, a fifth more, and 15 min for the node"),
        pytest.param({"preset": "phi-4-mini-instruct", "node_pool": POOL}, 2160, id="no new node"),
        pytest.param(
            {"preset": "llama-3.3-70b-instruct", "access_secret": "hf-token"},
            4819,
            id="131.4 GiB of weights: 15 min and 18 s a GiB",
        ),
        pytest.param({"preset": "phi-4-mini-instruct", "timeout_minutes": 90}, 5400, id="as the user says"),
    ],
)
def test_wait_follows_from_the_weights(args, seconds):
    """The create and update timeouts of a Workspace are KAITO's own budget for its weights, images and new nodes on top."""
    options = record(lambda: kaito.KaitoWorkspace("chat", args)).by_name("chat-workspace").options
    assert options.custom_timeouts == {"create": f"{seconds}s", "update": f"{seconds}s", "delete": "30m"}


def test_engine_configuration_is_plain_block_yaml(example):
    """KAITO scans inference_config.yaml by lines: two columns, a bare integer, no comment, and it is what YAML reads too."""
    _, program = example
    for resource in record(program).resources:
        if resource.type != "kubernetes:core/v1:ConfigMap":
            continue
        text = resource.inputs["data"].get("inference_config.yaml")
        if text is None:
            continue
        lines = text.splitlines()
        assert lines[0] == "vllm:"
        assert re.fullmatch(r"  max-model-len: [1-9][0-9]*", lines[1])
        assert [line for line in lines[1:] if not re.fullmatch(r"  [a-z][-a-z0-9]*: \S.*", line)] == []
        assert yaml.safe_load(text)["vllm"]["max-model-len"] == int(lines[1].split()[1])


def test_engine_arguments_keep_their_types():
    """What YAML reads from the configuration is what was given: text stays text, numbers stay numbers."""
    given = {
        "a": "yes",
        "b": "1e3",
        "c": "0x1f",
        "d": "12:30:00",
        "e": "null",
        "f": True,
        "g": 7,
        "h": 0.5,
        "i": 'say "a: b" #c',
        "j": "é\n",
        "k": "a/b.c",
        "l": "",
        "m": "-x",
        "n": "NaN",
        "o": ".5",
        "p": "2001-01-01",
        "r": 1e-7,
    }
    recording = record(lambda: kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "vllm_extra": given}))
    assert yaml.safe_load(recording.by_name("chat-config").inputs["data"]["inference_config.yaml"]) == {"vllm": given}
