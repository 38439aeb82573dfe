"""A model for every character of a game: small ones, each on its own MIG slice, many on one GPU.

Costs: nothing. The nodes exist, cut by the GPU operator with the MIG strategy "mixed" into the slices that the characters name.
KAITO runs with nodeProvisioner byo and the gate enableMIG. A plan refuses more slices than the GPUs can provide.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
key, _, value = config.require("nodeLabel").partition("=")

pool = kaito.GpuNodePool("slices", instance_type=config.require("size"), count=config.require_int("nodes"), labels={key: value})
endpoints = {}
for character in config.require_object("characters"):
    name = character.pop("name")
    cast = kaito.KaitoInferenceSet(
        name,
        preset=character.pop("preset", kaito.Presets.QWEN3_5_2B),
        context=character.pop("context", 8192),
        namespace=config.require("namespace"),
        node_pool=pool,
        partition={"mode": "mig", "profile": character.pop("slice", "1g.12gb")},
        **character,
    )
    endpoints[name] = cast.endpoint

pulumi.export("characters", endpoints)
