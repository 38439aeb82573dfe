"""Findings of KAITO's rules about the objects of a program, whatever class made them, and which objects are there twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from kaito_iac.admission.kind import is_kaito, is_meant
from kaito_iac.demand.objects import namespace_of
from kaito_iac.problem import Problem
from kaito_iac.stack.reading import field, mapping
from kaito_iac.stack.resource import Resource

_OURS: Final = "kaito-iac:index:"
_UNSEEN: Final = frozenset({"KS238", "KS279"})
"""Codes of what could not be seen, or is not judged."""
_NO_OBJECTS: Final = ("kubernetes:helm.sh/", "kubernetes:yaml", "kubernetes:kustomize", "kubernetes:index:")
_ADDRESS: Final = frozenset({"Workspace", "RAGEngine"})
"""Kinds for which KAITO makes a Service of the same name."""

Identity = tuple[str, str, str, str, str]
"""Provider, group, kind, namespace and name."""


def object_problems(resources: Sequence[Resource]) -> Iterator[Problem]:
    """Report what KAITO refuses or cannot run, with the gates of the operator in the program, and what is there twice.

    Components of this package judge the objects that they make.
    """
    ours = _below_components(resources)
    objects = [one for one in resources if not one.read and one.urn not in ours and _is_kaito(one)]
    if objects:
        yield from _judged(objects, resources)
    yield from _twice(resources)


def _is_kaito(found: Resource) -> bool:
    """Return whether an object is one of KAITO's, or meant to be one."""
    if not found.type.startswith("kubernetes:") or found.type.count(":") != 2:
        return False
    _, version, kind = found.type.split(":")
    return is_kaito(kind, version) or is_meant(kind, version, mapping(found.inputs))


def _judged(objects: Sequence[Resource], resources: Sequence[Resource]) -> Iterator[Problem]:
    from kaito_iac.admission.stated_installation import stated_settings
    from kaito_iac.rules.config_maps import config_maps
    from kaito_iac.rules.kaito_object import KaitoConfig, judged  # rules and what they need, only where they are asked
    from kaito_iac.rules.missing_gate import read_gates
    from kaito_iac.rules.rule import StackFacts

    gates: dict[str, bool] = {}
    unsure: set[str] = set()
    facts = StackFacts(demands=(), today=date.min, folder=Path(), resources=resources)
    config = KaitoConfig.model_validate(stated_settings())
    gates |= config.feature_gates
    list(read_gates(facts, config, gates, unsure))
    config = config.model_copy(update={"feature_gates": gates})
    maps = config_maps(resources)
    for found in objects:
        for _, problem in judged(found, config, maps.cluster(found)).problems:
            gated = problem.code == "KO402" and problem.cause in unsure
            if problem.code not in _UNSEEN and not gated:
                yield replace(problem, path=f"{found.name}: {problem.path}" if problem.path else found.name)


def _below_components(resources: Sequence[Resource]) -> set[str]:
    """Return the resources inside components of this package, which judge what they make themselves."""
    below: set[str] = set()
    for one in resources:  # parents come first
        if one.type.startswith(_OURS) or one.parent in below:
            below.add(one.urn)
    return below


def _twice(resources: Sequence[Resource]) -> Iterator[Problem]:
    """Report objects of one kind, namespace and provider with one name: the second overwrites or is refused."""
    seen: dict[Identity, Resource] = {}
    for one in resources:
        for identity in _identities(one):
            other = seen.setdefault(identity, one)
            if other is not one and other.urn != one.urn:
                _, _, kind, namespace, name = identity
                where = f" in namespace {namespace}" if namespace else ""
                message = f"{kind} {name!r}{where} is also made by {other.name!r}"
                yield Problem("KS297", one.name, message, "one object of a kind and name", "give one of them another name")


def _identities(found: Resource) -> Iterator[Identity]:
    """Return what an object is to the API server, and the Service that KAITO makes for it."""
    if not found.custom or found.read or not found.type.startswith("kubernetes:") or found.type.startswith(_NO_OBJECTS):
        return
    version, _, kind = found.type.removeprefix("kubernetes:").rpartition(":")
    metadata = mapping(field(found.inputs, "metadata"))
    name, namespace = metadata.get("name"), namespace_of(found) or "default"
    if not isinstance(name, str) or not isinstance(namespace, str) or kind.endswith(("Patch", "List")):
        return
    group = version.rpartition("/")[0]
    yield found.provider, group, kind, namespace, name
    if group == "kaito.sh" and kind in _ADDRESS and "tuning" not in mapping(found.inputs):
        yield found.provider, "core", "Service", namespace, name
