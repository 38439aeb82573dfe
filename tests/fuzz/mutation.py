"""Files that are nearly right: a seed with bytes, lines or values replaced by what programs stumble over."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml
from hypothesis import strategies as st


def _deep(levels: int) -> Any:
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, -0.0, 2**31, 2**63, 10**30, 1e308, float("nan"), float("inf")),
    *(
        "",
        " ",
        "a" * 5000,
        "0",
        "-1",
        "1e999",
        "NaN",
        "null",
        "~",
        "yes",
        "08",
        "0x1F",
        "1_000",
        "1:30",
        "2024-13-45",
        "2999-01-01",
    ),
    *(
        "\x00",
        "\x1b[31m",
        "\r\n",
        "\u202e",
        "\ud800",
        "\ufeff",
        "٣",
        "Standard\u200b_ND96",
        "${x}",
        "{{ x }}",
        "../../etc/passwd",
    ),
    *("04da6b54-80e4-46f7-96ec-b56ff0331ba9", "Standard_NC24ads_A100_v4", "kubernetes:core/v1:List", "urn:pulumi:a::b::c::d"),
    *("8Gi", "500m", "1e-400", "9" * 400, "::", "a/b/c", "https://u:p@h", "(" * 50, "a.b" * 40),
    *({}, [], [[]], [None], {"": {}}, {"a": None}, {"1": 1}, {"name": {"name": "x"}}, [{"name": "a"}, {"name": "a"}]),
    {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"},
    {"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", "urn": 3},
    {"key": "a", "operator": "NotIn", "values": []},
    {"apiVersion": "v1", "kind": "List", "items": [{"kind": "List", "items": [3]}]},
    _deep(60),
    _deep(400),
)
"""Values that stand where others were expected."""
PIECES = (
    *(
        b"",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r",
        b"\n",
        b"\n\n---\n",
        b"---\n...\n",
        b"%YAML 9.9\n",
        b"\t",
        b"#",
        b": ",
        b"- ",
    ),
    *(
        b"&a [*a]",
        b"&a {<<: *a}",
        b"!!python/object:os.system x",
        b"!!int x",
        b"!!timestamp x",
        b"? ",
        b"|\n",
        b">-\n",
        b"'",
        b'"',
    ),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b"[" * 300,
        b'{"a":' * 300,
        b"9" * 300,
        b"1e9999",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x98\x80",
        b"null",
    ),
)
"""Bytes that go in where others stood."""


def broken(seeds: tuple[bytes, ...], *, lines: bool = False) -> st.SearchStrategy[bytes]:
    """Give files that differ from a seed in a few bytes, lines or values."""
    return st.one_of(_in_values(seeds, lines), _in_values(seeds, lines), _in_bytes(seeds))


@st.composite
def _in_bytes(draw: Any, seeds: tuple[bytes, ...]) -> bytes:
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        length = draw(st.sampled_from((0, 0, 1, 4, 20, 300)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=6))
        twice = draw(st.booleans()) and data[start : start + length]
        data = data[:start] + (twice or b"") + piece + data[start + length :]
    return data


@st.composite
def _in_values(draw: Any, seeds: tuple[bytes, ...], lines: bool) -> bytes:
    seed = draw(st.sampled_from(seeds))
    parts = _parsed(seed, lines)
    if parts is None:
        return draw(_in_bytes(seeds))  # type: ignore[no-any-return]
    parts = list(parts)
    for _ in range(draw(st.integers(1, 4))):
        index = draw(st.integers(0, len(parts) - 1))
        whole = copy.deepcopy(parts[index])
        places = list(_places(whole))
        value = copy.deepcopy(draw(st.sampled_from(VALUES)))
        if not places:
            parts[index] = value
            continue
        inside, key = places[draw(st.integers(0, len(places) - 1))]
        _put(inside, key, value, draw(st.sampled_from(("value", "value", "value", "drop", "key", "again"))))
        parts[index] = whole
    if lines and draw(st.booleans()):
        parts = draw(st.permutations(parts)) if len(parts) < 300 else parts[::-1]
    text = "\n".join(json.dumps(part, default=str) for part in parts)
    return text.encode()


def _put(inside: Any, key: Any, value: Any, how: str) -> None:
    if how == "drop":
        del inside[key]
    elif how == "key" and isinstance(inside, dict):
        inside[value if isinstance(value, str) else "x"] = inside.pop(key)
    elif how == "again" and isinstance(inside, list):
        inside.append(copy.deepcopy(inside[key]))
    else:
        inside[key] = value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Give every place inside, with what it is in."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        pairs = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        for key, part in list(pairs):
            yield one, key
            waiting.append(part)


@cache
def _parsed(seed: bytes, lines: bool) -> tuple[Any, ...] | None:
    """Return the values of a seed; None for one that holds none."""
    try:
        if lines:
            return tuple(json.loads(line) for line in seed.splitlines() if line.strip())
        documents = tuple(yaml.safe_load_all(seed))
    except (ValueError, yaml.YAMLError):
        return None
    return documents if len(documents) == 1 and isinstance(documents[0], dict | list) else None
