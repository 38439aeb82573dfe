"""One example of every way to use the components; trees, manifests and hosts are tested with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import kaito_iac as kaito

CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
A100 = "Standard_NC24ads_A100_v4"


SUBNET = "/subscriptions/0/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/main/subnets/nodes"


def cluster_made() -> None:
    kaito.KaitoCluster("models", {"location": "eastus"}).provider()


def cluster_switched() -> None:
    kaito.KaitoCluster(
        "models",
        {
            "name": "prod",
            "location": "eastus",
            "resourceGroup": pulumi.Output.from_input("platform"),
            "kubernetesVersion": "1.34",
            "tier": "Premium",
            "systemPool": {
                "instanceType": "Standard_D8s_v5",
                "count": 3.0,
                "zones": [1, "2"],
                "osDisk": "Ephemeral",
                "osDiskGiB": 128,
            },
            "network": {
                "subnetId": SUBNET,
                "podCidr": "10.244.0.0/16",
                "serviceCidr": "10.0.0.0/16",
                "dnsServiceIp": "10.0.0.10",
            },
            "authorizedIpRanges": ["203.0.113.0/24"],
            "aad": {"adminGroups": ["11111111-0000-0000-0000-000000000000"]},
            "autoUpgrade": {"channel": "patch", "nodeOs": "SecurityPatch"},
            "nodeAutoProvisioning": True,
            "blobDriver": True,
            "tags": {"owner": "ml"},
        },
    ).provider()


def cluster_private() -> None:
    kaito.KaitoCluster(
        "models",
        {
            "location": "eastus",
            "tier": "Free",
            "systemPool": {"min": 1, "max": 3},
            "network": {"subnetId": SUBNET, "dataplane": "cilium", "outboundType": "userDefinedRouting"},
            "privateCluster": True,
            "identityId": "/subscriptions/0/resourceGroups/net/providers/Microsoft.ManagedIdentity/userAssignedIdentities/main",
            "aad": {"azureRbac": True},
            "localAccounts": False,
            "addon": True,
            "protect": False,
        },
    )


def cluster_adopted() -> None:
    kaito.KaitoCluster("models", {"adoptId": CLUSTER, "location": "eastus"}).provider()


def pool_fixed() -> None:
    kaito.GpuNodePool(
        "a100",
        {
            "clusterId": CLUSTER,
            "instanceType": A100,
            "count": 2,
            "labels": {"team": "ml"},
            "osDiskGiB": 512,
            "tags": {"owner": "ml"},
        },
    )


def pool_autoscaled_spot() -> None:
    kaito.GpuNodePool(
        "batch",
        {
            "clusterId": CLUSTER,
            "instanceType": "Standard_NC40ads_H100_v5",
            "min": 0,
            "max": 4,
            "spot": True,
            "maxPrice": 3.5,
            "zones": ["1", "2"],
            "driver": "None",
            "poolName": "batch",
            "location": "eastus",
            "subnetId": f"{CLUSTER}/subnet",
        },
    )


def pool_existing() -> None:
    kaito.GpuNodePool("lab", {"gpu": {"product": "NVIDIA-L40S", "count": 2, "memoryMiB": 46068}, "labels": {"apps": "lab-gpu"}})


def pool_in_a_cluster() -> None:
    cluster = kaito.KaitoCluster("models", {"location": "eastus"})
    kaito.GpuNodePool(
        "a100",
        {
            "cluster": cluster,
            "instanceType": A100,
            "min": 1,
            "max": 3,
            "forModels": ["phi-4-mini-instruct", "Qwen/Qwen3.6-27B"],
            "osDisk": "Ephemeral",
            "imageFamily": "AzureLinux",
            "subnetId": pulumi.Output.from_input(SUBNET),
            "upgrade": {
                "maxSurge": "0",
                "maxUnavailable": "1",
                "drainTimeoutMinutes": 60,
                "nodeSoakMinutes": 5,
                "undrainable": "Cordon",
            },
            "protect": True,
        },
    )


def pool_of_slices() -> None:
    pool = kaito.GpuNodePool(
        "slices",
        {
            "clusterId": CLUSTER,
            "instanceType": "Standard_NC40ads_H100_v5",
            "mig": "MIG2g",
            "driver": "None",
            "location": "eastus",
        },
    )
    kaito.KaitoWorkspace("npc", {"preset": "qwen3.5-2b", "nodePool": pool, "partition": {"mode": "mig", "profile": "2g.24gb"}})


def pool_karpenter_kept() -> None:
    cluster = kaito.KaitoCluster("models", {"location": "eastus", "nodeAutoProvisioning": True})
    pool = kaito.GpuNodePool(
        "a100",
        {
            "kind": "karpenter",
            "cluster": cluster,
            "instanceType": A100,
            "count": 2,
            "zones": ["1"],
            "labels": {"team": "ml"},
            "driver": "None",
            "forModels": ["gpt-oss-120b"],
            "subnetId": SUBNET,
            "replaceDrifted": 1,
            "tags": {"owner": "ml"},
            "protect": True,
        },
    )
    here = pulumi.ResourceOptions(provider=cluster.provider())
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "nodePool": pool, "context": 8192}, here)


def pool_karpenter_as_pods_need() -> None:
    kaito.GpuNodePool(
        "Batch",
        {
            "kind": "karpenter",
            "instanceType": "Standard_NC48ads_A100_v4",
            "max": 3.0,  # type: ignore[typeddict-item]  # as other languages send it
            "spot": True,
            "taint": "none",
            "poolName": "gpu-batch",
            "nodeClass": "image-family-ubuntu",
            "emptyAfter": "1h",
            "expireAfter": "720h",
            "location": "eastus",
        },
    )


def pool_karpenter_aws() -> None:
    kaito.GpuNodePool(
        "g5",
        {
            "kind": "karpenter",
            "instanceType": "g5.12xlarge",
            "count": 1,
            "eksCluster": pulumi.Output.from_input("models"),
            "zones": ["us-west-2a"],
            "imageFamily": "al2023@v20260801",
            "osDiskGiB": 500,
            "tags": {"owner": "ml"},
            "wait": False,
            "location": "us-west-2",
        },
    )


def workspace_on_pool() -> None:
    pool = kaito.GpuNodePool("a100", {"clusterId": CLUSTER, "instanceType": A100, "count": 1, "location": "eastus"})
    kaito.KaitoWorkspace("chat", {"preset": "phi-3.5-mini-instruct", "nodePool": pool, "nodeSelector": {"team": "ml"}})


def workspace_provisioned() -> None:
    kaito.KaitoWorkspace(
        "chat",
        {
            "preset": "llama-3.3-70b-instruct",
            "instanceType": A100,
            "accessSecret": "hf-token",
            "namespace": "ai",
            "location": "eastus",
            "labels": {"team": "ml"},
            "annotations": {"example.com/note": "for the chat team"},
            "performanceMode": "throughput",
            "benchmark": True,
        },
    )


def workspace_by_id() -> None:
    kaito.KaitoWorkspace("chat", {"preset": "Qwen/Qwen3.6-27B", "instanceType": "Standard_NC40ads_H100_v5", "name": "qwen"})


def workspace_own_model() -> None:
    kaito.KaitoWorkspace(
        "rocket",
        {
            "preset": "Acme/Rocket-7B",
            "modelFacts": {"weightsGiB": 14.2, "bytesPerToken": 131072, "maxContextTokens": 32768, "gated": False},
            "instanceType": A100,
            "wait": False,
        },
    )


def workspace_template() -> None:
    kaito.KaitoWorkspace(
        "own",
        {
            "template": {
                "spec": {
                    "containers": [
                        {
                            "name": "server",
                            "image": "example.com/server:1",
                            "ports": [{"containerPort": 8080}],
                            "resources": {"limits": {"nvidia.com/gpu": "1"}},
                        }
                    ]
                }
            },
            "instanceType": "Standard_NC24ads_A100_v4",
            "count": 2,
        },
    )


def workspace_transformers() -> None:
    kaito.KaitoWorkspace(
        "phi",
        {
            "preset": "phi-4",
            "instanceType": A100,
            "runtime": "transformers",
            "adapters": [
                {"name": "law", "image": "example.com/law:1", "strength": 0.5, "imagePullSecrets": ["pull"]},
                {"name": "tax", "volume": {"persistentVolumeClaim": {"claimName": "tax"}}},
            ],
        },
    )


def workspace_configured() -> None:
    kaito.KaitoWorkspace(
        "chat",
        {
            "preset": "phi-4-mini-instruct",
            "context": 8192.0,  # type: ignore[typeddict-item]  # as other languages send it
            "vllm": {
                "max-num-seqs": 64.0,
                "enable-prefix-caching": True,
                "kv-cache-dtype": "auto",
                "seed": None,
            },
            "vllmExtra": {"override": "1e3"},
            "adapters": [{"name": "law", "image": "example.com/law:1"}],
        },
    )


def workspace_own_config() -> None:
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "config": "my-config", "timeoutMinutes": 90})


def workspace_slice() -> None:
    pool = {"instanceType": "Standard_NC40ads_H100_v5", "selector": {"apps": "mig"}, "max": 2, "location": "eastus"}
    kaito.KaitoWorkspace("npc", {"preset": "qwen3.5-2b", "nodePool": pool, "partition": {"mode": "mig", "profile": "2g.24gb"}})


def workspace_exposed() -> None:
    kaito.KaitoWorkspace(
        "demo",
        {
            "preset": "phi-4-mini-instruct",
            "expose": "loadBalancer",
            "localWeights": True,
            "nodeClass": "image-family-ubuntu",
            "provisioner": "karpenter",
        },
    )


def workspace_blue_green() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "context": 16384, "replacement": "blueGreen"})
    kaito.KaitoRagEngine("docs", {"llm": chat.endpoint})
    kaito.InferenceGateway("edge", {"endpoints": {"chat": chat.endpoint}, "hosts": ["default.models.example.com"]})


def rag_on_endpoint() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "context": 16384})
    kaito.KaitoRagEngine("docs", {"llm": chat.endpoint, "labels": {"team": "ml"}})


def rag_on_address() -> None:
    kaito.KaitoRagEngine(
        "docs",
        {
            "llm": "https://llm.example.com/v1/",
            "llmSecret": "llm-key",
            "contextWindow": 32768,
            "guardrails": {"configMap": "rails"},
            "instanceType": "Standard_D8s_v5",
            "namespace": "ai",
            "timeoutMinutes": 30,
        },
    )


def rag_retrieval_only() -> None:
    kaito.KaitoRagEngine("docs", {"preset": "docs-memory", "wait": False})


def rag_qdrant() -> None:
    kaito.KaitoRagEngine(
        "docs",
        {
            "preset": "docs-qdrant",
            "vectorStore": {"url": "http://qdrant.ai:6333", "accessSecret": "qdrant-key"},
            "llm": {"url": "http://chat.ai.svc.cluster.local/v1", "model": "phi-4", "contextTokens": 16384},
        },
    )


def rag_existing_claim() -> None:
    kaito.KaitoRagEngine("docs", {"storage": {"claim": "my-claim", "mountPath": "/data"}})


def set_fixed() -> None:
    kaito.KaitoInferenceSet(
        "chat", {"preset": "phi-4-mini-instruct", "replicas": 3, "context": 8192, "location": "eastus", "labels": {"team": "ml"}}
    )


def set_autoscaled() -> None:
    metric = {
        "name": "vllm:e2e_request_latency_seconds",
        "type": "histogram",
        "upThreshold": 8,
        "downThreshold": 0.5,
        "cacheWindow": 30,
    }
    kaito.KaitoInferenceSet(
        "chat",
        {
            "preset": "llama-3.3-70b-instruct",
            "accessSecret": "hf-token",
            "autoscale": {"min": 1, "max": 4, "metrics": [metric], "scaleDownCooldown": 600.0, "evaluationWindow": 30},
            "autoUpgrade": {"strategy": "Surge", "maintenanceWindow": {"schedule": "0 2 * * sat", "duration": "4h"}},
            "maxNodes": 40,
            "replicaAnnotations": {"kaito.sh/node-image-family": "azurelinux"},
            "replicaLabels": {"team": "ml"},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
        },
    )


def set_on_pool() -> None:
    pool = kaito.GpuNodePool("a100", {"clusterId": CLUSTER, "instanceType": A100, "count": 2, "location": "eastus"})
    kaito.KaitoInferenceSet("chat", {"preset": "phi-4", "nodePool": pool, "replicas": 2, "runtime": "transformers"})


def set_slices_to_zero() -> None:
    pool = {"instanceType": "Standard_NC40ads_H100_v5", "selector": {"apps": "mig"}, "max": 1}
    kaito.KaitoInferenceSet(
        "npc",
        {"preset": "qwen3.5-2b", "nodePool": pool, "partition": {"mode": "mig", "profile": "2g.24gb"}, "replicas": 0},
    )


def set_by_the_clock() -> None:
    office = {"start": "0 7 * * 1-5", "end": "0 19 * * 1-5", "timezone": "Europe/Berlin", "replicas": 4}
    kaito.KaitoInferenceSet(
        "chat",
        {"preset": "phi-4-mini-instruct", "location": "eastus", "autoscale": {"min": 0, "max": 4, "cron": [office]}},
    )


def set_without_service() -> None:
    kaito.KaitoInferenceSet("chat", {"preset": "phi-4-mini-instruct", "service": False, "location": "eastus"})


def multi_role_benchmarked() -> None:
    size = {"instanceType": A100}
    kaito.KaitoMultiRoleInference("chat", {"preset": "phi-4", "prefill": size, "decode": size, "benchmark": True})


def set_template() -> None:
    kaito.KaitoInferenceSet(
        "own",
        {
            "template": {"spec": {"containers": [{"name": "server", "image": "example.com/server:1"}]}},
            "instanceType": A100,
            "replicas": 2,
            "namespace": "ai",
        },
    )


def tuning_preset() -> None:
    kaito.KaitoTuning(
        "law",
        {
            "preset": "phi-4-mini-instruct-qlora",
            "dataset": {"urls": ["https://data.example.com/law.parquet"]},
            "output": {"image": "registry.example.com/adapters/law:1", "pushSecret": "push"},
            "training": {"TrainingArguments": {"num_train_epochs": 3.0, "learning_rate": 0.0002}},
            "location": "eastus",
        },
    )


def tuning_model() -> None:
    kaito.KaitoTuning(
        "law",
        {
            "model": "phi-4",
            "method": "lora",
            "instanceType": A100,
            "dataset": {"image": "registry.example.com/data/law:1", "imagePullSecrets": ["pull"], "name": "law"},
            "output": {"claim": "adapters"},
            "namespace": "ai",
            "wait": False,
        },
    )


def tuning_to_inference() -> None:
    tuned = kaito.KaitoTuning(
        "law",
        {
            "preset": "phi-4-mini-instruct-lora",
            "dataset": {"claim": "documents"},
            "output": {"image": "registry.example.com/adapters/law:1", "pushSecret": "push"},
            "timeoutMinutes": 90,
        },
    )
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "adapters": [tuned.adapter]})
    kaito.KaitoInferenceSet(
        "many", {"preset": "phi-4-mini-instruct", "adapters": [{"name": "tax", "image": "example.com/tax:1"}, tuned.adapter]}
    )


def multi_role() -> None:
    kaito.KaitoMultiRoleInference(
        "chat",
        {
            "preset": "phi-4-mini-instruct",
            "prefill": {"instanceType": "Standard_NC40ads_H100_v5", "replicas": 2, "context": 16384},
            "decode": {"instanceType": A100, "replicas": 3.0, "context": 8192, "vllm": {"max-num-seqs": 64}},
            "eppPluginsConfig": "plugins",
        },
    )


def multi_role_on_pool() -> None:
    pool = kaito.GpuNodePool("a100", {"clusterId": CLUSTER, "instanceType": A100, "count": 2})
    kaito.KaitoMultiRoleInference(
        "chat", {"preset": "phi-4", "nodePool": pool, "prefill": {"replicas": 1}, "decode": {"config": "decode"}}
    )


def mirror_managed() -> None:
    kaito.KaitoModelMirror(
        "weights",
        {
            "preset": "llama-3.1-8b-instruct",
            "storageClass": "azureblob-nfs",
            "accessSecret": {"name": "hf-token", "namespace": "ai"},
            "jobNamespace": "ai",
            "serviceAccount": "mirror",
        },
    )


def mirror_static() -> None:
    kaito.KaitoModelMirror("weights", {"preset": "phi-4", "mode": "static", "wait": False})


def gateway_one_model() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instanceType": A100})
    kaito.InferenceGateway("edge", {"endpoints": {"chat": chat.endpoint}, "expose": "cluster", "auth": "none", "wait": False})


def gateway_many_models() -> None:
    chat = kaito.KaitoInferenceSet("chat", {"preset": "phi-4-mini-instruct", "instanceType": A100, "namespace": "ai"})
    roles = {"prefill": {"instanceType": A100}, "decode": {"instanceType": A100}}
    split = kaito.KaitoMultiRoleInference("split", {"preset": "phi-4", **roles})
    kaito.InferenceGateway(
        "edge",
        {
            "name": "models",
            "namespace": "ai",
            "endpoints": {
                "chat": {"endpoint": chat.endpoint, "models": ["law"]},
                "split": {"endpoint": split.endpoint, "inferencePool": True},
            },
            "hosts": ["ai.models.example.com", "ai.models.example.org"],
            "gatewayClass": "approuting-istio",
            "expose": "public",
            "sourceRanges": ["203.0.113.0/24", "2001:db8::/32"],
            "tlsSecret": "models-tls",
            "authService": {"namespace": "auth"},
            "routerService": {"name": "bbr", "namespace": "kaito-system", "port": 9005},
            "timeoutSeconds": 1800,
            "labels": {"team": "ml"},
        },
    )


def monitoring_prometheus() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instanceType": A100, "namespace": "ai"})
    kaito.KaitoMonitoring("models", {"endpoints": {"chat": chat.endpoint}, "labels": {"release": "prometheus"}})


def monitoring_azure() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instanceType": A100})
    account = "/subscriptions/0/resourceGroups/watch/providers/Microsoft.Monitor/accounts/main"
    kaito.KaitoMonitoring(
        "models",
        {
            "endpoints": {"chat": chat.endpoint},
            "flavour": "azureMonitor",
            "azureMonitorWorkspaceId": account,
            "alerts": {"waitingRequests": 50, "firstTokenSeconds": 2.5},
            "intervalSeconds": 60,
            "dashboard": False,
            "namespace": "watch",
        },
    )


def namespace_plain() -> None:
    kaito.KaitoNamespace("lab", {"isolated": False})


def namespace_of_a_team() -> None:
    secret = pulumi.Output.secret
    place = kaito.KaitoNamespace(
        "chat",
        {
            "name": "team-chat",
            "team": "chat",
            "gpus": 4,
            "quota": {"persistentvolumeclaims": 10, "requests.storage": "2Ti"},
            "allowFrom": ["models", "monitoring"],
            "huggingFaceToken": secret("not-a-token"),
            "registry": {"server": "registry.example.com", "username": "puller", "password": secret("not-a-password")},
            "labels": {"example.com/cost": "chat"},
        },
    )
    kaito.KaitoWorkspace(
        "answers",
        {
            "preset": "llama-3.1-8b-instruct",
            "instanceType": A100,
            "namespace": place.namespace,
            "accessSecret": place.accessSecret,
        },
    )


def namespace_with_vault() -> None:
    kaito.KaitoNamespace(
        "chat",
        {
            "keyVault": {
                "name": "models",
                "tenantId": "00000000-0000-0000-0000-000000000001",
                "clientId": "00000000-0000-0000-0000-000000000002",
                "secrets": {
                    "hf-token": {"HF_TOKEN": "hugging-face"},
                    "llm": {"LLM_ACCESS_SECRET": "llm-key", "second": "hugging-face"},
                },
            },
        },
    )


EXAMPLES: dict[str, Callable[[], None]] = {
    function.__name__: function
    for function in (
        cluster_made,
        cluster_switched,
        cluster_private,
        cluster_adopted,
        pool_fixed,
        pool_autoscaled_spot,
        pool_existing,
        pool_in_a_cluster,
        pool_of_slices,
        pool_karpenter_kept,
        pool_karpenter_as_pods_need,
        pool_karpenter_aws,
        workspace_on_pool,
        workspace_provisioned,
        workspace_by_id,
        workspace_own_model,
        workspace_template,
        workspace_transformers,
        workspace_configured,
        workspace_own_config,
        workspace_slice,
        workspace_exposed,
        workspace_blue_green,
        rag_on_endpoint,
        rag_on_address,
        rag_retrieval_only,
        rag_qdrant,
        rag_existing_claim,
        set_fixed,
        set_autoscaled,
        set_on_pool,
        set_slices_to_zero,
        set_by_the_clock,
        set_without_service,
        multi_role_benchmarked,
        set_template,
        tuning_preset,
        tuning_model,
        tuning_to_inference,
        multi_role,
        multi_role_on_pool,
        mirror_managed,
        mirror_static,
        gateway_one_model,
        gateway_many_models,
        monitoring_prometheus,
        monitoring_azure,
        namespace_plain,
        namespace_of_a_team,
        namespace_with_vault,
    )
}


@pytest.fixture(params=sorted(EXAMPLES))
def example(request: pytest.FixtureRequest) -> Any:
    """Gives the name of an example and its program."""
    return request.param, EXAMPLES[request.param]
