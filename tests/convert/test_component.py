"""With components, a program renders to the objects it was made of, by the one written rule; where none does, it says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaito_iac.cli.main import main
from kaito_iac.convert.component import key, use_components
from kaito_iac.convert.decide import Given
from kaito_iac.convert.difference import difference
from kaito_iac.convert.program import decisions, program
from kaito_iac.planning.render import INDEX, render
from kaito_iac.planning.request import Program

ROOT = Path(__file__).parents[2]
SIZE = "Standard_NC40ads_H100_v5"
A100 = "Standard_NC24ads_A100_v4"
PROGRAMS = sorted({path.parent for folder in ("docs/examples", "stacks") for path in ROOT.glob(f"{folder}/*/__main__.py")})
CONFIG = {"quickstart": {"nodes": "existing"}}
"""Settings of programs whose nodes would be no Kubernetes objects."""
SIZES = {"shared-accelerators": "Standard_NC96ads_A100_v4"}
"""Sizes of existing nodes, where programs need another one."""
PLAIN = {
    "own-model": [
        (
            "Workspace chat",
            None,
            ": KaitoWorkspace refuses it: preset: 'qwen/qwen2.5-7b-instruct' is not in the catalogue: KAITO would look it up on "
            "Hugging Face, which a plan cannot; expected a name from `kaito-iac models`, or model_facts [KS217] [KS356]",
        )
    ]
}
"""What stays a plain kind, and why: no manifest holds the facts of a model."""
FOREIGN = {
    "AKSNodeClass",
    "APIKey",
    "AuthorizationPolicy",
    "DestinationRule",
    "EnvoyFilter",
    "Gateway",
    "HTTPRoute",
    "Namespace",
    "NetworkPolicy",
    "NodePool",
    "PodMonitor",
    "PrometheusRule",
    "ResourceQuota",
    "ServiceAccount",
    "StorageClass",
}
"""Kinds of examples that have no class: comments in a converted program."""
SECRET = {"name": "hf-token", "namespace": "models"}


def converted(objects: Any, size: str = SIZE) -> tuple[list[Any], str]:
    """Return the decisions about objects, and the program with components."""
    found = decisions(Given("all.yaml", line, one) for line, one in enumerate(objects, start=1))
    use_components(found, size)
    return found, program(found, size=size, presets=True)


def same(objects: Any, back: Any) -> list[str]:
    """Return every difference between the objects and what came back, whatever the order, by the written rule."""
    outcomes = {key(one): one for one in decisions(Given("a", 1, _public(one)) for one in objects)}
    found = {key(one): one for one in decisions(Given("b", 1, one) for one in back)}
    told = [f"missing: {name}" for name in outcomes if name not in found]
    told += [f"added: {name}" for name in found if name not in outcomes]
    shared = [name for name in outcomes if name in found]
    return told + [
        text for name in shared if (text := str(difference(name[0], outcomes[name].arguments, found[name].arguments) or ""))
    ]


def _public(data: Any) -> Any:
    """Return an object as render writes it: without what only Pulumi reads."""
    annotations = data["metadata"].get("annotations") or {}
    public = {name: text for name, text in annotations.items() if not name.startswith("pulumi.com/")}
    return {**data, "metadata": {**data["metadata"], "annotations": public}}


def workspace(name: str = "chat", **fields: Any) -> dict[str, Any]:
    resource = {"instanceType": A100, "labelSelector": {"matchLabels": {"apps": name}}}
    plain = {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", "metadata": {"name": name}, "resource": resource}
    return {**plain, "inference": {"preset": {"name": "phi-4"}}, **fields}


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda path: path.name)
def test_every_program_comes_back(folder, tmp_path, rendered):
    """What an example or a stack renders, converted, planned and rendered again, is the same, and made by components."""
    source = ROOT if folder.name == "quickstart" else folder
    render(Program(source, config=CONFIG.get(folder.name, {})), folder=tmp_path / "out")
    files = yaml.safe_load((tmp_path / "out" / INDEX).read_text())["resources"]
    objects = [yaml.safe_load((tmp_path / "out" / name).read_text()) for name in files]
    found, text = converted(objects, SIZES.get(folder.name, SIZE))
    foreign = [one for one in found if one.problem and one.problem.code == "KS352"]
    told = [
        (one.label, one.problem, one.plain and one.plain.headline)
        for one in found
        if (one.problem or one.plain) and one not in foreign
    ]
    assert told == PLAIN.get(folder.name, [])
    assert {one.kind for one in foreign} <= FOREIGN
    held = [data for data, one in zip(objects, found, strict=True) if one not in foreign]
    assert same(held, rendered(text, planned=True) if held else []) == []


def test_admitted_manifests_come_back(admitted, rendered):
    """Every manifest KAITO admitted comes back the same, by a component or as a plain kind with a reason."""
    held = [data for data, one in zip(admitted, converted(admitted)[0], strict=True) if one.problem is None]
    found, text = converted(held)
    components = [one.call.component for one in found if one.call]
    assert len(components) > 90
    assert {one.plain is None for one in found if one.call} == {True}
    assert [one.label for one in found if not one.call and not one.plain] == []
    assert same(held, rendered(text)) == []


NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,10}[a-z0-9]", fullmatch=True)
LABELS = st.dictionaries(NAMES, NAMES, min_size=1, max_size=2)
ANNOTATIONS = st.fixed_dictionaries(
    {},
    optional={
        "kaito.sh/disable-benchmark": st.sampled_from(["true", "false"]),
        "kaito.sh/runtime": st.sampled_from(["transformers", "vllm", "x"]),
        "kaito.sh/enablelb": st.sampled_from(["True", "true"]),
        "kaito.sh/performance-mode": st.sampled_from(["throughput", "fast"]),
        "kaito.sh/use-local-weights": st.sampled_from(["true", "false"]),
        "kaito.sh/node-class-name": NAMES,
        "kaito.sh/model-streaming": st.just("disabled"),
        "kaito-iac/target-nodes": st.sampled_from(["1", "7"]),
        "pulumi.com/waitFor": st.sampled_from(["condition=WorkspaceSucceeded", "condition=Other"]),
        "team": NAMES,
    },
)
METADATA = st.fixed_dictionaries({"name": NAMES}, optional={"namespace": NAMES, "labels": LABELS, "annotations": ANNOTATIONS})
PRESET = st.fixed_dictionaries(
    {"name": st.sampled_from(["phi-4", "phi-4-mini-instruct", "Phi-4", "microsoft/phi-4", "falcon-7b", "nobody/knows", 5, None])},
    optional={"accessMode": st.just("public"), "presetOptions": st.fixed_dictionaries({}, optional={"modelAccessSecret": NAMES})},
)
ADAPTER = st.fixed_dictionaries(
    {"source": st.fixed_dictionaries({"name": NAMES}, optional={"image": st.just("x.io/a:1"), "urls": st.just(["https://a.b"])})},
    optional={"strength": st.sampled_from(["0.5", "2"])},
)
INFERENCE = st.fixed_dictionaries(
    {"preset": PRESET}, optional={"config": NAMES, "adapters": st.lists(ADAPTER, max_size=2), "template": st.just({})}
)
SELECTOR = st.fixed_dictionaries(
    {},
    optional={
        "matchLabels": LABELS | st.just({"kaito.sh/workspace": "a"}) | st.just({"a": 1}),
        "matchExpressions": st.just([{"key": "a", "operator": "In", "values": ["b"]}]),
    },
)
PARTITION = st.sampled_from([{"mode": "mig", "profile": "2g.24gb"}, {"mode": "accelerator", "count": 1}, {"mode": "x"}, None])
RESOURCE = st.fixed_dictionaries(
    {"labelSelector": SELECTOR},
    optional={
        "instanceType": st.sampled_from([A100, A100.lower(), "Standard_NC12s_v3", ""]),
        "count": st.sampled_from([1, 2, True]),
        "partition": PARTITION,
        "preferredNodes": st.just(["a"]),
    },
)
VOLUME = st.sampled_from([{"persistentVolumeClaim": {"claimName": "a"}}, {"emptyDir": {}}, {}])
TUNING = st.fixed_dictionaries(
    {
        "preset": PRESET,
        "method": st.sampled_from(["lora", "qlora", "LoRA"]),
        "input": st.fixed_dictionaries({}, optional={"name": NAMES, "urls": st.just(["https://a.b/c"]), "volumeSource": VOLUME}),
        "output": st.fixed_dictionaries({}, optional={"image": st.just("x.io/a:1"), "imagePushSecret": NAMES}),
    },
    optional={"config": NAMES},
)
SCALER = "scaledobject.kaito.sh/"
SCALED = st.fixed_dictionaries(
    {f"{SCALER}auto-provision": st.sampled_from(["true", "false"])},
    optional={
        f"{SCALER}min-replicas": st.sampled_from(["1", "2", "x"]),
        f"{SCALER}max-replicas": st.sampled_from(["2", "3"]),
        f"{SCALER}metrics": st.sampled_from(
            ["- {name: 'a:b', type: gauge, upthreshold: 5, downthreshold: 1}\n", "- name: a\n", "{", "&a [*a]"]
        ),
        f"{SCALER}scaledowncooldown": st.just("60"),
        f"{SCALER}threshold": st.just("10"),
    },
)
SET_METADATA = st.fixed_dictionaries({"name": NAMES}, optional={"annotations": SCALED | ANNOTATIONS, "labels": LABELS})
SET = st.fixed_dictionaries(
    {
        "labelSelector": SELECTOR,
        "template": st.fixed_dictionaries(
            {"inference": INFERENCE},
            optional={
                "resource": RESOURCE,
                "metadata": st.fixed_dictionaries({}, optional={"labels": LABELS, "annotations": ANNOTATIONS}),
            },
        ),
    },
    optional={
        "replicas": st.sampled_from([0, 1, 3, -1, "2"]),
        "nodeCountLimit": st.just(3),
        "autoUpgrade": st.sampled_from(
            [{"enabled": True}, {"enabled": True, "maintenanceWindow": {"schedule": "0 2 * * 6"}}, {}]
        ),
        "updateStrategy": st.just({"type": "OnDelete"}),
    },
)
RAG = st.fixed_dictionaries(
    {
        "embedding": st.sampled_from(
            [{"local": {"modelID": "BAAI/bge-small-en-v1.5"}}, {"local": {"modelID": "a/b"}}, {"remote": {}}]
        )
    },
    optional={
        "compute": RESOURCE,
        "inferenceService": st.fixed_dictionaries(
            {"contextWindowSize": st.sampled_from([4096, 0])},
            optional={"url": st.sampled_from(["http://a.b/v1", "http://a.b/v1/chat/completions"]), "accessSecret": NAMES},
        ),
        "storage": st.fixed_dictionaries(
            {},
            optional={
                "persistentVolume": st.fixed_dictionaries(
                    {"persistentVolumeClaim": NAMES}, optional={"mountPath": st.sampled_from(["/mnt/data", "/mnt/a", "a"])}
                ),
                "vectorDB": st.fixed_dictionaries({"engine": st.sampled_from(["qdrant", "faiss"]), "url": st.just("http://q:1")}),
            },
        ),
        "guardrails": st.sampled_from([{"enabled": True}, {"enabled": False, "configMapRef": {"name": "a"}}, {}]),
    },
)
ROLE = st.fixed_dictionaries(
    {"type": st.sampled_from(["prefill", "decode"])},
    optional={"replicas": st.sampled_from([1, 2]), "instanceType": st.just(A100), "runtimeConfig": NAMES},
)
ROLES = st.fixed_dictionaries(
    {"labelSelector": SELECTOR, "model": st.fixed_dictionaries({"name": PRESET.map(lambda one: one["name"])})},
    optional={"roles": st.lists(ROLE, max_size=3), "eppPluginsConfig": NAMES},
)
MIRROR = st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(["Managed", "Static"]),
        "source": st.fixed_dictionaries(
            {"registry": st.just("huggingface"), "modelID": st.sampled_from(["microsoft/phi-4", "microsoft/Phi-4", "a/b"])},
            optional={"accessSecret": st.just(SECRET)},
        ),
        "storage": st.fixed_dictionaries({"size": st.sampled_from(["100Gi", "1Ti"])}, optional={"storageClassName": NAMES}),
        "jobNamespace": st.sampled_from(["default", "models"]),
    },
)
MIRROR_NAMES = st.fixed_dictionaries({"name": NAMES})


def made(version: str, kind: str, metadata: Any, **fields: Any) -> Any:
    return st.fixed_dictionaries({"apiVersion": st.just(version), "kind": st.just(kind), "metadata": metadata, **fields})


OBJECTS = st.one_of(
    made("kaito.sh/v1beta1", "Workspace", METADATA, resource=RESOURCE, inference=INFERENCE),
    made("kaito.sh/v1beta1", "Workspace", METADATA, resource=RESOURCE, tuning=TUNING),
    made("kaito.sh/v1beta1", "InferenceSet", SET_METADATA, spec=SET),
    made("kaito.sh/v1beta1", "RAGEngine", METADATA, spec=RAG),
    made("kaito.sh/v1alpha1", "MultiRoleInference", METADATA, spec=ROLES),
    made("kaito.sh/v1alpha1", "ModelMirror", MIRROR_NAMES, spec=MIRROR),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(OBJECTS, min_size=1, max_size=5, unique_by=lambda one: (one["kind"], one["metadata"]["name"])))
def test_any_objects_come_back(rendered, objects):
    """Whatever is meant, every object comes back the same: by its component, or plain with a reason that is reported."""
    found, text = converted(objects)
    assert [one.label for one in found if one.problem is None and not one.call and not one.plain] == []
    assert same(objects, rendered(text)) == []
    assert converted(objects)[1] == text


GOLDEN = """\
import kaito_iac as kaito

