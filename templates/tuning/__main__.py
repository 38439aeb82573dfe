"""An adapter is trained with documents of your own, and served beside its base model as soon as it exists.

Costs: a node for the training, which stays until the job is deleted, and one for the model. The documents are at a public
address; the Secret registry-push may push and pull the adapter's image.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
location = config.require("location")

law = kaito.KaitoTuning(
    "law",
    preset=kaito.Presets.PHI_4_MINI_INSTRUCT_QLORA,
    location=location,
    dataset={"urls": [config.require("dataset")]},
    output={"image": config.require("adapterImage"), "push_secret": "registry-push"},
    training={"LoraConfig": {"r": 16, "lora_alpha": 32}, "TrainingArguments": {"num_train_epochs": 3}},
    timeout_minutes=240,
)
chat = kaito.KaitoWorkspace(
    "chat",
    preset=kaito.Presets.PHI_4_MINI_INSTRUCT,
    location=location,
    context=16384,
    adapters=[law.adapter],
)

pulumi.export("adapter", law.adapter)
pulumi.export("chat", chat.endpoint)
