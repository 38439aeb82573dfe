"""Small models on equal slices: with the MIG strategy "single" every slice of a node is one nvidia.com/gpu.

Costs: nothing. The nodes exist, cut by the GPU operator (mig.strategy=single), and KAITO runs with nodeProvisioner byo. Without
a partition KAITO 0.12 requests all slices of a node; `accelerator` with count 1 requests one, and needs the gate
enableAccelerator. The GPU values are the labels of a node: nvidia.com/gpu.product, .count and .memory.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()

nodes = {
    "gpu": {
        "product": "NVIDIA-H100-NVL-MIG-2g.24gb",
        "count": config.require_int("slices"),
        "memory_mib": config.require_int("sliceMemoryMiB"),
    },
    "selector": {"apps": "mig"},
    "max_count": 1,
}
guard = kaito.KaitoInferenceSet(
    "guard",
    preset=kaito.Presets.QWEN3_5_2B,
    node_pool=nodes,
    partition={"mode": "accelerator", "count": 1},
    context=8192,
    replicas=3,
)

pulumi.export("guard", guard.endpoint)
