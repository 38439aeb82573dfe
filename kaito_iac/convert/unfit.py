"""What of an object a program must not, or cannot, hold: Secrets, and values that Pulumi would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.convert.source import printable
from kaito_iac.kubernetes.schema import Path, dotted, shown
from kaito_iac.problem import Problem
from kaito_iac.stack.pulumi_markers import SIGNATURE, UNKNOWNS

MOST_TEXT: Final = 4 * 2**20
"""Most characters of one object, those of aliases counted as often as they are used."""
AS_YAML: Final = "keep the object as YAML: kubectl apply, or ConfigFile of pulumi_kubernetes.yaml.v2"
"""Fix of what no program can hold."""
SECRET: Final = Problem(
    "KS351",
    "",
    "contains a Secret or credentials, which are never written into a program",
    fix="keep it in the cluster, and give its name to the component (access_secret, push_secret)",
)
"""Reported of an object that contains a Secret."""
TOO_LONG: Final = Problem(
    "KS350", "", f"more than {MOST_TEXT} characters, anchors counted as often as they are used", fix=AS_YAML
)
"""Reported of an object that is not kept at all, for its length."""
_EXACT: Final = 2**53
_SECRET_TYPES: Final = ("Opaque", "kubernetes.io/", "helm.sh/", "bootstrap.kubernetes.io/")


def _inside(value: Any) -> Iterator[tuple[Path, Any]]:
    """Return every value inside, with its path."""
    waiting: list[tuple[Path, Any]] = [((), value)]
    while waiting:
        path, one = waiting.pop()
        yield path, one
        if isinstance(one, Mapping):
            waiting += (((*path, key), part) for key, part in one.items())
        elif isinstance(one, list):
            waiting += (((*path, index), part) for index, part in enumerate(one))


def holds_secret(data: Any) -> bool:
    """Return whether an object is, or holds, a Secret."""
    if isinstance(data, Mapping) and (_is_secret(data) or _is_kubeconfig(data)):
        return True
    return any(
        isinstance(one, Mapping) and ("stringData" in one or _is_raw(one) or ("apiVersion" in one and _is_secret(one)))
        for _, one in _inside(data)
    )


def _is_secret(data: Mapping[str, Any]) -> bool:
    return str(data.get("kind", "")).strip().lower() in ("secret", "secretlist")


def _is_raw(data: Mapping[str, Any]) -> bool:
    """Return whether an object without a kind, as lists of the API hold them, is a Secret by its type."""
    return "kind" not in data and "data" in data and str(data.get("type", "")).startswith(_SECRET_TYPES)


def _is_kubeconfig(data: Mapping[str, Any]) -> bool:
    """Return whether an object holds credentials of a cluster."""
    return "users" in data and "clusters" in data


def unfit(data: Any) -> Iterator[Problem]:
    """Report what Pulumi could not carry unchanged; the length first, for nothing is written beyond it."""
    length, odd = 0, None
    for path, one in _inside(data):
        key = path[-1] if path and isinstance(path[-1], str) else ""
        length += len(key) + (len(one) if isinstance(one, str) else 0)
        if length > MOST_TEXT:
            yield TOO_LONG
            return
        if isinstance(one, int) and abs(one) > _EXACT:
            odd = (path, f"{shown(one)} is a number that Pulumi rounds", "a number up to 2^53, or a text")
        elif isinstance(one, str) and one in UNKNOWNS:
            odd = (path, "a text that Pulumi reads as an unknown value", "another text")
        elif key == SIGNATURE:
            odd = (path[:-1], "a key that Pulumi reserves for itself", "another key")
        elif any("\ud800" <= sign <= "\udfff" for text in (key, one) if isinstance(text, str) for sign in text):
            odd = (path, "text that is not Unicode", "valid Unicode")
    if odd:
        path, message, accepted = odd
        yield Problem("KS350", printable(dotted(path)), message, accepted, AS_YAML)
