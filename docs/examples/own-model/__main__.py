"""A model of Hugging Face outside KAITO's catalogue: its properties are in the program, because a plan uses no network.

Costs: one A10 node. The operator must reach huggingface.co: it reads config.json and the list of weight files at admission.
The properties are those of config.json: 4 KV heads of 128 values, 28 layers, keys and values, 2 bytes each.
"""

import pulumi

import kaito_iac as kaito

chat = kaito.KaitoWorkspace(
    "chat",
    preset="Qwen/Qwen2.5-7B-Instruct",
    model_facts={
        "weights_gib": 14.19,
        "bytes_per_token": 2 * 4 * 128 * 28 * 2,
        "max_context_tokens": 32768,
        "layers": 28,
        "heads": 28,
        "kv_heads": 4,
        "gated": False,
    },
    instance_type=kaito.Sizes.STANDARD_NV36ADS_A10_V5,
    context=16384,
    location=pulumi.Config().require("location"),
)

pulumi.export("chat", chat.endpoint)
