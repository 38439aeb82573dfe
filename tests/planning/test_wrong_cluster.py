"""Objects of components go to the cluster that the component hangs on."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.offline.run import run_function
from kaito_iac.planning.wrong_cluster import wrong_cluster_problems

A100 = "Standard_NC24ads_A100_v4"
DEFAULT = "the cluster of the default Kubernetes provider"
FIX = "opts=pulumi.ResourceOptions(providers=[models.provider()]), with the variable that holds the cluster"


def clusters():
    return {name: kaito.KaitoCluster(name, location="eastus") for name in ("models", "others")}


def pool_of(cluster, name="a100"):
    return kaito.GpuNodePool(name, cluster=cluster, instance_type=A100, count=1)


def chat(opts=None, **placed):
    return kaito.KaitoWorkspace("chat", {"preset": "phi-4", **placed}, opts=opts)


def operator_alone():
    """An operator of a cluster."""
    kaito.KaitoOperator("chat", cluster=clusters()["models"], provisioner="byo")


def pool_of_a_cluster():
    """A workload on a pool of a cluster."""
    chat(node_pool=pool_of(clusters()["models"]))


def operator_of_a_cluster():
    """A workload of an operator of a cluster."""
    operator = kaito.KaitoOperator("kaito", cluster=clusters()["models"], provisioner="azure-gpu-provisioner")
    chat(operator=operator, instance_type=A100)


def explicit():
    """A workload with a provider of its author's."""
    from pulumi_kubernetes import Provider

    provider = Provider("mine", context="mine")
    chat(node_pool=pool_of(clusters()["models"]), opts=pulumi.ResourceOptions(provider=provider))


def below_a_parent():
    """A workload below a component that has a provider."""
    from pulumi_kubernetes import Provider

    around = pulumi.ComponentResource("my:index:Team", "team", opts=pulumi.ResourceOptions(providers=[Provider("mine")]))
    chat(node_pool=pool_of(clusters()["models"]), opts=pulumi.ResourceOptions(parent=around))


def karpenter_pool():
    """A pool of Karpenter in a cluster."""
    made = kaito.KaitoCluster("models", location="eastus", node_auto_provisioning=True, network={"dataplane": "cilium"})
    kaito.GpuNodePool("chat", kind="karpenter", cluster=made, instance_type=A100, max_count=1)


def karpenter_pool_explicit():
    """A pool of Karpenter in a cluster, with a provider of its author's."""
    from pulumi_kubernetes import Provider

    made = kaito.KaitoCluster("models", location="eastus", node_auto_provisioning=True, network={"dataplane": "cilium"})
    mine = pulumi.ResourceOptions(provider=Provider("mine"))
    kaito.GpuNodePool("chat", kind="karpenter", cluster=made, instance_type=A100, max_count=1, opts=mine)


OFF = {"kaito-iac:clusterProvider": "false"}
CONTEXT = {"kubernetes:context": "mine"}


@pytest.mark.parametrize(
    ("program", "config", "used"),
    [
        pytest.param(operator_alone, {}, "models-kubernetes", id="operator"),
        pytest.param(pool_of_a_cluster, {}, "models-kubernetes", id="by its pool"),
        pytest.param(operator_of_a_cluster, {}, "models-kubernetes", id="by its operator"),
        pytest.param(explicit, {}, "mine", id="an explicit provider wins"),
        pytest.param(below_a_parent, {}, "mine", id="a provider of a parent wins"),
        pytest.param(pool_of_a_cluster, OFF, "", id="switched off"),
        pytest.param(pool_of_a_cluster, CONTEXT, "", id="a default provider that the stack configures"),
        pytest.param(pool_of_a_cluster, {"kubernetes:kubeconfig": "x"}, "", id="a kubeconfig that the stack configures"),
        pytest.param(pool_of_a_cluster, CONTEXT | {"kaito-iac:clusterProvider": "true"}, "models-kubernetes", id="switched on"),
        pytest.param(karpenter_pool, {}, "models-kubernetes", id="pool of Karpenter"),
        pytest.param(karpenter_pool, CONTEXT, "models-kubernetes", id="pool of Karpenter, as before"),
        pytest.param(karpenter_pool_explicit, {}, "mine", id="pool of Karpenter with a provider"),
    ],
)
def test_objects_use_the_provider_of_their_cluster(program, config, used):
    """Objects go to the KaitoCluster that the component hangs on, unless the program or the stack names a provider."""
    recording = run_function(program, config=config)
    assert recording.error is None
    kinds = ("kubernetes:", "kaito")
    objects = [one for one in recording.resources if one.custom and one.type.startswith(kinds) and one.name.startswith("chat")]
    names = {one.urn: one.name for one in recording.resources}
    assert objects
    assert {names.get(one.provider.rpartition("::")[0], "") for one in objects} == {used}


