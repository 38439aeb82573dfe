"""Questions answered from documents whose vectors are stored by a Qdrant server; answers pass guardrails.

Costs: the model's node. Needs KAITO's RAG chart, a Qdrant server, the Secret qdrant-key with VECTOR_DB_ACCESS_SECRET, and the
ConfigMap guardrails with guardrails.yaml.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()

chat = kaito.KaitoWorkspace("chat", preset=kaito.Presets.PHI_4_MINI_INSTRUCT, context=16384, location=config.require("location"))
docs = kaito.KaitoRagEngine(
    "docs",
    preset=kaito.Presets.DOCS_QDRANT,
    llm=chat.endpoint,
    vector_store={"url": config.require("qdrantUrl"), "access_secret": "qdrant-key"},
    guardrails={"config_map": "guardrails"},
)

pulumi.export("docs", docs.url)
pulumi.export("documents", docs.index_url)
