"""One model whose prompts are read by H100 nodes and whose answers are written by A100 nodes.

Buys three nodes. The operator runs with the gate enableMultiRoleInferenceController, and a gateway with an endpoint picker
routes to the InferencePool: there is no Service.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()

chat = kaito.KaitoMultiRoleInference(
    "chat",
    preset=kaito.Presets.PHI_4,
    location=config.require("location"),
    prefill={"instance_type": kaito.Sizes.STANDARD_NC40ADS_H100_V5, "replicas": 1, "context": 16384},
    decode={
        "instance_type": kaito.Sizes.STANDARD_NC24ADS_A100_V4,
        "replicas": 2,
        "context": 16384,
        "vllm": {"max-num-seqs": 128},
    },
)

pulumi.export("chat", chat.endpoint)
