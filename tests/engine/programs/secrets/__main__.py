"""Everything that takes a secret, each from the configuration, for the scans of what is left behind."""

import pulumi
import pulumi_kubernetes as kubernetes

import kaito_iac as kaito

config = pulumi.Config()
cluster = kubernetes.Provider("cluster", kubeconfig=config.require_secret("kubeconfig"))
there = pulumi.ResourceOptions(providers=[cluster])

team = kaito.KaitoNamespace(
    "team",
    name=config.get("namespace") or "team",
    hugging_face_token=config.require_secret("huggingFaceToken"),
    registry={"server": "registry.example.com", "username": "puller", "password": config.require_secret("password")},
    opts=there,
)
nodes = {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "lab-gpu"}, "max_count": 1}
chat = kaito.KaitoWorkspace(
    "chat",
    preset="llama-3.1-8b-instruct",
    namespace=team.namespace,
    access_secret=team.access_secret,
    node_pool=nodes,
    wait=False,
    opts=there,
)
gate = kaito.ReadinessGate("gate", workload=chat, kubeconfig=config.require_secret("kubeconfig"), timeout_minutes=2)
docs = kaito.KaitoRagEngine(
    "docs",
    namespace=team.namespace,
    llm=config.require_secret("llmKey").apply(lambda key: f"https://llm.example.com/v1/chat/completions?key={key}"),
    context_window=4096,
    wait=False,
    opts=there,
)
if config.get_bool("karpenter"):
    id = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
    facts = {
        "cluster_id": id,
        "resource_group_name": "models",
        "cluster_name": "main",
        "subscription_id": "0",
        "tenant_id": "33333333-3333-3333-3333-333333333333",
        "location": "eastus",
        "node_resource_group": "MC_models_main_eastus",
        "oidc_issuer_url": "https://eastus.oic.prod-aks.azure.com/t/i/",
        "kubelet_identity_client_id": "22222222-2222-2222-2222-222222222222",
        "kubeconfig": config.require_secret("kubeconfig"),
    }
    own = {
        "bootstrap_token": config.require_secret("bootstrapToken"),
        "ssh_public_key": "ssh-ed25519 AAAA",
        "subnet_id": f"{id}/subnet",
    }
    kaito.KaitoOperator("kaito", provisioner="karpenter", cluster=facts, karpenter=own, opts=there)

pulumi.export("chat", gate.endpoint)
pulumi.export("docs", docs.url)
pulumi.export("kubeconfig", config.require_secret("kubeconfig"))
