"""Judges the arguments of vLLM in inference_config.yaml: names, switches, values and the contents of JSON values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import ge, gt, le, lt
from typing import Any, Final

from kaito_iac.admission.engine_argument import HELP, find_argument, is_gone, is_known, is_secret, meant, unknown
from kaito_iac.admission.engine_together import Wrong, missing_found, together_found
from kaito_iac.admission.engine_words import OFF, Words, read_words, tokens
from kaito_iac.catalog.engine import EngineArgument
from kaito_iac.catalog.find import did_you_mean, nearest

WORDS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "integer": (re.compile(r"\s*[-+]?\d+(_\d+)*\s*"), "a whole number"),
    "number": (re.compile(r"\s*[-+]?(\d+(_\d+)*\.?\d*|\.\d+)([eE][-+]?\d+)?\s*|\s*[-+]?(inf|infinity|nan)\s*", re.I), "a number"),
    "size": (
        re.compile(r"\s*(\d+(\.\d+)?[kmgt]|\d+[KMGT]|[-+]?\d+(_\d+)*)\s*"),
        "a whole number, also with k, K, m or M",
    ),
}
"""Kind to the words that its converter takes, and how they are called."""

MOST: Final = 16
"""Words of a list that are named one by one."""


def judge_arguments(entries: Mapping[str, str], version: str | None = None) -> Iterator[Wrong]:
    """Judge the entries of `vllm`, each with its value as the text that KAITO hands on."""
    words = read_words(entries, version)
    for key in words.unknown:
        yield Wrong(key, "KS228", unknown(version), HELP, meant(key.replace("_", "-"), version))
    for key, longer in words.short.items():
        if is_gone(name := key.partition(".")[0].replace("_", "-")):
            yield Wrong(key, "KS228", f"no longer an argument of vLLM, which reads it as {longer}", HELP, meant(name, version))
            continue
        yield Wrong(key, "KS292", f"short for {longer}: vLLM accepts it, KAITO and this tool do not", longer, f"write {longer}")
    yield from _spellings(entries, version)
    yield from switches(words)
    for key in words.missing:
        yield Wrong(key, "KS291", "a value that begins with a hyphen is read as an option", "another value", "")
    for key in words.joined:
        message = "a value behind '=' for a switch: vLLM ends with 'ignored explicit argument'"
        yield Wrong(key, "KS291", message, "no value", f"write {key.partition('=')[0]}: true")
    yield from _dotted(words, version)
    for name, value in words.values.items():
        if f"{name}-plugin" not in words.values and not (name == "tool-call-parser" and "tool-parser-plugin" in words.values):
            yield from judge_value(words.keys[name], name, value, version)
    yield from together_found(words)


def secrets_found(names: Iterable[str]) -> Iterator[Wrong]:
    """Report which arguments are secrets: everyone with read access to ConfigMaps would see them."""
    for key in names:
        if is_secret(key.replace("_", "-")):
            yield Wrong(key, "KS221", "a secret in a ConfigMap", "no secret", "put authentication in front")


def _spellings(entries: Mapping[str, str], version: str | None) -> Iterator[Wrong]:
    for key in entries:
        base, dot, rest = key.partition(".")
        name = base.replace("_", "-") + dot + rest
        if name != key and is_known(name, version):
            message = "underscores: vLLM accepts them, KAITO reads and checks only the spelling with hyphens"
            yield Wrong(key, "KS292", message, name, f"write {name}")


def switches(words: Words) -> Iterator[Wrong]:
    """Report which flags do not do what their value says: KAITO hands `--key True` on, and vLLM's flags take no value."""
    for key, word in words.left:
        found = find_argument(key.replace("_", "-"))
        if word.strip().lower() in OFF and found:
            argument, negative = found
            to = "off" if negative else "on"
            fix = argument.name if negative else f"no-{argument.name}" if argument.negative else ""
            message = f"{word}, which KAITO passes as '--{key} {word}': the flag takes no value and is switched {to}"
            yield Wrong(key, "KS290", message, f"true, or no {key} at all", f"write {fix}: true" if fix else f"leave {key} out")
    if len(words.left) > 1:
        (first, before), (second, word) = words.left[:2]
        names = ", ".join(key for key, _ in words.left)
        message = f"switches {names}: KAITO hands each on with a value, and vLLM ends with 'unrecognized arguments: {word}'"
        yield Wrong(
            second,
            "KS290",
            message,
            "at most one switch with a value",
            f"write two in one: '{_meant(first, before)}: --{_meant(second, word)}'",
        )


def _meant(key: str, word: str) -> str:
    """Return the switch that a key and its word mean: the negative form of one that is switched off."""
    name = key.replace("_", "-")
    found = find_argument(name)
    if word.strip().lower() not in OFF or found is None:
        return key
    argument, negative = found
    return argument.name if negative else f"no-{argument.name}" if argument.negative else key


