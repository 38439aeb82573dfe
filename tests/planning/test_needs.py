"""What a program needs in its clusters and does not make, as the plan lists it."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.offline.run import run_function
from kaito_iac.planning.needs import need_problems, needs
from kaito_iac.planning.needs_text import needs_lines

KAITO = "; comes with KAITO (chart workspace; KaitoOperator)"
WORKSPACES = f"CRD workspaces.kaito.sh for chat{KAITO}"
GATES = "; comes with KAITO's chart (feature_gates of KaitoOperator)"
A100 = "Standard_NC24ads_A100_v4"


def chat(opts=None, **more):
    return kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instance_type": A100, **more}, opts=opts)


def custom(version, kind, name="thing", spec=None, opts=None, **metadata):
    from pulumi_kubernetes.apiextensions import CustomResource

    return CustomResource(name, api_version=version, kind=kind, metadata={"name": name, **metadata}, spec=spec or {}, opts=opts)


def release(chart, opts=None, repo="https://charts.invalid/kaito", **more):
    from pulumi_kubernetes.helm.v3 import Release

    return Release(chart, chart=chart, namespace="default", repository_opts={"repo": repo}, **more, opts=opts)


def pod(**spec):
    from pulumi_kubernetes.core.v1 import Pod

    containers = [{"name": "main", "image": "app:1", **spec.pop("container", {})}]
    Pod("app", metadata={"name": "app"}, spec={"containers": containers, **spec})


def secret(name, keys=(), kind="Secret"):
    from pulumi_kubernetes import core

    data = {"string_data" if kind == "Secret" else "data": dict.fromkeys(keys, "x")}
    getattr(core.v1, kind)(name, metadata={"name": name}, **data)


def token(**key):
    return {"env": [{"name": "T", "value_from": {"secret_key_ref": {"name": "token", "key": "t", **key}}}]}


def volumes():
    """A pod with a volume of every kind that names something."""
    projected = {"sources": [{"secret": {"name": "shared"}}, {"config_map": {"name": "options", "optional": True}}]}
    pod(
        volumes=[
            {"name": "a", "secret": {"secret_name": "keys", "items": [{"key": "one", "path": "one"}]}},
            {"name": "b", "config_map": {"name": "settings"}},
            {"name": "c", "persistent_volume_claim": {"claim_name": "data"}},
            {"name": "d", "projected": projected},
            {"name": "e", "csi": {"driver": "x", "volume_attributes": {"secretProviderClass": "vault"}}},
        ],
        image_pull_secrets=[{"name": "pull"}],
        service_account_name="runner",
        priority_class_name="high",
    )


def binding():
    """A binding to a role of someone else, and one to a role of Kubernetes."""
    from pulumi_kubernetes.rbac.v1 import RoleBinding

    for name in ("reader", "view"):
        role = {"api_group": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}
        RoleBinding(name, metadata={"name": name}, role_ref=role, subjects=[])


def both(*steps):
    return lambda: [step() for step in steps] and None


@pytest.mark.parametrize(
    ("program", "told"),
    [
        pytest.param(chat, [WORKSPACES], id="a workload alone"),
        pytest.param(both(lambda: release("workspace"), chat), [], id="KAITO's chart beside it"),
        pytest.param(
            lambda: chat(access_secret="hf-token"),
            [WORKSPACES, "Secret default/hf-token (key HF_TOKEN) for chat"],
            id="a token",
        ),
        pytest.param(
            both(lambda: secret("hf-token", ["HF_TOKEN"]), lambda: chat(access_secret="hf-token")),
            [WORKSPACES],
            id="a token that the program makes",
        ),
        pytest.param(
            both(lambda: secret("hf-token", ["token"]), lambda: chat(access_secret="hf-token")),
            [WORKSPACES, "Secret default/hf-token (key HF_TOKEN) for chat"],
            id="a Secret without the key",
        ),
        pytest.param(
            lambda: chat(namespace="models"), [WORKSPACES, "Namespace models for chat"], id="a namespace of someone else"
        ),
        pytest.param(lambda: pod(container=token()), ["Secret default/token (key t) for app"], id="variable of a pod"),
        pytest.param(lambda: pod(container=token(optional=True)), [], id="an optional variable"),
        pytest.param(
            volumes,
            [
                "Secret default/keys (key one) for app",
                "Secret default/pull for app",
                "Secret default/shared for app",
                "ConfigMap default/settings for app",
                "PersistentVolumeClaim default/data for app",
                "SecretProviderClass default/vault for app",
                "PriorityClass high for app",
                "ServiceAccount default/runner for app",
            ],
            id="volumes and accounts of a pod",
        ),
        pytest.param(binding, ["ClusterRole reader for reader"], id="roles"),
        pytest.param(
            lambda: custom("monitoring.coreos.com/v1", "PodMonitor"),
            ["CRD podmonitors.monitoring.coreos.com for thing; comes with the Prometheus operator"],
            id="a kind of a known project",
        ),
        pytest.param(
            lambda: custom("acme.example/v1", "Policy"),
            ["CRD policies.acme.example for thing"],
            id="a kind that is on no record",
        ),
        pytest.param(lambda: custom("networking.k8s.io/v1", "NetworkPolicy"), [], id="a kind of Kubernetes"),
        pytest.param(
            lambda: custom("gateway.networking.k8s.io/v1", "Gateway", spec={"gatewayClassName": "istio"}),
            [
                "CRD gateways.gateway.networking.k8s.io for thing; comes with the Gateway API",
                "GatewayClass istio for thing",
            ],
            id="a gateway",
        ),
        pytest.param(
            both(
                lambda: release("istiod"),
                lambda: release("gateway-api"),
                lambda: custom("gateway.networking.k8s.io/v1", "Gateway", spec={"gatewayClassName": "istio"}),
            ),
            [],
            id="a gateway whose class a chart brings",
        ),
        pytest.param(
            lambda: custom("external-secrets.io/v1", "ExternalSecret", "hf-token") and pod(container=token(name="hf-token")),
            ["CRD externalsecrets.external-secrets.io for hf-token; comes with External Secrets"],
            id="a Secret of External Secrets",
        ),
        pytest.param(
            lambda: custom("karpenter.k8s.aws/v1", "EC2NodeClass", spec={"role": "nodes"}),
            [
                "CRD ec2nodeclasses.karpenter.k8s.aws for thing; comes with Karpenter",
                "IamRole nodes for thing; comes with AWS IAM",
            ],
            id="a role of AWS",
        ),
        pytest.param(
            lambda: kaito.KaitoModelMirror("weights", preset="phi-4-mini-instruct", storage_class="fast"),
            [
                f"CRD modelmirrors.kaito.sh for weights{KAITO}",
                f"FeatureGate ModelMirror for weights{GATES}",
                "StorageClass fast for weights",
            ],
            id="a gate",
        ),
        pytest.param(
            lambda: kaito.KaitoInferenceSet("chat", preset="phi-4-mini-instruct", instance_type=A100, autoscale={"max_count": 2}),
            [
                f"CRD inferencesets.kaito.sh for chat{KAITO}",
                "Software KEDA for chat",
                "Software keda-kaito-scaler for chat",
            ],
            id="replicas that KEDA scales",
        ),
        pytest.param(
            lambda: release("workspace", values={"nvidiaDevicePlugin": {"enabled": False}, "gpu-feature-discovery": GFD}),
            ["Software the NVIDIA GPU operator for workspace"],
            id="KAITO's chart without a device plugin",
        ),
    ],
)
def test_needs_of_a_cluster_that_exists(program, told):
    """Everything that the objects use and the program does not make is listed once, with what uses it, and is no problem."""
    recording = run_function(program)
    assert recording.error is None
    found = needs(recording.resources)
    assert [text for _, text in needs_lines(found)] == told
    assert list(need_problems(found)) == []


GFD = {"nfd": {"enabled": False}, "gfd": {"enabled": False}}


def own_cluster(*steps, **more):
    """A program that makes a cluster, with a model on a pool of it after some steps."""
    made = kaito.KaitoCluster("models", location="eastus", **more)
    inside = pulumi.ResourceOptions(provider=made.provider())
    for step in steps:
        step(inside)
    pool = kaito.GpuNodePool("a100", cluster=made, instance_type=A100, count=1)
    kaito.KaitoWorkspace("chat", preset="phi-4-mini-instruct", node_pool=pool)


CRD = "chat: needs CRD workspaces.kaito.sh, which nothing in the program makes; expected it in the cluster"
FIX = "\n  fix: install KAITO (chart workspace; KaitoOperator)"


@pytest.mark.parametrize(
    ("program", "told"),
    [
        pytest.param(own_cluster, [f"error: {CRD} that the program makes [KO415]{FIX}"], id="no operator at all"),
        pytest.param(lambda: own_cluster(lambda inside: release("workspace", inside)), [], id="KAITO's chart"),
        pytest.param(lambda: own_cluster(addon=True), [], id="AKS's own KAITO"),
        pytest.param(
            lambda: own_cluster(lambda inside: release("podinfo", inside)),
            [f"warning: {CRD} that the program makes; podinfo could [KO415]{FIX}"],
            id="a chart that is on no record",
        ),
        pytest.param(
            lambda: own_cluster(lambda inside: release("keda", inside)),
            [f"error: {CRD} that the program makes [KO415]{FIX}"],
            id="a chart that is known to bring something else",
        ),
        pytest.param(
            lambda: own_cluster(lambda inside: custom("kustomize.toolkit.fluxcd.io/v1", "Kustomization", opts=inside)),
            [
                "warning: thing: needs CRD kustomizations.kustomize.toolkit.fluxcd.io, which nothing in the "
                "program makes; expected it in the cluster that the program makes; thing could [KO415]\n  fix: install Flux",
                f"warning: {CRD} that the program makes; thing could [KO415]{FIX}",
            ],
            id="Flux",
        ),
        pytest.param(
            lambda: own_cluster(lambda inside: custom("v1", "Secret", "x", opts=inside, namespace="gone")),
            [
                f"error: {CRD} that the program makes [KO415]{FIX}",
                "error: x: needs Namespace gone, which nothing in the program makes; expected it in the cluster that the program "
                "makes [KO415]\n  fix: make the Namespace, or install what makes it",
            ],
            id="a namespace that nothing makes",
        ),
    ],
)
def test_needs_of_a_cluster_that_the_program_makes(program, told):
    """In a cluster of the program itself a thing that nothing could bring is an error; else it is a warning."""
    recording = run_function(program)
    assert recording.error is None
    problems = need_problems(needs(recording.resources))
    assert [f"{one.severity}: {one.text(indent='', marked=False)}" for one in problems] == told


def test_storage_of_aks():
    """A cluster of AKS has Azure's own StorageClasses, and no other."""

    def program():
        made = kaito.KaitoCluster("models", location="eastus")
        from pulumi_kubernetes.core.v1 import PersistentVolumeClaim

        for name in ("managed-csi", "fast"):
            inside = pulumi.ResourceOptions(provider=made.provider())
            PersistentVolumeClaim(name, metadata={"name": name}, spec={"storage_class_name": name}, opts=inside)

    found = needs(run_function(program).resources)
    assert [(one.label, one.cluster, one.severity) for one in found] == [("StorageClass fast", "models-kubernetes", "error")]


