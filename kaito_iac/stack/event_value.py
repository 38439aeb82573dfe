"""Reads values of engine events: marks become `Unknown`, and two values are compared without showing what is secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.secrecy import texts_of
from kaito_iac.stack.change import Difference
from kaito_iac.stack.pulumi_markers import ARCHIVE, ASSET, OUTPUT, REFERENCE, SECRET, SIGNATURE, UNKNOWNS

A_SECRET: Final = Unknown("a secret")
LATER: Final = Unknown("known only after the update")
_MARKED: Final[Mapping[Any, Unknown]] = {
    SECRET: A_SECRET,
    ASSET: Unknown("an asset"),
    ARCHIVE: Unknown("an archive"),
    REFERENCE: Unknown("a reference to a resource"),
    OUTPUT: LATER,
}
_CONCEALED: Final = "[secret]"
PLAINTEXT: Final = b'"plaintext"'
"""Key of a secret that is not encrypted."""
_SHOWN: Final = 200
"""Characters of a value that are kept."""
MOST_DIFFERENCES: Final = 40
"""Differences of one resource that are kept."""
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_$][\w$-]*")
_OF_A_SECRET: Final = ("data", "stringData")
_MOST_DEPTH: Final = 60


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value of an event as dictionaries, lists and scalars; secrets and what is not known yet are `Unknown`."""
    if isinstance(value, dict):
        mark = value.get(SIGNATURE)
        if mark is not None:
            return _MARKED.get(mark if isinstance(mark, str) else "", Unknown("a value of an unknown kind"))
        if depth > _MOST_DEPTH:
            return Unknown("nested too deep to be read")
        return {key: plain(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part, depth + 1) for part in value] if depth <= _MOST_DEPTH else Unknown("nested too deep to be read")
    if isinstance(value, str):
        return LATER if value in UNKNOWNS else A_SECRET if value == _CONCEALED else value
    return value


def differences(before: Any, after: Any, *, kind: str = "") -> Iterator[Difference]:
    """Return every property that differs, sorted by path; of a Kubernetes Secret all data is secret."""
    yield from _compare(before, after, "", kind == "Secret")


def _compare(before: Any, after: Any, path: str, secret: bool) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}, key=str):
            hidden = secret and (path != "" or key in _OF_A_SECRET)
            yield from _compare(before.get(key, _ABSENT), after.get(key, _ABSENT), joined(path, str(key)), hidden)
        return
    if isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            old = before[index] if index < len(before) else _ABSENT
            new = after[index] if index < len(after) else _ABSENT
            yield from _compare(old, new, f"{path}[{index}]", secret)
        return
    if before == after and type(before) is type(after) and before != A_SECRET:
        return
    if before == A_SECRET == after:
        return  # neither side can be compared; the engine's own list of paths shows when they differ
    yield _difference(before, after, path, secret)


_ABSENT: Final = object()


def _difference(before: Any, after: Any, path: str, secret: bool) -> Difference:
    if secret or holds_secret(before) or holds_secret(after):
        return Difference(path=path, kind="secret")
    if before is _ABSENT:
        return Difference(path=path, kind="add", after=shown(after))
    if after is _ABSENT:
        return Difference(path=path, kind="delete", before=shown(before))
    if isinstance(after, Unknown):
        return Difference(path=path, kind="unknown", before=shown(before), after=after.reason)
    return Difference(path=path, kind="update", before=shown(before), after=shown(after))


def holds_secret(value: Any) -> bool:
    """Return whether a secret is anywhere in a value."""
    if isinstance(value, Mapping):
        return any(map(holds_secret, value.values()))
    if isinstance(value, list):
        return any(map(holds_secret, value))
    return bool(value == A_SECRET)


def open_secrets(value: Any, depth: int = 0) -> Iterator[str]:
    """Return the secrets that stand in a value as they are, which no engine of today writes."""
    if depth > _MOST_DEPTH or not isinstance(value, dict | list):
        return
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET and isinstance(value.get("plaintext"), str):
        try:
            yield from texts_of(json.loads(value["plaintext"]))
        except ValueError:
            yield value["plaintext"]
        return
    for part in value.values() if isinstance(value, dict) else value:
        yield from open_secrets(part, depth + 1)


def count_secrets(value: Any) -> int:
    """Return how many values are secret."""
    if isinstance(value, Mapping):
        return sum(map(count_secrets, value.values()))
    if isinstance(value, list):
        return sum(map(count_secrets, value))
    return int(value == A_SECRET)


def shown(value: Any) -> str:
    """Return a value as short JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=_unknown, separators=(", ", ": "))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _unknown(value: Any) -> str:
    return f"({value.reason})" if isinstance(value, Unknown) else type(value).__name__


def joined(path: str, key: str) -> str:
    """Return the path of a key below another, as Pulumi writes it."""
    if not _PLAIN_KEY.fullmatch(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key


def digest(value: Any, names: Sequence[str] = ()) -> str:
    """Return a fingerprint of inputs by which equal ones are found, names apart; empty when nothing, or a secret, is in them."""
    if not isinstance(value, Mapping) or not value or holds_secret(value):
        return ""
    text = json.dumps(_nameless(value, names), sort_keys=True, default=_unknown, separators=(",", ":"))
    return blake2b(text.encode(errors="surrogatepass"), digest_size=12).hexdigest()


def _nameless(value: Any, names: Sequence[str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _nameless(part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [_nameless(part, names) for part in value]
    if isinstance(value, str):
        for name in names:
            if value == name or value.startswith(f"{name}-"):
                return f"\0{value[len(name) :]}"
    return value
