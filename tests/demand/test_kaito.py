"""What KAITO's objects hold, as its controllers count."""

import pytest

from kaito_iac.demand.demand import Demand
from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

A100 = "Standard_NC24ads_A100_v4"
A10 = "Standard_NV36ads_A10_v5"
LATER = Unknown("set by an output")
PRESET = {"preset": {"name": "phi-4-mini-instruct"}}
LLAMA = {"preset": {"name": "llama-3.3-70b-instruct"}}
TEMPLATE = {"template": {"spec": {"containers": []}}}
NC48 = "Standard_NC48ads_A100_v4"
CONFIG = "vllm:\n  max-model-len: 16384\n"


def span(value: Range | Unknown) -> str:
    if isinstance(value, Unknown):
        return f"? ({value.reason})"
    return f"{value.low:g}" if value == Range.exactly(value.low) else f"{value.low:g}-{value.expected:g}-{value.high:g}"


def told(found: Demand) -> str:
    """Nodes and GPUs of a demand, who creates them, and why so many."""
    bought = "bought" if found.bought else "there already"
    return f"{span(found.nodes)} x {found.size_name or '?'}, {span(found.gpus)} GPUs, {bought}; {found.why}"


def held(kind: str, inputs: dict, *others: Resource, version: str = "v1beta1", space: str | None = None) -> list[str]:
    token = f"kubernetes:kaito.sh/{version}:{kind}"
    return [
        told(found) for found in demands([*others, Resource("urn:it", token, "it", None, inputs, space=space)], region="eastus")
    ]


def config_map(data, name="it-config", namespace="default", parent=None) -> Resource:
    metadata = {"name": name, "namespace": namespace}
    return Resource(f"urn:{name}", "kubernetes:core/v1:ConfigMap", name, parent, {"metadata": metadata, "data": data})


def unknown(reason: str, size: str = A100, why: str = "KAITO's estimate") -> str:
    return f"? ({reason}) x {size}, ? ({reason}) GPUs, bought; {why}"


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        pytest.param(
            {"resource": {"instanceType": A100}, "inference": PRESET},
            f"1 x {A100}, 1 GPUs, bought; KAITO's estimate for 2048 tokens",
            id="KAITO creates the nodes of a preset",
        ),
        pytest.param(
            {"resource": {"instanceType": NC48}, "inference": LLAMA},
            f"2 x {NC48}, 4 GPUs, bought; KAITO's estimate for 2048 tokens",
            id="a model over two nodes",
        ),
        pytest.param(
            {"resource": {"instanceType": A100, "count": 4}, "inference": PRESET},
            f"1 x {A100}, 1 GPUs, bought; KAITO's estimate for 2048 tokens, not the count of 4",
            id="the count of a preset under vLLM is ignored",
        ),
        pytest.param(
            {"resource": {"instanceType": A100, "count": LATER}, "inference": PRESET},
            f"1 x {A100}, 1 GPUs, bought; KAITO's estimate for 2048 tokens, not the count",
            id="even a count that is not known",
        ),
        pytest.param(
            {"resource": {"instanceType": A100, "count": 2}, "inference": TEMPLATE},
            f"2 x {A100}, 2 GPUs, bought; count of a pod template",
            id="a pod template takes its count",
        ),
        pytest.param(
            {"resource": {"instanceType": A100}, "inference": TEMPLATE},
            f"1 x {A100}, 1 GPUs, bought; count of a pod template",
            id="a pod template without count takes one",
        ),
        pytest.param(
            {"resource": {"instanceType": A100, "count": LATER}, "inference": TEMPLATE},
            unknown("set by an output", why="count of a pod template"),
            id="a pod template with an unknown count",
        ),
        pytest.param(
            {
                "metadata": {"annotations": {"kaito.sh/runtime": "transformers"}},
                "resource": {"instanceType": A100, "count": 3},
                "inference": PRESET,
            },
            f"3 x {A100}, 3 GPUs, bought; count, as the transformers runtime takes it",
            id="the transformers runtime takes the count",
        ),
        pytest.param(
            {"resource": {"instanceType": NC48, "count": 3}, "tuning": {"preset": {"name": "phi-4"}}},
            f"1 x {NC48}, 2 GPUs, bought; tuning uses one node",
            id="tuning takes one node",
        ),
        pytest.param(
            {"inference": PRESET},
            "? (the size of the existing nodes is not stated) x ?, "
            "? (the size of the existing nodes is not stated) GPUs, there already; KAITO's estimate for 2048 tokens",
            id="no resource and no size: nodes that exist",
        ),
        pytest.param(
            {"resource": {"instanceType": "STANDARD_NC24ADS_A100_V4"}, "inference": PRESET},
            f"1 x {A100}, 1 GPUs, bought; KAITO's estimate for 2048 tokens",
            id="a size in another case",
        ),
        pytest.param(
            {"resource": {"instanceType": A10}, "inference": {"preset": {"name": "microsoft/Phi-4-mini-instruct"}}},
            f"1 x {A10}, 1 GPUs, bought; KAITO's estimate for 2048 tokens",
            id="a model by its id",
        ),
    ],
)
def test_workspace(inputs, said):
    """A Workspace holds as many nodes as KAITO 0.12 will create for it."""
    assert held("Workspace", inputs) == [said]