nodes_1 = kaito.GpuNodePool(
    "nodes-1",
    instance_type="Standard_NC40ads_H100_v5",
    labels={"apps": "gpu"},
)

# KaitoWorkspace leaves out inference.preset.accessMode ('public')
kaito.KaitoWorkspace(
    "chat",
    preset="phi-4",
    node_pool=nodes_1,
    labels={"team": "a"},
)

# Plain kind: KaitoWorkspace refuses it: preset: 'falcon-7b' is retired: KAITO 0.12 answers \
'Unsupported inference preset name falcon-7b'; expected a name from `kaito-iac models` [KS101] \
(name 'tiiuae/falcon-7b', its Hugging Face id, which KAITO takes as best effort) [KS356]
kaito.Workspace(
    "workspace-old",
    metadata={"name": "old"},
    resource={
        "instanceType": "Standard_NC24ads_A100_v4",
        "labelSelector": {"matchLabels": {"apps": "old"}},
    },
    inference={"preset": {"name": "falcon-7b"}},
)

kaito.KaitoWorkspace(
    "again",
    preset="phi-4-mini-instruct",
    node_pool=nodes_1,
    partition={"mode": "mig", "profile": "2g.24gb"},
    benchmark=True,
    context=4096,
    vllm={"max-num-seqs": 8},
)
"""


def test_whole_program():
    """Pools stand before their first use, reasons above their object; a ConfigMap of a component's own is its arguments."""
    byo = {"labelSelector": {"matchLabels": {"apps": "gpu"}}}
    quiet = {"kaito.sh/disable-benchmark": "true"}
    text = "vllm:\n  max-model-len: 4096\n  max-num-seqs: 8\n"
    name = "again-vllm-f288f87f"
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"inference_config.yaml": text}}
    part = {**byo, "partition": {"mode": "mig", "profile": "2g.24gb"}}
    objects = [
        workspace(
            metadata={"name": "chat", "labels": {"team": "a"}, "annotations": quiet},
            resource=byo,
            inference={"preset": {"name": "phi-4", "accessMode": "public"}},
        ),
        workspace("old", inference={"preset": {"name": "falcon-7b"}}),
        config,
        workspace("again", resource=part, inference={"preset": {"name": "phi-4-mini-instruct"}, "config": name}),
    ]
    found, whole = converted(objects)
    assert whole.partition('"""\n\n')[2] == GOLDEN
    assert [one.covered for one in found] == [False, False, True, False]


