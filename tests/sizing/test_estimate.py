"""KAITO's node estimate: its worked examples, and the laws it obeys."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaito_iac.catalog.find import find_model
from kaito_iac.catalog.load import mig_profiles, models, sizes
from kaito_iac.catalog.record import GIB, ModelCard
from kaito_iac.sizing.estimate import (
    DEFAULT_CONTEXT,
    OVERHEAD_PER_WEIGHT,
    WEIGHT_EXPANSION,
    Estimate,
    NoFit,
    estimate,
    free_bytes,
    layout,
)
from kaito_iac.sizing.hardware import Hardware, of_mig, of_size
from kaito_iac.sizing.kv_cache import KvCache, kv_cache

A10, A10_2 = "Standard_NV36ads_A10_v5", "Standard_NV72ads_A10_v5"
A100, A100_2, A100_4 = "Standard_NC24ads_A100_v4", "Standard_NC48ads_A100_v4", "Standard_NC96ads_A100_v4"
H100, H100_8, H200_8 = "Standard_NC40ads_H100_v5", "Standard_ND96isr_H100_v5", "Standard_ND96isr_H200_v5"


def card(name: str) -> ModelCard:
    found = find_model(name)
    assert found
    return found


def steps(model: ModelCard, hardware: Hardware, context: int) -> tuple[str, str, str, str, str]:
    """Return weights, usable, KV cache, room and quotient, printed as the worked examples print them."""
    weights = model.weights_bytes / GIB * WEIGHT_EXPANSION
    usable = hardware.gpu_memory_bytes / GIB * 0.84
    cache = context * model.bytes_per_token / GIB / hardware.gpus
    room = (usable - 2.3 - cache) / (1 + OVERHEAD_PER_WEIGHT)
    return f"{weights:.3f}", f"{usable:.3f}", f"{cache:.4f}", f"{room:.3f}", f"{weights / room:.4f}"


@pytest.mark.parametrize(
    ("name", "size", "context", "printed", "needed", "nodes", "parallel"),
    [
        pytest.param(
            "phi-4-mini-instruct", A100, 2048, ("7.293", "67.200", "0.2500", "61.571", "0.1184"), 1, 1, (1, 1, 1), id="one GPU"
        ),
        pytest.param(
            "phi-4-mini-instruct", A100_4, 2048, ("7.293", "67.200", "0.0625", "61.750", "0.1181"), 1, 1, (1, 1, 4),
            id="a small model on four GPUs is there four times",
        ),
        pytest.param(
            "llama-3.3-70b-instruct", A100_2, 16384, ("134.048", "67.200", "2.5000", "59.429", "2.2556"), 3, 2, (2, 2, 1),
            id="a long context takes a second node",
        ),
        pytest.param(
            "qwen2.5-coder-32b-instruct", A100, 2048, ("62.251", "67.200", "0.5000", "61.333", "1.0150"), 2, 2, (1, 2, 1),
            id="just over one GPU",
        ),
        pytest.param(
            "deepseek-r1-0528", H200_8, 2048, ("654.126", "118.440", "0.0168", "110.594", "5.9147"), 6, 1, (8, 1, 1),
            id="six of eight GPUs, all of them used",
        ),
        pytest.param(
            "deepseek-r1-0528", H100_8, 2048, ("654.126", "67.200", "0.0168", "61.794", "10.5857"), 11, 2, (8, 2, 1),
            id="eleven GPUs are two nodes",
        ),
        pytest.param(
            "granite-4.1-8b", A10, 2048, ("16.708", "20.160", "0.3125", "16.712", "0.9997"), 1, 1, (1, 1, 1),
            id="it fits by a hair",
        ),
        pytest.param(
            "phi-3-mini-128k-instruct", A10_2, 32768, ("7.262", "20.160", "6.0000", "11.295", "0.6430"), 1, 1, (1, 1, 2),
            id="a cache that is counted once and needed twice",
        ),
        pytest.param(
            "gpt-oss-120b", H100, 2048, ("123.971", "78.960", "0.1406", "72.876", "1.7011"), 2, 2, (1, 2, 1),
            id="duplicate weights are counted",
        ),
    ],
)  # fmt: skip
def test_worked_examples(
    name: str, size: str, context: int, printed: tuple[str, ...], needed: int, nodes: int, parallel: tuple[int, int, int]
) -> None:
    """Each worked example comes out to the printed digit: weights, usable, cache, room, quotient, GPUs, nodes, layout."""
    hardware = of_size(sizes()[size])
    found = estimate(card(name), hardware, context)
    assert isinstance(found, Estimate)
    assert steps(card(name), hardware, context) == printed
    assert (found.gpus_needed, found.nodes, found.gpus) == (needed, nodes, nodes * hardware.gpus)
    assert (found.tensor_parallel, found.pipeline_parallel, found.data_parallel) == parallel


@pytest.mark.parametrize(
    ("name", "size", "context", "tokens"),
    [
        pytest.param("phi-4-mini-instruct", A100, 2048, 131072, id="the model's limit"),
        pytest.param("phi-4-mini-instruct", A10, 2048, 79645, id="an A10 is launched with 0.82"),
        pytest.param("phi-3-mini-128k-instruct", A10_2, 32768, 26636, id="every GPU holds a cache of its own"),
        pytest.param("granite-4.1-8b", A10, 2048, 0, id="nothing is left beside the weights"),
        pytest.param("gemma-4-31b-it", A100, 2048, 2976, id="next to nothing is left"),
    ],
)
def test_the_context_that_auto_ends_at(name: str, size: str, context: int, tokens: int) -> None:
    """The context that vLLM finds room for is estimated per layout, at most the model's limit, never below zero."""
    found = estimate(card(name), of_size(sizes()[size]), context)
    assert isinstance(found, Estimate)
    assert found.auto_context_tokens == tokens


