# ruff: noqa: E501 -- messages are whole lines
"""What is said about a RAG engine that cannot answer: whole messages."""

import pulumi
import pytest

later = pulumi.Output.from_input


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {"llm": "https://llm.example.com/v1"},
            """\
KaitoRagEngine 'docs': 1 problem
  contextWindow: missing, and the address does not tell it; expected a positive number of tokens [KS102]
    fix: give contextWindow: the context of the model behind the address, in tokens""",
            id="model without a context window",
        ),
        pytest.param(
            {"llm": {"url": "http://chat.default.svc.cluster.local/v1", "contextTokens": None}},
            """\
KaitoRagEngine 'docs': 1 problem
  contextWindow: missing, and the address does not tell it; expected a positive number of tokens [KS102]
    fix: give contextWindow: the context of the model behind the address, in tokens""",
            id="endpoint without a context window",
        ),
        pytest.param(
            {"llm": {"url": "http://chat.default.svc.cluster.local/v1", "contextTokens": "8k"}},
            """\
KaitoRagEngine 'docs': 1 problem
  contextWindow: '8k' in llm.contextTokens; expected a positive number of tokens [KS102]
    fix: give contextWindow: the context of the model behind the address, in tokens""",
            id="endpoint whose context is no number",
        ),
        pytest.param(
            {"llm": {"contextTokens": 8192}},
            """\
KaitoRagEngine 'docs': 1 problem
  llm.url: None; expected an absolute http or https address [KS102]""",
            id="endpoint without an address",
        ),
        pytest.param(
            {"llm": "https://llm.example.com/v1", "contextWindow": 0},
            """\
KaitoRagEngine 'docs': 1 problem
  contextWindow: 0; expected a whole number from 1 to 2147483648 tokens [KS102]""",
            id="context window that is none",
        ),
        pytest.param(
            {"llm": "llm.example.com/v1", "contextWindow": 8192},
            """\
KaitoRagEngine 'docs': 1 problem
  llm: 'llm.example.com/v1'; expected an absolute http or https address [KS102]""",
            id="address that is none",
        ),
        pytest.param(
            {"llm": "https://llm example.com", "contextWindow": 8192, "vectorStore": {"kind": "qdrant", "url": 7}},
            """\
KaitoRagEngine 'docs': 2 problems
  llm: 'https://llm example.com'; expected an absolute http or https address [KS102]
  vectorStore.url: 7; expected an absolute http or https address [KS102]""",
            id="address with a blank and one that is a number",
        ),
        pytest.param(
            {"llm": "https://llm.example.com:99999/v1", "contextWindow": 8192},
            """\
KaitoRagEngine 'docs': 1 problem
  llm: 'https://llm.example.com:99999/v1'; expected an absolute http or https address [KS102]""",
            id="port that is none",
        ),
        pytest.param(
            {"llm": "https://me:secret@llm.example.com/v1", "contextWindow": 8192},
            """\
KaitoRagEngine 'docs': 1 problem
  llm: an address with credentials in it; expected an address without them [KS221]
    fix: give the key by a Secret""",
            id="credentials in the address",
        ),
        pytest.param(
            {"vectorStore": {"kind": "qdrant", "url": "http://key@qdrant:6333"}},
            """\
KaitoRagEngine 'docs': 1 problem
  vectorStore.url: an address with credentials in it; expected an address without them [KS221]
    fix: give the key by a Secret""",
            id="credentials in the address of the store",
        ),
        pytest.param(
            {"vectorStore": {"kind": "qdrant"}},
            """\
KaitoRagEngine 'docs': 1 problem
  vectorStore.url: missing; expected the address of the Qdrant server [KS102]
    fix: give vectorStore.url""",
            id="qdrant without an address",
        ),
        pytest.param(
            {"preset": "docs-qdrant"},
            """\
KaitoRagEngine 'docs': 1 problem
  vectorStore.url: missing; expected the address of the Qdrant server [KS102]
    fix: give vectorStore.url""",
            id="qdrant preset without an address",
        ),
        pytest.param(
            {"vectorStore": {"kind": "faiss", "url": "http://qdrant:6333", "accessSecret": "q"}},
            """\
KaitoRagEngine 'docs': 2 problems
  vectorStore.url: together with kind 'faiss', which lives inside the service; expected kind 'qdrant' [KS105]
    fix: vectorStore.kind='qdrant'
  vectorStore.accessSecret: together with kind 'faiss', which lives inside the service; expected kind 'qdrant' [KS105]
    fix: vectorStore.kind='qdrant'""",
            id="faiss with an address and a secret",
        ),
        pytest.param(
            {"vectorStore": {"kind": "quadrant", "path": "/x"}},
            """\
KaitoRagEngine 'docs': 2 problems
  vectorStore.path: not an argument; expected one of the documented arguments [KS102]
  vectorStore.kind: 'quadrant'; expected faiss or qdrant [KS102]
    fix: vectorStore.kind='qdrant'""",
            id="store that nobody knows",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct"},
            """\
KaitoRagEngine 'docs': 1 problem
  preset: 'phi-4-mini-instruct' is a preset for inference; expected a RAG preset such as docs-faiss [KS101]""",
            id="preset of another kind",
        ),
        pytest.param(
            {"preset": "docs-fais"},
            """\
KaitoRagEngine 'docs': 1 problem
  preset: 'docs-fais' is not a preset; expected a RAG preset of `kaito-iac presets` [KS101]
    fix: did you mean 'docs-faiss'?""",
            id="preset that nobody knows",
        ),
        pytest.param(
            {"storage": {"claim": "mine", "sizeGiB": 5, "storageClass": "fast"}},
            """\
KaitoRagEngine 'docs': 1 problem
  storage.claim: together with sizeGiB and storageClass; expected either an existing claim, or the size and class of a new one [KS105]""",
            id="claim together with size and class",
        ),
        pytest.param(
            {"storage": {"sizeGiB": 0, "storageClass": "Fast!", "mountPath": "data"}},
            """\
KaitoRagEngine 'docs': 3 problems
  storage.sizeGiB: 0; expected a whole number from 1 to 65536 GiB [KS102]
  storage.storageClass: 'Fast!'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]
  storage.mountPath: 'data'; expected an absolute path, such as /mnt/data [KS102]""",
            id="storage of wrong types",
        ),
        pytest.param(
            {"name": "Docs"},
            """\
KaitoRagEngine 'docs': 1 problem
  name: 'Docs'; expected lower-case letters, digits and '-', a letter first, at most 63 characters [KS104]
    fix: name='docs'""",
            id="name with capitals",
        ),
        pytest.param(
            {"name": "1docs"},
            """\
KaitoRagEngine 'docs': 1 problem
  name: '1docs'; expected lower-case letters, digits and '-', a letter first, at most 63 characters [KS104]
    fix: name='a-1docs'""",
            id="name with a leading digit",
        ),
        pytest.param(
            {"instanceType": "Standard_NG32ads_V620_v1"},
            """\
KaitoRagEngine 'docs': 1 problem
  instanceType: 'Standard_NG32ads_V620_v1' has AMD Radeon PRO V620: KAITO's pods request nvidia.com/gpu and would never be scheduled; expected a size with NVIDIA GPUs [KS211]
    fix: choose one of `kaito-iac sizes`""",
            id="size without NVIDIA GPUs",
        ),
        pytest.param(
            {"instanceType": "Basic_A1"},
            """\
KaitoRagEngine 'docs': 1 problem
  instanceType: 'Basic_A1' is not a size KAITO 0.12 knows; expected a size from `kaito-iac sizes` [KS201]""",
            id="size that nobody knows",
        ),
        pytest.param(
            {"guardrails": {"enabled": "yes", "configMap": "A_", "level": 1}},
            """\
KaitoRagEngine 'docs': 3 problems
  guardrails.level: not an argument; expected one of the documented arguments [KS102]
  guardrails.configMap: 'A_'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]
  guardrails.enabled: 'yes'; expected true or false [KS102]""",
            id="guardrails of wrong types",
        ),
        pytest.param(
            {"annotations": {"pulumi.com/waitFor": "x"}},
            """\
KaitoRagEngine 'docs': 1 problem
  annotations.pulumi.com/waitFor: set by the argument wait [KS105]
    fix: use wait""",
            id="annotation that an argument stands for",
        ),
        pytest.param(
            {"wait": 1, "timeoutMinutes": 0, "embedding": 7, "labels": 7, "llmSecret": "a_b", "namespace": 1.5},
            """\
KaitoRagEngine 'docs': 7 problems
  wait: 1; expected true or false [KS102]
  timeoutMinutes: 0; expected a whole number from 1 to 1440 minutes [KS102]
  embedding: 7; expected an embedding model of Hugging Face [KS102]
  labels: 7; expected a mapping with text keys [KS102]
  warning: llmSecret: without effect: there is no llm; expected llm, or no llmSecret [KS105]
    fix: give llm
  llmSecret: 'a_b'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]
  namespace: 1.5; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]""",
            id="wrong types",
        ),
        pytest.param(
            lambda: {
                "preset": later("docs-faiss"),
                "storage": later({}),
                "instanceType": later("x"),
                "contextWindow": later(1),
                "vectorStore": later({}),
            },
            """\
KaitoRagEngine 'docs': 5 problems
  preset: an Output; expected a plain value: a RAG preset of `kaito-iac presets` [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  storage: an Output; expected a plain value: a mapping [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  instanceType: an Output; expected a plain value: a size of the cloud, with or without GPUs [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  contextWindow: an Output; expected a plain value: a whole number from 1 to 2147483648 tokens [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  vectorStore: an Output; expected a plain value: a mapping [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created""",
            id="Outputs where resources are decided",
        ),
    ],
)
def test_rag_engine_that_cannot_be(refusal, args, said):
    """A RAG engine that KAITO would refuse, or that could not reach its model or store, is refused."""
    assert refusal("KaitoRagEngine", "docs", args) == said
