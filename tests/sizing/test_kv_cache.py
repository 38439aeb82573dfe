"""vLLM's KV cache by model family, against figures counted by hand and figures that were measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kaito_iac.catalog.cache_layout import measurements
from kaito_iac.catalog.find import find_model, find_size
from kaito_iac.catalog.load import models
from kaito_iac.sizing.estimate import Estimate, estimate
from kaito_iac.sizing.hardware import Hardware, of_size
from kaito_iac.sizing.kv_cache import batch_defaults, kv_cache
from kaito_iac.sizing.model_config import facts_of

GIB = 2**30


def found(model: str, size: str, version: str = "0.12.0") -> Estimate:
    card, hardware = find_model(model), find_size(size)
    assert card
    assert hardware
    answer = estimate(card, of_size(hardware), version=version)
    assert isinstance(answer, Estimate)
    return answer


def test_a_sliding_window_model_as_it_was_measured() -> None:
    """Gemma 4 31B on two H100: the whole context, within a tenth of the cache that vLLM reported, 2.9 requests at once."""
    cache = found("google/gemma-4-31b-it", "Standard_NC80adis_H100_v5").cache
    assert cache.context == 262144
    assert cache.tokens == pytest.approx(764_825, rel=0.1)
    assert f"{cache.requests:.1f}" == "2.9"


@pytest.mark.parametrize("model", ["mistralai/mistral-small-4-119b-2603", "qwen/qwen3.5-397b-a17b-gptq-int4"])
def test_published_measurements(model: str) -> None:
    """MLA and Gated DeltaNet come within a tenth of what KAITO's maintainers published."""
    cache = found(model, "Standard_NC80adis_H100_v5").cache
    assert cache.tokens == pytest.approx(measurements()[model][0].tokens, rel=0.1)
    assert cache.context == pytest.approx(measurements()[model][0].context, rel=0.1)


@pytest.mark.parametrize(
    ("model", "size", "context"),
    [
        pytest.param("qwen3.6-27b", "Standard_NC24ads_A100_v4", 155_250, id="gated delta net"),
        pytest.param("qwen3.6-35b-a3b", "Standard_NC40ads_H100_v5", 258_742, id="gated delta net with experts"),
        pytest.param("qwen3.5-4b", "Standard_NV36ads_A10_v5", 262_144, id="the limit on one A10"),
        pytest.param("nvidia-nemotron-3-nano-30b-a3b-bf16", "Standard_NC24ads_A100_v4", 262_144, id="mamba"),
        pytest.param("nvidia-nemotron-nano-12b-v2-vl-bf16", "Standard_NV72ads_A10_v5", 131_072, id="mamba on two A10"),
        pytest.param("llama-3.1-8b-instruct", "Standard_NV36ads_A10_v5", 11_123, id="every layer keeps every token"),
        pytest.param("gemma-3-27b-instruct", "Standard_NC24ads_A100_v4", 21_504, id="LMCache is on: windows count as all"),
    ],
)
def test_contexts_by_hand(model: str, size: str, context: int) -> None:
    """Contexts after the model's limit come within a tenth of those counted by hand from the same free memory."""
    assert found(model, size).cache.context == pytest.approx(context, rel=0.1)


def test_a_head_is_not_cut() -> None:
    """A GPU keeps one KV head at least: eight GPUs hold no more than two where the model has two heads."""
    card = find_model("minimax-m2.7")
    assert card
    hardware = Hardware(label="x", gpus=16, node_gpu_memory_bytes=16 * 80 * GIB, gpu_model="NVIDIA X")
    eight, sixteen = (kv_cache(card, hardware, 8.0 * GIB, tensor=tensor) for tensor in (8, 16))
    assert eight == sixteen


def test_windows_count_where_lmcache_is_off() -> None:
    """Gemma 3 in copies, on several nodes or on a slice has LMCache off, and its windows are counted as windows."""
    card = find_model("gemma-3-4b-instruct")
    assert card
    node = Hardware(label="x", gpus=1, node_gpu_memory_bytes=24 * GIB, gpu_model="NVIDIA X")
    on, off = (kv_cache(card, node, 1.0 * GIB, tensor=1, data=data) for data in (1, 2))
    assert off.context > 2 * on.context