def test_a_context_that_leaves_no_room() -> None:
    """A context whose cache takes all usable memory is refused with the figures, as KAITO refuses it."""
    assert estimate(card("phi-3-mini-128k-instruct"), of_size(sizes()[A10]), 131072) == NoFit(
        "each GPU of Standard_NV36ads_A10_v5 has 24.0 GiB, 20.2 of them usable, and 131072 tokens of context reserve 50.3 GiB "
        "(overhead 2.3, KV cache 48.0)"
    )


def test_a_slice_that_holds_the_model() -> None:
    """A MIG slice of 24 GiB holds the smallest phi."""
    found = estimate(card("phi-4-mini-instruct"), of_mig(mig_profiles()["2g.24gb"]))
    assert found == Estimate(
        gpus_needed=1,
        nodes=1,
        gpus=1,
        tensor_parallel=1,
        pipeline_parallel=1,
        data_parallel=1,
        cache=KvCache(tokens=83577, context=83577, requests=1.0, sequences=None),
        max_num_seqs=None,
    )


def test_a_slice_that_is_too_small() -> None:
    """A MIG slice of 12 GiB does not, and slices cannot be joined."""
    assert estimate(card("phi-4-mini-instruct"), of_mig(mig_profiles()["1g.12gb"])) == NoFit(
        "phi-4-mini-instruct needs 10.2 GiB (weights 7.3), the MIG slice 1g.12gb has 12 GiB, 10.1 of them usable, and slices "
        "cannot be joined"
    )


@pytest.mark.parametrize(
    ("weights_gib", "data_parallel"),
    [pytest.param(39, 2, id="under half"), pytest.param(40, 1, id="exactly half"), pytest.param(41, 1, id="over half")],
)
def test_when_every_gpu_holds_the_model(weights_gib: int, data_parallel: int) -> None:
    """On one node every GPU holds the whole model when the weights are under half of one GPU, strictly."""
    model = replace(card("phi-4-mini-instruct"), weights_bytes=weights_gib * GIB)
    found = estimate(model, of_size(sizes()[A100_2]))
    assert isinstance(found, Estimate)
    assert (found.nodes, found.tensor_parallel * found.data_parallel, found.data_parallel) == (1, 2, data_parallel)


