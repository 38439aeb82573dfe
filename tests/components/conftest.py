"""One example of every way to use the components; trees, manifests and hosts are tested with them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pulumi
import pytest
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc, resource_pb2_grpc

import kaito_iac as kaito
from kaito_iac.offline.deployment import Deployment
from kaito_iac.offline.engine import Engine
from kaito_iac.offline.monitor import Monitor
from kaito_iac.offline.values import Decoder, encoded

ROOT = Path(__file__).parents[2]

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
            "resource_group": pulumi.Output.from_input("platform"),
            "kubernetes_version": "1.34",
            "tier": "Premium",
            "system_pool": {
                "instance_type": "Standard_D8s_v5",
                "count": 3.0,
                "zones": [1, "2"],
                "os_disk": "Ephemeral",
                "os_disk_gib": 128,
            },
            "network": {
                "subnet_id": SUBNET,
                "pod_cidr": "10.244.0.0/16",
                "service_cidr": "10.0.0.0/16",
                "dns_service_ip": "10.0.0.10",
            },
            "authorized_ip_ranges": ["203.0.113.0/24"],
            "aad": {"admin_groups": ["11111111-0000-0000-0000-000000000000"]},
            "auto_upgrade": {"channel": "patch", "node_os": "SecurityPatch"},
            "node_auto_provisioning": True,
            "blob_driver": True,
            "tags": {"owner": "ml"},
        },
    ).provider()


def cluster_private() -> None:
    kaito.KaitoCluster(
        "models",
        {
            "location": "eastus",
            "tier": "Free",
            "system_pool": {"min_count": 1, "max_count": 3},
            "network": {"subnet_id": SUBNET, "dataplane": "cilium", "outbound_type": "userDefinedRouting"},
            "private_cluster": True,
            "identity_id": "/subscriptions/0/resourceGroups/net/providers/Microsoft.ManagedIdentity/userAssignedIdentities/main",
            "aad": {"azure_rbac": True},
            "local_accounts": False,
            "addon": True,
            "protect": False,
        },
    )


def cluster_adopted() -> None:
    kaito.KaitoCluster("models", {"adopt_id": CLUSTER, "location": "eastus"}).provider()


def pool_fixed() -> None:
    kaito.GpuNodePool(
        "a100",
        {
            "cluster_id": CLUSTER,
            "instance_type": A100,
            "count": 2,
            "labels": {"team": "ml"},
            "os_disk_gib": 512,
            "tags": {"owner": "ml"},
        },
    )


def pool_autoscaled_spot() -> None:
    kaito.GpuNodePool(
        "batch",
        {
            "cluster_id": CLUSTER,
            "instance_type": "Standard_NC40ads_H100_v5",
            "min_count": 0,
            "max_count": 4,
            "spot": True,
            "max_price": 3.5,
            "zones": ["1", "2"],
            "driver": "None",
            "pool_name": "batch",
            "location": "eastus",
            "subnet_id": f"{CLUSTER}/subnet",
        },
    )


def pool_existing() -> None:
    kaito.GpuNodePool("lab", {"gpu": {"product": "NVIDIA-L40S", "count": 2, "memory_mib": 46068}, "labels": {"apps": "lab-gpu"}})


def pool_in_a_cluster() -> None:
    cluster = kaito.KaitoCluster("models", {"location": "eastus"})
    kaito.GpuNodePool(
        "a100",
        {
            "cluster": cluster,
            "instance_type": A100,
            "min_count": 1,
            "max_count": 3,
            "for_models": ["phi-4-mini-instruct", "Qwen/Qwen3.6-27B"],
            "os_disk": "Ephemeral",
            "image_family": "AzureLinux",
            "subnet_id": pulumi.Output.from_input(SUBNET),
            "upgrade": {
                "max_surge": "0",
                "max_unavailable": "1",
                "drain_timeout_minutes": 60,
                "node_soak_minutes": 5,
                "undrainable": "Cordon",
            },
            "protect": True,
        },
    )


def pool_of_slices() -> None:
    pool = kaito.GpuNodePool(
        "slices",
        {
            "cluster_id": CLUSTER,
            "instance_type": "Standard_NC40ads_H100_v5",
            "mig": "MIG2g",
            "driver": "None",
            "location": "eastus",
        },
    )
    kaito.KaitoWorkspace("npc", {"preset": "qwen3.5-2b", "node_pool": pool, "partition": {"mode": "mig", "profile": "2g.24gb"}})


def pool_karpenter_kept() -> None:
    cluster = kaito.KaitoCluster("models", {"location": "eastus", "node_auto_provisioning": True})
    pool = kaito.GpuNodePool(
        "a100",
        {
            "kind": "karpenter",
            "cluster": cluster,
            "instance_type": A100,
            "count": 2,
            "zones": ["1"],
            "labels": {"team": "ml"},
            "driver": "None",
            "for_models": ["gpt-oss-120b"],
            "subnet_id": SUBNET,
            "replace_drifted": 1,
            "tags": {"owner": "ml"},
            "protect": True,
        },
    )
    here = pulumi.ResourceOptions(provider=cluster.provider())
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "node_pool": pool, "context": 8192}, here)


def pool_karpenter_as_pods_need() -> None:
    kaito.GpuNodePool(
        "Batch",
        {
            "kind": "karpenter",
            "instance_type": "Standard_NC48ads_A100_v4",
            "max_count": 3.0,  # type: ignore[typeddict-item]  # as other languages send it
            "spot": True,
            "taint": "none",
            "pool_name": "gpu-batch",
            "node_class": "image-family-ubuntu",
            "empty_after": "1h",
            "expire_after": "720h",
            "location": "eastus",
        },
    )


def pool_karpenter_aws() -> None:
    kaito.GpuNodePool(
        "g5",
        {
            "kind": "karpenter",
            "instance_type": "g5.12xlarge",
            "count": 1,
            "eks_cluster": pulumi.Output.from_input("models"),
            "zones": ["us-west-2a"],
            "image_family": "al2023@v20260801",
            "os_disk_gib": 500,
            "tags": {"owner": "ml"},
            "wait": False,
            "location": "us-west-2",
        },
    )


def workspace_on_pool() -> None:
    pool = kaito.GpuNodePool("a100", {"cluster_id": CLUSTER, "instance_type": A100, "count": 1, "location": "eastus"})
    kaito.KaitoWorkspace("chat", {"preset": "phi-3.5-mini-instruct", "node_pool": pool, "node_selector": {"team": "ml"}})


def workspace_provisioned() -> None:
    kaito.KaitoWorkspace(
        "chat",
        {
            "preset": "llama-3.3-70b-instruct",
            "instance_type": A100,
            "access_secret": "hf-token",
            "namespace": "ai",
            "location": "eastus",
            "labels": {"team": "ml"},
            "annotations": {"example.com/note": "for the chat team"},
            "performance_mode": "throughput",
            "benchmark": True,
        },
    )


def workspace_by_id() -> None:
    kaito.KaitoWorkspace("chat", {"preset": "Qwen/Qwen3.6-27B", "instance_type": "Standard_NC40ads_H100_v5", "name": "qwen"})


def workspace_own_model() -> None:
    kaito.KaitoWorkspace(
        "rocket",
        {
            "preset": "Acme/Rocket-7B",
            "model_facts": {"weights_gib": 14.2, "bytes_per_token": 131072, "max_context_tokens": 32768, "gated": False},
            "instance_type": A100,
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
            "instance_type": "Standard_NC24ads_A100_v4",
            "count": 2,
        },
    )


def workspace_transformers() -> None:
    kaito.KaitoWorkspace(
        "phi",
        {
            "preset": "phi-4",
            "instance_type": A100,
            "runtime": "transformers",
            "adapters": [
                {"name": "law", "image": "example.com/law:1", "strength": 0.5, "image_pull_secrets": ["pull"]},
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
            "vllm_extra": {"override": "1e3"},
            "adapters": [{"name": "law", "image": "example.com/law:1"}],
        },
    )


def workspace_own_config() -> None:
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "config": "my-config", "timeout_minutes": 90})


def workspace_slice() -> None:
    pool = {"instance_type": "Standard_NC40ads_H100_v5", "selector": {"apps": "mig"}, "max_count": 2, "location": "eastus"}
    kaito.KaitoWorkspace("npc", {"preset": "qwen3.5-2b", "node_pool": pool, "partition": {"mode": "mig", "profile": "2g.24gb"}})


def workspace_exposed() -> None:
    kaito.KaitoWorkspace(
        "demo",
        {
            "preset": "phi-4-mini-instruct",
            "expose": "loadBalancer",
            "local_weights": True,
            "node_class": "image-family-ubuntu",
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
            "llm_secret": "llm-key",
            "context_window": 32768,
            "guardrails": {"config_map": "rails"},
            "instance_type": "Standard_D8s_v5",
            "namespace": "ai",
            "timeout_minutes": 30,
        },
    )


def rag_retrieval_only() -> None:
    kaito.KaitoRagEngine("docs", {"preset": "docs-memory", "wait": False})


def rag_qdrant() -> None:
    kaito.KaitoRagEngine(
        "docs",
        {
            "preset": "docs-qdrant",
            "vector_store": {"url": "http://qdrant.ai:6333", "access_secret": "qdrant-key"},
            "llm": {"url": "http://chat.ai.svc.cluster.local/v1", "model": "phi-4", "context_tokens": 16384},
        },
    )


def rag_existing_claim() -> None:
    kaito.KaitoRagEngine("docs", {"storage": {"claim": "my-claim", "mount_path": "/data"}})


def set_fixed() -> None:
    kaito.KaitoInferenceSet(
        "chat", {"preset": "phi-4-mini-instruct", "replicas": 3, "context": 8192, "location": "eastus", "labels": {"team": "ml"}}
    )


def set_autoscaled() -> None:
    metric = {
        "name": "vllm:e2e_request_latency_seconds",
        "type": "histogram",
        "up_threshold": 8,
        "down_threshold": 0.5,
        "cache_window": 30,
    }
    kaito.KaitoInferenceSet(
        "chat",
        {
            "preset": "llama-3.3-70b-instruct",
            "access_secret": "hf-token",
            "autoscale": {
                "min_count": 1,
                "max_count": 4,
                "metrics": [metric],
                "scale_down_cooldown": 600.0,
                "evaluation_window": 30,
            },
            "auto_upgrade": {"strategy": "Surge", "maintenance_window": {"schedule": "0 2 * * sat", "duration": "4h"}},
            "max_nodes": 40,
            "replica_annotations": {"kaito.sh/node-image-family": "azurelinux"},
            "replica_labels": {"team": "ml"},
            "update_strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
        },
    )


def set_on_pool() -> None:
    pool = kaito.GpuNodePool("a100", {"cluster_id": CLUSTER, "instance_type": A100, "count": 2, "location": "eastus"})
    kaito.KaitoInferenceSet("chat", {"preset": "phi-4", "node_pool": pool, "replicas": 2, "runtime": "transformers"})


def set_slices_to_zero() -> None:
    pool = {"instance_type": "Standard_NC40ads_H100_v5", "selector": {"apps": "mig"}, "max_count": 1}
    kaito.KaitoInferenceSet(
        "npc",
        {"preset": "qwen3.5-2b", "node_pool": pool, "partition": {"mode": "mig", "profile": "2g.24gb"}, "replicas": 0},
    )


def set_by_the_clock() -> None:
    office = {"start": "0 7 * * 1-5", "end": "0 19 * * 1-5", "timezone": "Europe/Berlin", "replicas": 4}
    kaito.KaitoInferenceSet(
        "chat",
        {"preset": "phi-4-mini-instruct", "location": "eastus", "autoscale": {"min_count": 0, "max_count": 4, "cron": [office]}},
    )


def set_without_service() -> None:
    kaito.KaitoInferenceSet("chat", {"preset": "phi-4-mini-instruct", "service": False, "location": "eastus"})


def multi_role_benchmarked() -> None:
    size = {"instance_type": A100}
    kaito.KaitoMultiRoleInference("chat", {"preset": "phi-4", "prefill": size, "decode": size, "benchmark": True})


def set_template() -> None:
    kaito.KaitoInferenceSet(
        "own",
        {
            "template": {"spec": {"containers": [{"name": "server", "image": "example.com/server:1"}]}},
            "instance_type": A100,
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
            "output": {"image": "registry.example.com/adapters/law:1", "push_secret": "push"},
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
            "instance_type": A100,
            "dataset": {"image": "registry.example.com/data/law:1", "image_pull_secrets": ["pull"], "name": "law"},
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
            "output": {"image": "registry.example.com/adapters/law:1", "push_secret": "push"},
            "timeout_minutes": 90,
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
            "prefill": {"instance_type": "Standard_NC40ads_H100_v5", "replicas": 2, "context": 16384},
            "decode": {"instance_type": A100, "replicas": 3.0, "context": 8192, "vllm": {"max-num-seqs": 64}},
            "epp_plugins_config": "plugins",
        },
    )


def multi_role_on_pool() -> None:
    pool = kaito.GpuNodePool("a100", {"cluster_id": CLUSTER, "instance_type": A100, "count": 2})
    kaito.KaitoMultiRoleInference(
        "chat", {"preset": "phi-4", "node_pool": pool, "prefill": {"replicas": 1}, "decode": {"config": "decode"}}
    )


def mirror_managed() -> None:
    kaito.KaitoModelMirror(
        "weights",
        {
            "preset": "llama-3.1-8b-instruct",
            "storage_class": "azureblob-nfs",
            "access_secret": {"name": "hf-token", "namespace": "ai"},
            "job_namespace": "ai",
            "service_account": "mirror",
        },
    )


def mirror_static() -> None:
    kaito.KaitoModelMirror("weights", {"preset": "phi-4", "mode": "static", "wait": False})


def gateway_one_model() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instance_type": A100})
    kaito.InferenceGateway("edge", {"endpoints": {"chat": chat.endpoint}, "expose": "cluster", "auth": "none", "wait": False})


def gateway_many_models() -> None:
    chat = kaito.KaitoInferenceSet("chat", {"preset": "phi-4-mini-instruct", "instance_type": A100, "namespace": "ai"})
    roles = {"prefill": {"instance_type": A100}, "decode": {"instance_type": A100}}
    split = kaito.KaitoMultiRoleInference("split", {"preset": "phi-4", **roles})
    kaito.InferenceGateway(
        "edge",
        {
            "name": "models",
            "namespace": "ai",
            "endpoints": {
                "chat": {"endpoint": chat.endpoint, "models": ["law"]},
                "split": {"endpoint": split.endpoint, "inference_pool": True},
            },
            "hosts": ["ai.models.example.com", "ai.models.example.org"],
            "gateway_class": "approuting-istio",
            "expose": "public",
            "source_ranges": ["203.0.113.0/24", "2001:db8::/32"],
            "tls_secret": "models-tls",
            "auth_service": {"namespace": "auth"},
            "router_service": {"name": "bbr", "namespace": "kaito-system", "port": 9005},
            "timeout_seconds": 1800,
            "labels": {"team": "ml"},
        },
    )


def monitoring_prometheus() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instance_type": A100, "namespace": "ai"})
    kaito.KaitoMonitoring("models", {"endpoints": {"chat": chat.endpoint}, "labels": {"release": "prometheus"}})


def monitoring_azure() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instance_type": A100})
    account = "/subscriptions/0/resourceGroups/watch/providers/Microsoft.Monitor/accounts/main"
    kaito.KaitoMonitoring(
        "models",
        {
            "endpoints": {"chat": chat.endpoint},
            "flavour": "azureMonitor",
            "azure_monitor_workspace_id": account,
            "alerts": {"waiting_requests": 50, "first_token_seconds": 2.5},
            "interval_seconds": 60,
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
            "allow_from": ["models", "monitoring"],
            "hugging_face_token": secret("not-a-token"),
            "registry": {"server": "registry.example.com", "username": "puller", "password": secret("not-a-password")},
            "labels": {"example.com/cost": "chat"},
        },
    )
    kaito.KaitoWorkspace(
        "answers",
        {
            "preset": "llama-3.1-8b-instruct",
            "instance_type": A100,
            "namespace": place.namespace,
            "access_secret": place.access_secret,
        },
    )


def namespace_with_vault() -> None:
    kaito.KaitoNamespace(
        "chat",
        {
            "key_vault": {
                "name": "models",
                "tenant_id": "00000000-0000-0000-0000-000000000001",
                "client_id": "00000000-0000-0000-0000-000000000002",
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


@pytest.fixture(scope="module")
def plugin():
    """Starts components/__main__.py as the engine does, with an engine and a monitor of ours to talk to."""
    server = grpc.server(ThreadPoolExecutor(max_workers=8))
    monitors = SimpleNamespace(current=None)

    class Forward(grpc.GenericRpcHandler):
        """Hands every call to the monitor of the running test."""

        def service(self, details):
            handlers = {}

            class Catch:
                def add_generic_rpc_handlers(self, found):
                    handlers["all"] = found

                def add_registered_method_handlers(self, service, found):
                    pass

            resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitors.current, Catch())
            return handlers["all"][0].service(details)

    server.add_generic_rpc_handlers((Forward(),))
    engine_pb2_grpc.add_EngineServicer_to_server(Engine(Decoder({})), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "components" / "__main__.py"), f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        channel = grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}")
        yield SimpleNamespace(
            provider=provider_pb2_grpc.ResourceProviderStub(channel), monitors=monitors, address=f"127.0.0.1:{port}"
        )
        channel.close()
        process.terminate()
        process.communicate(timeout=20)
    server.stop(None).wait()


@pytest.fixture
def construct(plugin):
    """Constructs one component in the plugin; gives what it registered and the state it answered."""

    def call(component, name, inputs, *, preview=True, monitor=None, sources=None, depends_on=()):
        monitor = monitor or Monitor(Deployment(project="project", stack="dev", dry_run=preview))
        plugin.monitors.current = monitor
        request = provider_pb2.ConstructRequest(
            project="project",
            stack="dev",
            organization="organization",
            dryRun=preview,
            parallel=4,
            monitorEndpoint=plugin.address,
            type=f"kaito-iac:index:{component}",
            name=name,
            inputs=encoded(inputs),
            dependencies=depends_on,
            inputDependencies={
                key: provider_pb2.ConstructRequest.PropertyDependencies(urns=urns) for key, urns in (sources or {}).items()
            },
        )
        response = plugin.provider.Construct(request, timeout=60)
        state = Decoder({}).struct(response.state, lambda _: "later")
        return SimpleNamespace(
            sources={key: list(found.urns) for key, found in response.stateDependencies.items()},
            resources={resource.name: resource for resource in monitor.resources({})},
            state=state,
            urn=response.urn,
        )

    return call
