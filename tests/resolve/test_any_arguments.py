"""Whatever is given as arguments, the answer is a specification or a SpecError, and a refusal registers nothing."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.resolve.node_pool import KEYS as POOL_KEYS
from kaito_iac.resolve.node_pool import resolve_node_pool
from kaito_iac.resolve.rag_engine import KEYS as RAG_KEYS
from kaito_iac.resolve.rag_engine import resolve_rag_engine
from kaito_iac.resolve.workspace import KEYS as WORKSPACE_KEYS
from kaito_iac.resolve.workspace import resolve_workspace
from kaito_iac.testing import record

WORDS = (
    "phi-4-mini-instruct Standard_NC24ads_A100_v4 mig accelerator 1g.5gb faiss qdrant http://x/v1 aks existing byo vllm "
    "transformers a/b lora"
).split()
INNER = (
    "name image volume strength mode profile count url contextTokens kind accessSecret sizeGiB claim spec containers weightsGiB "
    "bytesPerToken maxContextTokens instanceType selector gpu product memoryMiB enabled configMap max-model-len heads"
).split()
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(3, 5000).map(lambda digits: 10**digits)
    | st.floats()
    | st.text(max_size=300)
    | st.sampled_from([*WORDS, "x" * 300, "a\0b", "\ud800"])
    | st.binary(max_size=3)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(INNER) | st.text(max_size=5) | st.integers(), inner)
    ),
    max_leaves=8,
)
BASES = st.sampled_from(
    [
        {},
        {"preset": "phi-4-mini-instruct"},
        {"preset": "a/b", "instanceType": "Standard_NC24ads_A100_v4"},
        {"instanceType": "Standard_NC24ads_A100_v4", "labels": {"a": "b"}},
    ]
)
few = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def _arguments(keys):
    given_args = st.dictionaries(st.sampled_from(keys) | st.text(max_size=3) | st.integers(), VALUES, max_size=6)
    return st.tuples(BASES, given_args).map(lambda both: {**both[0], **both[1]})


def _resolves_or_refuses(resolve, args):
    try:
        spec = resolve("chat", args)
    except SpecError:
        return
    assert spec.inputs()


@few
@given(_arguments(WORKSPACE_KEYS))
def test_any_workspace(args):
    """No value of any argument of a workspace raises anything but a SpecError."""
    _resolves_or_refuses(resolve_workspace, args)


@few
@given(_arguments(RAG_KEYS))
def test_any_rag_engine(args):
    """No value of any argument of a RAG engine raises anything but a SpecError."""
    _resolves_or_refuses(resolve_rag_engine, args)


@few
@given(_arguments(POOL_KEYS))
def test_any_pool(args):
    """No value of any argument of a pool raises anything but a SpecError."""
    _resolves_or_refuses(resolve_node_pool, args)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(_arguments(WORKSPACE_KEYS), st.sampled_from(["KaitoWorkspace", "KaitoRagEngine", "GpuNodePool"]))
def test_a_refusal_registers_nothing(args, kind):
    """Either the whole tree is registered, or nothing but the stack."""
    recording = record(lambda: getattr(kaito, kind)("chat", args), allow_error=True)
    if recording.error is None:
        assert len(recording.resources) > 1
    else:
        assert isinstance(recording.error.cause, SpecError), recording.error
        assert len(recording.resources) == 1
