"""Documents stay in the cluster, a model elsewhere answers; passages that fit a question leave the cluster with it.

Costs: a volume and no GPU. Needs KAITO's RAG chart, and a Secret with the key LLM_ACCESS_SECRET:
kubectl create secret generic llm-key --from-file=LLM_ACCESS_SECRET=key.txt. The address is one of chat completions.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()

docs = kaito.KaitoRagEngine(
    "docs",
    preset=kaito.Presets.DOCS_FAISS,
    llm=config.require("llmUrl"),
    llm_secret="llm-key",
    context_window=config.require_int("contextWindow"),
)

pulumi.export("docs", docs.url)
pulumi.export("documents", docs.index_url)
