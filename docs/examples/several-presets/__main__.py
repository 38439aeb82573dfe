"""Three models by their presets: a small one to chat, one that writes code, one that reasons before it answers.

Costs: three nodes, each the cheapest that can hold its model. KAITO runs with a provisioner, as it does by default.
"""

import pulumi

import kaito_iac as kaito

location = pulumi.Config().require("location")

chat = kaito.KaitoWorkspace("chat", preset=kaito.Presets.PHI_4_MINI_INSTRUCT, location=location)
code = kaito.KaitoWorkspace("code", preset=kaito.Presets.QWEN2_5_CODER_7B_INSTRUCT, location=location)
reason = kaito.KaitoWorkspace("reason", preset=kaito.Presets.GPT_OSS_20B, location=location, context=32768)

for name, served in {"chat": chat, "code": code, "reason": reason}.items():
    pulumi.export(name, served.endpoint)
