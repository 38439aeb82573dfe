"""Merges settings of several origins: the stack's defaults first, what the program says last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import shown


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Gives both mappings in one: maps merge, lists and values replace, an explicit None removes; neither is changed."""
    result = dict(base)
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


def with_stack_defaults(kind: str, name: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """Gives the arguments of a component over the stack's defaults for its class and, nearer, for its name.

    The stack configuration `kaito-iac:defaults` is an object: class name or component name to arguments.
    """
    defaults = stack_defaults()
    return merged(merged(defaults.get(kind, {}), defaults.get(name, {})), args)


def stack_defaults() -> Mapping[str, Mapping[str, Any]]:
    """Reads `kaito-iac:defaults`; an empty mapping when the stack sets none."""
    path = "kaito-iac:defaults"
    accepted = "an object: class name or component name to arguments"
    try:
        value = pulumi.Config("kaito-iac").get_object("defaults")
    except pulumi.ConfigTypeError:
        raise SpecError("Stack configuration", [Problem("KS106", path, "no JSON object", accepted)]) from None
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(entry, Mapping) for entry in value.values()):
        raise SpecError("Stack configuration", [Problem("KS106", path, shown(value), accepted)])
    return value
