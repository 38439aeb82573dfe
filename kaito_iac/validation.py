"""Turns what pydantic finds wrong into problems: one wording for policy configurations, quota files, ledgers and presets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Final, Protocol, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from kaito_iac.problem import Problem


def integral(value: Any) -> Any:
    """Return a float without a fraction as a whole number: the policy SDK hands every number over as a float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, Field(strict=True), BeforeValidator(integral)]
"""A whole number."""


class StrictRecord(BaseModel):
    """A frozen record that a person writes: plain values, camelCase keys, nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


def validation_problems(
    code: str, name: str, config: type[StrictRecord], error: ValidationError, fix: str = "correct the policy configuration"
) -> Iterator[Problem]:
    """Report what is wrong with the configuration of a rule, value by value."""
    for entry in error.errors(include_url=False):
        path = ".".join([name, *(str(part) for part in entry["loc"])])
        if entry["type"] == "extra_forbidden":
            keys = _keys(config, entry["loc"][:-1])
            meant = _meant(str(entry["loc"][-1]), keys)
            accepted = f"one of {', '.join(keys)}" if keys else "no key at all"
            yield Problem(code, path, "an unknown key", accepted, f"did you mean {meant}?" if meant else fix)
        elif entry["type"] == "missing":
            yield Problem(code, path, "missing", "a value", fix)
        else:
            context = entry.get("ctx", {})
            accepted = str(context["error"]) if "error" in context else entry["msg"]
            accepted = "a date such as 2027-01-31" if entry["type"].startswith("date_") else accepted
            yield Problem(code, path, f"{entry.get('input')!r}"[:80], _accepted(accepted), fix)


class Lines(Protocol):
    """A document that knows on which line a key or an item is."""

    def line_of(self, path: tuple[str | int, ...]) -> int:
        """Return the line of what a path leads to, or of the nearest thing around it."""


def problems_by_line(
    code: str, document: Lines, name: str, config: type[StrictRecord], error: ValidationError, fix: str
) -> Iterator[Problem]:
    """Report what is wrong with a file that a person wrote, each with its line; `name` is what problems call the file."""
    problems = validation_problems(code, "", config, error, fix)
    for entry, problem in zip(error.errors(include_url=False), problems, strict=True):
        where = f"{name}:{document.line_of(tuple(entry['loc']))}"
        key = problem.path.lstrip(".").removesuffix(".[key]")
        accepted = "a mapping" if entry["type"] in ("model_type", "dict_type") else problem.accepted
        yield Problem(code, where, f"{key}: {problem.found}" if key else problem.found, accepted, problem.fix)


_ACCEPTED: Final = {
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "a valid string": "a text",
    "a valid boolean": "true or false",
    "a valid tuple": "a list",
    "a valid dictionary or instance of Limit": "a mapping",
}
"""What pydantic expects, in the terms of YAML and JSON."""


def _accepted(words: str) -> str:
    """Return what pydantic expects without the words that every message starts with."""
    for start in ("Input should be ", "String should have "):
        if words.startswith(start):
            expected = words.removeprefix(start)
            expected = expected if expected.startswith("'") else expected.split(", ")[0]
            expected = expected.replace("greater than or equal to", "at least").replace("less than or equal to", "at most")
            return _ACCEPTED.get(expected, expected)
    return words[0].lower() + words[1:]


def _keys(config: type[StrictRecord], path: Sequence[str | int]) -> list[str]:
    """Return the keys of a configuration, or of the records inside it that a path leads to."""
    for part in path:
        named = (field for name, field in config.model_fields.items() if part in (name, field.alias))
        config = next((kind for field in named for kind in _records(field.annotation)), config)
    return [field.alias or name for name, field in config.model_fields.items()]


def _meant(key: str, keys: Sequence[str]) -> str:
    """Return the key that a person may have meant; empty where none is near."""
    lower = {one.lower(): one for one in keys}
    near = get_close_matches(key.lower(), list(lower), n=1, cutoff=0.6)
    inside = [one for one in lower if len(key) > 2 and key.lower() in one]
    return lower[(near or inside)[0]] if near or inside else ""


def _records(annotation: Any) -> Iterator[type[StrictRecord]]:
    """Return the records that a type is, or holds at any depth."""
    if isinstance(annotation, type) and issubclass(annotation, StrictRecord):
        yield annotation
    for inner in get_args(annotation):
        yield from _records(inner)
