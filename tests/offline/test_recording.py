"""Recordings as data: finding resources, hiding and showing secrets, and what the records cost to import."""

import subprocess
import sys

import pytest

from kaito_iac.offline import NotRecorded, Recording, Resource, Secret, conceal, reveal
from kaito_iac.problem import Unknown


def _resource(name: str, type: str = "a:b:C", parent: str | None = "stack") -> Resource:
    return Resource(urn=f"{type}::{name}", type=type, name=name, parent=parent, custom=True, inputs={}, outputs={})


RECORDING = Recording(
    project="project",
    stack="dev",
    organization="organization",
    dry_run=True,
    resources=(
        _resource("stack", "pulumi:pulumi:Stack", None),
        _resource("one"),
        _resource("two"),
        _resource("two", "x:y:Z", "a:b:C::one"),
    ),
    exports={},
)


def test_finding_a_resource():
    """A resource is found by its name, and by its type too when names repeat."""
    assert RECORDING.by_name("one").urn == "a:b:C::one"
    assert RECORDING.by_name("two", "x:y:Z").parent == "a:b:C::one"
    assert RECORDING.by_urn("a:b:C::two").name == "two"
    assert [resource.urn for resource in RECORDING.children("a:b:C::one")] == ["x:y:Z::two"]


@pytest.mark.parametrize(
    ("name", "type", "said"),
    [
        pytest.param("three", None, "no resource is called 'three'; recorded: one, two", id="nothing of that name"),
        pytest.param("one", "x:y:Z", "no resource is called 'one' of type x:y:Z; recorded: one, two", id="nothing of that type"),
        pytest.param("two", None, "2 resources are called 'two': a:b:C, x:y:Z", id="more than one"),
    ],
)
def test_what_is_not_there(name, type, said):
    """A name that finds nothing, or too much, says what there is."""
    with pytest.raises(NotRecorded) as missing:
        RECORDING.by_name(name, type)
    assert str(missing.value) == said


def test_secrets_hidden_and_shown():
    """Secrets are replaced by a word, or laid open, at any depth; unknown values stay what they are."""
    later = Unknown("later")
    value = {"a": [Secret({"b": Secret("word")}), later], "c": Secret(later)}
    assert conceal(value) == {"a": ["[secret]", later], "c": "[secret]"}
    assert reveal(value) == {"a": [{"b": "word"}, later], "c": later}
    assert (repr(value["a"][0]), f"{Secret(1)}") == ("[secret]", "[secret]")


def test_records_need_no_sdk():
    """The records can be read where the Pulumi SDK is never loaded."""
    code = "import sys, kaito_iac.offline; print('pulumi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
