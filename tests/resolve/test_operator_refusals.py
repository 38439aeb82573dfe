# ruff: noqa: E501 -- messages are whole lines
"""Messages about an operator that cannot be installed, or that is not what the words suggest: whole messages."""

import pulumi
import pytest

later = pulumi.Output.from_input
C = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
F = {
    "cluster_id": C,
    "node_resource_group": "MC",
    "location": "eastus",
    "oidc_issuer_url": "https://i/",
    "tenant_id": "t",
    "kubelet_identity_client_id": "k",
    "kubelet_identity_object_id": "o",
    "kubeconfig": "clusters: [{cluster: {server: 'https://a'}}]",
}
"""Facts of a cluster."""


def made(args):
    """Return the arguments; what can be called is made anew in each program."""
    return lambda: (
        args if not isinstance(args, dict) else {key: value() if callable(value) else value for key, value in args.items()}
    )


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {},
            """\
KaitoOperator 'kaito': 1 problem
  provisioner: missing; expected azure-gpu-provisioner or karpenter or node-auto-provisioning or byo [KS102]
    fix: give provisioner""",
            id="no arguments",
        ),
        pytest.param(
            {"mode": "helm", "provisioner": "gpu", "cloud": "gcp", "version": "0.12.1", "crds": "drop"},
            """\
KaitoOperator 'kaito': 5 problems
  mode: 'helm'; expected release or chart or addon [KS102]
  provisioner: 'gpu'; expected azure-gpu-provisioner or karpenter or node-auto-provisioning or byo [KS102]
  cloud: 'gcp'; expected azure or aws or arc [KS102]
  version: '0.12.1', which the catalogue does not describe; expected 0.12.0 or 0.11.0 [KO443]
    fix: version='0.12.0'
  crds: 'drop'; expected keep or delete [KS102]""",
            id="unknown mode, provisioner, cloud and version",
        ),
        pytest.param(
            {"provisioner": "node-auto-provisioning", "cloud": "aws"},
            """\
KaitoOperator 'kaito': 1 problem
  provisioner: 'node-auto-provisioning' on aws, which does not have it; expected karpenter or byo [KS273]""",
            id="provisioner the cloud does not have",
        ),
        pytest.param(
            {"provisioner": "karpenter", "cloud": "arc"},
            """\
KaitoOperator 'kaito': 2 problems
  provisioner: 'karpenter' on arc, which does not have it; expected byo [KS273]
  warning: cloud: arc: KAITO's device plugin matches no node there and is switched off; expected a device plugin of your own [KO441]
    fix: gpu_operator=True if it is NVIDIA's""",
            id="Karpenter on Arc",
        ),
        pytest.param(
            {"provisioner": "byo", "version": "0.6.0"},
            """\
KaitoOperator 'kaito': 1 problem
  version: '0.6.0', which the catalogue does not describe; expected 0.12.0 or 0.11.0 [KO443]
    fix: choose one of `kaito-iac versions`""",
            id="version of the add-on as a chart",
        ),
        pytest.param(
            {"provisioner": lambda: later("byo"), "feature_gates": lambda: {"vLLM": later(True)}, "rag": lambda: later(True)},
            """\
KaitoOperator 'kaito': 3 problems
  provisioner: an Output; expected a plain value: azure-gpu-provisioner or karpenter or node-auto-provisioning or byo [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  feature_gates.vLLM: an Output; expected a plain value: true or false [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  rag: an Output; expected a plain value: true or false [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created""",
            id="plain values as Outputs",
        ),
        pytest.param(
            {"provisioner": "azure-gpu-provisioner"},
            """\
KaitoOperator 'kaito': 9 problems
  info: provisioner: azure-gpu-provisioner: KAITO has deprecated it, new clusters should use Karpenter; expected karpenter or node-auto-provisioning [KO439]
  cluster.resource_group_name: missing: gpu-provisioner makes an agent pool for each node; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.resource_group_name
  cluster.cluster_name: missing: gpu-provisioner makes an agent pool for each node; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.cluster_name
  cluster.subscription_id: missing: gpu-provisioner makes an agent pool for each node; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.subscription_id
  cluster.location: missing: gpu-provisioner makes an agent pool for each node; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.location
  cluster.cluster_id: missing: gpu-provisioner makes an agent pool for each node; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.cluster_id
  cluster.node_resource_group: missing: gpu-provisioner makes an agent pool for each node; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.node_resource_group
  cluster.tenant_id: missing: gpu-provisioner makes an agent pool for each node; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.tenant_id
  cluster.oidc_issuer_url: missing: gpu-provisioner makes an agent pool for each node; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.oidc_issuer_url""",
            id="gpu-provisioner without a cluster",
        ),
        pytest.param(
            {"provisioner": "azure-gpu-provisioner", "cluster": {"cluster_id": C, "node_resource_group": "MC"}},
            """\
KaitoOperator 'kaito': 4 problems
  info: provisioner: azure-gpu-provisioner: KAITO has deprecated it, new clusters should use Karpenter; expected karpenter or node-auto-provisioning [KO439]
  cluster.location: missing: gpu-provisioner makes an agent pool for each node; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.location
  cluster.tenant_id: missing: gpu-provisioner makes an agent pool for each node; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.tenant_id
  cluster.oidc_issuer_url: missing: gpu-provisioner makes an agent pool for each node; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.oidc_issuer_url""",
            id="facts of the cluster that are missing",
        ),
        pytest.param(
            {"provisioner": "azure-gpu-provisioner", "cluster": "main"},
            """\
KaitoOperator 'kaito': 2 problems
  info: provisioner: azure-gpu-provisioner: KAITO has deprecated it, new clusters should use Karpenter; expected karpenter or node-auto-provisioning [KO439]
  cluster: 'main'; expected a KaitoCluster, or a mapping with the same outputs [KS102]""",
            id="a cluster that is none",
        ),
        pytest.param(
            {"provisioner": "azure-gpu-provisioner", "cluster": {**F, "cluster_id": "main"}},
            """\
KaitoOperator 'kaito': 2 problems
  info: provisioner: azure-gpu-provisioner: KAITO has deprecated it, new clusters should use Karpenter; expected karpenter or node-auto-provisioning [KO439]
  cluster.cluster_id: 'main'; expected /subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/… [KS102]
    fix: az aks show --query id -o tsv""",
            id="an id that is none",
        ),
        pytest.param(
            {"provisioner": "karpenter", "cluster": F},
            """\
KaitoOperator 'kaito': 3 problems
  karpenter.bootstrap_token: missing: nodes join by it; expected a secret Output [KS274]
    fix: config.require_secret('bootstrapToken'): token-id.token-secret of such a Secret in kube-system
  karpenter.ssh_public_key: missing: Karpenter gives every node one; expected text [KS274]
    fix: give karpenter.ssh_public_key
  karpenter.subnet_id: missing: the subnet that nodes join; expected text [KS274]
    fix: give karpenter.subnet_id""",
            id="Karpenter without its own",
        ),
        pytest.param(
            {
                "provisioner": "karpenter",
                "cluster": F,
                "karpenter": {"bootstrap_token": "abcdef.0123456789abcdef", "ssh_public_key": "s", "subnet_id": "n"},
            },
            """\
KaitoOperator 'kaito': 1 problem
  karpenter.bootstrap_token: a token in plain text; expected a secret Output [KS221]
    fix: config.require_secret('bootstrapToken'): token-id.token-secret of such a Secret in kube-system""",
            id="bootstrap token in plain text",
        ),
        pytest.param(
            {
                "provisioner": "node-auto-provisioning",
                "karpenter": {"node_classes": [{"name": "a"}, {"name": "a", "default": False}, {"spec": {}}, "b"]},
            },
            """\
KaitoOperator 'kaito': 5 problems
  warning: provisioner: KAITO needs a Karpenter with the gate StaticCapacity; whether Azure's has it is not seen from here [KO441]
    fix: kubectl explain nodepool.spec.replicas
  karpenter.node_classes[1].name: 'a' a second time; expected each name once [KS105]
  karpenter.node_classes[2].name: missing; expected text [KS102]
    fix: give karpenter.node_classes[2].name
  karpenter.node_classes[3]: 'b'; expected a mapping: name, default, spec [KS102]
  karpenter.node_classes: 0 entries with default=True; expected exactly one, or the controller stops [KS105]""",
            id="NodeClasses that stop the controller",
        ),
        pytest.param(
            {"provisioner": "karpenter", "cloud": "aws"},
            """\
KaitoOperator 'kaito': 1 problem
  cluster.cluster_name: missing: Karpenter on EKS finds its network by it; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.cluster_name""",
            id="Karpenter on AWS without a name",
        ),
        pytest.param(
            {"provisioner": "byo", "feature_gates": {"enableMig": True, "vLLM": "yes"}},
            """\
KaitoOperator 'kaito': 2 problems
  feature_gates.enableMig: not a gate of KAITO 0.12.0: the controller stops when it is given one; expected a gate of `kaito-iac versions` [KS270]
    fix: did you mean 'enableMIG'?
  feature_gates.vLLM: 'yes'; expected true or false [KS102]""",
            id="an unknown gate",
        ),
        pytest.param(
            {"provisioner": "byo", "version": "0.11.0", "feature_gates": {"enableMIG": True}},
            """\
KaitoOperator 'kaito': 2 problems
  warning: version: 0.11.0, while workloads are judged as KAITO 0.12.0 would; expected 0.12.0 [KO443]
    fix: version='0.12.0', or --kaito-version 0.11.0
  feature_gates.enableMIG: not a gate of KAITO 0.11.0: the controller stops when it is given one; expected a gate of `kaito-iac versions` [KS270]""",
            id="a gate of another release",
        ),
        pytest.param(
            {"provisioner": "byo", "feature_gates": {"ModelStreaming": True}},
            """\
KaitoOperator 'kaito': 2 problems
  feature_gates.ModelStreaming: on without ModelMirror: the controller stops without it; expected ModelMirror on as well [KS271]
    fix: feature_gates.ModelMirror=True
  warning: feature_gates.ModelStreaming: needs the Blob CSI driver (blob.csi.azure.com), or Workspaces are refused; not seen from here [KO441]
    fix: install it before the operator""",
            id="streaming without its mirror",
        ),
        pytest.param(
            {"provisioner": "byo", "cloud": "aws", "feature_gates": {"ModelStreaming": True, "ModelMirror": True}},
            """\
KaitoOperator 'kaito': 2 problems
  feature_gates.ModelStreaming: on with cloud aws: KAITO streams only from Azure blob storage, and its controller stops; expected cloud azure [KS271]
  warning: feature_gates.ModelStreaming: needs the Blob CSI driver (blob.csi.azure.com), or Workspaces are refused; not seen from here [KO441]
    fix: install it before the operator""",
            id="streaming on another cloud",
        ),
        pytest.param(
            {"provisioner": "byo", "feature_gates": {"enableMultiRoleInferenceController": True}},
            """\
KaitoOperator 'kaito': 1 problem
  feature_gates.enableMultiRoleInferenceController: on without gatewayAPIInferenceExtension: the roles are joined by its InferencePool; expected gatewayAPIInferenceExtension on as well [KS271]
    fix: feature_gates.gatewayAPIInferenceExtension=True""",
            id="roles without the gateway",
        ),
        pytest.param(
            {"provisioner": "byo", "feature_gates": {"enableBaseImageAutoUpgrade": True, "enableInferenceSetController": False}},
            """\
KaitoOperator 'kaito': 1 problem
  feature_gates.enableBaseImageAutoUpgrade: on without enableInferenceSetController: only InferenceSets are upgraded; expected enableInferenceSetController on as well [KS271]
    fix: feature_gates.enableInferenceSetController=True""",
            id="upgrades without sets",
        ),
        pytest.param(
            {"provisioner": "node-auto-provisioning", "feature_gates": {"enableMIG": True, "enableAccelerator": True}},
            """\
KaitoOperator 'kaito': 3 problems
  warning: provisioner: KAITO needs a Karpenter with the gate StaticCapacity; whether Azure's has it is not seen from here [KO441]
    fix: kubectl explain nodepool.spec.replicas
  feature_gates.enableMIG: on with provisioner node-auto-provisioning: KAITO admits partitions only on existing nodes; expected provisioner byo [KS271]
  feature_gates.enableAccelerator: on with provisioner node-auto-provisioning: KAITO admits partitions only on existing nodes; expected provisioner byo [KS271]""",
            id="partitions without existing nodes",
        ),
        pytest.param(
            {"provisioner": "byo", "feature_gates": {"disableNodeAutoProvisioning": False}},
            """\
KaitoOperator 'kaito': 1 problem
  feature_gates.disableNodeAutoProvisioning: false with provisioner byo: the controller follows the provisioner, the chart the gate; expected leave it out: it follows the provisioner [KS105]""",
            id="gate and provisioner that disagree",
        ),
        pytest.param(
            {"provisioner": "node-auto-provisioning", "feature_gates": {"disableNodeAutoProvisioning": True}},
            """\
KaitoOperator 'kaito': 2 problems
  warning: provisioner: KAITO needs a Karpenter with the gate StaticCapacity; whether Azure's has it is not seen from here [KO441]
    fix: kubectl explain nodepool.spec.replicas
  feature_gates.disableNodeAutoProvisioning: true with provisioner node-auto-provisioning: the controller follows the provisioner, the chart the gate; expected leave it out: it follows the provisioner [KS105]""",
            id="provisioner and gate that disagree",
        ),
        pytest.param(
            {
                "provisioner": "byo",
                "replica_count": 2,
                "values": {"replicaCount": 3},
                "rag": True,
                "rag_values": {"replicaCount": 0},
            },
            """\
KaitoOperator 'kaito': 4 problems
  replica_count: 2: the chart never passes --leader-elect, so two controllers would both act; expected 1 [KO438]
    fix: leave replica_count out
  values.replicaCount: 3: the chart never passes --leader-elect, so two controllers would both act; expected 1 [KO438]
    fix: leave values.replicaCount out
  warning: rag: on, with provisioner byo: KAITO's RAG controller gets nodes only from gpu-provisioner; expected RAG engines without instance_type [KO445]
  rag_values.replicaCount: 0: the chart never passes --leader-elect, so two controllers would both act; expected 1 [KO438]
    fix: leave rag_values.replicaCount out""",
            id="two replicas, given three times",
        ),
        pytest.param(
            {
                "provisioner": "byo",
                "values": {"featureGates": {"vLLM": False}, "nodeProvisioner": "karpenter", "cloudProviderName": "aws"},
            },
            """\
KaitoOperator 'kaito': 3 problems
  values.featureGates.vLLM: featureGates is decided by the argument feature_gates; expected a value no argument decides [KS272]
    fix: use feature_gates
  values.nodeProvisioner: nodeProvisioner is decided by the argument provisioner; expected a value no argument decides [KS272]
    fix: use provisioner
  values.cloudProviderName: cloudProviderName is decided by the argument cloud; expected a value no argument decides [KS272]
    fix: use cloud""",
            id="values that arguments decide",
        ),
        pytest.param(
            {
                "provisioner": "byo",
                "gpu_operator": True,
                "registry": "r",
                "values": {"nvidiaDevicePlugin": {"enabled": True}, "presetRegistryName": "q", "gpu-feature-discovery": False},
            },
            """\
KaitoOperator 'kaito': 3 problems
  values.nvidiaDevicePlugin.enabled: True, where the arguments mean False; expected one of the two [KS272]
    fix: leave values.nvidiaDevicePlugin.enabled out
  values.presetRegistryName: 'q', where the arguments mean 'r'; expected one of the two [KS272]
    fix: leave values.presetRegistryName out
  values.gpu-feature-discovery: False, where the arguments mean {'nfd': {'enabled': False}, 'gfd': {'enabled': False}}; expected one of the two [KS272]
    fix: leave values.gpu-feature-discovery out""",
            id="values that contradict arguments",
        ),
        pytest.param(
            {"provisioner": "byo", "rag_values": {"a": 1}},
            """\
KaitoOperator 'kaito': 1 problem
  rag_values: without rag=True; expected rag=True [KS105]
    fix: leave rag_values out, or rag=True""",
            id="rag values without rag",
        ),
        pytest.param(
            {"provisioner": "byo", "namespace": "Kaito", "rag": True, "rag_namespace": "a b"},
            """\
KaitoOperator 'kaito': 3 problems
  namespace: 'Kaito'; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]
    fix: namespace='kaito'
  warning: rag: on, with provisioner byo: KAITO's RAG controller gets nodes only from gpu-provisioner; expected RAG engines without instance_type [KO445]
  rag_namespace: 'a b'; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]
    fix: rag_namespace='a-b'""",
            id="namespaces that are none",
        ),
        pytest.param(
            {"provisioner": "byo", "chart_source": "no-such-folder"},
            """\
KaitoOperator 'kaito': 1 problem
  chart_source: 'no-such-folder', where chart workspace 0.12.0 is not; expected workspace-0.12.0.tgz, or the folder workspace with its Chart.yaml, in it [KS102]
    fix: helm pull workspace --version 0.12.0 -d no-such-folder""",
            id="charts that are not there",
        ),
        pytest.param(
            {"provisioner": "byo", "chart_source": "https://me:pw@charts.example.com"},
            """\
KaitoOperator 'kaito': 1 problem
  chart_source: an address with credentials in it; expected an address without them [KS221]
    fix: give the key by a Secret""",
            id="an address with a password",
        ),
        pytest.param(
            {"provisioner": "byo", "cluster": F, "model_streaming": {}},
            """\
KaitoOperator 'kaito': 2 problems
  model_streaming: given while the gate ModelStreaming is off; expected the gate on [KS105]
    fix: feature_gates={'ModelMirror': True, 'ModelStreaming': True}
  model_streaming.namespaces: missing: the service account is needed in each namespace of a streaming workload; expected a list of namespaces [KS102]""",
            id="streaming identity without its gate and namespaces",
        ),
        pytest.param(
            {
                "provisioner": "byo",
                "cluster": F,
                "feature_gates": {"ModelStreaming": True, "ModelMirror": True},
                "model_streaming": lambda: {"namespaces": ["a", "a", "B", later("c")]},
            },
            """\
KaitoOperator 'kaito': 4 problems
  warning: feature_gates.ModelStreaming: needs the Blob CSI driver (blob.csi.azure.com), or Workspaces are refused; not seen from here [KO441]
    fix: install it before the operator
  model_streaming.namespaces[1]: 'a' a second time; expected each namespace once [KS105]
  model_streaming.namespaces[2]: 'B'; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]
    fix: model_streaming.namespaces[2]='b'
  model_streaming.namespaces[3]: an Output; expected a plain name: it decides which resources exist [KS103]""",
            id="streaming identity in odd namespaces",
        ),
        pytest.param(
            {
                "provisioner": "byo",
                "feature_gates": {"ModelStreaming": True, "ModelMirror": True},
                "model_streaming": {"namespaces": ["a"]},
            },
            """\
KaitoOperator 'kaito': 7 problems
  warning: feature_gates.ModelStreaming: needs the Blob CSI driver (blob.csi.azure.com), or Workspaces are refused; not seen from here [KO441]
    fix: install it before the operator
  cluster.node_resource_group: missing: pods stream as the cluster's kubelet identity; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.node_resource_group
  cluster.oidc_issuer_url: missing: pods stream as the cluster's kubelet identity; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.oidc_issuer_url
  cluster.subscription_id: missing: pods stream as the cluster's kubelet identity; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.subscription_id
  cluster.cluster_name: missing: pods stream as the cluster's kubelet identity; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.cluster_name
  cluster.kubelet_identity_object_id: missing: pods stream as the cluster's kubelet identity; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.kubelet_identity_object_id
  cluster.kubelet_identity_client_id: missing: pods stream as the cluster's kubelet identity; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.kubelet_identity_client_id""",
            id="streaming identity without a cluster",
        ),
        pytest.param(
            {
                "mode": "addon",
                "cluster": F,
                "feature_gates": {"vLLM": True},
                "values": {},
                "rag": True,
                "provisioner": "karpenter",
                "cloud": "aws",
            },
            """\
KaitoOperator 'kaito': 7 problems
  info: mode: KAITO 0.6.0 run by Azure has no InferenceSet, RAGEngine, MultiRoleInference, ModelMirror, provisioner karpenter, provisioner byo, feature gates, Helm values [KO436]
    fix: mode='release' has them
  warning: mode: GPU node pools stay after a Workspace is deleted and are removed by hand [KO437]
    fix: az aks nodepool delete
  feature_gates: without effect: Azure runs the add-on, which has no chart, value or gate; expected mode release or chart [KO435]
    fix: leave feature_gates out
  values: without effect: Azure runs the add-on, which has no chart, value or gate; expected mode release or chart [KO435]
    fix: leave values out
  rag: without effect: Azure runs the add-on, which has no chart, value or gate; expected mode release or chart [KO435]
    fix: leave rag out
  provisioner: 'karpenter', which the add-on does not have; expected azure-gpu-provisioner [KS273]
  cloud: 'aws', which the add-on does not have; expected azure [KS273]""",
            id="arguments the add-on cannot have",
        ),
        pytest.param(
            {"mode": "addon", "addon_principal_id": "p"},
            """\
KaitoOperator 'kaito': 7 problems
  info: mode: KAITO 0.6.0 run by Azure has no InferenceSet, RAGEngine, MultiRoleInference, ModelMirror, provisioner karpenter, provisioner byo, feature gates, Helm values [KO436]
    fix: mode='release' has them
  warning: mode: GPU node pools stay after a Workspace is deleted and are removed by hand [KO437]
    fix: az aks nodepool delete
  cluster.node_resource_group: missing: the add-on's identity may change agent pools there; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.node_resource_group
  cluster.subscription_id: missing: the add-on's identity may change agent pools there; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.subscription_id
  cluster.oidc_issuer_url: missing: the add-on's identity may change agent pools there; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.oidc_issuer_url
  cluster.cluster_name: missing: the add-on's identity may change agent pools there; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.cluster_name
  cluster.cluster_id: missing: the add-on is a part of it; expected a fact of the cluster [KS274]
    fix: pass a KaitoCluster, or give cluster.cluster_id""",
            id="add-on without a cluster",
        ),
        pytest.param(
            7,
            """\
KaitoOperator 'kaito': 1 problem
  args: 7; expected a mapping of arguments [KS102]""",
            id="a mapping that is none",
        ),
        pytest.param(
            {"provisioner": "byo", "upgrades_from": "0.1.0"},
            """\
KaitoOperator 'kaito': 1 problem
  upgrades_from: '0.1.0', which the catalogue does not describe; expected 0.12.0 or 0.13.0-rc.0 or 0.11.0 or 0.6.0 [KO443]""",
            id="release no one upgrades from",
        ),
    ],
)
def test_refusals(args, said, refusal):
    """An operator that cannot work is refused with every reason at once, and nothing is registered."""
    assert refusal("KaitoOperator", "kaito", made(args)) == said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {"provisioner": "byo"},
            "",
            id="existing nodes say nothing",
        ),
        pytest.param(
            {"provisioner": "azure-gpu-provisioner", "cluster": F},
            """\
provisioner: azure-gpu-provisioner: KAITO has deprecated it, new clusters should use Karpenter; expected karpenter or node-auto-provisioning [KO439]""",
            id="a provisioner that is deprecated",
        ),
        pytest.param(
            {"provisioner": "byo", "crds": "delete"},
            """\
crds: delete: uninstalling the operator deletes KAITO's CRDs, and with them every Workspace, InferenceSet and RAGEngine; expected keep [KO440]
  fix: leave crds out""",
            id="CRDs that go",
        ),
        pytest.param(
            {"provisioner": "node-auto-provisioning"},
            """\
provisioner: KAITO needs a Karpenter with the gate StaticCapacity; whether Azure's has it is not seen from here [KO441]
  fix: kubectl explain nodepool.spec.replicas""",
            id="Karpenter run by Azure",
        ),
        pytest.param(
            {"provisioner": "byo", "cloud": "arc"},
            """\
cloud: arc: KAITO's device plugin matches no node there and is switched off; expected a device plugin of your own [KO441]
  fix: gpu_operator=True if it is NVIDIA's""",
            id="Arc without a device plugin",
        ),
        pytest.param(
            {
                "provisioner": "byo",
                "feature_gates": {"gatewayAPIInferenceExtension": True, "ModelStreaming": True, "ModelMirror": True},
            },
            """\
feature_gates.gatewayAPIInferenceExtension: needs the Gateway API CRDs and an implementation with the inference extension, such as Istio; not seen from here [KO441]
  fix: install it before the operator
feature_gates.ModelStreaming: needs the Blob CSI driver (blob.csi.azure.com), or Workspaces are refused; not seen from here [KO441]
  fix: install it before the operator""",
            id="gates that need something in the cluster",
        ),
        pytest.param(
            {"mode": "chart", "provisioner": "node-auto-provisioning", "feature_gates": {"gatewayAPIInferenceExtension": True}},
            """\
mode: the CRDs of the inference extension are left out with the chart's crds folder, whose NodeClaim exists already [KO441]
  fix: install inferencepools.inference.networking.k8s.io before
provisioner: KAITO needs a Karpenter with the gate StaticCapacity; whether Azure's has it is not seen from here [KO441]
  fix: kubectl explain nodepool.spec.replicas
feature_gates.gatewayAPIInferenceExtension: needs the Gateway API CRDs and an implementation with the inference extension, such as Istio; not seen from here [KO441]
  fix: install it before the operator""",
            id="rendered chart with the gateway",
        ),
        pytest.param(
            {"provisioner": "byo", "values": {"productionstack": {"enabled": True}}},
            """\
values.productionstack.enabled: the KEDA scaler in it needs the namespace keda; not seen from here [KO441]
  fix: install KEDA before the operator""",
            id="the production stack needs KEDA",
        ),
        pytest.param(
            {
                "provisioner": "byo",
                "values": {"replicas": 1, "image": {"pullSecret": "x"}, "flux2": {"a": 1}, "nodeSelector": {"a": "b"}},
            },
            """\
values.replicas: no value of the chart: nothing reads it; expected a key of its values.yaml [KO442]
values.image.pullSecret: no value of the chart: nothing reads it; expected a key of its values.yaml [KO442]""",
            id="values the chart does not have",
        ),
        pytest.param(
            {"provisioner": "byo", "version": "0.11.0"},
            """\
version: 0.11.0, while workloads are judged as KAITO 0.12.0 would; expected 0.12.0 [KO443]
  fix: version='0.12.0', or --kaito-version 0.11.0""",
            id="an older release",
        ),
        pytest.param(
            {"provisioner": "byo", "upgrades_from": "0.11.0"},
            """\
version: 0.11.0 -> 0.12.0: field workspaces.kaito.sh v1beta1 resource.partition: added (object) [KO444]
version: 0.11.0 -> 0.12.0: field inferencesets.kaito.sh v1alpha1 spec.autoUpgrade.strategy: added (string) [KO444]
version: 0.11.0 -> 0.12.0: field inferencesets.kaito.sh v1beta1 spec.autoUpgrade.strategy: added (string) [KO444]
version: 0.11.0 -> 0.12.0: field modelmirrors.kaito.sh v1alpha1 spec.mode: added (string) [KO444]
version: 0.11.0 -> 0.12.0: field modelmirrors.kaito.sh v1alpha1 spec.serviceAccountName: added (string) [KO444]
version: 0.11.0 -> 0.12.0: field ragengines.kaito.sh v1beta1 spec.compute.partition: added (object) [KO444]
version: 0.11.0 -> 0.12.0: gate enableMIG: added, off by default [KO444]
version: 0.11.0 -> 0.12.0: gate enableAccelerator: added, off by default [KO444]
version: 0.11.0 -> 0.12.0: chart workspace: 0.11.0 -> 0.12.0 [KO444]
version: 0.11.0 -> 0.12.0: chart ragengine: 0.11.0 -> 0.12.0 [KO444]
version: 0.11.0 -> 0.12.0: chart gpu-provisioner: 0.4.2 -> 0.4.4 [KO444]
version: 0.11.0 -> 0.12.0: chart karpenter-aws: 1.0.8 -> 1.13.0 [KO444]
version: 0.11.0 -> 0.12.0: image base image: 0.4.2 -> 0.5.0 [KO444]
version: 0.11.0 -> 0.12.0: engine vLLM: 0.22.1 -> 0.25.1 [KO444]
version: 0.11.0 -> 0.12.0: engine argument device-ids: added [KO444]
version: 0.11.0 -> 0.12.0: engine argument diffusion-config: added [KO444]
version: 0.11.0 -> 0.12.0: engine argument enable-per-request-metrics: added [KO444]
version: 0.11.0 -> 0.12.0: engine argument jit-monitor-mode: added [KO444]
version: 0.11.0 -> 0.12.0: engine argument jit-monitor-verbose: added [KO444]
version: 0.11.0 -> 0.12.0: engine argument mm-ipc-gpu-memory-gb: added [KO444]
version: 0.11.0 -> 0.12.0: engine argument model-class-overrides: added [KO444]
version: 0.11.0 -> 0.12.0: engine argument prefill-schedule-interval: added [KO444]
version: 0.11.0 -> 0.12.0: engine argument watermark: added [KO444]
version: 0.11.0 -> 0.12.0: behaviour sizes: V100, T4 and older GPUs are no longer sized where KAITO creates nodes [KO444]
version: 0.11.0 -> 0.12.0: behaviour gpu-memory-utilization: 0.82 instead of 0.84 on an NVIDIA A10 [KO444]""",
            id="an upgrade",
        ),
        pytest.param(
            {"provisioner": "karpenter", "install_provisioner": False, "provisioner_values": {"a": 1}},
            """\
provisioner_values: without effect: no provisioner is installed here; expected no provisioner_values [KS105]
  fix: leave provisioner_values out""",
            id="a provisioner that is there already",
        ),
        pytest.param(
            {"provisioner": "byo", "rag": True},
            """\
rag: on, with provisioner byo: KAITO's RAG controller gets nodes only from gpu-provisioner; expected RAG engines without instance_type [KO445]""",
            id="a RAG controller without gpu-provisioner",
        ),
        pytest.param(
            {"mode": "addon", "cluster": F},
            """\
mode: KAITO 0.6.0 run by Azure has no InferenceSet, RAGEngine, MultiRoleInference, ModelMirror, provisioner karpenter, provisioner byo, feature gates, Helm values [KO436]
  fix: mode='release' has them
mode: GPU node pools stay after a Workspace is deleted and are removed by hand [KO437]
  fix: az aks nodepool delete""",
            id="the add-on",
        ),
    ],
)
def test_remarks(args, said, remarks):
    """An operator that is not what the words suggest is installed, and says so."""
    assert remarks("KaitoOperator", "kaito", made(args)) == said
