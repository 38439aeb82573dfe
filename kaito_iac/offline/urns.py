"""The names the engine gives to resources."""

from __future__ import annotations

from typing import Final

from pulumi.runtime.proto import alias_pb2

STACK_TYPE: Final = "pulumi:pulumi:Stack"


def build(stack: str, project: str, parent: str, type: str, name: str) -> str:
    """Return the URN of a resource: its type carries the types of its ancestors, the stack left out."""
    ancestors = qualified_type(parent) if parent else ""
    chain = f"{ancestors}${type}" if ancestors and ancestors != STACK_TYPE else type
    return f"urn:pulumi:{stack}::{project}::{chain}::{name}"


def qualified_type(urn: str) -> str:
    """Return the chain of types that a URN carries."""
    return _part(urn, 2)


def type_of(urn: str) -> str:
    """Return the type of the resource itself."""
    return qualified_type(urn).rpartition("$")[2]


def name_of(urn: str) -> str:
    """Return the logical name, which may hold `::` itself."""
    return _part(urn, 3)


def of_alias(alias: alias_pb2.Alias, urn: str, parent: str) -> str:
    """Return the URN that an alias means for the resource that carries it."""
    if alias.WhichOneof("alias") == "urn":
        return alias.urn
    spec, scope = alias.spec, urn.split("::", 2)
    above = "" if spec.WhichOneof("parent") == "noParent" and spec.noParent else (spec.parentUrn or parent)
    return build(
        spec.stack or scope[0].removeprefix("urn:pulumi:"),
        spec.project or scope[1],
        above,
        spec.type or type_of(urn),
        spec.name or name_of(urn),
    )


def package_of(type: str) -> str:
    """Return the package of a type token."""
    return type.partition(":")[0]


def _part(urn: str, index: int) -> str:
    parts = urn.split("::", 3)
    return parts[index] if len(parts) == 4 else ""
