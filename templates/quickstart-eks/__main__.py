"""KAITO on an EKS cluster that exists: the program installs Karpenter and KAITO, and Karpenter creates the model's node.

Costs: one node. The kubeconfig points to the cluster, which has EKS Pod Identity and the node role KarpenterNodeRole-<name>.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()

operator = kaito.KaitoOperator(
    "kaito", cloud="aws", provisioner="karpenter", cluster={"cluster_name": config.require("clusterName")}
)
chat = kaito.KaitoWorkspace(
    "chat",
    preset=config.require("preset"),
    instance_type=config.require("instanceType"),
    operator=operator,
    location=config.require("location"),
)

pulumi.export("chat", chat.endpoint)
