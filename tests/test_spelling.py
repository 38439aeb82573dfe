"""Names go from camelCase to snake_case and back without a loss."""

import json
from pathlib import Path

import pytest

from kaito_iac.spelling import camel, pythonic, snake

SCHEMA = json.loads((Path(__file__).parents[1] / "components" / "schema.json").read_text())
OURS = sorted(
    {
        name
        for found in (*SCHEMA["resources"].values(), *SCHEMA["types"].values())
        for name in (*found.get("inputProperties", {}), *found.get("properties", {}))
        if name[0].islower()
    }
)


@pytest.mark.parametrize("name", OURS)
def test_every_property_of_the_schema_comes_back(name):
    """A property of the schema has one name in Python, which leads back to it."""
    assert camel(snake(name)) == name
    assert snake(name) == snake(name).lower()


@pytest.mark.parametrize(
    ("one", "other"),
    [("osDiskGiB", "os_disk_gib"), ("memoryMiB", "memory_mib"), ("oidcIssuerUrl", "oidc_issuer_url"), ("preset", "preset")],
)
def test_spellings(one, other):
    """Units and abbreviations are words as Python writes them."""
    assert (snake(one), camel(other)) == (other, one)


def test_outputs_of_another_stack():
    """Keys become snake_case, and what they hold stays as it is."""
    assert pythonic({"nodeClasses": {"aB": 1}, "ready": True}) == {"node_classes": {"aB": 1}, "ready": True}