def test_agent_pools_ask_for_no_credentials():
    """A program of Azure's resources alone gets no Kubernetes provider."""
    recording = run_function(lambda: pool_of(clusters()["models"]) and None)
    assert [one.name for one in recording.resources if one.type == "pulumi:providers:kubernetes"] == []


def other_provider():
    """A workload with the provider of another cluster than its pool's."""
    both = clusters()
    chat(node_pool=pool_of(both["models"]), opts=pulumi.ResourceOptions(providers=[both["others"].provider()]))


def operator_elsewhere():
    """A workload whose operator and pool are in two clusters."""
    both = clusters()
    operator = kaito.KaitoOperator("kaito", cluster=both["others"], provisioner="byo")
    chat(node_pool=pool_of(both["models"]), operator=operator)


@pytest.mark.parametrize(
    ("program", "config", "told"),
    [
        pytest.param(
            other_provider,
            {},
            "KaitoWorkspace 'chat': 1 problem\n  provider: that of KaitoCluster 'others', while the component hangs on "
            "KaitoCluster 'models'; expected the provider of the same cluster [KO414]\n"
            "    fix: leave the provider out, or give that of the same cluster",
            id="provider of another cluster",
        ),
        pytest.param(
            operator_elsewhere,
            {},
            "KaitoWorkspace 'chat': 1 problem\n  node_pool: in KaitoCluster 'models', while operator is in "
            "KaitoCluster 'others'; expected operator and nodes of one cluster [KO414]\n"
            "    fix: take both from one cluster, or make one component for each",
            id="operator and pool of two clusters",
        ),
        pytest.param(
            pool_of_a_cluster,
            {"kaito-iac:clusterProvider": "perhaps"},
            "Stack configuration: 1 problem\n  kaito-iac:clusterProvider: no truth value; expected true or false [KS106]",
            id="a switch that is neither on nor off",
        ),
    ],
)
def test_two_clusters_in_one_component(program, config, told):
    """A component that two clusters of the program meet in is refused in the program itself."""
    recording = run_function(program, config=config)
    assert recording.error is not None
    assert recording.error.message.strip() == told


def plain_provider():
    """A workload with a plain provider that reaches another cluster of the program."""
    from pulumi_kubernetes import Provider

    both = clusters()
    reached = Provider("mine", cluster_identifier=both["others"].cluster_id)
    chat(node_pool=pool_of(both["models"]), opts=pulumi.ResourceOptions(provider=reached))


def namespace():
    """A namespace that nothing links to the cluster."""
    clusters()
    kaito.KaitoNamespace("chat")


@pytest.mark.parametrize(
    ("program", "config", "told"),
    [
        pytest.param(pool_of_a_cluster, {}, None, id="the provider of its cluster"),
        pytest.param(explicit, {}, None, id="the provider of some other cluster"),
        pytest.param(
            pool_of_a_cluster,
            OFF,
            f"warning: chat: hangs on KaitoCluster 'models', but its objects go to {DEFAULT}",
            id="default",
        ),
        pytest.param(
            plain_provider,
            {},
            "error: chat: hangs on KaitoCluster 'models', but its objects go to KaitoCluster 'others'",
            id="plain provider of another cluster",
        ),
        pytest.param(
            namespace, {}, f"warning: chat: goes to {DEFAULT}, and the program has KaitoCluster 'models'", id="no link at all"
        ),
    ],
)
def test_a_plan_tells_where_objects_go(program, config, told):
    """A plan states what goes to another cluster than its own, with the line that changes it."""
    recording = run_function(program, config=config)
    assert recording.error is None
    found = [f"{one.severity}: {one.text(indent='', marked=False)}" for one in wrong_cluster_problems(recording.resources)]
    where = "objects in the cluster that it hangs on" if told and "hangs" in told else "objects in a cluster of the program"
    assert found == ([f"{told}; expected {where} [KO414]\n  fix: {FIX}"] if told else [])


def test_programs_without_a_cluster():
    """A program that makes no cluster leaves it to its providers where objects go."""
    recording = run_function(lambda: kaito.KaitoWorkspace("chat", preset="phi-4", instance_type=A100) and None)
    assert list(wrong_cluster_problems(recording.resources)) == []
