"""Reads the arguments of a component: known values are checked now, Outputs when they are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import pulumi

from kaito_iac.catalog.find import nearest
from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem

Check = Callable[[str, Any], Problem | None]
"""Path and value to what is wrong with it."""
T = TypeVar("T")

DNS_LABEL: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
LABEL_NAME: Final = re.compile(r"[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?")
DNS_SUBDOMAIN: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")


def shown(value: Any) -> str:
    """Gives a value as a user would recognise it, cut to a readable length."""
    if isinstance(value, pulumi.Output):
        return "an Output"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def dns_label(longest: int = 63, *, letter_first: bool = False) -> Check:
    """Makes the check for an RFC 1123 label of at most so many characters."""

    def check(path: str, value: Any) -> Problem | None:
        good = isinstance(value, str) and len(value) <= longest and DNS_LABEL.fullmatch(value)
        if good and not (letter_first and value[0].isdigit()):
            return None
        first = "a letter" if letter_first else "a letter or digit"
        told = f"lower-case letters, digits and '-', {first} first, at most {longest} characters"
        return Problem("KS104", path, shown(value), told, f"{path}={_as_label(str(value), longest)!r}")

    return check


def _as_label(value: str, longest: int) -> str:
    cleaned = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
    return (cleaned if cleaned and cleaned[0].isalpha() else f"a-{cleaned}".rstrip("-"))[:longest].rstrip("-")


def dns_subdomain(path: str, value: Any) -> Problem | None:
    """Checks for an RFC 1123 subdomain: the name of a Secret, a ConfigMap, a claim."""
    if isinstance(value, str) and len(value) <= 253 and DNS_SUBDOMAIN.fullmatch(value):
        return None
    return Problem("KS104", path, shown(value), "the name of an object: lower-case letters, digits, '-' and '.'")


def label_entry(path: str, key: str, value: Any) -> Problem | None:
    """Checks one label: prefix, name and value as Kubernetes admits them."""
    prefix, _, name = key.rpartition("/")
    good_key = LABEL_NAME.fullmatch(name) and (not prefix or (len(prefix) <= 253 and DNS_SUBDOMAIN.fullmatch(prefix)))
    if not good_key:
        return Problem(
            "KS104",
            path,
            f"label key {shown(key)}",
            "an optional DNS prefix with '/', then up to 63 letters, digits, '-', '_', '.'",
        )
    if isinstance(value, pulumi.Output):
        return None
    if not isinstance(value, str) or len(value) > 63 or (value and not LABEL_NAME.fullmatch(value)):
        return Problem("KS104", f"{path}.{key}", shown(value), "up to 63 letters, digits, '-', '_', '.' as text")
    return None


class Reader:
    """Reads one mapping of arguments, remembers every problem, and never raises before `finish`."""

    def __init__(self, args: Mapping[str, Any], known: Sequence[str], *, prefix: str = "") -> None:
        self.args = {key: value for key, value in args.items() if value is not None}
        self.prefix = prefix
        self.problems: list[Problem] = []
        for key in self.args:
            if key not in known:
                near = nearest(str(key), tuple(known))
                fix = f"did you mean {' or '.join(map(repr, near))}?" if near else ""
                self.problems.append(
                    Problem("KS102", prefix + str(key), "not an argument", "one of the documented arguments", fix)
                )

    def path(self, key: str) -> str:
        """Gives the path of a key as the user wrote it."""
        return self.prefix + key

    def add(self, problem: Problem | None) -> None:
        """Remembers a problem, if there is one."""
        if problem:
            self.problems.append(problem)

    def has(self, key: str) -> bool:
        """Tells whether the user gave the key."""
        return key in self.args

    def _plain(self, key: str, accepted: str, required: bool) -> Any:
        value = self.args.get(key)
        if isinstance(value, pulumi.Output):
            fix = "give a plain value: it decides which resources exist, or how many, before anything is created"
            self.add(Problem("KS103", self.path(key), "an Output", f"a plain value: {accepted}", fix))
            return None
        if value is None and required:
            self.add(Problem("KS102", self.path(key), "missing", accepted, f"give {self.path(key)}"))
        return value

    def text(self, key: str, accepted: str = "text", *, required: bool = False, choices: Sequence[str] = ()) -> str | None:
        """Reads a plain text, one of the choices if there are any."""
        accepted = " or ".join(choices) if choices else accepted
        value = self._plain(key, accepted, required)
        if value is None or (isinstance(value, str) and value and (not choices or value in choices)):
            return value
        fix = next((f"{self.path(key)}={near!r}" for near in nearest(str(value), tuple(choices))), "")
        self.add(Problem("KS102", self.path(key), shown(value), accepted, fix))
        return None

    def number(self, key: str, low: int, high: int, unit: str = "") -> int | None:
        """Reads a plain whole number between two bounds; a float without fraction counts, as other languages send it."""
        accepted = f"a whole number from {low} to {high}{unit and ' ' + unit}"
        value = self._plain(key, accepted, False)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and low <= value <= high):
            return value
        self.add(Problem("KS102", self.path(key), shown(value), accepted))
        return None

    def flag(self, key: str, default: bool) -> bool:
        """Reads a plain truth value."""
        value = self._plain(key, "true or false", False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.add(Problem("KS102", self.path(key), shown(value), "true or false"))
            return default
        return value

    def mapping(self, key: str) -> dict[str, Any]:
        """Reads a plain mapping with text keys; its values may be Outputs."""
        value = self._plain(key, "a mapping", False)
        if value is None:
            return {}
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            self.add(Problem("KS102", self.path(key), shown(value), "a mapping with text keys"))
            return {}
        return dict(value)

    def labels(self, key: str) -> dict[str, Any]:
        """Reads labels; values may be Outputs."""
        found = self.mapping(key)
        for name, value in found.items():
            self.add(label_entry(self.path(key), name, value))
        return found

    def items(self, key: str) -> list[Any]:
        """Reads a plain list."""
        value = self._plain(key, "a list", False)
        if value is None:
            return []
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Sequence):
            self.add(Problem("KS102", self.path(key), shown(value), "a list"))
            return []
        return list(value)

    def late(self, key: str, check: Check, default: Any = None) -> Any:
        """Reads a value that may be an Output: checked now if it is known, else as soon as it is."""
        value = self.args.get(key, default)
        if isinstance(value, pulumi.Output):
            return value.apply(lambda known: _pass_or_raise(self.path(key), known, check))
        if value is not None:
            self.add(check(self.path(key), value))
        return value


def _pass_or_raise(path: str, value: Any, check: Check) -> Any:
    problem = check(path, value)
    if problem:
        raise SpecError(path, [problem])
    return value