@pytest.mark.parametrize(
    ("object_", "plain"),
    [
        pytest.param(
            workspace(inference={"preset": {"name": "microsoft/phi-4"}}),
            "inference.preset.name: KaitoWorkspace would write 'phi-4' instead of 'microsoft/phi-4'",
            id="another name of the model",
        ),
        pytest.param(
            workspace(resource={"instanceType": A100, "count": 2, "labelSelector": {"matchLabels": {"a": "b"}}}),
            "resource.count: KaitoWorkspace would leave out 2",
            id="a count that KAITO ignores",
        ),
        pytest.param(
            workspace(resource={"instanceType": A100, "labelSelector": {"matchLabels": {"a": "b"}}, "preferredNodes": ["n"]}),
            "resource.preferredNodes: KaitoWorkspace would leave out a list of 1",
            id="a field of no argument",
        ),
        pytest.param(
            workspace(metadata={"name": "chat", "annotations": {"pulumi.com/waitFor": "condition=Other"}}),
            "metadata.annotations[pulumi.com/waitFor]: KaitoWorkspace would write 'condition=WorkspaceSucceeded' "
            "instead of 'condition=Other'",
            id="another wait",
        ),
        pytest.param(
            workspace(metadata={"name": "chat", "finalizers": ["example.com/mine"]}),
            "metadata.finalizers: KaitoWorkspace would leave out a list of 1",
            id="a finalizer",
        ),
    ],
)
def test_reason_of_a_plain_kind(object_, plain):
    """The first difference is the reason."""
    found, _ = converted([object_])
    assert (found[0].plain.headline, found[0].plain.severity, found[0].call) == (f"{plain} [KS356]", "info", None)


