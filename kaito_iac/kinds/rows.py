"""Reads the lines of an `…Args` dictionary: each is one argument, with its type, and the arguments inside it."""

from __future__ import annotations

import pkgutil
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

from kaito_iac.kinds.field import At
from kaito_iac.spelling import camel, snake

MARKS: Final[tuple[Any, ...]] = (typing.NotRequired, typing.Required, typing.Annotated)
NAME: Final = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
UNIONS: Final[tuple[Any, ...]] = (typing.Union, types.UnionType)


def args_of(component: str) -> type:
    """Return the `…Args` dictionary of a component by the component's class name."""
    found: type = getattr(import_module(f"kaito_iac.kinds.{snake(component).lower()}"), f"{component}Args")
    return found


def is_args(hint: Any) -> bool:
    """Return whether a type is a dictionary of our arguments, and not of names that vLLM or a training has given."""
    return typing.is_typeddict(hint) and hint.__name__.endswith("Args")


@cache
def argument_names() -> frozenset[str]:
    """Return the names of all arguments of all components, and of what components hand on."""
    import kaito_iac.kinds as room

    found = {"context_tokens"}
    for module in pkgutil.iter_modules(room.__path__):
        for one in vars(import_module(f"{room.__name__}.{module.name}")).values():
            found.update(keys_of(one) if is_args(one) else ())
    return frozenset(found)


@cache
def keys_of(args: type) -> tuple[str, ...]:
    """Return the names of the arguments in the order of their lines, those of a parent first."""
    return tuple(args.__annotations__)


@dataclass(frozen=True, slots=True)
class Line:
    """One argument, as its line in the `…Args` dictionary states it."""

    name: str
    hint: Any
    """Its type, without marks."""
    at: At | None
    """Its path in the manifest; None: it has none and decides other things."""

    @property
    def choices(self) -> tuple[Any, ...]:
        """Return the values it takes; none: others than a list of them."""
        return typing.get_args(self.hint) if typing.get_origin(self.hint) is typing.Literal else ()


@cache
def lines_of(args: type) -> Mapping[str, Line]:
    """Return the lines of a dictionary of arguments by their names."""
    found = {}
    for name, hint in args.__annotations__.items():
        at = None
        while typing.get_origin(hint) in MARKS:
            at = next((mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, At)), at)
            hint = hint.__origin__ if hasattr(hint, "__metadata__") else typing.get_args(hint)[0]
        found[name] = Line(name, hint, at)
    return found


@cache
def inner_args(args: type) -> Mapping[str, type]:
    """Return the arguments that hold arguments of their own, or a list or mapping of them, to their dictionary."""
    return {name: found for name, hint in args.__annotations__.items() if (found := _dictionary(hint)) is not None}


@cache
def by_camel(args: type) -> Mapping[str, str]:
    """Return the names of the arguments as the schema has them, each with its name in Python."""
    return {camel(name): name for name in keys_of(args)}


def in_camel(text: str) -> str:
    """Return a text with the names of arguments in camelCase."""
    known = argument_names()
    return NAME.sub(lambda found: camel(found[0]) if found[0] in known else found[0], text)


def from_camel(args: type, given: Any) -> Any:
    """Return camelCase arguments in snake_case; names that no line has, and what Kubernetes or vLLM name, stay as they are."""
    if isinstance(given, list):
        return [from_camel(args, one) for one in given]
    if not isinstance(given, Mapping):
        return given
    names, inner = by_camel(args), inner_args(args)
    found = {}
    for key, value in given.items():
        name = names.get(key, key)
        if name in inner and name in maps(args) and isinstance(value, Mapping):
            found[name] = {own: from_camel(inner[name], one) for own, one in value.items()}
        else:
            found[name] = from_camel(inner[name], value) if name in inner else value
    return found


@cache
def maps(args: type) -> frozenset[str]:
    """Return the arguments that map names of the user's own to arguments."""
    return frozenset(name for name, line in lines_of(args).items() if typing.get_origin(line.hint) is Mapping)


def _dictionary(hint: Any) -> type | None:
    """Return the `…Args` dictionary that a type holds, through marks, alternatives and lists."""
    if typing.is_typeddict(hint):
        return hint if is_args(hint) else None
    origin = typing.get_origin(hint)
    if origin in MARKS:
        return _dictionary(typing.get_args(hint)[0])
    if origin in UNIONS or origin in (list, Mapping):
        return next((found for one in typing.get_args(hint) if (found := _dictionary(one)) is not None), None)
    return None
