"""The reference page of a component: its arguments, their nested keys, and its outputs, from the lines of its `…Args`."""

import ast
import inspect
import re
import types
import typing
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from kaito_iac.components.argument_analyzer import parents
from kaito_iac.kinds.rows import args_of, inner_args, is_args, lines_of

PLAIN: Final[Mapping[Any, str]] = {str: "text", int: "whole number", float: "number", bool: "true or false", Any: "anything"}
UNITS: Final[Mapping[str, str]] = {
    "_gib": "GiB",
    "_mib": "MiB",
    "_minutes": "minutes",
    "_seconds": "seconds",
    "_tokens": "tokens",
    "context": "tokens",
    "context_window": "tokens",
    "_cooldown": "seconds",
    "evaluation_window": "seconds",
    "cache_window": "seconds",
    "max_price": "USD an hour",
}
LIKE: Final[Mapping[str, str]] = {"OperatorLike": "KaitoOperator", "NodePoolLike": "GpuNodePool", "ClusterLike": "KaitoCluster"}
DEFAULT: Final = re.compile(r"\s*\bDefault: (.*?)\.?\s*$", re.DOTALL)


def page(component: type[pulumi.ComponentResource], examples: Mapping[str, str]) -> str:
    """Return the page of one component; `examples`: argument to how a program of the documentation gives it."""
    args = args_of(component.__name__)
    parts = [f"# {component.__name__}\n\n{inspect.getdoc(component)}\n\n## Arguments\n\n{_table(args, examples)}"]
    parts += [f"## {name}\n\n{inspect.getdoc(one)}\n\n{_table(one, {})}" for name, one in _inside(args).items()]
    rows = [f"| `{name}` | {_cell(text)} | {kind} |" for name, (kind, text) in outputs(component).items()]
    table = "| Output | What it is | Type |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    return "\n".join([*parts, f"## Outputs\n\n{table}"])


def _inside(args: type) -> dict[str, type]:
    """Return the arguments inside arguments by the name of their dictionary, each once."""
    found: dict[str, type] = {}
    for inner in inner_args(args).values():
        found |= {inner.__name__: inner, **_inside(inner)}
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One argument as people look it up."""

    name: str
    type: str
    """In words; a dictionary of arguments as a link to its heading."""
    default: str
    """`required`, the default in words, or empty."""
    unit: str
    text: str
    example: str
    """How a program of the documentation gives it; empty: none does."""


def lines(args: type, examples: Mapping[str, str]) -> list[Line]:
    """Return the arguments of a dictionary in their order."""
    needed: frozenset[str] = getattr(args, "__required_keys__", frozenset())
    texts = _texts(args)
    found = []
    for name, hint in args.__annotations__.items():
        text = " ".join(texts.get(name, "").split())
        default = DEFAULT.search(text)
        stated = "required" if name in needed else (default[1] if default else "")
        example = examples.get(name, "")
        line = Line(name=name, type=_type(hint), default=stated, unit=unit(name), text=DEFAULT.sub("", text), example=example)
        found.append(line)
    return found


def _table(args: type, examples: Mapping[str, str]) -> str:
    rows = []
    places = {name: line.at.path for name, line in lines_of(args).items() if line.at}
    for one in lines(args, examples):
        example = f"`{one.example}`" if one.example else ""
        place = f"`{places[one.name]}`" if one.name in places else ""
        kind = f"{one.type}, {one.unit}" if one.unit else one.type
        cells = (_cell(one.text), kind, _cell(one.default), example, *((place,) if places else ()))
        rows.append(f"| `{one.name}` | " + " | ".join(cells) + " |")
    titles = ["Argument", "What it is", "Type, unit", "Default", "Example", *(["In the manifest"] if places else [])]
    head = f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}\n"
    return head + "\n".join(rows) + "\n"


def outputs(component: type) -> dict[str, tuple[str, str]]:
    """Return the outputs of a component, each with its type and its text."""
    texts = _texts(component)
    return {name: (_type(hint), texts.get(name, "")) for name, hint in component.__annotations__.items()}


def _texts(found: type) -> dict[str, str]:
    """Return the text under each attribute of a class and of the dictionaries it inherits from."""
    inherited = [one for parent in parents(found) for one in _texts(parent).items()]
    (body,) = ast.parse(inspect.getsource(found)).body
    assert isinstance(body, ast.ClassDef)
    return {**dict(inherited), **dict(_attributes(body))}


def _attributes(body: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for one, below in zip(body.body, body.body[1:], strict=False):
        described = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and described:
            yield one.target.id, inspect.cleandoc(str(below.value.value))  # type: ignore[attr-defined]  # checked above


def unit(name: str) -> str:
    """Return the unit of an argument, which is in its name; nothing for one without."""
    return next((unit for end, unit in UNITS.items() if name == end or (end.startswith("_") and name.endswith(end))), "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _type(hint: Any) -> str:
    """Return a type in words."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.NotRequired, typing.Required, typing.Annotated, pulumi.Output):
        return _type(inside[0])
    if origin is typing.Literal:
        return " or ".join(f"`{one}`" for one in inside)
    if origin in (typing.Union, types.UnionType):
        plain = [one for one in inside if not _late(one) and one is not type(None)]
        words = " or ".join(dict.fromkeys(map(_type, plain)))
        absent = " or null" if type(None) in inside else ""
        return f"{words}{absent}{', also an Output' if any(map(_late, inside)) else ''}"
    if origin is list:
        return f"list of {_type(inside[0])}"
    if origin is not None and issubclass(origin, Mapping):
        return f"mapping to {_type(inside[1])}"
    if is_args(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return PLAIN.get(hint) or LIKE.get(getattr(hint, "__name__", ""), "") or str(getattr(hint, "__name__", hint))


def _late(one: Any) -> bool:
    return isinstance(one, typing.ForwardRef) or typing.get_origin(one) in (Awaitable, pulumi.Output)
