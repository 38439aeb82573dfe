"""A chat model that runs in office hours: KEDA creates three replicas in the morning and none in the evening.

Costs: up to three nodes, counted at the maximum for quota and budget, and none at night. Needs only KEDA; KAITO's scaler is for
metrics. The first answer of the day waits for nodes and weights: start the replicas before people start.
"""

import pulumi

import kaito_iac as kaito

chat = kaito.KaitoInferenceSet(
    "chat",
    preset=kaito.Presets.PHI_4_MINI_INSTRUCT,
    context=16384,
    autoscale={
        "min_count": 0,
        "max_count": 3,
        "cron": [{"start": "30 6 * * 1-5", "end": "0 19 * * 1-5", "timezone": "Europe/Berlin", "replicas": 3}],
    },
    location=pulumi.Config().require("location"),
)

pulumi.export("chat", chat.endpoint)
pulumi.export("mostNodes", chat.max_nodes)
