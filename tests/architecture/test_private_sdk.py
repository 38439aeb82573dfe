"""Private names of the Pulumi SDK: each is used in one module and there in the version at hand; the SDK has an upper bound."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi import _types
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.runtime import _callbacks
from pulumi.runtime import resource as registration

ROOT = Path(__file__).parents[2]
SDK = ("pulumi", "pulumi-kubernetes", "pulumi-azure-native", "pulumi-policy")
OF_PROVIDER = ("_component_defs", "_type_defs", "_external_enum_types")
PRIVATE = {
    "_callbacks": "offline/sdk.py",
    "_CallbackServicer": "offline/sdk.py",
    "_servicers": "offline/sdk.py",
    "_get_stack_trace": "offline/source.py",
    "_get_source_position": "offline/source.py",
    "import _types": "stack/provider_types.py",
    '"_provider"': "components/cluster_access.py",
    **dict.fromkeys((f"self.{name}" for name in OF_PROVIDER), "components/host.py"),
}
"""Private name, as it is written, to the module that uses it."""
OF_MODULES = re.compile(r"from (pulumi[\w.]*) import ([^\n]*)")


@pytest.mark.parametrize("name", PRIVATE)
def test_one_module_uses_it(modules: Any, name: str) -> None:
    """A private name is in the module of the table, and in no other."""
    before = r"(?<!self\.)(?<!\w)" if name.startswith("_") else r"(?<!\w)"
    word = re.compile(rf"{before}{re.escape(name)}(?!\w)")
    assert [module.path for module in modules if word.search(module.text)] == [PRIVATE[name]]


def test_the_table_has_every_private_name(modules: Any) -> None:
    """No other private name is imported from the SDK, or set on one of its modules."""
    found = {
        name.strip()
        for module in modules
        for _, names in OF_MODULES.findall(module.text)
        for name in names.split(",")
        if name.strip().startswith("_")
    }
    assert found <= {name.removeprefix("import ") for name in PRIVATE}


def test_services_of_callbacks() -> None:
    """The SDK keeps its services in one list, each with its loop, and stops them all."""
    servicer = _callbacks._CallbackServicer
    assert list(servicer._servicers) is not None
    assert "self._loop" in inspect.getsource(servicer.__init__)
    assert inspect.iscoroutinefunction(servicer.shutdown)


@pytest.mark.parametrize("name", ["_get_stack_trace", "_get_source_position"])
def test_positions_of_a_program(name: str) -> None:
    """Registration asks these functions of its module where a resource is declared."""
    assert callable(getattr(registration, name))
    assert f"{name}(" in inspect.getsource(registration)


def test_names_of_inputs() -> None:
    """Arguments of a provider's own classes can be distinguished from others, and read as a mapping."""
    assert callable(_types.is_input_type)
    assert list(inspect.signature(_types.input_type_to_untranslated_dict).parameters) == ["obj"]
    assert callable(_types.is_output_type)
    assert callable(_types._py_properties)
    assert callable(_types.set)


def test_provider_of_a_resource() -> None:
    """A resource keeps the provider that was passed to it."""
    assert "self._provider" in inspect.getsource(pulumi.Resource)


@pytest.mark.parametrize("name", OF_PROVIDER)
def test_definitions_of_components(name: str) -> None:
    """The host of components keeps what it has analysed."""
    assert f"self.{name}" in inspect.getsource(ComponentProvider)


def test_the_sdk_has_an_upper_bound() -> None:
    """Every package of Pulumi has one, as another major version may have other names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    stated = {re.split(r"[<>=~!\[;]", line)[0].strip(): line for line in lines}
    assert [name for name in SDK if name in stated and not re.search(r"<\d", stated[name])] == []
    assert "pulumi" in stated
