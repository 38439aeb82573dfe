"""A chat model with one to four replicas: KEDA adds one while requests wait, and removes it when none do.

Costs: one to four nodes, counted as four for quota and budget. Needs KEDA and KAITO's scaler for it, in the same namespace.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()

chat = kaito.KaitoInferenceSet(
    "chat",
    preset=kaito.Presets.PHI_4_MINI_INSTRUCT,
    context=16384,
    location=config.require("location"),
    autoscale={
        "min_count": 1,
        "max_count": 4,
        "metrics": [{"name": "vllm:num_requests_waiting", "up_threshold": 10, "down_threshold": 1}],
        "scale_down_cooldown": 600,
    },
)

pulumi.export("chat", chat.endpoint)
pulumi.export("mostNodes", chat.max_nodes)
