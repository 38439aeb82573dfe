# ruff: noqa: E501 -- messages are whole lines
"""An operator and the cluster it is for: a KaitoCluster, a mapping, one Output, and whether the two agree."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.testing import record

CLUSTER = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"


def _on(cluster, **args):
    """Return the problems of an operator on a KaitoCluster with these arguments."""

    def program():
        made = kaito.KaitoCluster("main", {"location": "eastus", **cluster})
        kaito.KaitoOperator("kaito", {"cluster": made, **args})

    recording = record(program, allow_error=True)
    return str(recording.error.cause) if recording.error else ""


KARPENTER = {"ssh_public_key": "s", "subnet_id": "n"}


@pytest.mark.parametrize(
    ("cluster", "args", "said"),
    [
        pytest.param({}, {"provisioner": "azure-gpu-provisioner"}, "", id="charts on a cluster without the add-on"),
        pytest.param({"addon": True}, {"mode": "addon"}, "", id="add-on on a cluster with it"),
        pytest.param(
            {"node_auto_provisioning": True}, {"provisioner": "node-auto-provisioning"}, "", id="Azure's Karpenter where it runs"
        ),
        pytest.param({"node_auto_provisioning": True}, {"provisioner": "byo"}, "", id="existing nodes care for no Karpenter"),
        pytest.param(
            {"addon": True},
            {"provisioner": "byo"},
            """\
KaitoOperator 'kaito': 1 problem
  mode: 'release' on a cluster with addon=True; expected a cluster with addon=False [KS105]
    fix: addon=False of the KaitoCluster""",
            id="two KAITOs",
        ),
        pytest.param(
            {},
            {"provisioner": "node-auto-provisioning"},
            """\
KaitoOperator 'kaito': 2 problems
  provisioner: 'node-auto-provisioning' on a cluster with node_auto_provisioning=False; expected a cluster with node_auto_provisioning=True [KS105]
    fix: node_auto_provisioning=True of the KaitoCluster
  warning: provisioner: KAITO needs a Karpenter with the gate StaticCapacity; whether Azure's has it is not seen from here [KO441]
    fix: kubectl explain nodepool.spec.replicas""",
            id="Azure's Karpenter where there is none",
        ),
    ],
)
def test_operator_and_cluster_agree(cluster, args, said):
    """What a KaitoCluster is made for is what its operator is."""
    assert _on(cluster, **args) == said


def test_add_on_that_is_off():
    """The add-on on a cluster without it is an error, beside what the add-on lacks."""
    assert "mode: 'addon' on a cluster with addon=False; expected a cluster with addon=True [KS105]" in _on({}, mode="addon")


def test_two_karpenters():
    """A Karpenter of our own beside Azure's would fight it over nodes."""

    def program():
        cluster = kaito.KaitoCluster("main", {"location": "eastus", "node_auto_provisioning": True})
        token = pulumi.Output.secret("a.b")
        kaito.KaitoOperator(
            "kaito", {"cluster": cluster, "provisioner": "karpenter", "karpenter": {**KARPENTER, "bootstrap_token": token}}
        )

    problems = record(program, allow_error=True).error.cause.problems
    assert [problem.headline for problem in problems] == [
        "provisioner: 'karpenter' on a cluster with node_auto_provisioning=True; expected a cluster with node_auto_provisioning=False [KS105]"
    ]


def test_late_fact_that_is_missing():
    """A mapping that comes late and lacks a fact fails when it comes, with the fact's name."""

    def program():
        late = pulumi.Output.from_input({"cluster_id": CLUSTER})
        kaito.KaitoOperator("kaito", {"provisioner": "azure-gpu-provisioner", "cluster": late})

    cause = record(program, allow_error=True).error.cause
    assert isinstance(cause, SpecError)
    assert [(one.code, one.path.partition(".")[0], one.found) for one in cause.problems] == [("KS274", "cluster", "missing")]


def _env(config):
    """Return the environment of Karpenter on a cluster with that kubeconfig."""
    facts = {
        "cluster_id": CLUSTER,
        "node_resource_group": "MC",
        "location": "eastus",
        "oidc_issuer_url": "https://i/",
        "kubelet_identity_client_id": "k",
        "kubelet_identity_id": "/my/identity",
    }

    def program():
        own = {**KARPENTER, "bootstrap_token": pulumi.Output.secret("a.b"), "vnet_guid": "v"}
        kaito.KaitoOperator("kaito", {"provisioner": "karpenter", "cluster": {**facts, "kubeconfig": config()}, "karpenter": own})

    env = record(program).by_name("kaito-karpenter").inputs["values"]["controller"]["env"]
    return {one["name"]: one.get("value") for one in env}


CONFIG = "clusters: [{cluster: {server: 'https://api.example.com'}}]"


@pytest.mark.parametrize("config", [lambda: pulumi.Output.secret(CONFIG), lambda: CONFIG], ids=["secret", "plain"])
def test_endpoint_comes_from_the_kubeconfig(config):
    """Karpenter's endpoint is read from the kubeconfig and is no secret itself; stated facts win over names AKS gives."""
    env = _env(config)
    found = (env["CLUSTER_ENDPOINT"], env["NODE_IDENTITIES"], env["VNET_GUID"])
    assert found == ("https://api.example.com", "/my/identity", "v")


@pytest.mark.parametrize("text", ["clusters: []", "["], ids=["no cluster", "no YAML"])
@pytest.mark.parametrize("late", [True, False], ids=["secret", "plain"])
def test_kubeconfig_without_a_server(text, late):
    """A kubeconfig that names no server is refused, without a word of what is in it."""
    with pytest.raises(SpecError) as refused:
        _env(lambda: pulumi.Output.secret(text) if late else text)
    assert [one.headline for one in refused.value.problems] == [
        "cluster.kubeconfig: names no server; expected a kubeconfig with a cluster [KS274]"
    ]
