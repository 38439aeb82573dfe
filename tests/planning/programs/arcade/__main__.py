"""A chat model and a set of small ones on GPU nodes that exist: the program behind tests/report/streams."""

import pulumi

import kaito_iac as kaito

pool = kaito.GpuNodePool(
    "lab",
    kind="existing",
    instance_type=kaito.Sizes.STANDARD_NC24ADS_A100_V4,
    location="eastus",
    labels={"apps": "lab-gpu"},
    count=2,
)
chat = kaito.KaitoWorkspace(
    "chat", preset=kaito.Presets.PHI_4_MINI_INSTRUCT, node_pool=pool, labels={"owner": "search", "team": "search"}
)
games = kaito.KaitoNamespace("games", gpus=2, team="games", isolated=True, hugging_face_token=pulumi.Output.secret("example"))
npc = kaito.KaitoInferenceSet(
    "npc",
    preset=kaito.Presets.PHI_3_5_MINI_INSTRUCT,
    node_pool=pool,
    namespace=games.namespace,
    labels={"owner": "games", "team": "games"},
)
pulumi.export("chat", chat.endpoint)
pulumi.export("npc", npc.endpoint)
