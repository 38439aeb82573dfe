"""What layers of models keep in the KV cache, as data."""

import pytest

from kaito_iac.catalog.cache_layout import cache_layout, measurements
from kaito_iac.catalog.load import models, table_of

LISTED = table_of("caches.json")["models"]


@pytest.mark.parametrize("name", list(LISTED))
def test_listed_layouts_are_of_models(name):
    """Every row is of a model of the catalogue, has layers no model exceeds, and kinds with the facts they need."""
    layout = cache_layout(models()[name])
    kept = [group for group in layout.groups if group.kind != "latent"]
    assert sum(group.layers for group in kept) <= models()[name].layers
    assert all(group.window > 0 for group in layout.groups if group.kind == "sliding")
    assert {group.kind for group in layout.groups} <= {"full", "sliding", "state", "latent"}


@pytest.mark.parametrize("name", [name for name in models() if name not in LISTED])
def test_other_layouts_are_kaitos_bytes(name):
    """A model without a row keeps KAITO's bytes per token, in all layers alike."""
    (group,) = cache_layout(models()[name]).groups
    assert group.layers * group.heads * group.bytes == models()[name].bytes_per_token


@pytest.mark.parametrize(
    ("name", "bytes_of_state"),
    [
        ("qwen/qwen3.6-27b", 3_207_168),
        ("qwen/qwen3.6-35b-a3b", 2_146_304),
        ("nvidia/nvidia-nemotron-3-super-120b-a12b-bf16", 4_255_744),
    ],
)
def test_states_are_those_of_kaitos_tests(name, bytes_of_state):
    """The bytes of a state are those that KAITO's own tests count for the same dimensions."""
    assert [group.bytes for group in cache_layout(models()[name]).groups if group.kind == "state"] == [bytes_of_state]


def test_measurements_are_of_models():
    """Every measured cache is of a model of the catalogue, but for two of Qwen3, and holds its context."""
    for name, found in measurements().items():
        assert name in models() or name in ("qwen/qwen3-8b", "qwen/qwen3-14b")
        assert all(one.context <= one.tokens for one in found)
