"""The weights of a gated model are downloaded once, before the Workspace that starts from the mirror.

Costs: one node and the mirror's volume. The operator runs with the gates ModelMirror and ModelStreaming, and with
defaultStreamingServiceAccount in KAITO's chart: without streaming a Workspace downloads its weights itself. The example
model-streaming creates the service account.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()

weights = kaito.KaitoModelMirror(
    "weights",
    preset=kaito.Presets.LLAMA_3_1_8B_INSTRUCT,
    storage_class=config.require("storageClass"),
    access_secret={"name": "hf-token", "namespace": "models"},
    job_namespace="models",
)
chat = kaito.KaitoWorkspace(
    "chat",
    preset=kaito.Presets.LLAMA_3_1_8B_INSTRUCT,
    namespace="models",
    access_secret="hf-token",
    location=config.require("location"),
    annotations={"kaito.sh/model-mirror-storage-class": config.require("storageClass")},
    opts=pulumi.ResourceOptions(depends_on=[weights]),
)

pulumi.export("mirror", weights.name)
pulumi.export("chat", chat.endpoint)