@pytest.mark.parametrize(
    ("partition", "replicas", "part", "gpus"),
    [
        pytest.param(None, 2, "", Range.exactly(2), id="whole nodes"),
        pytest.param({"mode": "mig", "profile": "2g.24gb"}, 3, "2g.24gb", Range.exactly(1), id="three slices cut from one GPU"),
        pytest.param({"mode": "mig", "profile": "2g.24gb"}, 4, "2g.24gb", Range.exactly(2), id="four slices cut from two"),
        pytest.param({"mode": "mig", "profile": "9g.9gb"}, 1, "", Unknown("9g.9gb is not a MIG profile of KAITO"), id="no slice"),
        pytest.param({"mode": "mig", "profile": "2g.24gb"}, LATER, "2g.24gb", LATER, id="slices no one counts yet"),
        pytest.param({"mode": "accelerator", "count": 1}, 3, "1 GPU", Range.exactly(3), id="a GPU each"),
        pytest.param({"mode": "accelerator", "count": 2.0}, 3, "2 GPUs", Range.exactly(6), id="two GPUs each"),
        pytest.param({"mode": "accelerator", "count": LATER}, 3, "", LATER, id="a part that is not known"),
    ],
)
def test_parts_of_nodes(partition, replicas, part, gpus):
    """What takes a part of a node says which, and holds the GPUs of its parts, not of the nodes."""
    around = Resource("urn:c", "kaito-iac:index:KaitoInferenceSet", "c", None, {"instanceType": "Standard_NC40ads_H100_v5"})
    if isinstance(partition, dict) and partition["mode"] == "accelerator":
        around = Resource("urn:c", "kaito-iac:index:KaitoInferenceSet", "c", None, {"instanceType": "Standard_NC96ads_A100_v4"})
    place = {"labelSelector": {}, "partition": partition}
    inputs = {"spec": {"replicas": replicas, "template": {"resource": place, "inference": PRESET}}}
    it = Resource("urn:it", "kubernetes:kaito.sh/v1beta1:InferenceSet", "it", "urn:c", inputs)
    (found,) = demands([around, it])
    assert (found.node_part, found.gpus, found.bought) == (part, gpus, False)


