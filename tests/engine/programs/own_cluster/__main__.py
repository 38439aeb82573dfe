"""A cluster with one GPU pool, KAITO and a model; no component names a Kubernetes provider."""

import kaito_iac as kaito

cluster = kaito.KaitoCluster("models", location="eastus", protect=False)
pool = kaito.GpuNodePool("a100", cluster=cluster, instance_type="Standard_NC24ads_A100_v4", count=1)
operator = kaito.KaitoOperator("kaito", cluster=cluster, provisioner="byo")
kaito.KaitoWorkspace("chat", preset="phi-4", node_pool=pool, operator=operator)
