"""Questions answered from documents: FAISS in the service, its index on a volume, and a policy for the content of answers.

Costs: the model's node and the volume; the service itself needs no GPU node. Needs KAITO's RAG chart. The policy is a ConfigMap
of the program, because KAITO 0.12's default one has a field that its service does not read.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()

chat = kaito.KaitoWorkspace("chat", preset=kaito.Presets.PHI_4_MINI_INSTRUCT, context=16384, location=config.require("location"))
policy = kaito.ConfigMap(
    "policy",
    metadata={"name": "answers-policy", "namespace": "default"},
    data={
        "guardrails.yaml": """\
blockMessage: This answer is kept back.
scanners:
- type: ban_substrings
  action: block
  substrings: [For internal use only]
- type: secrets
  action: redact
"""
    },
)
docs = kaito.KaitoRagEngine(
    "docs",
    preset=kaito.Presets.DOCS_FAISS,
    llm=chat.endpoint,
    storage={"size_gib": 50, "storage_class": config.require("storageClass")},
    guardrails={"config_map": policy.metadata["name"]},
)

pulumi.export("docs", docs.url)
pulumi.export("documents", docs.index_url)