@pytest.mark.parametrize(
    ("way", "place", "said"),
    [
        pytest.param(
            "blueGreen",
            {"instanceType": A100},
            f"1-1-2 x {A100}, 1-1-2 GPUs, bought; KAITO's estimate for 2048 tokens; twice while a replacement starts",
            id="old and new generation",
        ),
        pytest.param(
            LATER,
            {"instanceType": A100},
            f"1-1-2 x {A100}, 1-1-2 GPUs, bought; KAITO's estimate for 2048 tokens; twice while a replacement starts",
            id="a way that is not known may be blueGreen",
        ),
        pytest.param(
            None,
            {"instanceType": A100},
            f"1 x {A100}, 1 GPUs, bought; KAITO's estimate for 2048 tokens",
            id="recreate",
        ),
        pytest.param(
            "blueGreen",
            {},
            f"1 x {A100}, 1 GPUs, there already; KAITO's estimate for 2048 tokens",
            id="a pool creates nothing more",
        ),
    ],
)
def test_workspace_that_is_replaced(way, place, said):
    """A replacement under blueGreen creates its nodes beside those of the old generation."""
    around = Resource("urn:c", "kaito-iac:index:KaitoWorkspace", "c", None, {"replacement": way, "instanceType": A100})
    inputs = {"resource": place, "inference": PRESET}
    workspace = Resource("urn:it", "kubernetes:kaito.sh/v1beta1:Workspace", "it", "urn:c", inputs)
    assert [told(found) for found in demands([around, workspace])] == [said]


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        pytest.param(
            {"resource": LATER, "inference": PRESET},
            "? (set by an output) x ?, ? (set by an output) GPUs, bought; resource is not known",
            id="an unknown resource may create nodes",
        ),
        pytest.param(
            {"resource": "a100", "inference": PRESET},
            unknown("resource is a text, not a mapping", "?", "resource is not known"),
            id="a text for the resource",
        ),
        pytest.param(
            {"resource": {"instanceType": LATER}, "inference": PRESET},
            "? (set by an output) x ?, ? (set by an output) GPUs, bought; KAITO's estimate for 2048 tokens",
            id="an unknown size",
        ),
        pytest.param(
            {"resource": {"instanceType": 0}, "inference": TEMPLATE},
            "1 x ?, ? (the VM size is a number, not a text) GPUs, bought; count of a pod template",
            id="a number for the size",
        ),
        pytest.param(
            {"resource": {"instanceType": A100}, "inference": LATER},
            unknown("set by an output", why="inference is not known"),
            id="an unknown inference",
        ),
        pytest.param(
            {"resource": {"instanceType": A100}, "inference": [PRESET]},
            unknown("inference is a list, not a mapping", why="inference is not known"),
            id="a list for the inference",
        ),
        pytest.param(
            {"resource": {"instanceType": A100}, "inference": {"preset": LATER}},
            unknown("set by an output", why="the preset is not known"),
            id="an unknown preset",
        ),
        pytest.param(
            {"resource": {"instanceType": A100}, "inference": {"preset": {"name": LATER}}},
            unknown("set by an output", why="KAITO's estimate for 2048 tokens"),
            id="an unknown name of the preset",
        ),
        pytest.param(
            {"resource": {"instanceType": A100}, "inference": {"preset": {"name": 4}}},
            unknown("the preset's name is a number, not a text", why="KAITO's estimate for 2048 tokens"),
            id="a number for the name of the preset",
        ),
        pytest.param(
            {"resource": {"instanceType": A100}, "inference": {"preset": {"presetOptions": {}}}},
            unknown("no preset is named", why="KAITO's estimate for 2048 tokens"),
            id="a preset without a name",
        ),
        pytest.param(
            {"resource": {"instanceType": A100}, "tuning": LATER},
            unknown("set by an output", why="inference is not known"),
            id="an unknown tuning",
        ),
        pytest.param(
            {"resource": {"instanceType": A100}},
            unknown("neither inference nor tuning is given", why="nothing to run"),
            id="neither inference nor tuning",
        ),
        pytest.param(
            {"metadata": LATER, "resource": {"instanceType": A100}, "inference": PRESET},
            unknown("set by an output", why="inference is not known"),
            id="unknown metadata may hold the runtime",
        ),
        pytest.param(
            {"metadata": {"annotations": LATER}, "resource": {"instanceType": A100}, "inference": PRESET},
            unknown("set by an output", why="inference is not known"),
            id="unknown annotations may hold the runtime",
        ),
        pytest.param(
            {
                "metadata": {"annotations": {"kaito.sh/runtime": ["vllm"]}},
                "resource": {"instanceType": A100},
                "inference": PRESET,
            },
            unknown("the runtime is a list, not a text", why="inference is not known"),
            id="a list for the runtime",
        ),
        pytest.param(
            {"resource": {"instanceType": A100}, "inference": {"preset": {"name": "acme/own-model"}}},
            unknown("the facts of model acme/own-model are not in the catalogue", why="KAITO's estimate for 2048 tokens"),
            id="a model outside the catalogue",
        ),
        pytest.param(
            {"resource": {"instanceType": "Standard_NZ6s_v9"}, "inference": PRESET},
            unknown(
                "Standard_NZ6s_v9 is a GPU size that is not in the catalogue",
                "Standard_NZ6s_v9",
                "KAITO's estimate for 2048 tokens",
            ),
            id="a GPU size outside the catalogue",
        ),
        pytest.param(
            {"resource": {"instanceType": "Standard_D4s_v5"}, "inference": PRESET},
            "? (Standard_D4s_v5 is not a GPU size of KAITO) x Standard_D4s_v5, 0 GPUs, bought; KAITO's estimate for 2048 tokens",
            id="a size without GPUs",
        ),
        pytest.param(
            {
                "resource": {"instanceType": A10},
                "inference": {"preset": {"name": "phi-3-mini-128k-instruct"}, "config": "it-config"},
            },
            unknown(
                "KAITO cannot size it: each GPU of Standard_NV36ads_A10_v5 has 24.0 GiB, 20.2 of them usable, and 131072 tokens "
                "of context reserve 50.3 GiB (overhead 2.3, KV cache 48.0)",
                A10,
                "KAITO's estimate for 131072 tokens",
            ),
            id="a size that cannot hold the context",
        ),
    ],
)
def test_workspace_that_cannot_be_counted(inputs, said):
    """What decides the nodes and is not known, or of a wrong type, makes the GPUs unknown: created, with the reason."""
    longest = config_map({"inference_config.yaml": "vllm:\n  max-model-len: 131072\n"})
    assert held("Workspace", inputs, longest) == [said]