def test_nodes_that_a_user_counts() -> None:
    """A layout can be had for any node count, such as that of a template; across nodes it is always TP times PP."""
    found = layout(card("phi-4-mini-instruct"), of_size(sizes()[A100_4]), 3, 1)
    assert (found.nodes, found.gpus, found.tensor_parallel, found.pipeline_parallel, found.data_parallel) == (3, 12, 4, 3, 1)


def test_a_compressed_cache_is_split_by_nodes_alone() -> None:
    """With multi-head latent attention every tensor-parallel rank holds the whole cache: more ranks make it no longer."""
    model = replace(card("deepseek-r1-0528"), max_context_tokens=10**12)
    hardware = of_size(sizes()[H200_8])
    whole = kv_cache(model, hardware, free_bytes(model, hardware, 8), tensor=8).context
    split = kv_cache(model, hardware, free_bytes(model, hardware, 16), tensor=8, pipeline=2).context
    assert model.attention == "MLA"
    assert split > 2 * whole > 0


cards = st.sampled_from(list(models().values()))
nodes_of = st.builds(
    lambda gpus, gib: Hardware(label="x", gpus=gpus, node_gpu_memory_bytes=gpus * gib * GIB, gpu_model="NVIDIA X"),
    st.integers(1, 16),
    st.integers(4, 288),
)
contexts = st.integers(1, 2**21)


@given(cards, nodes_of, contexts, contexts)
def test_more_context_never_needs_less(model: ModelCard, hardware: Hardware, one: int, other: int) -> None:
    """A longer context needs no fewer GPUs and no fewer nodes, and what is refused stays refused."""
    short, long = estimate(model, hardware, min(one, other)), estimate(model, hardware, max(one, other))
    if isinstance(long, Estimate):
        assert isinstance(short, Estimate)
        assert (short.gpus_needed, short.nodes) <= (long.gpus_needed, long.nodes)


@given(cards, nodes_of, contexts, st.integers(1, 64))
def test_more_memory_never_needs_more(model: ModelCard, hardware: Hardware, context: int, more_gib: int) -> None:
    """GPUs with more memory are never more GPUs or nodes, and hold whatever smaller ones hold."""
    roomier = replace(hardware, node_gpu_memory_bytes=hardware.node_gpu_memory_bytes + hardware.gpus * more_gib * GIB)
    small, big = estimate(model, hardware, context), estimate(model, roomier, context)
    if isinstance(small, Estimate):
        assert isinstance(big, Estimate)
        assert big.gpus_needed <= small.gpus_needed
        assert big.nodes <= small.nodes


@given(cards, nodes_of, contexts)
def test_what_every_estimate_obeys(model: ModelCard, hardware: Hardware, context: int) -> None:
    """Nodes hold the GPUs that are needed and no node is idle; layout uses each GPU; the context is within the limit."""
    found = estimate(model, hardware, context)
    if isinstance(found, NoFit):
        return
    assert found.gpus_needed >= 1
    assert found.nodes == ceil(found.gpus_needed / hardware.gpus)
    assert found.gpus == found.nodes * hardware.gpus
    assert found.tensor_parallel * found.pipeline_parallel * found.data_parallel == found.gpus
    assert 0 <= found.auto_context_tokens <= model.max_context_tokens


@given(cards, st.sampled_from(list(mig_profiles().values())), contexts)
def test_a_slice_is_never_joined(model: ModelCard, profile: object, context: int) -> None:
    """On a MIG slice a model takes one slice or is refused."""
    found = estimate(model, of_mig(profile), context)  # type: ignore[arg-type]
    assert isinstance(found, NoFit) or (found.nodes, found.gpus, found.data_parallel) == (1, 1, 1)


def test_the_default_context() -> None:
    """Without a number in the inference configuration KAITO sizes for 2048 tokens."""
    assert DEFAULT_CONTEXT == 2048
    hardware = of_size(sizes()[A100])
    assert estimate(card("phi-4"), hardware) == estimate(card("phi-4"), hardware, 2048)
