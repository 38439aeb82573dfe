"""An adapter is trained with QLoRA: documents are on one volume, the adapter is stored on another, and is served from there.

Costs: one node while the job runs, and one for serving. Both claims exist, and several nodes can mount them at the same time;
the data are parquet, JSON or CSV files. No registry is needed, and no data leave the cluster.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
location = config.require("location")

law = kaito.KaitoTuning(
    "law",
    model="phi-4",
    method="qlora",
    instance_type=kaito.Sizes.STANDARD_NC24ADS_A100_V4,
    dataset={"claim": config.require("documents")},
    output={"claim": config.require("adapters")},
    training={
        "QuantizationConfig": {"load_in_4bit": True, "bnb_4bit_quant_type": "nf4"},
        "LoraConfig": {"r": 16, "lora_alpha": 32, "lora_dropout": 0.05},
        "TrainingArguments": {"num_train_epochs": 2, "per_device_train_batch_size": 1},
    },
    location=location,
)
chat = kaito.KaitoWorkspace("chat", preset=kaito.Presets.PHI_4, context=16384, adapters=[law.adapter], location=location)

pulumi.export("adapter", law.adapter)
pulumi.export("chat", chat.endpoint)