def test_a_config_map_in_the_namespace_of_the_provider():
    """A Workspace without a namespace is in that of its provider, where the ConfigMap that names it is found."""
    config = config_map({"inference_config.yaml": CONFIG}, namespace="team")
    assert held("Workspace", served("it-config"), config, space="team") == [LONG]
    assert held("Workspace", served("it-config"), config) == [
        unknown("ConfigMap it-config with the context is not part of the program", NC48)
    ]


def served(config):
    return {"metadata": {"name": "it"}, "resource": {"instanceType": NC48}, "inference": {**LLAMA, "config": config}}


LONG = f"2 x {NC48}, 4 GPUs, bought; KAITO's estimate for 16384 tokens"
SHORT = f"2 x {NC48}, 4 GPUs, bought; KAITO's estimate for 2048 tokens"


@pytest.mark.parametrize(
    ("config", "maps", "said"),
    [
        pytest.param("it-config", [config_map({"inference_config.yaml": CONFIG})], LONG, id="its context is read"),
        pytest.param("it-config", [config_map({"inference_config.yaml": "vllm: {}"})], SHORT, id="without context: 2048"),
        pytest.param("it-config", [config_map({})], SHORT, id="without the key: 2048"),
        pytest.param("", [], SHORT, id="an empty name is none"),
        pytest.param(
            "it-config",
            [],
            unknown("ConfigMap it-config with the context is not part of the program", NC48),
            id="absent from the program",
        ),
        pytest.param(
            "it-config",
            [config_map({"inference_config.yaml": CONFIG}, namespace="other")],
            unknown("ConfigMap it-config with the context is not part of the program", NC48),
            id="in another namespace",
        ),
        pytest.param(
            "it-config",
            [config_map({"inference_config.yaml": CONFIG}, namespace=LATER)],
            unknown("ConfigMap it-config with the context is not part of the program", NC48),
            id="in a namespace that is not known",
        ),
        pytest.param("it-config", [config_map(LATER)], unknown("set by an output", NC48), id="its data is not known"),
        pytest.param(
            "it-config",
            [config_map({"inference_config.yaml": LATER})],
            unknown("set by an output", NC48),
            id="its text is not known",
        ),
        pytest.param("it-config", [config_map("vllm:")], unknown("data is a text, not a mapping", NC48), id="its data is a text"),
        pytest.param(
            "it-config",
            [config_map({"inference_config.yaml": 3})],
            unknown("inference_config.yaml is a number, not a text", NC48),
            id="its text is a number",
        ),
        pytest.param(LATER, [], unknown("set by an output", NC48), id="its name is not known"),
        pytest.param(["it-config"], [], unknown("config is a list, not a text", NC48), id="its name is a list"),
    ],
)
def test_context_of_a_config_map(config, maps, said):
    """The nodes follow the context in the ConfigMap of the program; when it cannot be read, they are unknown."""
    assert held("Workspace", served(config), *maps) == [said]


