"""Typed arguments: editors complete exactly what the resolver reads and the judge knows."""

import ast
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import kaito_iac
from kaito_iac import kinds
from kaito_iac.admission.engine_argument import is_known, is_secret
from kaito_iac.admission.training import FIELDS
from kaito_iac.catalog.engine import engine_arguments
from kaito_iac.components.package import COMPONENTS, schema
from kaito_iac.kinds import kaito_operator
from kaito_iac.kinds.manifest import notes
from kaito_iac.kinds.rows import is_args, keys_of
from kaito_iac.kinds.training import TrainingArgs
from kaito_iac.kinds.vllm_arguments import VllmArguments


def all_args() -> list[type]:
    """Return every dictionary of arguments."""
    modules = [import_module(f"kaito_iac.kinds.{found.name}") for found in iter_modules(kinds.__path__)]
    return sorted({one for module in modules for one in vars(module).values() if is_args(one)}, key=lambda one: one.__name__)


READ = {
    node.value
    for file in (Path(kaito_iac.__file__).parent / "resolve").rglob("*.py")
    for node in ast.walk(ast.parse(file.read_text()))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
} | {*FIELDS}


READ_AS_A_WHOLE = {kaito_operator.ControllerImageArgs: {"repository", "tag", "pull_policy"}}
"""Arguments that are handed to a chart as they are."""


@pytest.mark.parametrize("args", all_args(), ids=lambda found: found.__name__)
def test_every_line_is_read(args):
    """No argument can be given that the resolver never looks at."""
    steering = {line.name for line in notes(args).values()}  # annotations are read by their lines
    assert set(keys_of(args)) <= READ | READ_AS_A_WHOLE.get(args, set()) | steering


@pytest.mark.parametrize("section", list(FIELDS))
def test_fields_of_a_training_are_those_of_the_judge(section):
    """A section's typed dictionary has the fields that the judge knows of its class."""
    typed = TrainingArgs.__annotations__[section].__args__[0]
    assert sorted(typed.__annotations__) == sorted(FIELDS[section])


def test_arguments_of_vllm_are_those_of_the_catalogue():
    """Every known argument can be typed unless it is a secret, and nothing can be that is not known."""
    typed = set(VllmArguments.__annotations__)
    assert {name for name in engine_arguments() if not is_secret(name)} <= typed
    assert [name for name in typed if not is_known(name)] == []


def test_nested_types_are_described_in_the_schema():
    """Types of the schema, their properties and those that are inherited have a description of their own."""
    types = {token.rpartition(":")[2]: found for token, found in schema()["types"].items()}
    apart = {"ServedModelArgs", *(f"{component.__name__}Args" for component in COMPONENTS)}
    ours = {one.__name__.removesuffix("Args") for one in all_args() if one.__name__ not in apart}
    handed_on = {"Adapter", "Endpoint", "PoolEndpoint"}
    assert {name for name, found in types.items() if "enum" not in found} == ours | handed_on
    said = {f"{name}.{key}": told for name, found in types.items() for key, told in found.get("properties", {}).items()}
    bare = [key for key, told in said.items() if not told.get("description")]
    assert bare == []


def test_foreign_names_are_maps_in_the_schema():
    """Names with hyphens and underscores are no properties of a schema: they stay keys of a map."""
    asked = schema()["resources"]["kaito-iac:index:KaitoWorkspace"]["inputProperties"]["vllm"]
    assert (asked["type"], asked["additionalProperties"]) == ("object", {"$ref": "pulumi.json#/Any"})
    adapters = schema()["resources"]["kaito-iac:index:KaitoWorkspace"]["inputProperties"]["adapters"]
    assert adapters["items"] == {"$ref": "#/types/kaito-iac:index:Adapter"}
