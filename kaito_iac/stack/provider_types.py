"""Classes of arguments and of results that SDKs of providers have, read by what the Pulumi SDK has for itself."""

from __future__ import annotations

from typing import Any

from pulumi import _types


def is_argument(value: Any) -> bool:
    """Return whether a value is of a class of arguments."""
    return _types.is_input_type(type(value))


def as_mapping(value: Any) -> dict[str, Any]:
    """Return a value of a class of arguments as a mapping, with names as the engine has them."""
    found: dict[str, Any] = _types.input_type_to_untranslated_dict(value)
    return found


def is_result(typ: Any) -> bool:
    """Return whether a class is one of results."""
    return _types.is_output_type(typ)


def properties(typ: Any) -> list[tuple[str, str]]:
    """Return the properties of a class of results: name in Python, and name as the engine has it."""
    return [(python, name) for python, name, _ in _types._py_properties(typ)]


def put(result: Any, name: str, value: Any) -> None:
    """Set a property of a result by its name in Python."""
    _types.set(result, name, value)