def test_default_size_of_v1alpha1():
    """The schema of v1alpha1 fills in an A100 where no size is named: it is created."""
    inputs = {"resource": {"labelSelector": {}}, "inference": TEMPLATE}
    assert held("Workspace", inputs, version="v1alpha1") == [f"1 x {A100}, 1 GPUs, bought; count of a pod template"]
    assert held("RAGEngine", {"spec": {"compute": {"labelSelector": {}}}}, version="v1alpha1") == [
        f"1 x {A100}, 1 GPUs, bought; one separate node"
    ]


def byo(partition, size="Standard_NC96ads_A100_v4", preset=None, **facts):
    """A Workspace on nodes that exist, inside a component that states their size."""
    component = Resource("urn:chat", "kaito-iac:index:KaitoWorkspace", "chat", None, {"instanceType": size, **facts})
    resource = {"labelSelector": {}, **({"partition": partition} if partition is not None else {})}
    inputs = {"resource": resource, "inference": preset or PRESET}
    return [component, Resource("urn:ws", "kubernetes:kaito.sh/v1beta1:Workspace", "chat-workspace", "urn:chat", inputs)]


WHY = "there already; KAITO's estimate for 2048 tokens"


@pytest.mark.parametrize(
    ("facts", "nodes"),
    [
        pytest.param(byo(None), Range.exactly(1), id="a whole node"),
        pytest.param(byo({"mode": "mig", "profile": "2g.24gb"}), Range.exactly(1), id="a slice that holds the model"),
        pytest.param(
            byo({"mode": "mig", "profile": "1g.12gb"}),
            Unknown(
                "KAITO cannot size it: phi-4-mini-instruct needs 10.2 GiB (weights 7.3), the MIG slice 1g.12gb has 12 GiB, "
                "10.1 of them usable, and slices cannot be joined"
            ),
            id="a slice that does not",
        ),
        pytest.param(
            byo({"mode": "mig", "profile": "9g.9gb"}), Unknown("9g.9gb is not a MIG profile of KAITO"), id="no such slice"
        ),
        pytest.param(byo({"mode": "mig"}), Unknown("no MIG profile is named"), id="no slice"),
        pytest.param(byo({"mode": "mig", "profile": LATER}), LATER, id="an unknown slice"),
        pytest.param(
            byo({"mode": "mig", "profile": ["1g.12gb"]}),
            Unknown("the profile of partition is a list, not a text"),
            id="a list for the slice",
        ),
        pytest.param(byo({"mode": "accelerator", "count": 2}), Range.exactly(1), id="two of four GPUs"),
        pytest.param(
            byo({"mode": "accelerator", "count": 2}, preset=LLAMA), Range.exactly(2), id="two GPUs a node for a big model"
        ),
        pytest.param(
            byo({"mode": "accelerator", "count": 8}), Unknown("no 8 GPUs on a node with 4"), id="more GPUs than a node has"
        ),
        pytest.param(byo({"mode": "accelerator", "count": 0}), Unknown("no 0 GPUs on a node with 4"), id="no GPU"),
        pytest.param(byo({"mode": "accelerator"}), Unknown("no count of GPUs for the partition"), id="no number of GPUs"),
        pytest.param(byo({"mode": "accelerator", "count": LATER}), LATER, id="an unknown number of GPUs"),
        pytest.param(byo({"mode": LATER}), LATER, id="an unknown mode"),
        pytest.param(byo(LATER), LATER, id="an unknown partition"),
        pytest.param(byo("mig"), Unknown("partition is a text, not a mapping"), id="a text for the partition"),
        pytest.param(byo(None, size=LATER), LATER, id="nodes of an unknown size"),
        pytest.param(byo(None, size=None), Unknown("the size of the existing nodes is not stated"), id="the size is not given"),
        pytest.param(byo(None, size=None, nodes=3), Range.exactly(3), id="the size is not given, but how many nodes"),
        pytest.param(byo(None, size="on-premises"), Unknown("on-premises is not a GPU size of KAITO"), id="no size of a cloud"),
        pytest.param(
            byo(None, preset={"preset": {"name": "acme/own"}}, nodes=2), Range.exactly(2), id="a model whose facts are given"
        ),
        pytest.param(
            byo(None, preset={"preset": {"name": "acme/own"}}, nodes=LATER), LATER, id="a model whose nodes are not known"
        ),
        pytest.param(
            byo(None, preset={"preset": {"name": "acme/own"}}),
            Unknown("the facts of model acme/own are not in the catalogue"),
            id="an unknown model",
        ),
    ],
)
def test_nodes_that_exist(facts, nodes):
    """A Workspace on nodes that exist creates none; how many it needs follows from the component's facts and the partition."""
    (found,) = demands(facts)
    assert (found.component, found.bought, found.nodes) == ("chat", False, nodes)


