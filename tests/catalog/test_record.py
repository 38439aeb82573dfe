"""One row of facts is read strictly."""

from __future__ import annotations

from typing import Any

import pytest

from kaito_iac.catalog.load import models, sizes, table_of, versions
from kaito_iac.catalog.record import CatalogError, GpuSize, MigProfile, ModelCard, RetiredModel, read
from kaito_iac.problem import Unknown

GONE = {"name": "old-1b", "said": "no", "note": "use another"}
SLICE = {"profile": "1g.6gb", "slices": 1, "memoryGiB": 6, "gpus": "A30", "resource": "nvidia.com/mig-1g.6gb"}


def without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}


@pytest.mark.parametrize(
    ("kind", "row", "said"),
    [
        pytest.param(RetiredModel, {**GONE, "since": 1}, "RetiredModel old-1b: since is no key of it", id="an unknown key"),
        pytest.param(RetiredModel, without(GONE, "note"), "RetiredModel old-1b: note is missing", id="a missing key"),
        pytest.param(RetiredModel, without(GONE, "name"), "RetiredModel ?: name is missing", id="a row without a name"),
        pytest.param(
            RetiredModel, {**GONE, "note": None}, "RetiredModel old-1b: note is None, not str", id="null for a known fact"
        ),
        pytest.param(RetiredModel, {**GONE, "note": 3}, "RetiredModel old-1b: note is 3, not str", id="a number for a text"),
        pytest.param(MigProfile, {**SLICE, "slices": "1"}, "MigProfile 1g.6gb: slices is '1', not int", id="a text for a number"),
        pytest.param(
            MigProfile, {**SLICE, "slices": True}, "MigProfile 1g.6gb: slices is True, not int", id="a flag for a number"
        ),
        pytest.param(
            MigProfile, {**SLICE, "slices": 1.5}, "MigProfile 1g.6gb: slices is 1.5, not int", id="part of a whole number"
        ),
        pytest.param(
            MigProfile,
            {**without(SLICE, "gpus"), "slices": None, "note": ""},
            "MigProfile 1g.6gb: gpus is missing, note is no key of it, slices is None, not int",
            id="everything at once",
        ),
    ],
)
def test_a_row_of_another_shape_is_refused(kind: type, row: dict[str, Any], said: str) -> None:
    """A row with a key too many or too few, or a value of another type, is refused with everything that is wrong."""
    with pytest.raises(CatalogError) as raised:
        read(kind, row)
    assert str(raised.value) == said


def test_a_model_row_is_refused_by_its_id() -> None:
    """A wrong row of the model table is named by its id, and flags, lists and fractions are checked too."""
    row = {**table_of("models.json")["models"][0], "gated": "no", "aliases": "phi-4", "readySeconds": "long", "heads": None}
    with pytest.raises(CatalogError) as raised:
        read(ModelCard, row)
    assert str(raised.value) == (
        "ModelCard microsoft/phi-4: aliases is 'phi-4', not tuple[str, ...], gated is 'no', not bool | Unknown, "
        "heads is None, not int, readySeconds is 'long', not float"
    )


def test_null_becomes_an_unknown_with_a_reason() -> None:
    """Where a fact may be unknown, null becomes an Unknown that says why; where it may be absent, None."""
    row = {**table_of("sizes.json")["sizes"][0], "vcpus": None, "memoryGiB": None, "quotaFamily": None, "labelMemoryMiB": None}
    size = read(GpuSize, row)
    assert (size.vcpus, size.memory_gib, size.quota_family, size.label_memory_mib, size.note) == (
        Unknown("the platform states no vCPUs for this size"),
        Unknown("the platform states no memory for this size"),
        Unknown("no quota family is on record"),
        Unknown("no source states what the driver of this GPU reports"),
        None,
    )


def test_records_cannot_be_changed() -> None:
    """A table of facts that everyone shares is read-only down to its inner mappings."""
    with pytest.raises(AttributeError):
        sizes()["g5.xlarge"].gpus = 2  # type: ignore[misc]
    with pytest.raises(TypeError):
        models()["x"] = None  # type: ignore[index]
    with pytest.raises(TypeError):
        versions()["0.12.0"].feature_gates["vLLM"] = False  # type: ignore[index]
    with pytest.raises(TypeError):
        versions()["0.12.0"].defects[0]["id"] = ""  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "weights_gib", "preset_name", "tunable"),
    [
        pytest.param("microsoft/phi-4", 27.31, "phi-4", True, id="an older short name is what KAITO takes"),
        pytest.param("google/gemma-3-27b-it", 51.10, "gemma-3-27b-instruct", False, id="a short name unlike the id"),
        pytest.param("qwen/qwen3-8b-awq", 5.68, "qwen/qwen3-8b-awq", False, id="without a short name the id is written"),
        pytest.param("mistralai/mistral-7b-v0.3", 13.50, "mistral-7b", False, id="listed for tuning, and broken there"),
    ],
)
def test_what_a_card_tells(name: str, weights_gib: float, preset_name: str, tunable: bool) -> None:
    """A card states its weights in GiB, the name to write in a Workspace, and whether KAITO can tune it."""
    card = models()[name]
    assert (card.weights_gib, card.preset_name, card.tunable) == (weights_gib, preset_name, tunable)


@pytest.mark.parametrize(
    ("name", "per_gpu", "schedulable", "provisionable"),
    [
        pytest.param("Standard_NC48ads_A100_v4", 80.0, True, True, id="memory is per GPU, not per node"),
        pytest.param("Standard_ND96asr_A100_v4", 40.0, True, False, id="Azure sells it under another name"),
        pytest.param("Standard_NG32ads_V620_v1", 32.0, False, True, id="no NVIDIA GPU"),
    ],
)
def test_what_a_size_tells(name: str, per_gpu: float, schedulable: bool, provisionable: bool) -> None:
    """A size states the memory of one GPU, whether pods of KAITO can run there, and whether the cloud sells that name."""
    size = sizes()[name]
    assert (size.gpu_memory_per_gpu_gib, size.schedulable, size.provisionable) == (per_gpu, schedulable, provisionable)
