"""The components as a package: the inferred schema, and the plugin as the engine starts it."""

import json
from pathlib import Path

import grpc
import pulumi
import pytest
import yaml
from pulumi.runtime.proto import provider_pb2

import kaito_iac
from kaito_iac.components.package import COMPONENTS, schema, schema_text
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Secret

ROOT = Path(__file__).parents[2]
CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
LATER = Unknown("later")


def test_schema_file_is_fresh():
    """components/schema.json is what the SDK infers from the components today: a change in it is a change for every language."""
    assert (ROOT / "components" / "schema.json").read_text() == schema_text()


def test_every_argument_and_output_is_described():
    """Every input and output property of the schema has a description of its own."""
    bare = [
        f"{token}.{name}"
        for token, resource in schema()["resources"].items()
        for name, described in {**resource["inputProperties"], **resource["properties"]}.items()
        if not described.get("description")
    ]
    assert bare == []


def test_every_component_is_in_the_package():
    """Other languages lack no component."""
    exported = {name for name in kaito_iac.__all__ if isinstance(found := getattr(kaito_iac, name), type) and is_component(found)}
    assert {component.__name__ for component in COMPONENTS} == exported


def is_component(found: type) -> bool:
    return issubclass(found, pulumi.ComponentResource)


def test_door_is_short():
    """The outer entry file only calls into the package."""
    assert len((ROOT / "components" / "__main__.py").read_text().splitlines()) < 15


def test_programs_of_the_readme():
    """The programs of components/README.md are those that the tests run."""
    text = (ROOT / "components" / "README.md").read_text()
    programs = ROOT / "tests" / "engine" / "programs" / "languages"
    for block, path in {
        "typescript": "typescript/index.ts",
        "go": "go/main.go",
        "python": "python/__main__.py",
        "yaml": "yaml/Pulumi.yaml",
    }.items():
        assert f"```{block}\n{(programs / path).read_text()}```\n" in text


def test_environment_of_the_package():
    """The environment is in components/ and holds the locked versions, with what Azure and waiting need."""
    settings = yaml.safe_load((ROOT / "components" / "PulumiPlugin.yaml").read_text())
    assert settings == {
        "name": "kaito-iac",
        "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}},
    }
    locked = set((ROOT / "requirements.lock").read_text().splitlines())
    needed = [line for line in (ROOT / "components" / "requirements.txt").read_text().splitlines() if "==" in line]
    assert [line for line in needed if line not in locked] == []
    names = {line.partition("==")[0] for line in needed}
    assert {"click", "kubernetes", "pulumi", "pulumi-azure-native", "pulumi-kubernetes", "pydantic", "pyyaml", "rich"} <= names


def test_schema_over_the_wire(plugin):
    """The plugin answers with the schema of the file."""
    answer = json.loads(plugin.provider.GetSchema(provider_pb2.GetSchemaRequest(), timeout=60).schema)
    assert answer == schema()
    assert sorted(answer["resources"]) == sorted(f"kaito-iac:index:{component.__name__}" for component in COMPONENTS)


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_workspace_from_another_language(construct, preview):
    """Numbers arrive as floats, and the tree is the same as from Python."""
    inputs = {
        "preset": "phi-4-mini-instruct",
        "context": 8192.0,
        "vllm": {"max-num-seqs": 64.0},
        "nodePool": {"instanceType": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}, "max_count": 1.0},
        "timeoutMinutes": 60.0,
        "labels": {"team": "ml"},
    }
    made = construct("KaitoWorkspace", "chat", inputs, preview=preview)
    assert sorted(made.resources) == ["chat", "chat-config", "chat-workspace"]
    assert made.resources["chat-config"].inputs["data"] == {
        "inference_config.yaml": "vllm:\n  max-model-len: 8192\n  max-num-seqs: 64\n"
    }
    assert made.resources["chat-workspace"].parent == made.urn
    assert made.resources["chat-workspace"].options.custom_timeouts == {"create": "3600s", "update": "3600s", "delete": "30m"}
    assert made.state == {
        "endpoint": {"url": "http://chat.default.svc.cluster.local/v1", "model": "phi-4-mini-instruct", "contextTokens": 8192},
        "nodes": 1,
        "gpus": 1,
        "instanceType": "Standard_NC24ads_A100_v4",
    }