def replicas(spec=None, annotations=None, size=A100, inference=None):
    template = {"resource": {"instanceType": size} if size else None, "inference": inference or PRESET}
    return {"metadata": {"annotations": annotations}, "spec": {"template": template, "replicas": 2, **(spec or {})}}


KEDA = "scaledobject.kaito.sh/"
EACH = "KAITO's estimate for 2048 tokens, for every replica"


def keda(**values):
    return {f"{KEDA}auto-provision": "true", **{f"{KEDA}{key}-replicas": value for key, value in values.items()}}


SURGE = {"autoUpgrade": {"enabled": True, "strategy": "Surge"}}


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        pytest.param(replicas(), f"2 x {A100}, 2 GPUs, bought; {EACH}", id="two replicas"),
        pytest.param(replicas({"replicas": None}), f"1 x {A100}, 1 GPUs, bought; {EACH}", id="one by default"),
        pytest.param(replicas({"replicas": 0}), f"0 x {A100}, 0 GPUs, bought; {EACH}", id="scaled to nothing"),
        pytest.param(
            replicas({"replicas": 3}, size=NC48, inference=LLAMA),
            f"6 x {NC48}, 12 GPUs, bought; {EACH}",
            id="three replicas of two nodes",
        ),
        pytest.param(replicas(SURGE), f"2-2-3 x {A100}, 2-2-3 GPUs, bought; {EACH}", id="Surge takes one more for a while"),
        pytest.param(
            replicas({"autoUpgrade": {"strategy": "Surge"}}), f"2 x {A100}, 2 GPUs, bought; {EACH}", id="Surge that is not on"
        ),
        pytest.param(
            replicas({"autoUpgrade": {"enabled": True, "strategy": "InPlace"}}),
            f"2 x {A100}, 2 GPUs, bought; {EACH}",
            id="an upgrade in place takes no more",
        ),
        pytest.param(
            replicas({"autoUpgrade": LATER}), f"2-2-3 x {A100}, 2-2-3 GPUs, bought; {EACH}", id="an upgrade that may be Surge"
        ),
        pytest.param(
            replicas(annotations=keda(min="1", max="5")), f"1-2-5 x {A100}, 1-2-5 GPUs, bought; {EACH}", id="KEDA from 1 to 5"
        ),
        pytest.param(
            replicas(SURGE, keda(min="3", max="5")),
            f"3-3-6 x {A100}, 3-3-6 GPUs, bought; {EACH}",
            id="KEDA and Surge",
        ),
        pytest.param(
            replicas({"replicas": 7}, keda(max="5")),
            f"1-7-7 x {A100}, 1-7-7 GPUs, bought; {EACH}",
            id="replicas above KEDA's maximum exist until it scales",
        ),
        pytest.param(
            replicas(annotations={**keda(max="5"), f"{KEDA}auto-provision": "false"}),
            f"2 x {A100}, 2 GPUs, bought; {EACH}",
            id="KEDA off",
        ),
        pytest.param(
            replicas(annotations=keda(min="1")),
            unknown("scaled by KEDA without a max-replicas that is a number", why=EACH),
            id="KEDA without a maximum",
        ),
        pytest.param(
            replicas(annotations=keda(max="²")),
            unknown("scaled by KEDA without a max-replicas that is a number", why=EACH),
            id="a maximum that only looks like a number",
        ),
        pytest.param(replicas(annotations=keda(max=LATER)), unknown("set by an output", why=EACH), id="an unknown maximum"),
        pytest.param(replicas(annotations=LATER), unknown("set by an output", why=EACH), id="unknown annotations"),
        pytest.param(
            replicas(annotations={f"{KEDA}auto-provision": LATER}),
            unknown("set by an output", why=EACH),
            id="unknown whether KEDA scales",
        ),
        pytest.param(replicas({"replicas": LATER}), unknown("set by an output", why=EACH), id="unknown replicas"),
        pytest.param(
            replicas({"replicas": "2"}),
            unknown("replicas is a text, not a number of nodes", why=EACH),
            id="a text for the replicas",
        ),
        pytest.param(
            {"spec": LATER},
            "? (set by an output) x ?, ? (set by an output) GPUs, bought; resource is not known, for every replica",
            id="an unknown spec",
        ),
        pytest.param(
            {"spec": {"template": LATER}},
            "? (set by an output) x ?, ? (set by an output) GPUs, bought; resource is not known, for every replica",
            id="an unknown template",
        ),
        pytest.param(
            {"spec": {"template": {"resource": {"instanceType": A100, "count": 4}, "inference": TEMPLATE}}},
            f"1 x {A100}, 1 GPUs, bought; count of a pod template, for every replica",
            id="a replica has no count",
        ),
        pytest.param(
            replicas({"nodeCountLimit": 1}),
            f"2 x {A100}, 2 GPUs, bought; {EACH}",
            id="nodeCountLimit limits nothing in KAITO 0.12",
        ),
        pytest.param(
            replicas({"nodeCountLimit": 5, "replicas": 1}, annotations=keda(max="3")),
            f"1-1-5 x {A100}, 1-1-5 GPUs, bought; {EACH}",
            id="the scaler takes nodeCountLimit before its maximum",
        ),
        pytest.param(
            replicas({"nodeCountLimit": 3, "replicas": 1}, annotations=keda(max="9")),
            f"1-1-3 x {A100}, 1-1-3 GPUs, bought; {EACH}",
            id="also where it is less",
        ),
        pytest.param(
            replicas({"nodeCountLimit": 0, "replicas": 1}, annotations=keda(max="2")),
            f"1-1-2 x {A100}, 1-1-2 GPUs, bought; {EACH}",
            id="a limit of nothing is none",
        ),
    ],
)
def test_inference_set(inputs, said):
    """A set holds replicas times nodes, up to the maximum of its autoscaler and the spare replica of an upgrade."""
    assert held("InferenceSet", inputs) == [said]


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        pytest.param({"spec": {"embedding": {}}}, [], id="no compute, no node"),
        pytest.param({"spec": {"compute": {"labelSelector": {}}}}, [], id="compute without a size, no node"),
        pytest.param(
            {"spec": {"compute": {"instanceType": A10, "count": 3}}},
            [f"1 x {A10}, 1 GPUs, bought; one separate node"],
            id="one node, whatever the count",
        ),
        pytest.param(
            {"spec": {"compute": {"instanceType": "Standard_D4s_v5"}}},
            ["1 x Standard_D4s_v5, 0 GPUs, bought; one separate node"],
            id="a node without GPUs",
        ),
        pytest.param(
            {"spec": {"compute": {"instanceType": LATER}}},
            ["1 x ?, ? (set by an output) GPUs, bought; one separate node"],
            id="an unknown size",
        ),
        pytest.param(
            {"spec": {"compute": LATER}},
            ["1 x ?, ? (set by an output) GPUs, bought; one separate node"],
            id="an unknown compute",
        ),
        pytest.param(
            {"spec": {"compute": "a10"}},
            ["1 x ?, ? (compute is a text, not a mapping) GPUs, bought; one separate node"],
            id="a text for compute",
        ),
        pytest.param({"spec": LATER}, ["1 x ?, ? (set by an output) GPUs, bought; one separate node"], id="an unknown spec"),
    ],
)
def test_rag_engine(inputs, said):
    """A RAG engine with compute holds one node."""
    assert held("RAGEngine", inputs) == said


