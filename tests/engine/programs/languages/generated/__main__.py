"""The same program over the SDK that `pulumi package add` generates for Python."""

import pulumi
import pulumi_kaito_iac as kaito

platform = kaito.KaitoOperator("kaito", provisioner=kaito.KaitoOperatorProvisioner.BYO, rag=True)
pool = kaito.GpuNodePool(
    "a100",
    cluster_id="/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main",
    instance_type="Standard_NC24ads_A100_v4",
    max_count=2,
    location="eastus",
)
chat = kaito.KaitoWorkspace("chat", preset="phi-4-mini-instruct", node_pool=pool, operator=platform)
kaito.KaitoRagEngine("docs", llm=chat.endpoint, operator=platform)

pulumi.export("endpoint", chat.endpoint.url)
