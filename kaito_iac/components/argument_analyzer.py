"""Infers the package schema from the lines of the arguments: camelCase names, enums of closed choices, any of alternatives."""

import inspect
import re
import sys
import typing
from collections.abc import Mapping
from typing import Any, Final, Literal

import pulumi
from pulumi.provider.experimental.analyzer import (
    Analyzer,
    EnumValueDefinition,
    PropertyDefinition,
    PropertyType,
    TypeDefinition,
    is_forward_ref,
    is_input,
    is_output,
    is_union,
)

from kaito_iac.components.choices import member
from kaito_iac.kinds.rows import in_camel, is_args
from kaito_iac.spelling import camel

ANY_INPUT: Final[Any] = pulumi.Input[Any]  # type: ignore[misc]  # Input is an alias, which mypy does not apply at run time
MARKS: Final[tuple[Any, ...]] = (typing.NotRequired, typing.Required, typing.Annotated)


class ArgumentAnalyzer(Analyzer):
    """Reads dictionaries that inherit, choices, alternatives that no schema can distinguish, and values that are handed on."""

    def analyze_component(self, component: type[pulumi.ComponentResource]) -> Any:
        """Return a component; its arguments may be left out as a whole, which the SDK's own analyzer cannot read."""
        init: Any = component.__init__
        stated = init.__annotations__["args"]
        plain = next((one for one in typing.get_args(stated) if typing.is_typeddict(one)), stated)
        init.__annotations__["args"] = plain
        try:
            return super().analyze_component(component)
        finally:
            init.__annotations__["args"] = stated

    def analyze_dictionary(self, found: type) -> None:
        """Read a dictionary of arguments that no line names as its one type."""
        super().analyze_property(found, found, "", can_be_plain=True, is_component_output=False)

    def analyze_type(self, typ: type, *, is_component_output: bool) -> tuple[dict[str, PropertyDefinition], dict[str, str]]:
        """Return the properties of a type under the names of the schema."""
        if _is_handed_on(typ):
            hints = {name: typing.get_type_hints(one.fget)["return"] for name, one in vars(typ).items() if _is_property(one)}
            found = {
                camel(name): self.analyze_property(hint, typ, name, can_be_plain=False, is_component_output=True)
                for name, hint in hints.items()
            }
            return found, {camel(name): name for name in hints}
        properties, mapping = super().analyze_type(typ, is_component_output=is_component_output)
        found = {camel(mapping[name]): one for name, one in properties.items()}
        return found, {camel(name): name for name in mapping.values()}

    def analyze_property(self, arg: Any, typ: type, name: str, **options: Any) -> PropertyDefinition:
        """Return a property: foreign names are a map of anything, an alternative is anything, a closed choice an enum."""
        if typing.get_origin(arg) in MARKS:
            optional = {"optional": True} if typing.get_origin(arg) is typing.NotRequired else {}
            return self.analyze_property(typing.get_args(arg)[0], typ, name, **{**options, **optional})
        if isinstance(arg, type) and getattr(arg, "_is_protocol", False):
            arg = Any
        if typing.is_typeddict(arg) and not is_args(arg):
            return self._anything(typ, name, options)
        if typing.get_origin(arg) is typing.Literal:
            return self._choice(arg, typ, name, options)
        if typing.get_origin(arg) is Mapping and typing.get_args(arg)[1] is Any:
            return self._values(super().analyze_property(arg, typ, name, **options), plain=None)
        if is_union(arg) and sum(is_output(one) or is_forward_ref(one) for one in typing.get_args(arg)) > 1:
            arg = ANY_INPUT
        elif is_union(arg) and not is_input(arg) and _alternatives(arg) > 1:
            arg = Any
        return super().analyze_property(arg, typ, name, **options)

    def _anything(self, typ: type, name: str, options: Mapping[str, Any]) -> PropertyDefinition:
        """Return a map of anything, which in a program is a dictionary with names of vLLM or of a training."""
        return self._values(super().analyze_property(dict[str, Any], typ, name, **options), plain=True)

    @staticmethod
    def _values(found: PropertyDefinition, *, plain: Literal[True] | None) -> PropertyDefinition:
        """Return a map of anything whose values are needed as they are, or may come later."""
        values = PropertyDefinition(ref="pulumi.json#/Any", plain=plain)
        return PropertyDefinition(**{**vars(found), "type": PropertyType.OBJECT, "additional_properties": values})

    def _choice(self, arg: Any, typ: type, name: str, options: Mapping[str, Any]) -> PropertyDefinition:
        """Return a reference to an enum called after the component and its argument."""
        values = typing.get_args(arg)
        if not all(isinstance(one, str) for one in values):
            return super().analyze_property(Any, typ, name, **options)
        found = super().analyze_property(str, typ, name, **options)
        title = typ.__name__.removesuffix("Args") + "".join(word.capitalize() for word in name.split("_"))
        if title not in self.type_definitions:
            self.type_definitions[title] = TypeDefinition(
                name=title,
                type=PropertyType.STRING,
                properties={},
                properties_mapping={},
                module=typ.__module__,
                python_type=str,
                description=f"Choices of {camel(name)}.",
                enum=[EnumValueDefinition(name=member(one), value=one) for one in values],
            )
        return PropertyDefinition(**{**vars(found), "type": None, "ref": f"#/types/{self.name}:index:{title}"})

    def get_docstring(self, typ: type, name: str) -> str | None:
        """Return the text under an attribute, also of one that is inherited, with names as the schema has them."""
        if _is_handed_on(typ):
            return in_camel(inspect.getdoc(vars(typ)[name]) or "")
        found = super().get_docstring(typ, name)
        if found is not None:
            return in_camel(found)
        return next((text for parent in parents(typ) if (text := self.get_docstring(parent, name))), None)


def _is_handed_on(typ: Any) -> bool:
    return isinstance(typ, type) and issubclass(typ, dict) and not typing.is_typeddict(typ)


def _is_property(one: Any) -> bool:
    return isinstance(one, property)


def _alternatives(arg: Any) -> int:
    return sum(one is not type(None) for one in typing.get_args(arg))


def parents(typ: type) -> list[type]:
    """Return the TypedDicts that one inherits from; at run time it remembers their keys, and not their names."""
    if not typing.is_typeddict(typ):
        return []
    names = re.findall(r"\w+", inspect.getsource(typ).partition("(")[2].partition(")")[0])
    found = [getattr(sys.modules[typ.__module__], name, None) for name in names]
    return [one for one in found if isinstance(one, type) and typing.is_typeddict(one)]
