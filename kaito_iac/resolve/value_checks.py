"""Checks single values: each takes the path and the value, and gives what is wrong with it, or None."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import pulumi

from kaito_iac.admission.vocabulary import LONGEST
from kaito_iac.kubernetes.names import is_image, is_label, is_label_key, is_label_value, is_subdomain
from kaito_iac.problem import Problem
from kaito_iac.resolve.plain_secrets import DEEPEST, redacted

Check = Callable[[str, Any], Problem | None]
"""Path and value to what is wrong with it."""

LONGEST_SHOWN: Final = 60
LARGEST: Final = 2**53
"""Numbers from here on lose digits on their way to the engine."""


def shown(value: Any) -> str:
    """Return a value as a user would recognise it, cut to a readable length."""
    if isinstance(value, pulumi.Output):
        return "an Output"
    if isinstance(value, pulumi.Resource):
        return described(value)
    try:
        text = redacted(repr(value))
    except (ValueError, RecursionError):
        return f"a value of type {type(value).__name__} too large to show"
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


def described(resource: Any) -> str:
    """Return how a message calls a resource that is none of those an argument takes."""
    return str(getattr(resource, "described", f"a {type(resource).__name__}"))


def dns_label(longest: int = 63, *, letter_first: bool = False) -> Check:
    """Make the check for an RFC 1123 label of at most so many characters."""

    def check(path: str, value: Any) -> Problem | None:
        good = isinstance(value, str) and len(value) <= longest and is_label(value)
        if good and not (letter_first and value[0].isdigit()):
            return None
        first = "a letter" if letter_first else "a letter or digit"
        message = f"lower-case letters, digits and '-', {first} first, at most {longest} characters"
        fix = f"{path}={_as_label(value, longest)!r}" if isinstance(value, str) and redacted(value) == value else ""
        if isinstance(value, pulumi.Resource) and hasattr(value, path):
            fix = f"pass its output: {path}=NAME.{path}, with the variable that holds it"
        return Problem("KS104", path, shown(value), message, fix)

    return check


def service_name(kind: str) -> Check:
    """Make the check for the name of an object of KAITO's that has Services: as long as its kind allows, a letter first."""
    return dns_label(LONGEST.get(kind, 63), letter_first=True)


def _as_label(value: str, longest: int) -> str:
    cleaned = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
    return (cleaned if cleaned and cleaned[0].isalpha() else f"a-{cleaned}".rstrip("-"))[:longest].rstrip("-")


def dns_subdomain(path: str, value: Any) -> Problem | None:
    """Check for an RFC 1123 subdomain: the name of a Secret, a ConfigMap, a claim."""
    if isinstance(value, str) and is_subdomain(value):
        return None
    return Problem("KS104", path, shown(value), "the name of an object: lower-case letters, digits, '-' and '.'")


def label_key(path: str, key: str) -> Problem | None:
    """Check the key of a label: an optional prefix and a name as Kubernetes admits them."""
    if is_label_key(key):
        return None
    message = "an optional DNS prefix with '/', then up to 63 letters, digits, '-', '_', '.'"
    return Problem("KS104", path, f"key {shown(key)}", message)


def annotation_key(path: str, key: str) -> Problem | None:
    """Check the key of an annotation, whose prefix may have capitals."""
    return None if is_label_key(key.lower()) else label_key(path, key)


def label_value(path: str, value: Any) -> Problem | None:
    """Check the value of a label."""
    if isinstance(value, str) and is_label_value(value):
        return None
    return Problem("KS104", path, shown(value), "up to 63 letters, digits, '-', '_', '.' as text")


def some_text(path: str, value: Any) -> Problem | None:
    """Check for text, which may be empty."""
    return None if isinstance(value, str) else Problem("KS102", path, shown(value), "text")


def http_url(path: str, value: Any) -> Problem | None:
    """Check for an absolute http or https address without credentials in it."""
    try:
        parts = urlsplit(value) if isinstance(value, str) and not re.search(r"[\s\x00-\x1f\x7f]", value) else None
        good = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good, parts = False, None
    if parts is not None and (parts.password or parts.username):
        return Problem("KS221", path, "an address with credentials in it", "an address without them", "give the key by a Secret")
    return None if good else Problem("KS102", path, shown(value), "an absolute http or https address")


def image(code: str) -> Check:
    """Make the check for a reference to a container image."""

    def check(path: str, value: Any) -> Problem | None:
        good = isinstance(value, str) and is_image(value)
        return None if good else Problem(code, path, shown(value), "an image, such as registry.example.com/team/data:1")

    return check


def manifest(path: str, value: Any, depth: int = 0) -> Problem | None:
    """Check that a value can be written into a manifest: text keys, finite numbers, no endless nesting; Outputs pass."""
    if depth > DEEPEST:
        return Problem("KS102", path, f"more than {DEEPEST} levels", "a manifest as Kubernetes writes it")
    if isinstance(value, Mapping):
        odd = next((key for key in value if not isinstance(key, str)), None)
        if odd is not None:
            return Problem("KS102", path, f"key {shown(odd)}", "keys that are text")
        inner = ((f"{path}.{key}", item) for key, item in value.items())
    elif isinstance(value, list | tuple):
        inner = ((f"{path}[{index}]", item) for index, item in enumerate(value))
    elif value is None or isinstance(value, str | bool | pulumi.Output) or is_number(value):
        return None
    else:
        return Problem("KS102", path, shown(value), "text, a number, true, false, a list or a mapping")
    return next((found for where, item in inner if (found := manifest(where, item, depth + 1))), None)


def is_number(value: Any) -> bool:
    """Return whether a value is a number that keeps its digits on the way to the engine."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < LARGEST and math.isfinite(value)
