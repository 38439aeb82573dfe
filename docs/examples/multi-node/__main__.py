"""A model of 641 GiB over two nodes: tensor parallel inside a node, pipeline parallel between them.

KAITO counts the nodes itself, from weights, context and size; `maxNodes` refuses a plan in which it would count more. Buys two
nodes of eight A100, which talk over the cluster's network: one node of eight H200 holds the model alone.
"""

import pulumi

import kaito_iac as kaito

reason = kaito.KaitoWorkspace(
    "reason",
    preset=kaito.Presets.DEEPSEEK_R1_0528,
    instance_type=kaito.Sizes.STANDARD_ND96AMSR_A100_V4,
    context=32768,
    max_nodes=2,
    location=pulumi.Config().require("location"),
)

pulumi.export("reason", reason.endpoint)
pulumi.export("nodes", reason.nodes)