def test_the_indexer_keeps_a_cache_of_its_own() -> None:
    """DeepSeek V3.2 keeps 132 bytes more a layer and token than V3."""
    hardware = Hardware(label="x", gpus=8, node_gpu_memory_bytes=8 * 141 * GIB, gpu_model="NVIDIA H200")
    old, new = (
        kv_cache(models()[name], hardware, 30.0 * GIB, tensor=8)
        for name in ("deepseek-ai/deepseek-v3-0324", "deepseek-ai/deepseek-v3.2")
    )
    assert (old.tokens, new.tokens) == (int(30 * GIB / (61 * 1152)), int(30 * GIB / (61 * (1152 + 132))))


@pytest.mark.parametrize(
    ("gpu", "gib", "defaults"),
    [("NVIDIA H100", 80, (8192, 1024)), ("NVIDIA A100", 80, (2048, 256)), ("NVIDIA A10", 24, (2048, 256))],
)
def test_what_vllm_batches_by_default(gpu: str, gib: int, defaults: tuple[int, int]) -> None:
    """Large GPUs batch 8,192 tokens and 1,024 sequences, an A100 and smaller ones 2,048 and 256."""
    assert batch_defaults(Hardware(label="x", gpus=1, node_gpu_memory_bytes=gib * GIB, gpu_model=gpu)) == defaults


@pytest.mark.parametrize(
    ("model", "size", "states"),
    [
        ("qwen3.6-27b", "Standard_NC40ads_H100_v5", 444),
        ("qwen3.8-27b", "Standard_NC24ads_A100_v4", 198),
        ("qwen3.6-35b-a3b", "Standard_NCC40ads_H100_v5", 247),
        ("qwen3.5-122b-a10b", "Standard_NC96ads_A100_v4", 211),
    ],
)
def test_states_that_are_too_few(model: str, size: str, states: int) -> None:
    """States come out as by KAITO's own later formula; max-num-seqs below them is what lets vLLM start."""
    answer = found(model, size)
    assert answer.cache.sequences == pytest.approx(states, rel=0.02)
    assert answer.max_num_seqs == int(0.9 * (answer.cache.sequences or 0))
    assert found(model, size, "0.13.0-rc.0").max_num_seqs is None


def test_states_that_are_enough() -> None:
    """A small hybrid model on a large GPU starts as it is."""
    assert found("qwen3.5-9b", "Standard_NC24ads_A100_v4").max_num_seqs is None


@pytest.mark.parametrize("name", list(models()))
def test_every_model_has_a_cache(name: str) -> None:
    """For every model more memory never means less context, and the context stays within the limit."""
    hardware = Hardware(label="x", gpus=8, node_gpu_memory_bytes=8 * 80 * GIB, gpu_model="NVIDIA X")
    contexts = [kv_cache(models()[name], hardware, float(gib * GIB), tensor=8).context for gib in (0, 1, 10, 40, 400)]
    assert contexts == sorted(contexts)
    assert contexts[-1] == models()[name].max_context_tokens


def test_a_cache_in_eight_bits() -> None:
    """KAITO serves GLM-5.2 with an fp8 cache: 656 bytes of a token and layer (flashmla_sparse), and 132 of the indexer."""
    answer = found("zai-org/glm-5.2-fp8", "Standard_ND96isr_H200_v5")
    assert answer.cache.tokens == pytest.approx(383_025, rel=0.01)
    wide = found("deepseek-ai/deepseek-v3.2", "Standard_ND96isr_H200_v5")
    assert wide.cache.tokens < answer.cache.tokens * 2


def test_a_latent_cache_of_a_config_is_not_cut() -> None:
    """A model of one's own with latent attention holds as many tokens as the same model of the catalogue."""
    known = found("deepseek-ai/deepseek-v3-0324", "Standard_ND96isr_H200_v5")
    config = {
        "num_hidden_layers": 61,
        "num_attention_heads": 128,
        "num_key_value_heads": 128,
        "kv_lora_rank": 512,
        "qk_rope_head_dim": 64,
        "max_position_embeddings": 163840,
    }
    facts, problems = facts_of(config, Path("config.json"), 641.3)
    assert facts, problems
    card = replace(
        models()["deepseek-ai/deepseek-v3-0324"], id="acme/own", attention="GQA", heads=facts.heads, kv_heads=facts.kv_heads
    )
    size = find_size("Standard_ND96isr_H200_v5")
    assert size
    own = estimate(replace(card, bytes_per_token=facts.bytes_per_token), of_size(size))
    assert isinstance(own, Estimate)
    assert own.cache.tokens == pytest.approx(known.cache.tokens, rel=0.001)
