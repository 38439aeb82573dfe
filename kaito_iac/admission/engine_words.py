"""Reads the words that KAITO's server hands to vLLM's parser for `vllm` of inference_config.yaml, as that parser does.

KAITO appends two words for every entry, `--key` and the value as text, whatever the value is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kaito_iac.admission.engine_argument import abbreviated, find_argument
from kaito_iac.admission.vocabulary import natural
from kaito_iac.catalog.engine import EngineArgument

_NUMBER = re.compile(r"-\d+$|-\d*\.\d+$")
_UNIT: Final = re.compile(r"(\d{1,18}(?:\.\d{1,18})?)([kKmMgGtT])")
_POWER: Final[Mapping[str, int]] = {"k": 1, "m": 2, "g": 3, "t": 4}
_WITH_UNIT: Final = ("max-model-len", "max-num-batched-tokens")
OFF = frozenset({"false", "no", "off", "0", "none", ""})
"""Words after a flag, in lower case, that were meant to switch it off."""


@dataclass(slots=True)
class Words:
    """What vLLM's parser makes of the entries."""

    values: dict[str, str] = field(default_factory=dict)
    """Argument to its value; the last entry wins."""
    flags: dict[str, bool] = field(default_factory=dict)
    """Flag to on or off."""
    keys: dict[str, str] = field(default_factory=dict)
    """Argument to the key that was written for it."""
    unknown: list[str] = field(default_factory=list)
    """Keys that are no argument."""
    short: dict[str, str] = field(default_factory=dict)
    """Key that is the beginning of one argument alone, to that argument."""
    left: list[tuple[str, str]] = field(default_factory=list)
    """Flag and the word after it, which it does not take."""
    missing: list[str] = field(default_factory=list)
    """Arguments whose value is read as an option, and so is missing."""
    joined: list[str] = field(default_factory=list)
    """Flags with a value behind an equals sign, which the parser ends over."""

    def text(self, name: str) -> str:
        """Return the value of an argument; empty: not given."""
        return self.values.get(name, "").strip()

    def whole(self, name: str) -> int | None:
        """Return the value of an argument that is a whole number without a sign, or has a unit; None: it has none."""
        text = self.text(name)
        return tokens(text) if name in _WITH_UNIT else natural(text)


def read_words(entries: Mapping[str, str] | Sequence[tuple[str, str]], version: str | None = None) -> Words:
    """Read the entries in their order."""
    words = Words()
    for key, value in entries.items() if isinstance(entries, Mapping) else entries:
        _option(words, f"--{key}", value, key, version)
    return words


def tokens(text: str) -> int | None:
    """Return a number that may have a unit, as vLLM reads it: k is 1000, K is 1024; None: it is none."""
    found = _UNIT.fullmatch(text)
    if found is None:
        return natural(text)
    number, unit = found.groups()
    if unit.islower():
        return int(float(number) * 1000 ** _POWER[unit])
    return None if "." in number else int(number) * 1024 ** _POWER[unit.lower()]


def is_option(word: str) -> bool:
    """Return whether the parser takes a word for an option, and not for a value."""
    return len(word) > 1 and word.startswith("-") and " " not in word and not _NUMBER.match(word)


def _option(words: Words, option: str, value: str | None, key: str, version: str | None) -> None:
    name, equals, given = option.removeprefix("--").partition("=")
    base, dot, inner = name.partition(".")
    base = base.replace("_", "-")
    found = find_argument(base, version)
    if found is None and (longer := abbreviated(base, version)):
        words.short[key] = longer
        found = find_argument(longer, version)
    if found is None or (dot and found[0].kind != "json"):
        words.unknown.append(key)
        if value is not None and is_option(value):
            _option(words, value, None, value.lstrip("-").partition("=")[0], version)
        return
    argument, negative = found
    words.keys[argument.name + dot + inner] = key
    if argument.kind == "flag":
        words.flags[argument.name] = not negative
        if equals:
            words.joined.append(key)
            return
    after = given if equals else value
    _value(words, argument, argument.name + dot + inner, after, key, version)
    if equals and value is not None:
        words.left.append((key, value))


def _value(words: Words, argument: EngineArgument, name: str, value: str | None, key: str, version: str | None) -> None:
    """Give an argument the word after it, or read that word as the next option."""
    if value is not None and is_option(value) and value.startswith("--"):
        if argument.kind != "flag" and not argument.optional:
            words.missing.append(key)
        _option(words, value, None, value.lstrip("-").partition("=")[0], version)
    elif value is not None and is_option(value):
        words.missing.append(key)
    elif argument.kind == "flag":
        if value is not None:
            words.left.append((key, value))
    elif value is None:
        if not argument.optional:
            words.missing.append(key)
    else:
        words.values[name] = value


def captures_graphs(words: Words) -> bool:
    """Return whether vLLM captures CUDA graphs of whole batches, for which hybrid models need a state for every sequence."""
    if words.flags.get("enforce-eager"):
        return False
    mode: Any = words.values.get("compilation-config.cudagraph_mode")
    if mode is None:
        try:
            found = json.loads(words.text("compilation-config") or "{}")
        except ValueError:
            found = {}
        mode = found.get("cudagraph_mode") if isinstance(found, dict) else None
    if mode is not None:
        return str(mode).upper() not in ("NONE", "PIECEWISE", "0", "1")
    return words.text("optimization-level") not in ("0", "1")
