# ruff: noqa: E501 -- messages are whole lines
"""Messages about a RAG engine that cannot answer: whole messages."""

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
  context_window: missing, and the address does not contain it; expected a positive number of tokens [KS102]
    fix: give context_window: the context of the model behind the address, in tokens""",
            id="model without a context window",
        ),
        pytest.param(
            {"llm": {"url": "http://chat.default.svc.cluster.local/v1", "context_tokens": None}},
            """\
KaitoRagEngine 'docs': 1 problem
  context_window: missing, and the address does not contain it; expected a positive number of tokens [KS102]
    fix: give context_window: the context of the model behind the address, in tokens""",
            id="endpoint without a context window",
        ),
        pytest.param(
            {"llm": {"url": "http://chat.default.svc.cluster.local/v1", "context_tokens": "8k"}},
            """\
KaitoRagEngine 'docs': 1 problem
  context_window: '8k' in llm.context_tokens; expected a positive number of tokens [KS102]
    fix: give context_window: the context of the model behind the address, in tokens""",
            id="endpoint whose context is no number",
        ),
        pytest.param(
            {"llm": {"context_tokens": 8192}},
            """\
KaitoRagEngine 'docs': 1 problem
  llm.url: None; expected an absolute http or https address [KS102]""",
            id="endpoint without an address",
        ),
        pytest.param(
            {"llm": "https://llm.example.com/v1", "context_window": 0},
            """\
KaitoRagEngine 'docs': 1 problem
  context_window: 0; expected a whole number from 1 to 2147483648 tokens [KS102]""",
            id="context window that is none",
        ),
        pytest.param(
            {"llm": "llm.example.com/v1", "context_window": 8192},
            """\
KaitoRagEngine 'docs': 1 problem
  llm: 'llm.example.com/v1'; expected an absolute http or https address [KS102]""",
            id="address that is none",
        ),
        pytest.param(
            {"llm": "phi-4", "context_window": "8192"},
            """\
KaitoRagEngine 'docs': 2 problems
  llm: 'phi-4'; expected an absolute http or https address [KS102]
    fix: llm=NAME.endpoint of the KaitoWorkspace that serves it
  context_window: '8192'; expected a whole number from 1 to 2147483648 tokens [KS102]
    fix: context_window=8192""",
            id="name of a model, and a number as a text",
        ),
        pytest.param(
            {"llm": "https://llm example.com", "context_window": 8192, "vector_store": {"kind": "qdrant", "url": 7}},
            """\
KaitoRagEngine 'docs': 2 problems
  llm: 'https://llm example.com'; expected an absolute http or https address [KS102]
  vector_store.url: 7; expected an absolute http or https address [KS102]""",
            id="address with a blank and one that is a number",
        ),
        pytest.param(
            {"llm": "https://llm.example.com:99999/v1", "context_window": 8192},
            """\
KaitoRagEngine 'docs': 1 problem
  llm: 'https://llm.example.com:99999/v1'; expected an absolute http or https address [KS102]""",
            id="port that is none",
        ),
        pytest.param(
            {"llm": "https://me:secret@llm.example.com/v1", "context_window": 8192},
            """\
KaitoRagEngine 'docs': 1 problem
  llm: an address with credentials in it; expected an address without them [KS221]
    fix: give the key by a Secret""",
            id="credentials in the address",
        ),
        pytest.param(
            {"vector_store": {"kind": "qdrant", "url": "http://key@qdrant:6333"}},
            """\
KaitoRagEngine 'docs': 1 problem
  vector_store.url: an address with credentials in it; expected an address without them [KS221]
    fix: give the key by a Secret""",
            id="credentials in the address of the store",
        ),
        pytest.param(
            {"vector_store": {"kind": "qdrant"}},
            """\
KaitoRagEngine 'docs': 1 problem
  vector_store.url: missing; expected the address of the Qdrant server [KS102]
    fix: give vector_store.url""",
            id="qdrant without an address",
        ),
        pytest.param(
            {"preset": "docs-qdrant"},
            """\
KaitoRagEngine 'docs': 1 problem
  vector_store.url: missing; expected the address of the Qdrant server [KS102]
    fix: give vector_store.url""",
            id="qdrant preset without an address",
        ),
        pytest.param(
            {"vector_store": {"kind": "faiss", "url": "http://qdrant:6333", "access_secret": "q"}},
            """\
