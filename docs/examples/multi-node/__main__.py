"""A model of 641 GiB on two nodes: tensor parallel inside a node, pipeline parallel between them.

KAITO computes the number of nodes from weights, context and size; `max_nodes` refuses a plan with more nodes. Costs: two nodes
with eight A100, which communicate over the cluster's network; one node with eight H200 can hold the model alone.
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
