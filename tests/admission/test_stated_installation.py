"""Provisioner and feature gates that are stated: what judges by them, and what of them cannot be read."""

from __future__ import annotations

import os

import pytest

from kaito_iac.admission.stated_installation import gates_of, stated, stated_gates, stated_settings


def test_inside_and_after_the_block(monkeypatch):
    """What is stated holds inside the block, for processes that it starts too, and not after it."""
    monkeypatch.delenv("KAITO_IAC_GATES", raising=False)
    monkeypatch.setenv("KAITO_IAC_PROVISIONER", "karpenter")
    with stated("byo", ["enableMIG=true", "vLLM=False"]):
        assert stated_settings() == {"provisioner": "byo", "featureGates": {"enableMIG": True, "vLLM": False}}
        assert os.environ["KAITO_IAC_GATES"] == "enableMIG=true vLLM=False"
    assert stated_settings() == {"provisioner": "karpenter"}
    with stated(None, ()):
        assert stated_settings() == {"provisioner": "karpenter"}


def test_what_cannot_be_read(monkeypatch):
    """A variable that cannot be read states nothing, so that KAITO's defaults are judged by."""
    monkeypatch.setenv("KAITO_IAC_PROVISIONER", "magic")
    monkeypatch.setenv("KAITO_IAC_GATES", "enableMIG=true enableMoG=true")
    assert (stated_gates(), stated_settings()) == ({}, {})


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        ("enableMoG=true", "'enableMoG' is none of vLLM, "),
        ("enableMIG=on", "'enableMIG=on' is no enableMIG=true or enableMIG=false"),
    ],
)
def test_gates_that_kaito_lacks(pair, told):
    """A gate that KAITO does not have, or a value that is no truth value, is refused."""
    with pytest.raises(ValueError, match=f"^{told}"):
        gates_of([pair])
