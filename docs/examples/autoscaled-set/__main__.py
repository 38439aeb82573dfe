"""A chat model with one to four replicas: KEDA adds one while requests wait, and takes it away when none do.

Buys one to four nodes, counted at four for quota and budget. Needs KEDA and KAITO's scaler for it, in the same namespace.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()

chat = kaito.KaitoInferenceSet(
    "chat",
    {
        "preset": kaito.Presets.PHI_4_MINI_INSTRUCT,
        "context": 16384,
        "location": config.require("location"),
        "autoscale": {
            "min": 1,
            "max": 4,
            "metrics": [{"name": "vllm:num_requests_waiting", "upThreshold": 10, "downThreshold": 1}],
            "scaleDownCooldown": 600,
        },
    },
)

pulumi.export("chat", chat.endpoint)
pulumi.export("mostNodes", chat.maxNodes)