def test_unknown_inputs(construct):
    """What another resource returns only later passes as unknown where it can be used."""
    made = construct(
        "KaitoWorkspace",
        "chat",
        {"preset": "phi-4-mini-instruct", "namespace": LATER, "accessSecret": Secret(LATER), "labels": {"team": LATER}},
    )
    metadata = made.resources["chat-workspace"].inputs["metadata"]
    assert isinstance(metadata["namespace"], Unknown)
    assert isinstance(metadata["labels"]["team"], Unknown)
    assert metadata["name"] == "chat"
    assert made.state == {"endpoint": LATER, "nodes": 1, "gpus": 1, "instanceType": "Standard_NV36ads_A10_v5"}


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_inference_set_from_another_language(construct, preview):
    """Replicas and thresholds arrive as floats; the tree and the outputs are the same as from Python."""
    metric = {"name": "vllm:num_requests_waiting", "upThreshold": 5.0, "downThreshold": 0.5}
    inputs = {
        "preset": "phi-4-mini-instruct",
        "autoscale": {"min_count": 1.0, "max_count": 3.0, "metrics": [metric]},
        "replicas": 2.0,
    }
    made = construct("KaitoInferenceSet", "chat", inputs, preview=preview)
    assert sorted(made.resources) == ["chat", "chat-inferenceset", "chat-service"]
    inferenceset = made.resources["chat-inferenceset"]
    assert inferenceset.inputs["spec"]["replicas"] == 2
    assert inferenceset.inputs["metadata"]["annotations"]["scaledobject.kaito.sh/metrics"] == (
        '- name: "vllm:num_requests_waiting"\n  type: "gauge"\n  upthreshold: 5\n  downthreshold: 0.5\n'
    )
    assert inferenceset.options.ignore_changes == ("spec.replicas",)
    assert made.state == {
        "endpoint": {"url": "http://chat.default.svc.cluster.local/v1", "model": "chat", "contextTokens": 79645},
        "nodes": 1,
        "maxNodes": 3,
        "gpus": 3,
        "instanceType": "Standard_NV36ads_A10_v5",
    }


def test_adapter_from_another_language(construct):
    """The adapter of a tuning job that has not run yet passes as unknown."""
    made = construct("KaitoWorkspace", "chat", {"preset": "phi-4-mini-instruct", "adapters": [LATER]})
    assert isinstance(made.resources["chat-workspace"].inputs["inference"]["adapters"][0], Unknown)


def test_tuning_from_another_language(construct):
    """Numbers of the training arrive as floats and are written as whole numbers."""
    inputs = {
        "model": "phi-4",
        "method": "lora",
        "instanceType": "Standard_NC24ads_A100_v4",
        "dataset": {"claim": "data"},
        "output": {"image": LATER, "pushSecret": "push"},
        "training": {"LoraConfig": {"r": 16.0}, "TrainingArguments": {"learning_rate": 0.0001}},
    }
    made = construct("KaitoTuning", "law", inputs)
    assert made.resources["law-config"].inputs["data"]["training_config.yaml"] == (
        "training_config:\n  LoraConfig:\n    r: 16\n  TrainingArguments:\n    learning_rate: 0.0001\n"
    )
    assert made.state["adapter"] == LATER


def test_unknown_endpoint(construct):
    """A RAG engine takes the endpoint of a workspace that does not exist yet."""
    made = construct("KaitoRagEngine", "docs", {"llm": LATER})
    assert isinstance(made.resources["docs-ragengine"].inputs["spec"]["inferenceService"]["url"], Unknown)
    assert made.state == {
        "url": "http://docs.default.svc.cluster.local",
        "indexUrl": "http://docs.default.svc.cluster.local/index",
    }


