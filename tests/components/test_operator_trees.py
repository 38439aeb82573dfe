"""What an operator registers, whole, for every provisioner and cloud: inputs, order, providers, in both modes."""

from __future__ import annotations

import re

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.components.operator_resources import CRD, WEBHOOK, keep_crds, leave_webhooks
from kaito_iac.testing import Secret, record

CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"


AKS = {
    "cluster_id": CLUSTER,
    "node_resource_group": "MC_models_main_eastus",
    "location": "eastus",
    "oidc_issuer_url": "https://issuer.example.com/main/",
    "kubelet_identity_client_id": "11111111-1111-1111-1111-111111111111",
    "kubelet_identity_object_id": "22222222-2222-2222-2222-222222222222",
    "tenant_id": "33333333-3333-3333-3333-333333333333",
    "kubeconfig": "clusters: [{cluster: {server: 'https://main-abc.hcp.eastus.azmk8s.io:443'}}]",
}


def operator_byo() -> None:
    kaito.KaitoOperator("kaito", {"provisioner": "byo", "gpu_operator": True, "rag": True})


def operator_gpu_provisioner() -> None:
    kaito.KaitoOperator(
        "kaito",
        {"provisioner": "azure-gpu-provisioner", "cluster": AKS, "rag": True, "spot": True, "tags": {"owner": "ml"}},
    )


def operator_karpenter() -> None:
    token = pulumi.Output.secret("abcdef.0123456789abcdef")
    karpenter = {"bootstrap_token": token, "ssh_public_key": "ssh-ed25519 AAAA", "subnet_id": f"{CLUSTER}/subnet"}
    kaito.KaitoOperator("kaito", {"provisioner": "karpenter", "cluster": AKS, "karpenter": karpenter})


def operator_node_auto_provisioning() -> None:
    kaito.KaitoOperator("kaito", {"provisioner": "node-auto-provisioning", "cluster": AKS})


def operator_aws_karpenter() -> None:
    kaito.KaitoOperator("kaito", {"provisioner": "karpenter", "cloud": "aws", "cluster": {"cluster_name": "models"}})


def operator_aws_byo() -> None:
    kaito.KaitoOperator("kaito", {"provisioner": "byo", "cloud": "aws", "namespace": "kube-system", "create_namespaces": False})


def operator_arc() -> None:
    kaito.KaitoOperator("kaito", {"provisioner": "byo", "cloud": "arc", "crds": "delete"})


def operator_addon() -> None:
    kaito.KaitoOperator("kaito", {"mode": "addon", "cluster": AKS, "addon_principal_id": "44444444-4444-4444-4444-444444444444"})


def operator_chart() -> None:
    kaito.KaitoOperator("kaito", {"mode": "chart", "provisioner": "azure-gpu-provisioner", "cluster": AKS})


def operator_streaming() -> None:
    kaito.KaitoOperator(
        "kaito",
        {
            "provisioner": "byo",
            "cluster": AKS,
            "feature_gates": {"ModelMirror": True, "ModelStreaming": True},
            "model_streaming": {"namespaces": ["chat", "games"], "storage_class": "blob-fuse"},
        },
    )


def operator_configured() -> None:
    kaito.KaitoOperator(
        "kaito",
        {
            "version": "0.12.0",
            "provisioner": "karpenter",
            "install_provisioner": False,
            "cluster": AKS,
            "karpenter": {"node_classes": [{"name": "big", "default": True, "spec": {"osDiskSizeGB": 1024}}]},
            "feature_gates": {"vLLM": True, "enableInferenceSetController": False},
            "registry": "models.azurecr.io/kaito",
            "image": {"tag": "0.12.0-patched"},
            "image_pull_secrets": ["pull"],
            "values": {
                "logging": {"level": "info"},
                "tolerations": [{"key": "system"}],
                "localCSIDriver": {"useLocalCSIDriver": False},
            },
            "rag": True,
            "rag_values": {"resources": {"limits": {"memory": "256Mi"}}},
            "chart_source": "oci://models.azurecr.io/charts",
            "postrender": "/opt/keep",
            "timeout_minutes": 20,
        },
    )