def test_json_of_a_need():
    """The JSON of a need has every key, null where there is nothing."""
    found = needs(run_function(lambda: chat() and None).resources)
    assert [one.as_json() for one in found] == [
        {
            "kind": "CustomResourceDefinition",
            "name": "workspaces.kaito.sh",
            "namespace": None,
            "keys": [],
            "providedBy": "KAITO (chart workspace; KaitoOperator)",
            "usedBy": ["chat"],
            "cluster": None,
            "severity": "warning",
        }
    ]


@pytest.mark.parametrize(
    ("nvidia", "needed"),
    [
        pytest.param(None, True, id="no one offers slices"),
        pytest.param({"managementMode": "Managed", "migStrategy": "Mixed"}, False, id="AKS manages the GPUs, strategy Mixed"),
        pytest.param({"managementMode": "Managed", "migStrategy": "Single"}, True, id="strategy Single"),
        pytest.param({"managementMode": "Unmanaged", "migStrategy": "Mixed"}, True, id="a strategy without the management"),
    ],
)
def test_slices_by_gpus_that_aks_manages(nvidia, needed):
    """Preview versions of AKS's API have a mode in which AKS runs the device plugin, with a MIG strategy."""

    def program():
        nodes = kaito.GpuNodePool("old", instance_type=A100, labels={"app": "small"})
        part = {"mode": "mig", "profile": "1g.10gb"}
        kaito.KaitoWorkspace("small", preset="qwen3.5-2b", node_pool=nodes, partition=part)
        profile = {"driver": "Install"} | ({"nvidia": nvidia} if nvidia else {})
        inputs = {"vmSize": A100, "count": 1, "gpuProfile": profile, "gpuInstanceProfile": "MIG1g"}
        pulumi.CustomResource("azure-native:containerservice/v20260502preview:AgentPool", "pool", inputs)

    recording = run_function(program)
    assert recording.error is None
    found = needs(recording.resources)
    assert any("MIG strategy mixed" in one.label for one in found) == needed


def test_a_name_that_the_engine_gives():
    """An object without a name is called after its resource, with digits: another name is not its own."""
    from pulumi_kubernetes.core.v1 import PersistentVolumeClaim

    def program(claim):
        PersistentVolumeClaim("data", spec={"access_modes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}})
        pod(volumes=[{"name": "a", "persistent_volume_claim": {"claim_name": claim}}])

    found = {}
    for claim in ("data", "data-1234abcd"):
        resources = run_function(lambda claim=claim: program(claim)).resources
        found[claim] = [need.name for need in needs(resources) if need.kind == "PersistentVolumeClaim"]
    assert found == {"data": ["data"], "data-1234abcd": []}
