"""Everything that takes a secret, each from the configuration, for the scans of what is left behind."""

import pulumi
import pulumi_kubernetes as kubernetes

import kaito_iac as kaito

config = pulumi.Config()
cluster = kubernetes.Provider("cluster", kubeconfig=config.require_secret("kubeconfig"))
there = pulumi.ResourceOptions(providers=[cluster])

team = kaito.KaitoNamespace(
    "team",
    {
        "name": config.get("namespace") or "team",
        "huggingFaceToken": config.require_secret("huggingFaceToken"),
        "registry": {"server": "registry.example.com", "username": "puller", "password": config.require_secret("password")},
    },
    there,
)
nodes = {"instanceType": "Standard_NC24ads_A100_v4", "selector": {"apps": "lab-gpu"}, "max": 1}
chat = kaito.KaitoWorkspace(
    "chat",
    {
        "preset": "llama-3.1-8b-instruct",
        "namespace": team.namespace,
        "accessSecret": team.accessSecret,
        "nodePool": nodes,
        "wait": False,
    },
    there,
)
gate = kaito.ReadinessGate("gate", {"workload": chat, "kubeconfig": config.require_secret("kubeconfig"), "timeoutMinutes": 2})
docs = kaito.KaitoRagEngine(
    "docs",
    {
        "namespace": team.namespace,
        "llm": config.require_secret("llmKey").apply(lambda key: f"https://llm.example.com/v1/chat/completions?key={key}"),
        "contextWindow": 4096,
        "wait": False,
    },
    there,
)
if config.get_bool("karpenter"):
    id = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
    facts = {
        "clusterId": id,
        "resourceGroupName": "models",
        "clusterName": "main",
        "subscriptionId": "0",
        "tenantId": "33333333-3333-3333-3333-333333333333",
        "location": "eastus",
        "nodeResourceGroup": "MC_models_main_eastus",
        "oidcIssuerUrl": "https://eastus.oic.prod-aks.azure.com/t/i/",
        "kubeletIdentityClientId": "22222222-2222-2222-2222-222222222222",
        "kubeconfig": config.require_secret("kubeconfig"),
    }
    own = {
        "bootstrapToken": config.require_secret("bootstrapToken"),
        "sshPublicKey": "ssh-ed25519 AAAA",
        "subnetId": f"{id}/subnet",
    }
    kaito.KaitoOperator("kaito", {"provisioner": "karpenter", "cluster": facts, "karpenter": own}, there)

pulumi.export("chat", gate.endpoint)
pulumi.export("docs", docs.url)
pulumi.export("kubeconfig", config.require_secret("kubeconfig"))