OPERATORS = (
    operator_byo,
    operator_gpu_provisioner,
    operator_karpenter,
    operator_node_auto_provisioning,
    operator_aws_karpenter,
    operator_aws_byo,
    operator_arc,
    operator_addon,
    operator_chart,
    operator_streaming,
    operator_configured,
)


@pytest.mark.parametrize("program", OPERATORS, ids=lambda program: program.__name__)
def test_registrations(program, registrations, golden):
    """An operator registers what its golden file says; the update registers the same, in the same order."""
    preview = record(program)
    golden(f"components/{program.__name__}.json", registrations(preview))
    assert _names(record(program, preview=False)) == _names(preview)


def _names(recording):
    return [(resource.type, resource.name, (resource.parent or "").rpartition("::")[2]) for resource in recording.resources]


def _waits(recording, name):
    """Return the names of everything that exists before a resource, by any number of steps."""
    found, open_ones = set(), [recording.by_name(name)]
    while open_ones:
        for urn in open_ones.pop().options.depends_on:
            resource = recording.by_urn(urn)
            if resource.name not in found:
                found.add(resource.name)
                open_ones.append(resource)
    return found


@pytest.mark.parametrize(
    ("program", "order"),
    [
        pytest.param(operator_byo, ["namespace-kaito-workspace", "workspace", "ragengine"], id="existing nodes"),
        pytest.param(
            operator_gpu_provisioner,
            ["identity", "role-contributor", "provisioner-federation", "gpu-provisioner", "workspace", "ragengine"],
            id="gpu-provisioner",
        ),
        pytest.param(
            operator_chart,
            ["identity", "role-contributor", "provisioner-federation", "gpu-provisioner", "workspace"],
            id="gpu-provisioner, rendered",
        ),
        *[
            pytest.param(
                operator_karpenter,
                ["identity", f"role-{role}", "provisioner-federation", "karpenter-crd", "karpenter", "workspace"],
                id=f"Karpenter on Azure, {role}",
            )
            for role in ("virtual-machine-contributor", "network-contributor", "managed-identity-operator")
        ],
        pytest.param(operator_karpenter, ["bootstrap-token", "karpenter"], id="Karpenter on Azure, bootstrap token"),
        pytest.param(operator_aws_karpenter, ["karpenter-crd", "karpenter", "workspace"], id="Karpenter on AWS"),
        pytest.param(operator_node_auto_provisioning, ["namespace-kaito-workspace", "workspace"], id="Azure's Karpenter"),
        pytest.param(
            operator_streaming,
            [
                "streaming-role-storage-blob-data-reader",
                "streaming-chat-federation",
                "streaming-games-federation",
                "streaming-games",
            ],
            id="streaming identities, one federation after the other",
        ),
        pytest.param(operator_addon, ["role-contributor", "federated-identity-federation"], id="add-on with its identity"),
    ],
)
def test_order(program, order):
    """Each part waits for all before it: identity, roles, federation, provisioner, KAITO; destroy goes the other way."""
    recording = record(program)
    for index, part in enumerate(order):
        waits = _waits(recording, f"kaito-{part}")
        assert {f"kaito-{one}" for one in order[:index]} <= waits
        assert not {f"kaito-{one}" for one in order[index:]} & waits


def test_nobody_but_us_is_in_an_operator_for_existing_nodes():
    """With existing nodes, on any cloud, Azure is asked for nothing."""
    for program in (operator_byo, operator_aws_byo, operator_arc, operator_node_auto_provisioning, operator_aws_karpenter):
        assert [one.type for one in record(program).resources if one.type.startswith("azure-native")] == []


