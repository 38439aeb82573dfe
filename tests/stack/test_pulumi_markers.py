"""Marks of values that are no plain data: those of Pulumi's SDK and of its policy SDK."""

from __future__ import annotations

from pulumi.runtime import rpc
from pulumi_policy import proxy

from kaito_iac.stack import pulumi_markers as wire


def test_marks_are_those_of_the_sdk() -> None:
    """Every mark is the one that Pulumi's SDK writes and reads."""
    assert wire.SIGNATURE == rpc._special_sig_key
    assert (wire.SECRET, wire.OUTPUT) == (rpc._special_secret_sig, rpc._special_output_value_sig)
    assert (wire.ASSET, wire.ARCHIVE) == (rpc._special_asset_sig, rpc._special_archive_sig)
    assert (wire.REFERENCE, wire.UNKNOWN_TEXT) == (rpc._special_resource_sig, rpc.UNKNOWN)


def test_unknowns_are_those_of_the_policy_sdk() -> None:
    """Every text that the policy SDK takes for unknown is one here, and no other."""
    assert {value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_")} == wire.UNKNOWNS
