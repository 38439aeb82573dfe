"""What the engine shows is read as resources: in the order of the program, with options, reasons and secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.stack.decoder import HIDDEN, LATER
from kaito_iac.stack.engine_preview import Preview, read_preview
from kaito_iac.stack.resource import Secret

LATER_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
STACK = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod"
MAP = "kubernetes:core/v1:ConfigMap"
PROVIDER = "pulumi:providers:kubernetes"


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:prod::shop::{token}::{name}"


def step(op: str, token: str, name: str, inputs: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    side = {"type": token, "urn": urn(token, name), "custom": True, "id": "", "parent": STACK, "inputs": inputs or {}, **more}
    found = {"op": op, "urn": urn(token, name), "type": token, "old": side, "new": None if op == "delete" else side}
    return {"sequence": 1, "timestamp": 1, "resOutputsEvent": {"metadata": found}}


def root(outputs: Mapping[str, Any] | None = None, op: str = "create") -> dict[str, Any]:
    side = {"type": "pulumi:pulumi:Stack", "urn": STACK, "id": "", "parent": "", "inputs": {}, "outputs": outputs or {}}
    return {"resOutputsEvent": {"metadata": {"op": op, "urn": STACK, "type": "pulumi:pulumi:Stack", "old": None, "new": side}}}


def debug(token: str, name: str) -> dict[str, Any]:
    text = f"registering resource: ty={token}, name={name}, custom=True, remote=False\n"
    return {"diagnosticEvent": {"message": text, "severity": "debug"}}


END = {"summaryEvent": {"resourceChanges": {}, "result": "succeeded", "isPreview": True}}


def preview(*events: dict[str, Any], document: Mapping[str, Any] | None = None) -> Preview:
    return read_preview([json.dumps(event).encode() for event in (*events, END)], document)


def names(found: Preview) -> Sequence[str]:
    return [resource.name for resource in found.resources]


@pytest.mark.parametrize(
    ("events", "kept"),
    [
        pytest.param([step("create", MAP, "a"), root()], ["shop-prod", "a"], id="the stack comes first"),
        pytest.param(
            [debug(MAP, "b"), debug(MAP, "a"), step("create", MAP, "a"), step("create", MAP, "b")],
            ["b", "a"],
            id="program's order",
        ),
        pytest.param([step("same", MAP, "a"), step("delete", MAP, "b")], ["a"], id="what is deleted is not in the program"),
        pytest.param([step("refresh", MAP, "a"), step("delete", MAP, "a")], [], id="refreshed, then deleted"),
        pytest.param([step("refresh", MAP, "a"), step("update", MAP, "a")], ["a"], id="refreshed, then updated"),
        pytest.param(
            [step("create-replacement", MAP, "a"), step("replace", MAP, "a"), step("delete-replaced", MAP, "a")],
            ["a"],
            id="replaced, new one first",
        ),
        pytest.param(
            [step("delete-replaced", MAP, "a"), step("create-replacement", MAP, "a")], ["a"], id="replaced, old one first"
        ),
        pytest.param([step("same", MAP, "a"), step("delete", MAP, "a")], ["a"], id="a replaced one of an earlier update goes"),
        pytest.param([step("create", PROVIDER, "default_4_32_0"), step("create", PROVIDER, "lab")], ["lab"], id="own providers"),
        pytest.param([step("juggle", MAP, "a")], ["a"], id="a step that is not known"),
    ],
)
def test_kept(events: list[dict[str, Any]], kept: list[str]) -> None:
    """What the program registers is kept, whatever the engine does about it."""
    assert names(preview(*events)) == kept


def test_replaced_inputs() -> None:
    """Of a replacement the new side counts."""
    found = preview(step("create-replacement", MAP, "a", {"size": 2}), step("delete-replaced", MAP, "a", {"size": 1}))
    assert found.resources[0].inputs == {"size": 2}


def test_values() -> None:
    """A secret is one whose value is not reported, a value of later is unknown, and whole numbers are integers."""
    inputs = {"token": SECRET, "plain": "[secret]", "count": LATER_TEXT, "size": 2.0, "list": [LATER_TEXT]}
    found = preview(root({"key": SECRET}), step("create", MAP, "a", inputs))
    assert found.resources[1].inputs == {
        "token": Secret(HIDDEN),
        "plain": Secret(HIDDEN),
        "count": LATER,
        "size": 2,
        "list": [LATER],
    }
    assert found.exports == {"key": Secret(HIDDEN)}


def test_document() -> None:
    """The document of the same run adds dependencies, so that an unknown value says whose it is, options and lines."""
    state = {
        "propertyDependencies": {"count": [urn(MAP, "a"), urn(MAP, "c")], "size": []},
        "dependencies": [urn(MAP, "a")],
        "ignoreChanges": ["data"],
        "customTimeouts": {"create": 5400},
        "retainOnDelete": True,
        "sourcePosition": "project:///__main__.py#7",
    }
    document = {"steps": [{"op": "create", "urn": urn(MAP, "b"), "newState": state}]}
    made = [step("create", MAP, name, {"count": LATER_TEXT, "size": LATER_TEXT}) for name in "abc"]
    found = preview(*made, document=document).resources[1]
    assert found.inputs == {"count": Unknown("set by outputs of a and c"), "size": LATER}
    assert (found.options.depends_on, found.options.ignore_changes) == ((urn(MAP, "a"),), ("data",))
    assert (found.options.create_seconds, found.options.retain_on_delete) == (5400, True)
    assert found.source == "__main__.py:7"


def test_space() -> None:
    """An object is in the namespace of its provider where it names none."""
    provider = f"{urn(PROVIDER, 'lab')}::{LATER_TEXT}"
    made = step("create", PROVIDER, "lab", {"namespace": "models"}), step("create", MAP, "a", provider=provider)
    assert [found.space for found in preview(*made).resources] == [None, "models"]


def test_looked_up() -> None:
    """What is only read is not the stack's own."""
    found = preview(step("read", MAP, "a"), step("same", MAP, "b", external=True), step("same", MAP, "c"))
    assert [resource.read for resource in found.resources] == [True, True, False]


def test_hostile_lines() -> None:
    """Lines that are no events, and events of odd shapes, are passed over."""
    odd = [b"Installing policy pack\n", b"\xff\xfe", b"[]", b'{"resOutputsEvent": 1}', b'{"resOutputsEvent": {"metadata": {}}}']
    deep = json.dumps({"diagnosticEvent": {"message": 1, "severity": 2, "urn": 3}}).encode()
    assert read_preview([*odd, deep]).resources == ()