def roles(*found, model="phi-4-mini-instruct"):
    return {"spec": {"model": {"name": model}, "roles": list(found)}}


PREFILL = {"type": "prefill", "replicas": 2, "instanceType": A100}
DECODE = {"type": "decode", "replicas": 3, "instanceType": A10}


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        pytest.param(
            roles(PREFILL, DECODE),
            [
                f"2 x {A100}, 2 GPUs, bought; role prefill: KAITO's estimate for 2048 tokens, for every replica",
                f"3 x {A10}, 3 GPUs, bought; role decode: KAITO's estimate for 2048 tokens, for every replica",
            ],
            id="two roles of their own sizes",
        ),
        pytest.param(
            roles({**PREFILL, "replicas": None}),
            [
                unknown(
                    "the role's replicas are left to an autoscaler",
                    why="role prefill: KAITO's estimate for 2048 tokens, for every replica",
                )
            ],
            id="replicas left to an autoscaler",
        ),
        pytest.param(
            roles({"type": "decode", "replicas": 1}),
            [
                "? (the size of the existing nodes is not stated) x ?, ? (the size of the existing nodes is not stated) GPUs, "
                "there already; role decode: KAITO's estimate for 2048 tokens, for every replica"
            ],
            id="nodes that exist",
        ),
        pytest.param(
            roles({**DECODE, "runtimeConfig": "other"}),
            [
                unknown(
                    "ConfigMap other with the context is not part of the program",
                    A10,
                    "role decode: KAITO's estimate, for every replica",
                )
            ],
            id="a ConfigMap outside the program",
        ),
        pytest.param(
            roles(PREFILL, model=LATER),
            [unknown("set by an output", why="role prefill: KAITO's estimate for 2048 tokens, for every replica")],
            id="an unknown model",
        ),
        pytest.param(
            roles(LATER),
            ["? (set by an output) x ?, ? (set by an output) GPUs, bought; "],
            id="an unknown role",
        ),
        pytest.param(
            {"spec": {"model": {"name": "phi-4"}, "roles": LATER}},
            ["? (set by an output) x ?, ? (set by an output) GPUs, bought; "],
            id="unknown roles",
        ),
        pytest.param({"spec": LATER}, ["? (set by an output) x ?, ? (set by an output) GPUs, bought; "], id="an unknown spec"),
        pytest.param(
            {"spec": {"roles": "both"}},
            ["? (roles is a text, not a list) x ?, ? (roles is a text, not a list) GPUs, bought; "],
            id="a text for the roles",
        ),
    ],
)
def test_multi_role_inference(inputs, said):
    """Every role holds its replicas on its own size."""
    assert held("MultiRoleInference", inputs, version="v1alpha1") == said
