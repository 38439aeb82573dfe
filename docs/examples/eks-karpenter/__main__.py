"""KAITO on an EKS cluster that exists: Karpenter creates a node for each model.

Costs: one g6.12xlarge (4 L4) for the chat model. The cluster has EKS Pod Identity, the node role KarpenterNodeRole-models, and
subnets and security groups with the tag karpenter.sh/discovery=models. The program installs Karpenter and KAITO with
nodeProvisioner karpenter.
"""

import pulumi

import kaito_iac as kaito

operator = kaito.KaitoOperator("kaito", cloud="aws", provisioner="karpenter", cluster={"cluster_name": "models"})
chat = kaito.KaitoWorkspace(
    "chat",
    preset=kaito.Presets.QWEN2_5_CODER_7B_INSTRUCT,
    instance_type=kaito.Sizes.G6_12XLARGE,
    operator=operator,
    location="us-west-2",
)

pulumi.export("chat", chat.endpoint)
