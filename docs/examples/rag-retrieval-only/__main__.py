"""Finds passages in documents and hands them to whoever asks: no model answers, no GPU is bought.

Buys a volume. Needs KAITO's RAG chart. The service embeds on 500m CPU; an `instanceType` gives it a node of its own.
"""

import pulumi

import kaito_iac as kaito

search = kaito.KaitoRagEngine("search", preset=kaito.Presets.DOCS_FAISS, storage={"size_gib": 50})

pulumi.export("search", search.url)
pulumi.export("documents", search.index_url)
