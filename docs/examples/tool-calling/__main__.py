"""Models that call tools: for one KAITO sets the parsers, the other gets its parser and chat template here.

Costs: two A10 nodes. KAITO 0.12 knows tool and reasoning parsers of most models (`kaito-iac models NAME` shows them) and then
lets the model choose a tool. For phi-4-mini it sets none: the parser and the template of KAITO's image are named here.
"""

import pulumi

import kaito_iac as kaito

location = pulumi.Config().require("location")

agent = kaito.KaitoWorkspace("agent", preset=kaito.Presets.QWEN3_5_4B, context=32768, location=location)
clerk = kaito.KaitoWorkspace(
    "clerk",
    preset=kaito.Presets.PHI_4_MINI_INSTRUCT,
    context=16384,
    vllm={
        "tool-call-parser": "phi4_mini_json",
        "chat-template": "/workspace/chat_templates/tool-chat-phi4-mini.jinja",
    },
    location=location,
)

pulumi.export("agent", agent.endpoint)
pulumi.export("clerk", clerk.endpoint)
