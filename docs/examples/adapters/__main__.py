"""One base model serves three adapters: a client names the adapter, or the base model, in the field `model`.

Costs: one A10 node, where three separate models would need three. Each image contains one adapter and is pulled with the secret
beside it; adapters can change without a new node. vLLM has no adapter strength, only the transformers runtime does.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
registry = config.require("registry")

chat = kaito.KaitoWorkspace(
    "chat",
    preset=kaito.Presets.PHI_4_MINI_INSTRUCT,
    context=16384,
    adapters=[
        {"name": name, "image": f"{registry}/{name}:1", "image_pull_secrets": ["registry-pull"]}
        for name in ("law", "support", "sales")
    ],
    location=config.require("location"),
)

pulumi.export("chat", chat.endpoint)
