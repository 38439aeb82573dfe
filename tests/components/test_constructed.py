"""Components of another language refer to each other: the same resources, dependencies and inputs as from Python."""

import grpc
import pytest

import kaito_iac as kaito
from kaito_iac.offline.deployment import Deployment
from kaito_iac.offline.monitor import Monitor
from kaito_iac.problem import Unknown
from kaito_iac.stack.pulumi_markers import OUTPUT, REFERENCE, SIGNATURE
from kaito_iac.testing import record

CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
A100 = "Standard_NC24ads_A100_v4"
LATER = Unknown("later")


def program():
    """Registers in Python what the tests construct in the plugin."""
    operator = kaito.KaitoOperator("kaito", provisioner="byo", rag=True)
    pool = kaito.GpuNodePool("a100", cluster_id=CLUSTER, instance_type=A100, max_count=2, location="eastus")
    chat = kaito.KaitoWorkspace("chat", preset="phi-4-mini-instruct", node_pool=pool, operator=operator)
    kaito.KaitoRagEngine("docs", llm=chat.endpoint, operator=operator)


def reference(urn):
    """Return a resource as the engine refers to it."""
    _, _, kind, name = urn.rsplit("::", 3)
    return {SIGNATURE: REFERENCE, "urn": urn, "type": kind, "name": name, "id": ""}


def output(value, *urns, secret=False):
    """Return an output that is known, with what it came from."""
    made = {SIGNATURE: OUTPUT, "dependencies": list(urns)}
    return made | ({} if value is LATER else {"value": value}) | ({"secret": True} if secret else {})


@pytest.fixture
def session(construct):
    """Constructs one component after the other in one deployment."""
    monitor = Monitor(Deployment(project="project", stack="dev", dry_run=True))

    def make(component, name, inputs, **options):
        return construct(component, name, inputs, monitor=monitor, **options)

    return make


def shape(resources):
    """Return what the engine keeps of every resource."""
    return {
        urn: (
            None if "pulumi:Stack::" in (one.parent or "") else one.parent,
            one.inputs,
            one.options.depends_on,
            one.options.property_dependencies,
        )
        for one in resources
        for urn in [one.urn]
        if not one.type.startswith("pulumi:pulumi:")
    }


PLATFORM = ("KaitoOperator", "kaito", {"provisioner": "byo", "rag": True})
POOL = ("GpuNodePool", "a100", {"clusterId": CLUSTER, "instanceType": A100, "maxCount": 2.0, "location": "eastus"})


@pytest.mark.parametrize("wrapped", [False, True], ids=["TypeScript and Go", "YAML"])
def test_references_between_components(session, wrapped):
    """Pool, operator and endpoint of another language give what the objects give in Python; YAML wraps them in outputs."""
    operator, pool = session(*PLATFORM).urn, session(*POOL).urn

    def given(urn):
        return output(reference(urn), urn) if wrapped else reference(urn)

    def named(**urns):
        return {key: [urn] for key, urn in urns.items()}

    inputs = {"preset": "phi-4-mini-instruct", "nodePool": given(pool), "operator": given(operator)}
    chat = session("KaitoWorkspace", "chat", inputs, sources=named(nodePool=pool, operator=operator))
    sources = [chat.urn] if wrapped else [chat.urn, *chat.sources["endpoint"]]
    inputs = {"llm": output(chat.state["endpoint"], *sources), "operator": given(operator)}
    docs = session("KaitoRagEngine", "docs", inputs, depends_on=sources, sources={"llm": sources, **named(operator=operator)})
    assert shape(docs.resources.values()) == shape(record(program, project="project", preview=True).resources)


def on_a_cluster():
    """Registers in Python what the test constructs in the plugin."""
    cluster = kaito.KaitoCluster("models", location="eastus")
    kaito.GpuNodePool("a100", cluster=cluster, instance_type=A100, max_count=2)
    kaito.KaitoOperator("kaito", cluster=cluster, provisioner="azure-gpu-provisioner")


def test_cluster_of_another_language(session):
    """A cluster of the program gives pools and operator what it gives them in Python, unknown outputs included."""
    cluster = session("KaitoCluster", "models", {"location": "eastus"}).urn
    session("GpuNodePool", "a100", {"cluster": reference(cluster), "instanceType": A100, "maxCount": 2.0})
    made = session("KaitoOperator", "kaito", {"cluster": reference(cluster), "provisioner": "azure-gpu-provisioner"})
    assert shape(made.resources.values()) == shape(record(on_a_cluster, project="project", preview=True).resources)


def test_gate_of_another_language(session):
    """A gate takes the workload of another language, comes after its object, and hands on its endpoint."""
    chat = session("KaitoWorkspace", "chat", {"preset": "phi-4-mini-instruct", "instanceType": A100, "wait": False})
    gate = session("ReadinessGate", "gate", {"workload": reference(chat.urn), "kubeconfig": "apiVersion: v1\n"})
    opened = gate.resources["gate-opened"]
    assert (opened.parent, opened.options.depends_on) == (gate.urn, tuple(chat.sources["endpoint"]))
    assert opened.options.hooks == {"before_create": ("gate-ready",), "before_update": ("gate-ready",)}
    assert gate.state == {"endpoint": chat.state["endpoint"]}