def test_role_assignments_have_names_that_stay():
    """A role assignment keeps its name from run to run; another stack's has another."""

    def names(stack):
        found = record(operator_karpenter, stack=stack).resources
        return [one.inputs["roleAssignmentName"] for one in found if one.type.endswith(":RoleAssignment")]

    assert names("dev") == names("dev")
    assert len({*names("dev"), *names("prod")}) == 6
    assert [
        name for name in names("dev") if not re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", name)
    ] == []


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_bootstrap_token_is_a_secret_everywhere(preview):
    """The token of Karpenter's nodes is in one Secret, as a secret, and in no other resource."""
    recording = record(operator_karpenter, preview=preview)
    assert isinstance(recording.by_name("kaito-bootstrap-token").inputs["stringData"], Secret)
    shown = [one.name for one in recording.resources if "0123456789abcdef" in repr(one.inputs)]
    assert shown == []


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize("whole", [True, False], ids=["one Output", "an Output for each fact"])
def test_cluster_facts_may_come_late(preview, whole, registrations):
    """A cluster of another stack, as one Output or fact by fact, gives the same values as one that is written down."""

    def program(cluster):
        return lambda: kaito.KaitoOperator("kaito", {"provisioner": "azure-gpu-provisioner", "cluster": cluster()})

    def late():
        return pulumi.Output.from_input(AKS) if whole else {key: pulumi.Output.from_input(value) for key, value in AKS.items()}

    known = record(program(lambda: AKS), preview=preview)
    assert registrations(record(program(late), preview=preview)) == registrations(known)


@pytest.mark.parametrize("whole", [True, False], ids=["one Output", "an Output for each fact"])
def test_unknown_cluster_facts_are_unknown_values(whole):
    """Facts that are not known yet leave the tree as it is, and stand in the values as unknown."""

    def program():
        made = Made("cluster")
        cluster = made.facts if whole else dict.fromkeys(AKS, made.facts)
        kaito.KaitoOperator("kaito", {"provisioner": "azure-gpu-provisioner", "cluster": cluster})

    recording = record(program)
    assert [name for _, name, _ in _names(recording)][2:] == [name for _, name, _ in _names(record(lambda: _azure()))][1:]
    assert str(recording.by_name("kaito-workspace").inputs["values"]["clusterName"]).startswith("unknown (")


def _azure():
    kaito.KaitoOperator("kaito", {"provisioner": "azure-gpu-provisioner", "cluster": AKS})


class Made(pulumi.CustomResource):
    facts: pulumi.Output[dict[str, str]]

    def __init__(self, name):
        super().__init__("test:index:Made", name, {"facts": None})


@pytest.mark.parametrize(
    ("transform", "kind", "changed"),
    [
        pytest.param(keep_crds, CRD, {"retain_on_delete": True}, id="a CRD stays in the cluster"),
        pytest.param(keep_crds, WEBHOOK, {"ignore_changes": ["webhooks"]}, id="the controller writes the webhooks' rules"),
        pytest.param(keep_crds, "kubernetes:core/v1:Secret", None, id="anything else is as the chart says"),
        pytest.param(leave_webhooks, CRD, None, id="a CRD that is to go"),
        pytest.param(leave_webhooks, WEBHOOK, {"ignore_changes": ["webhooks"]}, id="webhooks where CRDs go"),
    ],
)
def test_what_is_changed_in_rendered_objects(transform, kind, changed):
    """In mode chart CRDs are retained, unless they are to go, and webhooks are left to KAITO's controller."""
    args = pulumi.ResourceTransformArgs(
        custom=True, type_=kind, name="x", props={"a": 1}, opts=pulumi.ResourceOptions(protect=True)
    )
    result = transform(args)
    if changed is None:
        assert result is None
    else:
        assert result.props == {"a": 1}
        assert {key: getattr(result.opts, key) for key in ("protect", *changed)} == {"protect": True, **changed}


def test_workloads_wait_for_the_operator():
    """A workload that depends on the operator waits for its charts, and a ready output is true."""

    def program():
        operator = kaito.KaitoOperator("kaito", {"provisioner": "byo"})
        kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct"}, pulumi.ResourceOptions(depends_on=[operator]))
        pulumi.export("ready", operator.ready)

    recording = record(program)
    assert "kaito-workspace" in _waits(recording, "chat-workspace") | _waits(recording, "chat")
    assert recording.exports["ready"] is True
