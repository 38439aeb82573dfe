"""Every resource states the line of the program that made it."""

from __future__ import annotations

from pathlib import Path

import pulumi
from pulumi.runtime import resource as registration

from kaito_iac.offline.run import run_program
from kaito_iac.testing import record

PROGRAM = """\
import pulumi
import kaito_iac as kaito

from parts import Around

kaito.KaitoWorkspace("chat", {
    "preset": "phi-4-mini-instruct", "instance_type": "Standard_NC24ads_A100_v4", "location": "eastus",
})
Around("mine")
pulumi.CustomResource("test:index:Inner", "there", {}, pulumi.ResourceOptions(id="x"))
"""
PARTS = """\
import pulumi


class Around(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("test:index:Around", name)
        pulumi.CustomResource("test:index:Inner", "inner", {}, pulumi.ResourceOptions(parent=self))
"""


def test_lines(tmp_path: Path):
    """A line is that of the user's own files: of a component of ours the call, inside a component of the user's its own."""
    (tmp_path / "Pulumi.yaml").write_text("name: lines\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    (tmp_path / "parts.py").write_text(PARTS)
    recording = run_program(tmp_path)
    assert recording.error is None
    lines = {one.name: one.source for one in recording.resources if one.type != "pulumi:pulumi:Stack"}
    main, parts = tmp_path / "__main__.py", tmp_path / "parts.py"
    assert lines == {
        "chat": f"{main}:6",
        "chat-workspace": f"{main}:6",
        "mine": f"{main}:9",
        "inner": f"{parts}:7",
        "there": f"{main}:10",
    }


def test_the_sdk_is_as_before():
    """What is put in the place of the SDK's walk is taken back."""
    before = registration._get_stack_trace, registration._get_source_position
    record(lambda: None)
    assert (registration._get_stack_trace, registration._get_source_position) == before


def test_resources_are_in_the_order_of_the_program():
    """What waits for inputs is recorded where the program makes it, whenever its inputs become known."""

    def program() -> None:
        early = pulumi.CustomResource("test:index:Inner", "early", {})
        late = early.urn.apply(lambda urn: pulumi.Output.from_input(urn).apply(lambda known: known))
        pulumi.CustomResource("test:index:Inner", "waiting", {"of": late})
        pulumi.CustomResource("test:index:Inner", "ready", {})
        pulumi.CustomResource("test:index:Inner", "read", {}, pulumi.ResourceOptions(id="x"))

    assert [resource.name for resource in record(program).resources[1:]] == ["early", "waiting", "ready", "read"]
