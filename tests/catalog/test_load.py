"""The tables of facts: complete, consistent, equal to what was gathered, and sourced."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields
from math import ceil, floor
from typing import Any

import pytest

from kaito_iac.catalog.cloud import CLOUDS
from kaito_iac.catalog.estimator import estimator, of_gpu
from kaito_iac.catalog.load import (
    DEFAULT_VERSION,
    admitted_prefixes,
    facts_date,
    mig_profiles,
    models,
    retired,
    sizes,
    source_of,
    sources,
    table_of,
    versions,
)
from kaito_iac.catalog.record import GIB, GpuSize, MigProfile, ModelCard
from kaito_iac.problem import Unknown

MODELS, SIZES, SLICES = tuple(models().values()), tuple(sizes().values()), tuple(mig_profiles().values())
DATE = re.compile(r"20\d\d-\d\d(-\d\d)?")

every_model = pytest.mark.parametrize("card", MODELS, ids=lambda card: card.id)
every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
every_slice = pytest.mark.parametrize("profile", SLICES, ids=lambda profile: profile.profile)


def test_how_much_is_known() -> None:
    """The catalogue holds what KAITO 0.12 holds: models, aliases, sizes by cloud, MIG profiles and retired names."""
    told = {
        "models": len(MODELS),
        "aliases": sum(len(card.aliases) for card in MODELS),
        "sizes": Counter(size.cloud for size in SIZES),
        "profiles": len(SLICES),
        "retired": sorted(retired()),
    }
    assert told == {
        "models": 60,
        "aliases": 25,
        "sizes": {"azure": 14, "aws": 35, "arc": 8},
        "profiles": 35,
        "retired": ["falcon-40b", "falcon-40b-instruct", "falcon-7b", "falcon-7b-instruct", "phi-2"],
    }


def test_every_name_means_one_model() -> None:
    """No id, short name or alias means two models, and none of them is retired."""
    names = [name.lower() for card in MODELS for name in {card.id, card.name, *card.aliases}]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert set(names) & set(retired()) == set()


def test_every_size_has_one_name() -> None:
    """No two sizes differ in case alone, because KAITO looks them up without case."""
    assert [name for name, count in Counter(size.name.lower() for size in SIZES).items() if count > 1] == []


@every_model
def test_invariants_of_a_model(card: ModelCard) -> None:
    """Names agree, figures are positive, and disk, time and bytes follow from the weights as KAITO computes them."""
    hundredths = int(card.weights_size.removesuffix("Gi").replace(".", ""))
    assert re.fullmatch(r"\d+\.\d\dGi", card.weights_size)
    assert (card.id, card.name, card.organisation) == (
        card.hf_id.lower(),
        card.id.split("/")[1],
        card.hf_id.split("/")[0],
    )
    assert min(card.weights_bytes, card.bytes_per_token, card.max_context_tokens, card.layers, card.heads, card.kv_heads) > 0
    assert card.weights_bytes == -(-hundredths * GIB // 100)
    assert card.disk_gib == (hundredths + 8000) // 100
    assert card.ready_seconds == pytest.approx(min(max(900 + 18 * hundredths / 100, 1800), 10800))
    assert card.attention in ("MHA", "MQA", "GQA", "MLA")
    assert card.attention == "MLA" or card.heads % card.kv_heads == 0
    assert "vllm" in card.runtimes
    assert set(card.runtimes) <= {"vllm", "transformers"}


@every_model
def test_bytes_per_token_count_two_bytes_a_value(card: ModelCard) -> None:
    """The KV cache of a token is layers times two bytes times a whole number of values, keys and values alike outside MLA."""
    values, rest = divmod(card.bytes_per_token, 2 * card.layers)
    assert rest == 0
    assert card.attention == "MLA" or values % (2 * card.kv_heads) == 0


@every_model
def test_gating_and_tuning_of_a_model(card: ModelCard) -> None:
    """Whether a model is gated has a source and a reason; tuning has methods and an image, or neither."""
    assert isinstance(card.gated, bool | Unknown)
    assert card.gated_source in sources("models")
    assert len(card.gated_why) > 10
    assert card.tuning_methods in ((), ("lora", "qlora"))
    assert bool(card.tuning_methods) == bool(card.tuning_image)
    assert not (card.tuning_methods and card.tuning_defect)


def test_which_models_can_be_tuned() -> None:
    """Nine models can be tuned; mistral-7b is listed by KAITO and its controller fails on it."""
    assert sorted(card.preset_name for card in MODELS if card.tunable) == [
        "phi-3-medium-128k-instruct",
        "phi-3-medium-4k-instruct",
        "phi-3-mini-128k-instruct",
        "phi-3-mini-4k-instruct",
        "phi-3.5-mini-instruct",
        "phi-4",
        "phi-4-mini-instruct",
        "qwen2.5-coder-32b-instruct",
        "qwen2.5-coder-7b-instruct",
    ]
    assert [card.preset_name for card in MODELS if card.tuning_defect] == ["mistral-7b"]


@every_size
def test_invariants_of_a_size(size: GpuSize) -> None:
    """Figures are positive or plainly unknown, GPUs share the memory evenly, and the driver states no more than is sold."""
    assert size.cloud in CLOUDS
    assert min(size.gpus, size.gpu_memory_gib) > 0
    assert size.gpu_memory_gib % size.gpus == 0
    for figure in (size.vcpus, size.memory_gib, size.label_memory_mib):
        assert isinstance(figure, Unknown) or figure > 0
    assert isinstance(size.label_memory_mib, Unknown) or floor(size.label_memory_mib / 1024 + 0.5) <= size.gpu_memory_per_gpu_gib
    assert (size.gpu_vendor == "nvidia") == size.gpu_model.startswith("NVIDIA ")
    assert (size.cuda_capability is None) == (size.gpu_vendor != "nvidia")
    assert isinstance(size.quota_family, Unknown) == (size.cloud == "arc")
    assert isinstance(size.vcpus, Unknown) == (size.cloud == "arc")


def test_one_size_is_sold_under_another_name() -> None:
    """One Azure size has a name in KAITO's table that Azure does not sell."""
    assert {size.name: size.cloud_name for size in SIZES if not size.provisionable} == {
        "Standard_ND96asr_A100_v4": "Standard_ND96asr_v4"
    }


