"""Internal chat API and RAG over its endpoint: KAITO creates the GPU node, the RAG engine needs none."""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
namespace = config.require("namespace")

chat = kaito.KaitoWorkspace(
    "chat",
    preset=kaito.Presets.PHI_4_MINI_INSTRUCT,
    namespace=namespace,
    location=config.require("location"),
    context=config.require_int("context"),
)
docs = kaito.KaitoRagEngine("docs", preset=kaito.Presets.DOCS_FAISS, namespace=namespace, llm=chat.endpoint)

pulumi.export("chat", chat.endpoint)
pulumi.export("docs", docs.url)
pulumi.export("documents", docs.index_url)
