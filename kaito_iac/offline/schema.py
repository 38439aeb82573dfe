"""What the JSON schema of a policy does not allow in its settings, in our words; the package jsonschema judges."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jsonschema import ValidationError

Misfit = tuple[str, str, str]
"""Path, what was found, what is accepted."""


def misfits(value: Any, terms: Mapping[str, Any], path: str) -> Iterator[Misfit]:
    """Return everything about a value that a schema does not allow; a schema that is none is a misfit of its own."""
    from jsonschema import Draft202012Validator, SchemaError  # loaded only where a pack is configured

    try:
        Draft202012Validator.check_schema(terms)
    except SchemaError as error:
        yield path, f"settings with a schema that is none ({error.message})", "a JSON schema"
        return
    found = [misfit for error in Draft202012Validator(terms).iter_errors(value) for misfit in _misfit(error, path)]
    yield from sorted(dict.fromkeys(found), key=lambda misfit: misfit[0])


def _misfit(error: ValidationError, path: str) -> Iterator[Misfit]:
    where = path + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    value: Any = error.instance
    term: Any = error.validator_value
    keyword = str(error.validator)
    if keyword == "required":
        yield from ((f"{where}.{name}", "missing", "a value") for name in term if name not in value)
    elif keyword == "additionalProperties" and term is False:
        known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        extra = (name for name in value if name not in known)
        yield from ((f"{where}.{name}", "not a setting", f"one of {', '.join(sorted(known))}") for name in extra)
    elif keyword in _LISTS:
        yield where, f"{len(value)} items", f"{_LISTS[keyword]} {term:g}"
    elif keyword == "uniqueItems":
        yield where, "an item twice", "every item once"
    else:
        words = _WORDS.get(keyword)
        yield where, _shown(value), words(term) if words else f"what {keyword} {_shown(term)} allows"


def _shown(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, default=str)


def _kinds(term: Any) -> str:
    return term if isinstance(term, str) else " or ".join(map(str, term))


_LISTS: Final = {"minItems": "at least", "maxItems": "at most"}
_WORDS: Final[dict[str, Callable[[Any], str]]] = {
    "type": _kinds,
    "enum": lambda term: f"one of {', '.join(map(_shown, term))}",
    "const": _shown,
    "minimum": lambda term: f"at least {_shown(term)}",
    "maximum": lambda term: f"at most {_shown(term)}",
    "exclusiveMinimum": lambda term: f"more than {_shown(term)}",
    "exclusiveMaximum": lambda term: f"less than {_shown(term)}",
    "minLength": lambda term: f"at least {term:g} characters",
    "maxLength": lambda term: f"at most {term:g} characters",
    "pattern": lambda term: f"text that matches {term}",
}
"""By keyword, what is accepted."""