def test_unknown_cluster(construct):
    """A pool takes the id of a cluster that does not exist yet."""
    made = construct("GpuNodePool", "a100", {"clusterId": LATER, "instanceType": "Standard_NC24ads_A100_v4", "count": 2.0})
    inputs = made.resources["a100-nodes"].inputs
    assert isinstance(inputs["resourceGroupName"], Unknown)
    assert inputs["count"] == 2
    assert made.state["maxNodes"] == 2


def test_secret_address(construct):
    """A secret stays one on its way through the plugin."""
    inputs = {"llm": Secret("https://llm.example.com/v1"), "contextWindow": 4096.0}
    spec = construct("KaitoRagEngine", "docs", inputs).resources["docs-ragengine"].inputs["spec"]
    assert spec["inferenceService"]["url"] == Secret("https://llm.example.com/v1/chat/completions")


@pytest.mark.parametrize(
    ("component", "inputs", "said"),
    [
        pytest.param(
            "KaitoWorkspace",
            {"preset": 7, "nodeSelctor": {}},
            "KaitoWorkspace 'chat': 2 problems\n"
            "  preset: 7.0; expected a name from `kaito-iac presets`, or an `organisation/model` [KS102]\n"
            "  nodeSelctor: not an argument; expected one of preset, template, modelFacts, namespace, operator, nodePool, "
            "instanceType, cloud, provisioner, nodeSelector, partition, location, context, runtime, vllm, vllmExtra, "
            "config, adapters, accessSecret, localWeights, performanceMode, nodeClass, benchmark, timeoutMinutes, name, "
            "count, maxNodes, expose, replacement, labels, annotations, wait, adopt [KS102]\n"
            "    fix: did you mean 'nodeSelector'?",
            id="wrong type and unknown argument",
        ),
        pytest.param(
            "KaitoMonitoring",
            {"endpoints": {"chat": {"url": "http://chat.ai.svc.cluster.local/v1", "model": "phi-4"}}, "waitingRequests": 5.0},
            "KaitoMonitoring 'chat': 1 problem\n"
            "  waitingRequests: not an argument; expected one of endpoints, flavour, name, namespace, intervalSeconds, "
            "dashboard, alerts, azureMonitorWorkspaceId, labels [KS102]\n"
            '    fix: use alerts: {"waitingRequests": …}',
            id="argument that is inside another one",
        ),
        pytest.param(
            "KaitoWorkspace",
            {"preset": "phi-4-mini-instruct", "context": 8192.5},
            "KaitoWorkspace 'chat': 1 problem\n  context: 8192.5; expected a whole number from 1 to 2147483648 tokens [KS102]",
            id="number with a fraction",
        ),
        pytest.param(
            "KaitoWorkspace",
            {"preset": "phi-4-mini-instruct", "count": [1.0]},
            "KaitoWorkspace 'chat': 1 problem\n  count: [1.0]; expected a whole number from 1 to 1000 nodes [KS102]",
            id="list where a number is expected",
        ),
        pytest.param(
            "KaitoWorkspace",
            {"preset": "phi-4-mini-instruct", "count": LATER},
            "KaitoWorkspace 'chat': 1 problem\n"
            "  count: an Output; expected a plain value: a whole number from 1 to 1000 nodes [KS103]\n"
            "    fix: give a plain value: it decides which resources exist, or how many, before anything is created",
            id="unknown number where nodes are decided",
        ),
    ],
)
def test_refusal_from_another_language(construct, component, inputs, said):
    """A refusal reaches the user as the same sentences, without a traceback."""
    with pytest.raises(grpc.RpcError) as caught:
        construct(component, "chat", inputs)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert caught.value.details() == said
