"""Infers the package schema from the arguments as Python's editors see them."""

import inspect
import re
import sys
import typing
from typing import Any, Final

import pulumi
from pulumi.provider.experimental.analyzer import (
    Analyzer,
    PropertyDefinition,
    PropertyType,
    is_forward_ref,
    is_output,
    is_union,
)

FOREIGN: Final = re.compile("[-_]")
"""What a name of vLLM or of a training has, and a property of a schema has not."""

ANY_INPUT: Final[Any] = pulumi.Input[Any]  # type: ignore[misc]  # Input is an alias, which mypy does not apply at run time


class ArgumentAnalyzer(Analyzer):
    """Reads TypedDicts that inherit, have names that no schema takes, or alternatives that no schema can tell apart."""

    def analyze_property(self, arg: Any, typ: type, name: str, **options: Any) -> PropertyDefinition:
        """Return a property; a dictionary of foreign names is a map of anything, and a true alternative is anything."""
        if typing.is_typeddict(arg) and any(map(FOREIGN.search, arg.__annotations__)):
            values = PropertyDefinition(ref="pulumi.json#/Any", plain=True)
            found = super().analyze_property(dict[str, Any], typ, name, **options)
            return PropertyDefinition(**{**vars(found), "type": PropertyType.OBJECT, "additional_properties": values})
        if is_union(arg) and sum(is_output(one) or is_forward_ref(one) for one in typing.get_args(arg)) > 1:
            arg = ANY_INPUT
        return super().analyze_property(arg, typ, name, **options)

    def get_docstring(self, typ: type, name: str) -> str | None:
        """Return the text under an attribute, also of one that is inherited."""
        found = super().get_docstring(typ, name)
        if found is not None:
            return found
        return next((text for parent in parents(typ) if (text := self.get_docstring(parent, name))), None)


def parents(typ: type) -> list[type]:
    """Return the TypedDicts that one inherits from; at run time it remembers their keys, and not their names."""
    if not typing.is_typeddict(typ):
        return []
    names = re.findall(r"\w+", inspect.getsource(typ).partition("(")[2].partition(")")[0])
    found = [getattr(sys.modules[typ.__module__], name, None) for name in names]
    return [one for one in found if isinstance(one, type) and typing.is_typeddict(one)]