KaitoRagEngine 'docs': 2 problems
  vector_store.url: together with kind 'faiss', which lives inside the service; expected kind 'qdrant' [KS105]
    fix: vector_store.kind='qdrant'
  vector_store.access_secret: together with kind 'faiss', which lives inside the service; expected kind 'qdrant' [KS105]
    fix: vector_store.kind='qdrant'""",
            id="faiss with an address and a secret",
        ),
        pytest.param(
            {"vector_store": {"kind": "quadrant", "path": "/x"}},
            """\
KaitoRagEngine 'docs': 2 problems
  vector_store.path: not an argument; expected one of kind, url, access_secret [KS102]
  vector_store.kind: 'quadrant'; expected faiss or qdrant [KS102]
    fix: vector_store.kind='qdrant'""",
            id="store that does not exist",
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
            id="preset that does not exist",
        ),
        pytest.param(
            {"storage": {"claim": "mine", "size_gib": 5, "storage_class": "fast"}},
            """\
KaitoRagEngine 'docs': 1 problem
  storage.claim: together with size_gib and storage_class; expected either an existing claim, or the size and class of a new one [KS105]""",
            id="claim together with size and class",
        ),
        pytest.param(
            {"storage": {"size_gib": 0, "storage_class": "Fast!", "mount_path": "data"}},
            """\
KaitoRagEngine 'docs': 3 problems
  storage.size_gib: 0; expected a whole number from 1 to 65536 GiB [KS102]
  storage.storage_class: 'Fast!'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]
  storage.mount_path: 'data'; expected an absolute path, such as /mnt/data [KS102]""",
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
            {"instance_type": "Standard_NG32ads_V620_v1"},
            """\
KaitoRagEngine 'docs': 1 problem
  instance_type: 'Standard_NG32ads_V620_v1' has AMD Radeon PRO V620: KAITO's pods request nvidia.com/gpu and would never be scheduled; expected a size with NVIDIA GPUs [KS211]
    fix: choose one of `kaito-iac sizes`""",
            id="size without NVIDIA GPUs",
        ),
        pytest.param(
            {"instance_type": "Basic_A1"},
            """\
KaitoRagEngine 'docs': 1 problem
  instance_type: 'Basic_A1' is not a size of KAITO 0.12; expected a size from `kaito-iac sizes` [KS201]""",
            id="size that does not exist",
        ),
        pytest.param(
            {"guardrails": {"enabled": "yes", "config_map": "A_", "level": 1}},
            """\
KaitoRagEngine 'docs': 3 problems
  guardrails.level: not an argument; expected one of enabled, config_map [KS102]
  guardrails.config_map: 'A_'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]
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
            {"wait": 1, "timeout_minutes": 0, "embedding": 7, "labels": 7, "llm_secret": "a_b", "namespace": 1.5},
            """\
KaitoRagEngine 'docs': 7 problems
  wait: 1; expected true or false [KS102]
  timeout_minutes: 0; expected a whole number from 1 to 1440 minutes [KS102]
  embedding: 7; expected an embedding model of Hugging Face [KS102]
  labels: 7; expected a mapping with text keys [KS102]
  warning: llm_secret: without effect: there is no llm; expected llm, or no llm_secret [KS105]
    fix: give llm
  llm_secret: 'a_b'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]
  namespace: 1.5; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]""",
            id="wrong types",
        ),
        pytest.param(
            lambda: {
                "preset": later("docs-faiss"),
                "storage": later({}),
                "instance_type": later("x"),
                "context_window": later(1),
                "vector_store": later({}),
            },
            """\
KaitoRagEngine 'docs': 5 problems
  preset: an Output; expected a plain value: a RAG preset of `kaito-iac presets` [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  storage: an Output; expected a plain value: a mapping [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  instance_type: an Output; expected a plain value: a size of the cloud, with or without GPUs [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  context_window: an Output; expected a plain value: a whole number from 1 to 2147483648 tokens [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  vector_store: an Output; expected a plain value: a mapping [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created""",
            id="Outputs where resources are decided",
        ),
    ],
)
def test_rag_engine_that_cannot_be(refusal, args, said):
    """A RAG engine that KAITO would refuse, or that could not reach its model or store, is refused."""
    assert refusal("KaitoRagEngine", "docs", args) == said
