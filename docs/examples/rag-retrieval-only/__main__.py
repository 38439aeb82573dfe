"""Finds passages in documents and returns them: no model answers, and no GPU is needed.

Costs: a volume. Needs KAITO's RAG chart. The service embeds with 500m CPU; an `instance_type` gives it a node of its own.
"""

import pulumi

import kaito_iac as kaito

search = kaito.KaitoRagEngine("search", preset=kaito.Presets.DOCS_FAISS, storage={"size_gib": 50})

pulumi.export("search", search.url)
pulumi.export("documents", search.index_url)
