"""A new AKS cluster with KAITO, RAG and gpu-provisioner, whose identity may create agent pools.

Costs: the system nodes of the cluster, and one A100 node for the chat model. The account that deploys must be allowed to assign
roles.
"""

import pulumi

import kaito_iac as kaito

cluster = kaito.KaitoCluster("models", location="eastus")
operator = kaito.KaitoOperator("kaito", provisioner="azure-gpu-provisioner", cluster=cluster, rag=True, tags={"owner": "ml"})
chat = kaito.KaitoWorkspace("chat", preset=kaito.Presets.PHI_4_MINI_INSTRUCT, operator=operator, location="eastus")

pulumi.export("ready", operator.ready)
pulumi.export("chat", chat.endpoint)
