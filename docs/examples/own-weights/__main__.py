"""Weights that are on the nodes already: nothing is downloaded, and no token is needed for a gated model.

Costs: nothing. The nodes exist, and KAITO runs with nodeProvisioner byo. Every node with the label has the whole repository of
the model under /opt/kaito/models/meta-llama-llama-3.1-8b-instruct.
"""

import pulumi

import kaito_iac as kaito

nodes = {
    "instance_type": kaito.Sizes.STANDARD_NC24ADS_A100_V4,
    "selector": {"weights": "llama"},
    "max_count": 2,
    "location": "eastus",
}

chat = kaito.KaitoInferenceSet(
    "chat",
    preset=kaito.Presets.LLAMA_3_1_8B_INSTRUCT,
    node_pool=nodes,
    local_weights=True,
    context=32768,
    replicas=2,
)

pulumi.export("chat", chat.endpoint)
