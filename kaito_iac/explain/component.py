"""What an argument or output of a component is, from the lines of its `…Args` that also make the reference page."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

from kaito_iac.catalog.find import nearest
from kaito_iac.components.reference_page import Line, lines, outputs
from kaito_iac.explain.code import argument_examples
from kaito_iac.explain.name import component_names, public_homes
from kaito_iac.kinds.rows import args_of, inner_args
from kaito_iac.spelling import snake

LINK: Final = re.compile(r"\[(\w+)\]\(#\w+\)")
"""A type that is a dictionary of arguments, as the reference page links it."""


class NotThere(Exception):
    """Report that a component has no such argument or output, and what it has."""

    def __init__(self, path: str, name: str, known: tuple[str, ...]) -> None:
        self.path = path
        self.name = name
        self.known = known
        self.near = nearest(name, known)
        super().__init__(f"{path} has no {name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentExplanation:
    """A component, one of its arguments or outputs, and the arguments inside."""

    path: str
    """Such as KaitoWorkspace.partition."""
    about: str
    line: Line | None = None
    """The argument or output itself; None for a component."""
    output: bool = False
    """Whether the line is an output."""
    inside: tuple[Line, ...] = ()
    """Arguments of the component, or of the dictionary that the argument takes."""
    outputs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Name to type and text."""
    page: str = ""
    """Name of the component, whose reference page says more."""

    def as_json(self) -> dict[str, Any]:
        """Return the explanation as plain data."""
        found: dict[str, Any] = {"path": self.path, "about": self.about}
        if self.line is not None:
            found["output" if self.output else "argument"] = _plain(self.line)
        found["arguments"] = [_plain(one) for one in self.inside]
        return {**found, "outputs": [{"name": name, "type": kind, "text": text} for name, (kind, text) in self.outputs.items()]}


def _plain(line: Line) -> dict[str, Any]:
    kind = LINK.sub(r"\1", line.type).replace("`", "")
    data = {"name": line.name, "type": kind, "required": line.default == "required"}
    default = "" if line.default == "required" else line.default
    return {**data, "default": default, "unit": line.unit, "text": line.text, "example": line.example}


def explain_component(name: str, arguments: tuple[str, ...]) -> ComponentExplanation:
    """Explain a component by its class name, or an argument or output below it; raises NotThere for one it has not."""
    component = component_names()[name.lower()]
    made = getattr(import_module("kaito_iac"), component)
    args = args_of(component)
    attributes = outputs(made)
    if not arguments:
        found = tuple(lines(args, argument_examples(component)))
        return ComponentExplanation(
            path=component, about=inspect.getdoc(made) or "", inside=found, outputs=attributes, page=_page(component)
        )
    first = snake(arguments[0])
    if first in attributes and first not in args.__annotations__:
        kind, text = attributes[first]
        line = Line(name=first, type=kind, default="", unit="", text=text, example="")
        return ComponentExplanation(path=f"{component}.{first}", about="", line=line, output=True, page=_page(component))
    return _argument(component, args, arguments, tuple(attributes))


def _argument(component: str, args: type, arguments: tuple[str, ...], other: tuple[str, ...]) -> ComponentExplanation:
    path, examples = component, argument_examples(component)
    line, inner, about = None, args, ""
    for given in arguments:
        known = {} if inner is None else {one.name: one for one in lines(inner, examples)}
        name = snake(given)
        if name not in known:
            raise NotThere(path, given, (*known, *other))
        inside = inner_args(inner)
        line, path, examples, other = known[name], f"{path}.{name}", {}, ()
        inner = inside.get(name)  # type: ignore[assignment]  # None ends the way
        about = "" if inner is None else _about(inner)
    found = () if inner is None else tuple(lines(inner, {}))
    return ComponentExplanation(path=path, about=about, line=line, inside=found, page=_page(component))


def _page(component: str) -> str:
    from kaito_iac.components.package import COMPONENTS

    return component if component in {one.__name__ for one in COMPONENTS} else ""


def _about(args: type) -> str:
    return (inspect.getdoc(args) or "").split("\n\n")[0]


def explain_args(name: str) -> ComponentExplanation | None:
    """Explain a dictionary of arguments by its public name, such as PartitionArgs; None for any other name."""
    home = public_homes().get(name)
    if home is None or not name.endswith("Args"):
        return None
    args = getattr(import_module(f"kaito_iac.{home}"), name)
    return ComponentExplanation(path=name, about=_about(args), inside=tuple(lines(args, {})))
