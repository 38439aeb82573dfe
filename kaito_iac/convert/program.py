"""Writes the stack program of a list of objects: converted ones as calls, the rest as comments in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from kaito_iac.convert.decide import KINDS, Given, Outcome, decide
from kaito_iac.convert.name import Names
from kaito_iac.convert.proposal import Nodes, pool_args
from kaito_iac.convert.source import WIDTH, Constants, Reference, literal, named, printable, quoted
from kaito_iac.kubernetes.yaml_text import yaml_text
from kaito_iac.problem import Problem

HEAD: Final = '"""Kubernetes objects as they are in manifests; `kaito-iac plan` shows what they mean."""\n'
PRESETS_HEAD: Final = """\
\"""Kubernetes objects of manifests, made by components where these make the same; `kaito-iac plan` shows what they mean.

Components add their own annotations, `pulumi.com/waitFor`, `pulumi.com/skipAwait` and `kaito-iac/target-nodes`, and write
the namespace `default` where none is named; a comment above an object names every other difference, or why no component is used.
\"""
"""
IMPORT: Final = "\nimport kaito_iac as kaito\n"
ADOPTING: Final = ("KaitoWorkspace", "KaitoInferenceSet", "KaitoRagEngine")
"""Components that take over an object that exists."""
_WORDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def decisions(given: Iterable[Given]) -> list[Outcome]:
    """Decide about every object, and names those that are converted."""
    found = [decide(one) for one in given if not _is_kustomization(one.data)]
    first: dict[tuple[Any, ...], Given] = {}
    names = Names()
    for one in found:
        if one.arguments is None:
            continue
        metadata = one.arguments["metadata"]
        space = metadata.get("namespace")
        key = (one.kind, space if isinstance(space, str) else "", metadata.get("name"))
        if metadata.get("name") and key in first:
            earlier = first[key]
            twice = f"{one.label} is at {earlier.file}:{earlier.line} already"
            one.problem = Problem("KS297", "metadata.name", twice, "one object of a kind and name", "remove one of them")
            one.rest = {"apiVersion": KINDS[str(one.kind)].version, "kind": one.kind, **one.arguments, **(one.rest or {})}
            one.arguments = None
            continue
        first[key] = one.given
        one.logical = names.add(str(one.name), space, _WORDS.sub("-", one.kind or "").lower())
    return found


def _is_kustomization(data: object) -> bool:
    """Return whether a document lists files for kustomize, which is no object of a cluster."""
    return isinstance(data, Mapping) and str(data.get("apiVersion", "")).startswith("kustomize.config.k8s.io/")


def program(outcomes: Sequence[Outcome], *, size: str | None = None, presets: bool = False) -> str:
    """Return the whole text, the same for the same objects; `size`: VM size of the existing nodes that components run on."""
    constants, pools = Constants(), Pools(size)
    parts = [PRESETS_HEAD if presets else HEAD]
    if presets and any(map(_imported, outcomes)):
        parts.append("\nimport pulumi\n")
    if any(one.arguments is not None for one in outcomes):
        parts.append(IMPORT)
    for one in outcomes:
        if one.problem:
            parts.append("\n" + _comment(one))
        if one.call is not None:
            args = {**pools.named(one.call.args), **_adopt(one)}
            call = _component(one, named(args, constants, one.call.logical))
            parts.append(f"\n{pools.waiting()}{constants.taken()}{call}")
        elif one.arguments is not None and not one.covered:
            arguments = named(one.arguments, constants, str(one.logical))
            arguments |= _import(one) if presets else {}
            why = _comments([f"Plain kind: {brief(one.plain)}"] if one.plain else [])
            parts.append(f"\n{constants.taken()}{why}{_call(one, arguments)}")
    return "".join(parts)


def adopts(one: Outcome) -> str:
    """Return the id of the running object that the program takes over; empty where it makes one."""
    component = one.call.component if one.call else ""
    return one.running if component in ADOPTING or _imported(one) else ""


def _imported(one: Outcome) -> bool:
    """Return whether a resource class takes over a running object."""
    return bool(one.running) and one.call is None and not one.covered


def _adopt(one: Outcome) -> dict[str, Any]:
    return {"adopt": {"object": one.running}} if one.running and one.call and one.call.component in ADOPTING else {}


def _import(one: Outcome) -> dict[str, Any]:
    options = f"pulumi.ResourceOptions(import_={quoted(one.running)}, retain_on_delete=True)"
    return {"opts": Reference(options)} if one.running else {}


class Pools:
    """Return every set of labels of existing nodes one GpuNodePool, and writes each before its first use."""

    def __init__(self, size: str | None) -> None:
        self._size = size
        self._names: dict[Nodes, str] = {}
        self._waiting: list[str] = []

    def named(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments with the name of a pool in the place of its labels."""
        nodes = args.get("node_pool")
        if not isinstance(nodes, Nodes):
            return dict(args)
        if nodes not in self._names:
            name = f"nodes_{len(self._names) + 1}"
            self._names[nodes] = name
            made = _keywords("GpuNodePool", name.replace("_", "-"), pool_args(nodes, self._size))
            self._waiting.append(f"{name} = {made}\n")
        return {**args, "node_pool": Reference(self._names[nodes])}

    def waiting(self) -> str:
        """Return the pools that are not written yet."""
        waiting, self._waiting = self._waiting, []
        return "".join(waiting)


def _call(one: Outcome, arguments: dict[str, Any]) -> str:
    return _keywords(str(one.kind), str(one.logical), arguments)


def _keywords(kind: str, logical: str, arguments: Mapping[str, Any]) -> str:
    """Return the call of a class of the package, every argument by keyword."""
    rows = [f"    {quoted(logical)},\n"]
    for key, value in arguments.items():
        start = f"    {key}="
        rows.append(f"{start}{literal(value, 4, WIDTH - len(start) - 1)},\n")
    return f"kaito.{kind}(\n{''.join(rows)})\n"


def _component(one: Outcome, args: dict[str, Any]) -> str:
    call = one.call
    component, logical = (call.component, call.logical) if call else ("", "")
    return f"{_comments(one.notes)}{_keywords(component, logical, args)}"


def brief(problem: Problem) -> str:
    """Return place, finding and code of a problem, for a comment."""
    return f"{problem.path}: {problem.found} [{problem.code}]".removeprefix(": ")


def _comments(reasons: Iterable[str]) -> str:
    return "".join(f"# {printable(reason)}\n" for reason in reasons if reason)


def _comment(one: Outcome) -> str:
    """Return what is not converted, and why, as a comment."""
    head = "Not converted" if one.arguments is None else "Not converted as a whole"
    why = printable(brief(one.problem)) if one.problem else ""
    lines = [f"{head}: {printable(one.label)} ({printable(one.given.file)}:{one.given.line}): {why}"]
    if one.rest is not None:
        lines += yaml_text(one.rest).rstrip("\n").split("\n")
    return "".join(f"{f'# {line}'.rstrip()}\n" for line in lines)
