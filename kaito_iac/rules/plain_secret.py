"""KN305: no token, key or password is in plain text in an object."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import Field

from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.rule import ResourceRule, Watchful
from kaito_iac.stack.resource import Resource

_SECRET: Final = "kubernetes:core/v1:Secret"
_TOKENS: Final = (
    ("a token of Hugging Face", r"\bhf_[A-Za-z0-9]{16,}"),
    ("a key of an API", r"\bsk-[A-Za-z0-9_-]{16,}"),
    ("a token of GitHub", r"\b(gh[opsu]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})"),
    ("a key of AWS", r"\bAKIA[0-9A-Z]{16}\b"),
    ("a token of Slack", r"\bxox[abpr]-[A-Za-z0-9-]{10,}"),
    ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    ("a key of Azure storage", r"AccountKey=[A-Za-z0-9+/=]{40,}"),
)
_ANY: Final = re.compile("|".join(f"({pattern})" for _, pattern in _TOKENS))
_EXACT: Final = tuple((what, re.compile(pattern)) for what, pattern in _TOKENS)
_SHORTEST: Final = 15
_CARRIERS: Final = frozenset({"env", "data", "stringData", "binaryData", "args", "command", "annotations", "values"})
"""Keys that may hold a token: when one of them is not known, it may be there."""

_HOLDERS: Final = frozenset(
    {"spec", "template", "jobTemplate", "metadata", "containers", "initContainers", "ephemeralContainers", "inference"}
)
"""Keys on the way to one of them."""


class Config(Watchful):
    """Settings of the rule."""

    ignore: tuple[str, ...] = Field((), description="Logical names of resources that may hold what looks like a token.")


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """Look at every text of an object; of a Secret only if the state would keep it readable."""
    if fact.name in config.ignore:
        return
    if fact.type == _SECRET:
        for key in ("data", "stringData"):
            if key not in fact.options.additional_secret_outputs:
                yield from _found(fact.inputs.get(key), key, config, encoded=key == "data")
        yield from _found(fact.inputs.get("metadata"), "metadata", config)
        return
    for key, value in fact.inputs.items():
        if not key.startswith("__") and key != "status":
            yield from _found(value, key, config)


_IDENTIFIER: Final = re.compile(r"(Id|ID|_NAME|Name|_GROUP|Group|Region|REGION|Location|LOCATION|_URL|Url|Endpoint|ENDPOINT)$")
"""Endings of names of values that describe or locate something: no token is called so."""


def _identifies(path: str, name: Any) -> bool:
    """Return whether a value is an identifier, by its key or by the name of its environment variable."""
    last = re.split(r"[.\[\]]+", path.rstrip("]"))[-1]
    return bool(_IDENTIFIER.search(name if last == "value" and isinstance(name, str) else last))


def _found(value: Any, path: str, config: Config, *, encoded: bool = False) -> Iterator[Problem]:
    if isinstance(value, str):
        if len(value) > _SHORTEST and (what := token(_decoded(value) if encoded else value)):
            fix = "store it in a Secret created from a secret configuration value, and name the Secret"
            yield Problem("KN305", path, f"what looks like {what}, in plain text", "the name of a Secret", fix)
    elif isinstance(value, Unknown):
        words = [part for part in re.split(r"[.\[\]]+", path) if part and not part.isdecimal()]
        if words[-1] in _HOLDERS or not _CARRIERS.isdisjoint(words):
            yield from config.unread("KN305", path, value, "a value that is no token")
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            if not (isinstance(entry, Unknown) and _identifies(f"{path}.{key}", value.get("name"))):
                yield from _found(entry, f"{path}.{key}", config, encoded=encoded)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _found(entry, f"{path}[{index}]", config, encoded=encoded)


def token(text: str) -> str:
    """Return what a text looks like; empty for what is no token."""
    return next((what for what, pattern in _EXACT if pattern.search(text)), "") if _ANY.search(text) else ""


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


RULE = ResourceRule(
    code="KN305",
    name="plain-secret",
    title="No token, key or password is in plain text in an object",
    config=Config,
    check=check,
    about="kubernetes:.*",
    why="Everyone who can read the state, the ConfigMap or the pod has the token; it stays in backups.",
    fix="Make a Secret of `config.require_secret(...)` and name it as access_secret or by secretKeyRef; then revoke the token.",
    severity="critical",
    tags=("exposure", "secret"),
)
