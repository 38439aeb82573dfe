"""What follows from the weights alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaito_iac.catalog.load import models
from kaito_iac.catalog.record import GIB, ModelCard
from kaito_iac.problem import Unknown
from kaito_iac.sizing.estimate import Estimate, estimate
from kaito_iac.sizing.hardware import Hardware
from kaito_iac.sizing.weights import disk_gib, own_card, ready_seconds, wait_seconds


@pytest.mark.parametrize(
    ("weights_gib", "disk", "minutes"),
    [
        pytest.param(7.15, 87, 30, id="small: half an hour at least"),
        pytest.param(27.31, 107, 30, id="KAITO's own example"),
        pytest.param(50.0, 130, 30, id="the longest that half an hour is for"),
        pytest.param(131.42, 211, 54.426, id="18 seconds a GiB"),
        pytest.param(550.0, 630, 180, id="the shortest that three hours are for"),
        pytest.param(641.30, 721, 180, id="big: three hours at most"),
        pytest.param(0.0, 80, 30, id="nothing"),
    ],
)
def test_disk_and_time(weights_gib: float, disk: int, minutes: float) -> None:
    """Disk is the weights and 80 GiB, cut; time is 15 minutes and 18 seconds a GiB, between half an hour and three."""
    assert (disk_gib(weights_gib), ready_seconds(weights_gib) / 60) == (disk, pytest.approx(minutes))


@pytest.mark.parametrize("card", models().values(), ids=lambda card: card.id)
def test_every_model_obeys_the_formulas(card: ModelCard) -> None:
    """Disk and time of every model in the catalogue are what the formulas give for its weights."""
    assert (card.disk_gib, card.ready_seconds) == (disk_gib(card.weights_gib), pytest.approx(ready_seconds(card.weights_gib)))


@pytest.mark.parametrize(
    ("ready", "provisioned", "seconds"),
    [
        pytest.param(1800.0, False, 2160, id="existing nodes"),
        pytest.param(1800.0, True, 3060, id="new nodes"),
        pytest.param(10800.0, True, 13860, id="the biggest models"),
        pytest.param(1800.1, False, 2161, id="rounded up"),
    ],
)
def test_how_long_to_wait(ready: float, provisioned: bool, seconds: int) -> None:
    """Waiting is a fifth longer than KAITO's budget, and a quarter of an hour more where nodes are made first."""
    assert wait_seconds(ready, provisioned=provisioned) == seconds


def test_a_model_of_ones_own() -> None:
    """The card of a model outside the catalogue follows from three facts; what no one states is unknown or unchecked."""
    card = own_card("Acme/Big-Chat", weights_gib=27.307, bytes_per_token=204800, max_context_tokens=16384)
    assert (card.id, card.hf_id, card.name, card.organisation, card.preset_name, card.family, card.aliases) == (
        "acme/big-chat", "Acme/Big-Chat", "big-chat", "Acme", "acme/big-chat", "own", (),
    )  # fmt: skip
    assert (card.weights_size, card.weights_bytes, card.disk_gib, card.ready_seconds) == ("27.31Gi", 29323889214, 107, 1800)
    assert card.gated == Unknown("not stated for a model outside the catalogue")
    assert (card.tunable, card.runtimes, card.heads, card.layers) == (False, ("vllm",), 0, 0)


def test_weights_are_written_with_two_decimals() -> None:
    """Bytes, disk and time follow from the size as KAITO writes it, rounded to two decimals."""
    card = own_card("acme/x", weights_gib=127.996, bytes_per_token=2, max_context_tokens=3)
    assert (card.weights_size, card.weights_bytes, card.disk_gib) == ("128.00Gi", 128 * GIB, 208)
    assert card.ready_seconds == 900 + 18 * 128


def test_stated_facts_are_taken() -> None:
    """Facts that the user states are taken as they are."""
    card = own_card("acme/x", weights_gib=1, bytes_per_token=2, max_context_tokens=3, layers=4, heads=5, kv_heads=6, gated=True)
    assert (card.layers, card.heads, card.kv_heads, card.gated, card.gated_source) == (4, 5, 6, True, "user")


@pytest.mark.parametrize("card", models().values(), ids=lambda card: card.id)
def test_a_known_model_by_its_facts(card: ModelCard) -> None:
    """A model described by hand gets the same weights and, attention apart, the same estimate as its entry in the catalogue."""
    own = own_card(
        card.hf_id,
        weights_gib=card.weights_gib,
        bytes_per_token=card.bytes_per_token,
        max_context_tokens=card.max_context_tokens,
        layers=card.layers,
        heads=card.heads,
        kv_heads=card.kv_heads,
    )
    node = Hardware(label="x", gpus=8, node_gpu_memory_bytes=8 * 80 * GIB, gpu_model="NVIDIA X")
    mine, theirs = estimate(own, node), estimate(card, node)
    assert isinstance(mine, Estimate)
    assert isinstance(theirs, Estimate)
    assert (own.weights_bytes, own.weights_size, own.disk_gib) == (card.weights_bytes, card.weights_size, card.disk_gib)
    assert (mine.nodes, mine.gpus_needed, mine.data_parallel) == (theirs.nodes, theirs.gpus_needed, theirs.data_parallel)


@given(st.floats(0, 1e5), st.floats(0, 1e5))
def test_more_weights_never_need_less(one: float, other: float) -> None:
    """More weights need no less disk and no less time."""
    small, big = sorted((one, other))
    assert disk_gib(small) <= disk_gib(big)
    assert 1800 <= ready_seconds(small) <= ready_seconds(big) <= 10800
