"""The config of a stack, as the CLI hands it to a program: declared, read, overridden, checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kaito_iac.offline.go_yaml import text as text
from kaito_iac.offline.project import Project, read_yaml
from kaito_iac.offline.recording import Refusal
from kaito_iac.problem import Problem

MISSING: Final = "KO482"
MISTYPED: Final = "KO483"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackConfig:
    """Configuration of a program: texts by full key, and which of them are secret."""

    values: Mapping[str, str]
    secret_keys: tuple[str, ...] = ()
    encrypted: Mapping[str, str] = field(default_factory=dict)
    """By stand-in text, the full key of the value it stands for."""
    plain_secrets: tuple[str, ...] = ()
    """Keys that are declared secret and written in plain text, which the CLI refuses."""


def load(project: Project, stack: str, overrides: Mapping[str, str]) -> StackConfig:
    """Return the config of a stack; refuse missing and mistyped values, all of them at once."""
    reader = Reader(project)
    given = reader.stack_file(stack)
    given |= {_full(project, key): reader.override(_full(project, key), value) for key, value in overrides.items()}
    problems: list[Problem] = []
    for key, declared in project.config.items():
        problems += reader.declare(given, str(key), declared, stack)
    if problems:
        raise Refusal(f"Stack '{stack}' of project '{project.name}'", problems)
    return StackConfig(
        values={key: text(value) for key, value in sorted(given.items())},
        secret_keys=tuple(sorted(key for key in reader.secret if key in given)),
        encrypted=reader.encrypted,
        plain_secrets=tuple(reader.plain_secrets),
    )


class Reader:
    """Reads the configuration of a stack, and takes note of what is secret."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.encrypted: dict[str, str] = {}
        self.secret: set[str] = set()
        self.plain_secrets: list[str] = []
        self._written: set[str] = set()

    def full(self, key: str) -> str:
        """Return a key with its project."""
        return _full(self.project, key)

    def stack_file(self, stack: str) -> dict[str, Any]:
        """Return what the stack's own file sets, encrypted values as stand-ins."""
        file = self.project.config_folder / f"Pulumi.{stack}.yaml"
        if not file.is_file():
            return {}
        config = read_yaml(file).get("config") or {}
        if not isinstance(config, dict):
            raise Refusal(f"Stack '{stack}'", [Problem(MISTYPED, f"{file.name}: config", "no mapping", "keys and values")])
        found = {}
        for key, value in config.items():
            full = _full(self.project, str(key))
            self._written.add(full)
            opened = self._opened(full, value)
            found[full] = opened if isinstance(opened, dict | list) else text(opened)  # scalars are texts to the CLI
        return found

    def override(self, key: str, given: str) -> Any:
        """Return a value from the command line: structured where the project declares structure."""
        declared = {_full(self.project, str(name)): terms for name, terms in self.project.config.items()}.get(key)
        self._written.discard(key)
        if isinstance(declared, dict) and declared.get("type") in ("object", "array") and isinstance(given, str):
            try:
                return json.loads(given)
            except ValueError:
                return given
        return given

    def declare(self, given: dict[str, Any], key: str, declared: Any, stack: str) -> Iterator[Problem]:
        """Apply one declaration: its default, its secrecy, its type."""
        full = _full(self.project, key)
        own = full.startswith(f"{self.project.name}:")
        terms = declared if isinstance(declared, dict) else {"default" if own else "value": declared}
        default = terms.get("default", terms.get("value"))
        if full not in given:
            if default is not None:
                given[full] = default
            elif own:
                yield Problem(MISSING, key, "missing", _expected(terms), f"pulumi config set {key} <value> --stack {stack}")
                return
            else:
                return
        if terms.get("secret"):
            if full in self._written and full not in self.secret:
                self.plain_secrets.append(full)
            self.secret.add(full)
        if "type" in terms and not _fits(str(terms["type"]), terms.get("items"), given[full], self._stands_in):
            shown = "a secret of another type" if full in self.secret else json.dumps(given[full], default=str)
            yield Problem(MISTYPED, key, shown, _expected(terms), f"pulumi config set {key} <value> --stack {stack}")

    def _opened(self, key: str, value: Any) -> Any:
        if isinstance(value, dict) and set(value) == {"secure"}:
            self.secret.add(key)
            token = f"encrypted-{len(self.encrypted)}-7c0d61b2e84f"
            self.encrypted[token] = key
            return token
        if isinstance(value, dict):
            return {str(name): self._opened(key, item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._opened(key, item) for item in value]
        return value

    def _stands_in(self, value: Any) -> bool:
        return isinstance(value, str) and value in self.encrypted


def _full(project: Project, key: str) -> str:
    return key if ":" in key else f"{project.name}:{key}"


def _expected(terms: Mapping[str, Any]) -> str:
    if "type" not in terms:
        return "a value"
    return f"a value of type {_type_name(str(terms['type']), terms.get('items'))}"


def _type_name(name: str, items: Any) -> str:
    return f"{name}<{_type_name(str(items.get('type')), items.get('items'))}>" if isinstance(items, dict) else name


def _fits(kind: str, items: Any, value: Any, stands_in: Callable[[Any], bool]) -> bool:
    """Report whether a value is of a declared type; texts count as what they spell, encrypted values as anything."""
    if stands_in(value):
        return True
    if kind == "string":
        return isinstance(value, str)
    if kind == "integer":
        return not isinstance(value, bool) and (_is_whole(value) or (isinstance(value, str) and _spells_whole(value)))
    if kind == "boolean":
        return isinstance(value, bool) or value in ("true", "false")
    if kind == "object":
        return isinstance(value, dict)
    if kind == "array":
        terms = items if isinstance(items, dict) else {}
        kind, inner = str(terms.get("type")), terms.get("items")
        return isinstance(value, list) and all(_fits(kind, inner, item, stands_in) for item in value)
    return False


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def _spells_whole(text: str) -> bool:
    digits = text.removeprefix("-").removeprefix("+")
    return digits.isascii() and digits.isdigit()
