import * as kaito from "@kaito-iac/pulumi";

const platform = new kaito.KaitoOperator("kaito", { provisioner: "byo", rag: true });
const pool = new kaito.GpuNodePool("a100", {
    clusterId: "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main",
    instanceType: "Standard_NC24ads_A100_v4",
    maxCount: 2,
    location: "eastus",
});
const chat = new kaito.KaitoWorkspace("chat", { preset: "phi-4-mini-instruct", nodePool: pool, operator: platform });
new kaito.KaitoRagEngine("docs", { llm: chat.endpoint, operator: platform });

export const endpoint = chat.endpoint.url;