def test_existing_nodes_need_a_size():
    """Without the size of existing nodes no one can size a model on them."""
    found = decisions([Given("a.yaml", 1, workspace(resource={"labelSelector": {"matchLabels": {"apps": "gpu"}}}))])
    use_components(found, None)
    assert found[0].plain.text() == (
        "  info: : the VM size of its existing nodes is not known; expected a VM size [KS356]\n    fix: give --node-size NAME"
    )


def test_generated_name_stays_plain():
    """A component names its object itself."""
    found, _ = converted([workspace(metadata={"generateName": "chat-"})])
    assert (
        found[0].plain.headline
        == "metadata: a component accepts neither a generated name nor further fields; expected a name [KS356]"
    )


def test_equal_names_in_two_namespaces():
    """The second component of a name is called after its namespace, and keeps the name of its object."""
    objects = [workspace(metadata={"name": "chat", "namespace": space}) for space in ("a", "b")]
    found, text = converted(objects)
    assert [one.logical for one in found] == ["chat", "b-chat"]
    assert json.dumps(found[1].call.args["name"]) in text


RUNNING = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: chat, namespace: models, uid: 7}
resource: {instanceType: Standard_NC24ads_A100_v4, labelSelector: {matchLabels: {apps: chat}}}
inference: {preset: {name: phi-4-mini-instruct}, config: mine}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: mine, namespace: models, uid: 8}
data: {inference_config.yaml: "vllm: {}"}
"""


def test_running_objects(tmp_path, capsys):
    """Objects of a cluster are taken over: by the component, and by the class of what stays a plain kind."""
    (tmp_path / "all.yaml").write_text(RUNNING)
    assert main(["convert", "--presets", str(tmp_path / "all.yaml"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["adopts"] for row in told["objects"]] == ["models/chat", "models/mine"]
    assert (
        told["program"].partition('"""\n\n')[2]
        == """\
import pulumi

import kaito_iac as kaito

kaito.KaitoWorkspace(
    "chat",
    preset="phi-4-mini-instruct",
    instance_type="Standard_NC24ads_A100_v4",
    benchmark=True,
    namespace="models",
    config="mine",
    adopt={"object": "models/chat"},
)

kaito.ConfigMap(
    "config-map-mine",
    metadata={"name": "mine", "namespace": "models"},
    data={"inference_config.yaml": "vllm: {}"},
    opts=pulumi.ResourceOptions(import_="models/mine", retain_on_delete=True),
)
"""
    )
    main(["convert", str(tmp_path / "all.yaml")])
    assert "import_" not in capsys.readouterr().out
