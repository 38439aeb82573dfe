"""Writes YAML that every reader takes for the same values: kubectl, kustomize, Helm, Pulumi and YAML 1.2 alike.

Texts that any of them would take for a number, a truth value, null, a date or a time are in quotes, keys too. Texts of several
lines are blocks, nothing is an alias, no line is broken, and everything outside ASCII is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import yaml

_STR: Final = "tag:yaml.org,2002:str"
_SEQ: Final = "tag:yaml.org,2002:seq"
_MAP: Final = "tag:yaml.org,2002:map"
_BARE: Final = "tag:yaml.org,2002:bare"
_WORDS: Final = frozenset(("", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"))
_LIKE_NUMBER: Final = re.compile(
    r"[-+]?(?:"
    r"[0-9_]*\.?[0-9_]*(?:e[-+]?[0-9_]*)?"  # decimal, octal by a leading zero, floats
    r"|0[xob][0-9a-f_]*"  # other radixes
    r"|\.(?:inf|nan)"
    r"|[0-9_]+(?::[0-9]+)+(?:\.[0-9_]*)?"  # base 60: a time of day
    r"|[0-9]{4}-[0-9]{1,2}(?:-.*)?"  # dates and timestamps
    r")",
    re.ASCII,
)
_FIRST: Final = frozenset("+-.0123456789_")
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):  # type: ignore[misc]  # libyaml's dumper where PyYAML has it
    """Writes texts as texts and everything else bare, whatever PyYAML would make of it."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        """Return the tag that needs no mention."""
        if kind is yaml.ScalarNode:
            return _BARE if implicit[0] and needs_quotes(value) else _STR
        return _MAP if kind is yaml.MappingNode else _SEQ


def yaml_text(value: Any) -> str:
    """Return plain data as YAML, keys in the order they have; numbers that JSON cannot say are a ValueError."""
    return str(yaml.serialize_all([_node(value)], Dumper=_Dumper, width=-1))


def one_line(text: str) -> str:
    """Return a text on one line, as a key or within braces: bare where that is safe, else in double quotes."""
    if _PLAIN.fullmatch(text) and not needs_quotes(text):
        return text
    return str(yaml.serialize_all([yaml.ScalarNode(_STR, text, style='"')], Dumper=_Dumper, width=-1)).strip()


@lru_cache(maxsize=4096)
def needs_quotes(text: str) -> bool:
    """Return whether some reader of YAML would take the bare text for something else than a text."""
    lowered = text.lower()
    if lowered in _WORDS:
        return True
    return text[0] in _FIRST and (len(text) > 400 or _LIKE_NUMBER.fullmatch(lowered) is not None)


def _node(value: Any) -> Any:
    """Return a value as the node that is written for it."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        pairs = [(_text(str(key)), _node(inner)) for key, inner in value.items()]
        return yaml.MappingNode(_MAP, pairs, flow_style=not pairs)
    if isinstance(value, list | tuple):
        nodes = [_node(inner) for inner in value]
        return yaml.SequenceNode(_SEQ, nodes, flow_style=not nodes)
    return yaml.ScalarNode(_BARE, _number(value))


def _text(value: str) -> Any:
    if "\n" not in value and needs_quotes(value):
        return yaml.ScalarNode(_STR, value, style="'")
    style = "|" if "\n" in value else None
    if not value.isascii():  # half a surrogate is no character of any encoding
        value = value.encode("utf-8", "replace").decode()
    return yaml.ScalarNode(_STR, value, style=style)


def _number(value: Any) -> str:
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and value - value == 0:
        text = repr(value)
        return text.replace("e", ".0e") if "e" in text and "." not in text else text
    raise ValueError(f"{type(value).__name__} is nothing that JSON can say")