def test_sizes_without_nvidia_gpus() -> None:
    """Two Azure sizes and the AWS families g4ad, trn1 and inf2 are in KAITO's table and never get a pod."""
    assert sorted({size.name.split(".")[0] for size in SIZES if not size.schedulable}) == [
        "Standard_NG32adms_V620_v1",
        "Standard_NG32ads_V620_v1",
        "g4ad",
        "inf2",
        "trn1",
        "trn1n",
    ]


@every_slice
def test_invariants_of_a_profile(profile: MigProfile) -> None:
    """A profile's name states its slices and its memory, and a pod requests it by that name."""
    told = re.fullmatch(r"(\d)g\.(\d+)gb(\+.+)?", profile.profile)
    assert told
    assert (int(told[1]), int(told[2])) == (profile.slices, profile.memory_gib)
    assert profile.resource.startswith("nvidia.com/mig-")
    assert len(profile.gpus) > 2


def test_prefixes_that_azure_admits() -> None:
    """On Azure alone KAITO admits names it does not know, by their beginning."""
    assert {cloud: admitted_prefixes(cloud) for cloud in (*CLOUDS, "gcp")} == {
        "azure": ("Standard_N", "Standard_D"),
        "aws": (),
        "arc": (),
        "gcp": (),
    }


def test_versions_are_described_newest_first() -> None:
    """The default release is described first; every release names its source, its kinds and its gates."""
    assert next(iter(versions())) == DEFAULT_VERSION
    for version in versions().values():
        assert version.kind in ("chart", "aks-add-on", "release-candidate")
        assert version.source in sources("versions")
        assert "Workspace" in version.apis
        assert all(re.fullmatch(r"kaito\.sh/v1(alpha|beta)\d", api) for api in version.apis.values())
        assert all(set(defect) == {"id", "about", "text"} for defect in version.defects)


@pytest.mark.parametrize("table", ["models", "sizes", "versions", "prices"])
def test_every_table_has_a_date_and_sources(table: str) -> None:
    """Every table is dated, and so is each of its sources."""
    assert DATE.fullmatch(table_of(f"{table}.json")["date"])
    for key, source in sources(table).items():
        assert source.key == key
        assert len(source.title) > 10
        assert DATE.fullmatch(source.date)


@pytest.mark.parametrize(
    ("table", "kind", "rows"), [("models", ModelCard, "models"), ("sizes", GpuSize, "sizes"), ("sizes", MigProfile, "mig")]
)
def test_every_fact_has_a_source(table: str, kind: type, rows: str) -> None:
    """The source of every fact is a source of its table, or reported row by row in a fact that exists."""
    for key in table_of(f"{table}.json")[rows][0]:
        told = source_of(table, key)
        assert told in sources(table) or told == "per row, gatedSource", key
    assert len(fields(kind)) == len(table_of(f"{table}.json")[rows][0])


def test_what_kaito_states_and_what_is_known_otherwise() -> None:
    """KAITO states GPUs and weights; vCPUs and quota families are other people's knowledge; gating is reported row by row."""
    told = [
        source_of("sizes", "gpus"),
        source_of("sizes", "vcpus"),
        source_of("models", "weightsBytes"),
        source_of("models", "gated"),
    ]
    assert told == ["kaito", "knowledge", "kaito", "per row, gatedSource"]
    assert source_of("versions", "apis") == "kaito"
    assert facts_date() == "2026-08-21"


