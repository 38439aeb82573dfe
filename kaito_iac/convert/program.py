"""Writes the stack program of a list of objects: converted ones as calls, the rest as comments in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import yaml

from kaito_iac.convert.decide import KINDS, Given, Outcome, decide
from kaito_iac.convert.source import WIDTH, Constants, literal, named, printable, quoted

HEAD: Final = '"""Kubernetes objects as they stood in manifests; `kaito-iac plan` shows what they mean."""\n'
IMPORT: Final = "\nimport kaito_iac as kaito\n"
_WORDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def decisions(given: Iterable[Given]) -> list[Outcome]:
    """Decides about every object, and names those that are converted."""
    found = [decide(one) for one in given]
    first: dict[tuple[Any, ...], Given] = {}
    taken: dict[str, int] = {}
    for one in found:
        if one.arguments is None:
            continue
        metadata = one.arguments["metadata"]
        space = metadata.get("namespace")
        key = (one.kind, space if isinstance(space, str) else "", metadata.get("name"))
        if metadata.get("name") and key in first:
            earlier = first[key]
            one.why = f"{one.label} stands at {earlier.file}:{earlier.line} already"
            one.rest = {"apiVersion": KINDS[str(one.kind)].version, "kind": one.kind, **one.arguments, **(one.rest or {})}
            one.arguments = None
            continue
        first[key] = one.given
        one.logical = _logical(one, space, taken)
    return found


def _logical(one: Outcome, space: Any, taken: dict[str, int]) -> str:
    """Gives kind and name; with the namespace, then a number, where that is taken; notes that it is, and the last number."""
    kind = _WORDS.sub("-", one.kind or "").lower()
    names = [f"{kind}-{one.name}", *([f"{kind}-{space}-{one.name}"] if isinstance(space, str) and space else [])]
    clean = [re.sub(r"[^a-z0-9._-]+", "-", name, flags=re.ASCII | re.IGNORECASE).rstrip("-")[:250] for name in names]
    chosen = next((name for name in clean if name not in taken), clean[-1])
    while chosen in taken:
        taken[clean[-1]] += 1
        chosen = f"{clean[-1]}-{taken[clean[-1]]}"
    taken[chosen] = 1
    return chosen


def program(outcomes: Sequence[Outcome]) -> str:
    """Gives the whole text, the same for the same objects."""
    constants = Constants()
    parts = [HEAD]
    if any(one.arguments is not None for one in outcomes):
        parts.append(IMPORT)
    for one in outcomes:
        if one.why:
            parts.append("\n" + _comment(one))
        if one.arguments is not None:
            arguments = named(one.arguments, constants, str(one.logical))
            texts = constants.taken()
            parts.append(f"\n{texts}{_call(one, arguments)}")
    return "".join(parts)


def _call(one: Outcome, arguments: dict[str, Any]) -> str:
    rows = [f"    {quoted(str(one.logical))},\n"]
    for key, value in arguments.items():
        start = f"    {key}="
        rows.append(f"{start}{literal(value, 4, WIDTH - len(start) - 1)},\n")
    return f"kaito.{one.kind}(\n{''.join(rows)})\n"


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and everything as often as it is used."""

    def ignore_aliases(self, data: Any) -> bool:
        """Tells that nothing is written as an alias."""
        return True


def _block(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _block)


def _comment(one: Outcome) -> str:
    """Gives what is not converted, and why, as a comment."""
    head = "Not converted" if one.arguments is None else "Not converted as a whole"
    lines = [f"{head}: {printable(one.label)} ({printable(one.given.file)}:{one.given.line}): {printable(one.why)}"]
    if one.rest is not None:
        lines += yaml.dump(one.rest, Dumper=_Dumper, sort_keys=False, width=1000).rstrip("\n").split("\n")
    return "".join(f"{f'# {line}'.rstrip()}\n" for line in lines)
