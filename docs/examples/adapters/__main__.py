"""One base model serves three adapters: a client names the adapter, or the base model, as its model.

Buys one A10 node, where three models of their own would need three. Each image holds one adapter and is pulled with the secret
beside it; adapters may change without a new node. vLLM has no strength: leave it to the transformers runtime.
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
