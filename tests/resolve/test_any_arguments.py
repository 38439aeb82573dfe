"""Whatever is given as arguments, the answer is a specification or a SpecError, and a refusal registers nothing."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.kinds.rows import keys_of
from kaito_iac.resolve.inference_set import resolve_inference_set
from kaito_iac.resolve.model_mirror import resolve_model_mirror
from kaito_iac.resolve.multi_role import resolve_multi_role
from kaito_iac.resolve.node_pool import resolve_node_pool
from kaito_iac.resolve.rag_engine import resolve_rag_engine
from kaito_iac.resolve.tuning import resolve_tuning
from kaito_iac.resolve.workspace import resolve_workspace
from kaito_iac.testing import record

WORDS = (
    "phi-4-mini-instruct Standard_NC24ads_A100_v4 mig accelerator 1g.5gb faiss qdrant http://x/v1 aks existing byo vllm "
    "transformers a/b lora phi-4-lora qlora managed static Surge -1 @daily 0/0"
).split()
INNER = (
    "name image volume strength mode profile count url context_tokens kind access_secret size_gib claim spec "
    "containers weights_gib bytes_per_token max_context_tokens instance_type selector gpu product memory_mib enabled "
    "config_map max-model-len heads min_count max_count metrics up_threshold down_threshold cache_window schedule "
    "duration maintenance_window strategy urls push_secret LoraConfig TrainingArguments QuantizationConfig "
    "load_in_4bit output_dir r replicas config vllm context namespace"
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
        {"preset": "a/b", "instance_type": "Standard_NC24ads_A100_v4"},
        {"instance_type": "Standard_NC24ads_A100_v4", "labels": {"a": "b"}},
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
@given(_arguments(keys_of(kaito.KaitoWorkspaceArgs)))
def test_any_workspace(args):
    """No value of any argument of a workspace raises anything but a SpecError."""
    _resolves_or_refuses(resolve_workspace, args)


@few
@given(_arguments(keys_of(kaito.KaitoRagEngineArgs)))
def test_any_rag_engine(args):
    """No value of any argument of a RAG engine raises anything but a SpecError."""
    _resolves_or_refuses(resolve_rag_engine, args)


@few
@given(_arguments(keys_of(kaito.KaitoInferenceSetArgs)))
def test_any_inference_set(args):
    """No value of any argument of a set raises anything but a SpecError."""
    _resolves_or_refuses(resolve_inference_set, args)


@few
@given(_arguments(keys_of(kaito.KaitoTuningArgs)))
def test_any_tuning(args):
    """No value of any argument of a tuning job raises anything but a SpecError."""
    _resolves_or_refuses(resolve_tuning, args)


@few
@given(_arguments(keys_of(kaito.KaitoMultiRoleInferenceArgs)))
def test_any_multi_role(args):
    """No value of any argument of roles raises anything but a SpecError."""
    _resolves_or_refuses(resolve_multi_role, args)


@few
@given(_arguments(keys_of(kaito.KaitoModelMirrorArgs)))
def test_any_model_mirror(args):
    """No value of any argument of a mirror raises anything but a SpecError."""
    _resolves_or_refuses(resolve_model_mirror, args)


@few
@given(_arguments(keys_of(kaito.GpuNodePoolArgs)))
@example({"kind": "existing", "instance_type": 10**4300})
def test_any_pool(args):
    """No value of any argument of a pool raises anything but a SpecError."""
    _resolves_or_refuses(resolve_node_pool, args)


COMPONENTS = {
    "GpuNodePool": keys_of(kaito.GpuNodePoolArgs),
    "KaitoInferenceSet": keys_of(kaito.KaitoInferenceSetArgs),
    "KaitoModelMirror": keys_of(kaito.KaitoModelMirrorArgs),
    "KaitoMultiRoleInference": keys_of(kaito.KaitoMultiRoleInferenceArgs),
    "KaitoRagEngine": keys_of(kaito.KaitoRagEngineArgs),
    "KaitoTuning": keys_of(kaito.KaitoTuningArgs),
    "KaitoWorkspace": keys_of(kaito.KaitoWorkspaceArgs),
}


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(_arguments(sorted({key for keys in COMPONENTS.values() for key in keys})), st.sampled_from(sorted(COMPONENTS)))
def test_a_refusal_registers_nothing(args, kind):
    """Either the whole tree is registered, or nothing but the stack."""
    recording = record(lambda: getattr(kaito, kind)("chat", args), allow_error=True)
    if recording.error is None:
        assert len(recording.resources) > 1
    else:
        assert isinstance(recording.error.cause, SpecError), recording.error
        assert len(recording.resources) == 1
