"""KS203: what a ConfigMap of the same stack sets for an engine is within what the model and KAITO allow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kaito_iac.admission.verdict import Cluster
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.admission_rules import owner
from kaito_iac.rules.kaito_object import KAITO, KaitoConfig, judged
from kaito_iac.rules.rule import StackFacts, StackRule
from kaito_iac.stack.reading import field, text
from kaito_iac.stack.resource import Resource

_PLACES = (
    ("inference", "config"),
    ("tuning", "config"),
    ("spec", "template", "inference", "config"),
    ("spec", "guardrails", "config"),
)
_DECIDES = re.compile(
    r"(^|[.])(preset|model|name|instanceType|annotations|resource|inference|tuning|template|spec|roles)([.\[]|$)"
)
"""Values on which it depends what a setting means."""


def check(facts: StackFacts, config: KaitoConfig) -> Iterator[Problem]:
    """Judge each object with the ConfigMaps of the stack; reports what the object alone does not show."""
    maps = [fact for fact in facts.resources if fact.type == "kubernetes:core/v1:ConfigMap"]
    seen, hidden = _read(maps)
    cluster = Cluster(config_maps=seen)
    for fact in facts.resources:
        if re.fullmatch(KAITO, fact.type):
            yield from _of_object(fact, config, cluster, hidden)


def _of_object(
    fact: Resource, config: KaitoConfig, cluster: Cluster, hidden: Mapping[tuple[str, str] | None, Unknown]
) -> Iterator[Problem]:
    named = list(_named(fact))
    if not named:
        return
    for place, found in named:
        why = found if isinstance(found, Unknown) else _hidden(fact, str(found), cluster, hidden)
        if why is not None:
            yield from config.unread("KS203", f"{fact.name}: {place}", why, "a ConfigMap whose content is known")
    namespace = _namespace(fact)
    keys = [(namespace if isinstance(namespace, str) else "default", found) for _, found in named if isinstance(found, str)]
    told = judged(
        fact, config, Cluster(config_maps={key: cluster.config_maps[key] for key in keys if key in cluster.config_maps})
    )
    for path, value in told.unknown:
        if path not in dict(named) and (told.blocked or _DECIDES.search(path)):
            yield from config.unread("KS203", f"{fact.name}: {path}", value, "a plain value")
    alone = {problem for _, problem in judged(fact, config).problems}
    for _, problem in told.problems:
        if problem not in alone and owner(problem):
            yield Problem(problem.code, f"{fact.name}: {problem.path}", problem.found, problem.accepted, problem.fix)


def _named(fact: Resource) -> Iterator[tuple[str, Any]]:
    """Return the places that name a ConfigMap, and what they name."""
    for keys in _PLACES:
        found = field(fact.inputs, *keys)
        if found is not None and not (isinstance(found, Unknown) and field(fact.inputs, keys[0]) is None):
            yield ".".join(keys), found
    roles = field(fact.inputs, "spec", "roles")
    for index, role in enumerate(roles if isinstance(roles, list) else []):
        found = field(role, "runtimeConfig")
        if found is not None:
            yield f"spec.roles[{index}].runtimeConfig", found


def _read(maps: list[Resource]) -> tuple[dict[tuple[str, str], Mapping[str, Any]], dict[tuple[str, str] | None, Unknown]]:
    """Return the ConfigMaps by namespace and name, and why others are not known; None for one without a known name."""
    seen: dict[tuple[str, str], Mapping[str, Any]] = {}
    hidden: dict[tuple[str, str] | None, Unknown] = {}
    for fact in maps:
        name = field(fact.inputs, "metadata", "name")
        namespace = _namespace(fact)
        data = field(fact.inputs, "data")
        if not isinstance(name, str) or not isinstance(namespace, str):
            hidden[None] = next((part for part in (name, namespace) if isinstance(part, Unknown)), Unknown("it has no name"))
        elif isinstance(data, Unknown) or (
            isinstance(data, Mapping) and any(isinstance(value, Unknown) for value in data.values())
        ):
            parts = data.values() if isinstance(data, Mapping) else [data]
            hidden[namespace, name] = next(part for part in parts if isinstance(part, Unknown))
        else:
            seen[namespace, name] = data if isinstance(data, Mapping) else {}
    return seen, hidden


def _hidden(fact: Resource, name: str, cluster: Cluster, hidden: Mapping[tuple[str, str] | None, Unknown]) -> Unknown | None:
    """Return why the ConfigMap of a name is not known; None: it is, or the stack does not have it."""
    namespace = _namespace(fact)
    if isinstance(namespace, Unknown):
        same = [held for held in (*cluster.config_maps, *hidden) if held is None or held[1] == name]
        return namespace if same else None
    if (namespace, name) in cluster.config_maps:
        return None
    return hidden.get((namespace, name)) or hidden.get(None)


def _namespace(fact: Resource) -> str | Unknown:
    return text(field(fact.inputs, "metadata", "namespace"), "metadata.namespace") or "default"


RULE = StackRule(
    code="KS203",
    name="context-limit",
    title="Engine settings are within what the model allows",
    config=KaitoConfig,
    check=check,
    why="A context beyond the model's limit is refused by KAITO, or breaks the engine on a node that is paid for.",
    fix="Lower max-model-len in the ConfigMap, or leave it out to use what fits.",
    tags=("kaito", "gpu"),
)