def test_models_equal_what_was_gathered(gathered_models: dict[str, Any]) -> None:
    """Every figure of every model is the gathered one, as are aliases and retired names."""
    assert {alias: card.id for card in MODELS for alias in card.aliases} == gathered_models["aliases"]
    assert {row["name"]: row["admission_error"] for row in gathered_models["retired"]} == {
        row.name: row.said for row in retired().values()
    }
    assert table_of("models.json")["baseImage"] == gathered_models["base_image"]
    assert len(gathered_models["models"]) == len(MODELS)
    for row, card in zip(gathered_models["models"], MODELS, strict=True):
        tuning = row["tuning"] if row["tuning"] and row["tuning"]["usable"] else None
        assert {
            "hf_id": card.hf_id,
            "id": card.id,
            "name": card.name,
            "aliases": list(card.aliases),
            "organisation": card.organisation,
            "family": card.family,
            "license": card.license,
            "runtimes": list(card.runtimes),
            "file": (card.weights_size, card.weights_bytes, card.weights_gib, card.quantization),
            "gated": (None if isinstance(card.gated, Unknown) else card.gated, card.gated_source, card.gated_why),
            "disk": card.disk_gib,
            "context": card.max_context_tokens,
            "attention": (card.attention, card.layers, card.heads, card.kv_heads),
            "bytes": card.bytes_per_token,
            "vllm": (card.tool_parser, card.reasoning_parser, card.chat_template, card.kv_cache_dtype),
            "ready": card.ready_seconds,
            "threshold": ceil(card.ready_seconds / 10),
            "tuning": (list(card.tuning_methods), card.tuning_image),
        } == {
            **{key: row[key] for key in ("hf_id", "id", "name", "aliases", "organisation", "family", "license", "runtimes")},
            "file": tuple(row["weights"][key] for key in ("file_size", "file_size_bytes", "file_size_gib", "quantization")),
            "gated": tuple(row["access"][key] for key in ("gated", "source", "why")),
            "disk": row["disk_gib"],
            "context": row["max_context"],
            "attention": tuple(row["attention"][key] for key in ("type", "layers", "heads", "kv_heads")),
            "bytes": row["bytes_per_token"],
            "vllm": tuple(
                row["vllm"][key] for key in ("tool_call_parser", "reasoning_parser", "chat_template", "kv_cache_dtype")
            ),
            "ready": row["readiness_timeout_seconds"],
            "threshold": row["startup_failure_threshold"],
            "tuning": (tuning["methods"], tuning["artefact"]["image"]) if tuning else ([], None),
        }


def test_sizes_equal_what_was_gathered(gathered_sizes: dict[str, Any]) -> None:
    """Every figure of every size and MIG profile is the gathered one, launch utilisation and schedulability included."""
    from kaito_iac.sizing.hardware import of_size

    assert len(gathered_sizes["skus"]) == len(SIZES)
    for row, size in zip(gathered_sizes["skus"], SIZES, strict=True):
        vm, quota = row["vm"] or {}, row["quota"] or {}
        known = {
            key: None if isinstance(value, Unknown) else value
            for key, value in {"vcpus": size.vcpus, "memory": size.memory_gib, "family": size.quota_family}.items()
        }
        assert {
            "cloud": size.cloud,
            "name": size.name,
            "gpu_model": size.gpu_model,
            "gpu_vendor": size.gpu_vendor,
            "gpu_count": size.gpus,
            "gpu_memory_gib": size.gpu_memory_gib,
            "gpu_memory_per_gpu_gib": size.gpu_memory_per_gpu_gib,
            "nvme": size.nvme,
            "cuda_compute_capability": size.cuda_capability,
            "gpu_memory_utilization": of_gpu(estimator().launch_utilization, of_size(size).gpu_model),
            "schedulable": size.schedulable,
            "note": size.note,
            "mig": size.mig_capable,
            **known,
        } == {
            **{
                key: row[key]
                for key in (
                    "cloud",
                    "name",
                    "gpu_model",
                    "gpu_vendor",
                    "gpu_count",
                    "gpu_memory_gib",
                    "gpu_memory_per_gpu_gib",
                    "nvme",
                    "cuda_compute_capability",
                    "gpu_memory_utilization",
                    "schedulable",
                    "note",
                )
            },
            "mig": row["mig_capable"]["value"],
            "vcpus": vm.get("vcpus"),
            "memory": vm.get("memory_gib"),
            "family": quota.get("family"),
        }
    assert {size.cloud_name: size.name for size in SIZES if not size.provisionable} == {
        azure: row["kaito_name"] for azure, row in gathered_sizes["azure_names_that_differ"].items()
    }
    assert list(admitted_prefixes("azure")) == gathered_sizes["lookup"]["azure_admitted_prefixes_outside_the_table"]
    assert [(p.profile, p.slices, p.memory_gib, p.gpus, p.resource) for p in SLICES] == [
        tuple(row[key] for key in ("profile", "compute_slices", "memory_gib", "gpus", "resource"))
        for row in gathered_sizes["mig_profiles"]
    ]
