"""The reference page of a plan's JSON, made of its JSON schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def plan_page(schema: Mapping[str, Any]) -> str:
    """Return the page for people: one table for the plan and one for every record inside it."""
    lines = [
        "# JSON of a plan",
        "",
        "<!-- Generated from plan.schema.json. -->",
        "",
        schema["description"],
        "Keys are always there. A new key comes with a new schema file; `schema` grows when a key changes its meaning.",
        "",
        *_table(schema),
    ]
    for name, terms in schema["$defs"].items():
        lines += ["", f"## {name}", "", terms.get("description", ""), "", *_table(terms)]
    return "\n".join(lines) + "\n"


def _table(terms: Mapping[str, Any]) -> Iterator[str]:
    yield from ("| Key | Type | Meaning |", "|---|---|---|")
    for path, inner in _rows(terms, ""):
        yield f"| `{path}` | {_type(inner)} | {inner.get('description', '')} |"


def _rows(terms: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return the keys of an object, and of objects and lists of objects written out inside it."""
    for key, inner in terms.get("properties", {}).items():
        yield f"{prefix}{key}", inner
        yield from _rows(inner, f"{prefix}{key}.")
        if "properties" in inner.get("items", {}):
            yield from _rows(inner["items"], f"{prefix}{key}[].")


def _type(terms: Mapping[str, Any]) -> str:
    if "$ref" in terms:
        name = terms["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "const" in terms:
        return f"`{terms['const']}`"
    if "enum" in terms:
        return ", ".join(f"`{value}`" for value in terms["enum"])
    if "oneOf" in terms:
        return " or ".join(_type(choice) for choice in terms["oneOf"])
    kind = terms["type"]
    if kind == "array":
        return f"list of {_type(terms['items'])}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