def judge_value(key: str, name: str, value: str, version: str | None = None) -> Iterator[Wrong]:
    """Report what the converter of an argument refuses of its value."""
    found = find_argument(name.partition(".")[0], version)
    if found is None or "." in name or (value in ("", "None") and found[0].none):
        return
    argument = found[0]
    if argument.kind == "json":
        yield from _json(key, argument, value)
    elif argument.choices and value not in argument.choices:
        near = nearest(value, argument.choices)
        accepted = ", ".join(argument.choices)
        yield Wrong(key, "KS291", f"'{value[:60]}': vLLM ends with 'invalid choice'", accepted, did_you_mean(near))
    elif name == "max-model-len" and value.strip().lower() == "auto":
        return
    elif argument.kind in WORDS and not WORDS[argument.kind][0].fullmatch(value):
        yield Wrong(key, "KS291", f"'{value[:60]}': vLLM ends with an error", WORDS[argument.kind][1], "")
    elif within := beyond(_number(value), argument.limits):
        yield Wrong(key, "KS291", f"{value.strip()[:60]}: vLLM ends with an error", within, "", later=True)
    elif argument.kind == "text" and argument.mapping and name != "pt-load-map-location" and not _is_object(value):
        yield Wrong(key, "KS291", f"'{value[:60]}': no object of JSON", "an object", f"{key}: '{{…}}'", later=True)
    elif argument.later and value.upper() not in {word.upper() for word in argument.later}:
        near = nearest(value, argument.later)
        accepted = f"one of its {len(argument.later)} words" if len(argument.later) > MOST else ", ".join(argument.later)
        yield Wrong(key, "KS291", f"'{value[:60]}': vLLM ends with an error", accepted, did_you_mean(near), later=True)


def _dotted(words: Words, version: str | None) -> Iterator[Wrong]:
    """Judge keys of JSON arguments that are written one by one (`speculative-config.method`), which vLLM puts together."""
    objects: dict[str, dict[str, Any]] = {}
    for name, value in words.values.items():
        base, *inner = name.split(".")
        for key in inner[:1]:
            rest: Any = _json_value(value) if len(inner) == 1 else {}
            objects.setdefault(base, {})[key.removesuffix("+")] = rest
    for base, found in objects.items():
        known = find_argument(base, version)
        if known is not None:
            yield from _object(base, known[0], found)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _json_value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text if tokens(text) is None else tokens(text)


_SIGNS: Final[Mapping[str, tuple[Callable[[float, float], bool], str]]] = {
    "gt": (gt, "more than"),
    "ge": (ge, "at least"),
    "lt": (lt, "less than"),
    "le": (le, "at most"),
}


def beyond(number: float | None, limits: Mapping[str, float]) -> str:
    """Return the bounds of a number that is beyond one of them; empty: it is within, or no plain number."""
    if number is None or all(_SIGNS[sign][0](number, bound) for sign, bound in limits.items()):
        return ""
    return " and ".join(f"{_SIGNS[sign][1]} {bound:g}" for sign, bound in limits.items())


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _json(key: str, argument: EngineArgument, value: str) -> Iterator[Wrong]:
    """Report what is wrong inside a JSON argument: its syntax, keys it does not have, words a key does not take."""
    try:
        found = json.loads(re.sub(r"\b(\d+)(?:\.\d+)?[kKmMgGtT]\b", r"\1", value) if argument.fields else value)
    except ValueError:
        yield Wrong(key, "KS291", f"'{value[:60]}': no JSON, vLLM ends with an error", "JSON in one line", f"{key}: '{{…}}'")
        return
    if argument.mapping and not isinstance(found, dict):
        yield Wrong(key, "KS291", f"'{value[:60]}': no object of JSON", "an object", f"{key}: '{{…}}'")
        return
    if isinstance(found, dict):
        yield from _object(key, argument, found)


def _object(key: str, argument: EngineArgument, found: Mapping[str, Any]) -> Iterator[Wrong]:
    """Report what is wrong with the keys of an object."""
    if argument.fields is None:
        return
    for inner, given in found.items():
        yield from _field(f"{key}.{inner}", argument.fields, inner, given)
        number = given if isinstance(given, int | float) and not isinstance(given, bool) else None
        if accepted := beyond(number, argument.field_limits.get(inner, {})):
            yield Wrong(f"{key}.{inner}", "KS291", f"{given}: vLLM ends with an error", accepted, "", later=True)
    if argument.fields.keys() >= found.keys():
        yield from missing_found(key, argument.name, found)


def _field(path: str, fields: Mapping[str, tuple[Any, ...] | None], name: str, value: Any) -> Iterator[Wrong]:
    if name not in fields:
        near = nearest(name, tuple(fields))
        message = "no key of this argument: vLLM ends with an error"
        accepted = ", ".join(sorted(fields)) if len(fields) <= MOST else f"one of its {len(fields)} keys"
        yield Wrong(path, "KS291", message, accepted, did_you_mean(near))
        return
    words = fields[name]
    if words is not None and value is not None and value not in words:
        near = nearest(str(value), tuple(map(str, words)))
        accepted = ", ".join(map(str, words)) if len(words) <= MOST else f"one of its {len(words)} words"
        yield Wrong(path, "KS291", f"{json.dumps(value)[:60]}: vLLM ends with an error", accepted, did_you_mean(near))
