"""Reads YAML as the Pulumi CLI does, by gopkg.in/yaml.v3, and writes values as the JSON that it hands to programs."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime
from typing import Any, Final

from kaito_iac.kubernetes.builder import Dialect
from kaito_iac.kubernetes.scalar import number

_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_INFINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_TIME: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt](?P<t>\d{1,2}:\d{1,2}:\d{1,2})(?P<tf>\.\d{1,9})?(?P<zone>Z|[+-]\d\d:\d\d)"
    r"| (?P<s>\d{1,2}:\d{1,2}:\d{1,2})(?P<sf>\.\d{1,9})?)?",
    re.ASCII,
)
_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class Moment(str):
    """A date or a time, as Go prints it; `iso` is the other way, which defaults of Pulumi.yaml take."""

    iso: str


def plain(text: str) -> Any:
    """Return the value of a scalar without quotes: by the words of YAML 1.2, the numbers of both, and dates."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > 400:
        return text
    moment = _moment(text)
    if moment is not None:
        return moment
    found = number(text)
    if found is None and _INFINITE.fullmatch(text):
        raise ValueError("JSON has no infinity")
    return text if found is None else found


def tagged(tag: str, text: str) -> Any:
    """Return the value of a scalar with a tag; a tag that does not exist leaves it a text."""
    name = tag.removeprefix("tag:yaml.org,2002:")
    if name == "binary":
        return base64.b64decode(text, validate=False).decode("utf-8", errors="replace")
    wanted: tuple[type, ...] | None = {
        "int": (int,),
        "float": (float, int),
        "bool": (bool,),
        "null": (type(None),),
        "timestamp": (Moment,),
    }.get(name)
    if wanted is None:
        return text
    value = plain(text)
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        raise ValueError(f"no {name}")
    return value


def key(value: Any) -> str:
    """Return a key as Go prints it."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _float(value, 4) if isinstance(value, float) else str(value)


PULUMI: Final = Dialect(plain=plain, tagged=tagged, key=key)
"""As the Pulumi CLI reads Pulumi.yaml and the files of stacks."""


def _moment(text: str) -> Moment | None:
    """Return a date or time; None: it is none."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day = map(int, found.groups()[:3])
    hour, minute, second = map(int, (found["t"] or found["s"] or "0:0:0").split(":"))
    zone = found["zone"] or "Z"
    try:
        made = datetime(year, month, day, hour, minute, second)  # only to see whether there is such a time
    except ValueError:
        return None
    rest = (found["tf"] or found["sf"] or "").rstrip("0").rstrip(".")
    offset = zone.replace(":", "")
    shown = "+0000 UTC" if zone == "Z" else f"{offset} {offset}"
    moment = Moment(f"{made:%Y-%m-%d %H:%M:%S}{rest} {shown}")
    moment.iso = f"{made:%Y-%m-%dT%H:%M:%S}{rest}{zone}"
    return moment


def iso(value: Any) -> Any:
    """Return a value of Pulumi.yaml as the CLI takes it: it has gone through YAML twice, so times are as RFC 3339 has them."""
    if isinstance(value, Moment):
        return value.iso
    if isinstance(value, dict):
        return {name: iso(inner) for name, inner in value.items()}
    return [iso(inner) for inner in value] if isinstance(value, list) else value


def text(value: Any) -> str:
    """Return a value as the CLI hands it to a program: a text as it is, nothing as an empty text, the rest as Go's JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else _json(value)


def _json(value: Any) -> str:
    if isinstance(value, str):
        quoted = json.dumps(value, ensure_ascii=False)
        return "".join(_ESCAPES.get(letter, letter) for letter in quoted)
    if isinstance(value, dict):
        inner = (f"{_json(str(name))}:{_json(inner)}" for name, inner in sorted(value.items(), key=lambda pair: str(pair[0])))
        return f"{{{','.join(inner)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_json, value))}]"
    return _float(value, 6) if isinstance(value, float) and value - value == 0 else json.dumps(value, default=str)


def _float(value: float, smallest: int) -> str:
    """Return a float in Go's shortest form: with an exponent below 10 to the minus `smallest`, and from 1e21 on."""
    digits, _, power = repr(value).partition("e")
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    whole, _, fraction = digits.partition(".")
    fraction = "" if fraction == "0" else fraction
    exponent = int(power or 0) + len(whole) - 1
    figures = (whole + fraction).lstrip("0") or "0"
    exponent -= len(whole + fraction) - len((whole + fraction).lstrip("0") or "0")
    if value == 0:
        return "0"
    if exponent < -smallest or exponent >= 21:
        figures = figures.rstrip("0")
        rest = f".{figures[1:]}" if figures[1:] else ""
        return f"{sign}{figures[0]}{rest}e{exponent:+03d}".replace("e-0", "e-")
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{figures}"
    padded = figures.ljust(exponent + 1, "0")
    rest = padded[exponent + 1 :].rstrip("0")
    return f"{sign}{padded[: exponent + 1]}{f'.{rest}' if rest else ''}"