def test_reference_of_another_stack(session):
    """What another stack hands on of its pool and operator has arguments of its own, and messages speak of those."""
    pool = {"selector": {"apps": "gpu"}, "instanceType": A100, "maxCount": 2.0}
    operator = {"version": "0.12.0", "provisioner": "byo", "cloud": "azure"}
    inputs = {"preset": "phi-4-mini-instruct", "nodePoolReference": output(pool), "operatorReference": output(operator)}
    made = session("KaitoWorkspace", "chat", inputs)
    assert made.resources["chat-workspace"].inputs["resource"]["labelSelector"] == {"matchLabels": {"apps": "gpu"}}
    with pytest.raises(grpc.RpcError) as caught:
        session("KaitoWorkspace", "more", {**inputs, "nodePoolReference": "gpu"})
    assert caught.value.details() == (
        "KaitoWorkspace 'more': 1 problem\n  nodePoolReference: 'gpu'; expected a mapping with text keys [KS102]"
    )


def test_known_outputs_are_values(session):
    """A known output stands for its value where nodes are decided, and the component comes after what it came from."""
    pool = session(*POOL)
    size = output(A100, pool.urn, *pool.sources["instanceType"])
    inputs = {"preset": "phi-4-mini-instruct", "instanceType": size, "vllm": {"max-num-seqs": output(64.0)}}
    made = session("KaitoWorkspace", "chat", inputs, sources={"instanceType": [pool.urn]})
    assert made.state["instanceType"] == A100
    assert made.resources["chat-config"].inputs["data"] == {"inference_config.yaml": "vllm:\n  max-num-seqs: 64\n"}
    assert made.resources["chat"].options.depends_on == tuple(pool.sources["instanceType"])


def test_outputs_stay_where_they_can_be_used(session):
    """A known output in the place of a value that may come later keeps its source, as in Python."""
    pool = session(*POOL)
    named = {"namespace": output("team", pool.urn, *pool.sources["location"])}
    made = session("KaitoWorkspace", "chat", {"preset": "phi-4-mini-instruct", **named})
    metadata = made.resources["chat-workspace"].options.property_dependencies["metadata"]
    assert metadata == tuple(pool.sources["location"])


@pytest.mark.parametrize(
    ("component", "inputs", "said"),
    [
        pytest.param(
            "KaitoWorkspace",
            {"preset": "phi-4-mini-instruct", "instanceType": output(LATER)},
            "KaitoWorkspace 'chat': 1 problem\n"
            "  instanceType: an Output; expected a plain value: a size from `kaito-iac sizes` [KS103]\n"
            "    fix: give a plain value: it decides which resources exist, or how many, before anything is created",
            id="an unknown output",
        ),
        pytest.param(
            "KaitoWorkspace",
            {"preset": "phi-4-mini-instruct", "nodePool": reference("urn:pulumi:dev::project::kaito-iac:index:GpuNodePool::b")},
            "KaitoWorkspace 'chat': 1 problem\n"
            "  nodePool: GpuNodePool 'b', which another provider of the program has made; expected a GpuNodePool of the same "
            "program, or instanceType and selector of its nodes [KS102]",
            id="a pool of another provider",
        ),
        pytest.param(
            "KaitoWorkspace",
            {"preset": "phi-4-mini-instruct", "operator": reference("urn:pulumi:dev::project::kaito-iac:index:KaitoOperator::b")},
            "KaitoWorkspace 'chat': 1 problem\n"
            "  operator: KaitoOperator 'b', which another provider of the program has made; expected a KaitoOperator, or a "
            "mapping of its outputs [KS102]",
            id="an operator of another provider",
        ),
        pytest.param(
            "KaitoWorkspace",
            {"preset": "phi-4-mini-instruct", "operator": output("text")},
            "KaitoWorkspace 'chat': 1 problem\n  operator: 'text'; expected a KaitoOperator, or a mapping of its outputs [KS102]",
            id="an operator that is none",
        ),
        pytest.param(
            "GpuNodePool",
            {"cluster": reference("urn:pulumi:dev::project::kaito-iac:index:KaitoCluster::b"), "instanceType": A100},
            "GpuNodePool 'chat': 1 problem\n"
            "  cluster: KaitoCluster 'b', which another provider of the program has made; expected a KaitoCluster of the same "
            "program [KS102]\n    fix: give clusterId for another cluster",
            id="a cluster of another provider",
        ),
    ],
)
def test_useless_references_are_refused(session, component, inputs, said):
    """What cannot be used is an error; nothing is accepted without effect."""
    with pytest.raises(grpc.RpcError) as caught:
        session(component, "chat", inputs)
    assert caught.value.details() == said
