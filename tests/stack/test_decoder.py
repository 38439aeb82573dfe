"""A value with Pulumi's marks means the same in a state, on the wire and as a policy is shown it."""

from __future__ import annotations

import pytest
from google.protobuf import struct_pb2

from kaito_iac.offline.values import Decoder as WireDecoder
from kaito_iac.problem import Unknown
from kaito_iac.stack import analyzer
from kaito_iac.stack.decoder import HIDDEN, LATER, Decoder
from kaito_iac.stack.pulumi_markers import ASSET, OUTPUT, REFERENCE, SECRET, SIGNATURE, UNKNOWN_TEXT
from kaito_iac.stack.resource import Secret

KEY = {SIGNATURE: SECRET, "value": {"a": "hidden"}}


def sent(value):
    """The value as a property that the engine sends."""
    struct = struct_pb2.Struct()
    struct.update({"value": value})
    return struct


def on_the_wire(value):
    """The value as the offline engine decodes it."""
    return WireDecoder().struct(sent(value), lambda _: LATER.reason)["value"]


@pytest.mark.parametrize(
    ("value", "state", "wire", "shown"),
    [
        pytest.param({"a": ["x", None, True]}, *[{"a": ["x", None, True]}] * 3, id="plain"),
        pytest.param(KEY, HIDDEN, Secret({"a": "hidden"}), {"a": "hidden"}, id="a secret"),
        pytest.param({SIGNATURE: OUTPUT, "value": [1]}, [1], [1], [1], id="an output that is known"),
        pytest.param({SIGNATURE: OUTPUT}, LATER, LATER, LATER, id="an output that is not"),
        pytest.param({SIGNATURE: OUTPUT, "value": "x", "secret": True}, HIDDEN, Secret("x"), "x", id="an output that is secret"),
        pytest.param({SIGNATURE: OUTPUT, "secret": True}, HIDDEN, Secret(LATER), LATER, id="a secret that is not known"),
        pytest.param([UNKNOWN_TEXT], [LATER], [LATER], [LATER], id="what stands for the unknown"),
        pytest.param(
            {SIGNATURE: ASSET, "text": "x"},
            Unknown("an asset"),
            {"text": "x"},
            Unknown("an asset"),
            id="an asset",
        ),
        pytest.param(
            {SIGNATURE: REFERENCE, "urn": "u"},
            Unknown("a reference to a resource"),
            {"urn": "u"},
            Unknown("a reference to a resource"),
            id="a reference",
        ),
        pytest.param([2.0, 2.5], [2, 2.5], [2, 2.5], [2, 2.5], id="numbers, which the wire has as floats alone"),
        pytest.param(1e300, 1e300, 1e300, 1e300, id="a number too large to be whole"),
    ],
)
def test_marks(value, state, wire, shown):
    """What becomes of a secret differs by source; what a mark says does not."""
    assert Decoder().read(value) == state
    assert on_the_wire(value) == wire
    assert analyzer.plain(sent(value))["value"] == shown
