"""KS203: what a ConfigMap of the same stack sets for an engine is within what the model and KAITO allow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.admission_rules import owner
from kaito_iac.rules.config_maps import ConfigMaps, config_maps, named_maps
from kaito_iac.rules.kaito_object import KAITO, KaitoConfig, judged
from kaito_iac.rules.rule import StackFacts, StackRule
from kaito_iac.stack.resource import Resource

_DECIDES = re.compile(
    r"(^|[.])(preset|model|name|instanceType|annotations|resource|inference|tuning|template|spec|roles)([.\[]|$)"
)
"""Values on which it depends what a setting means."""


def check(facts: StackFacts, config: KaitoConfig) -> Iterator[Problem]:
    """Judge each object with the ConfigMaps of the stack; reports what the object alone does not show."""
    maps = config_maps(facts.resources)
    for fact in facts.resources:
        if re.fullmatch(KAITO, fact.type):
            yield from _of_object(fact, config, maps)


def _of_object(fact: Resource, config: KaitoConfig, maps: ConfigMaps) -> Iterator[Problem]:
    named = dict(named_maps(fact))
    if not named:
        return
    for place, found in named.items():
        why = found if isinstance(found, Unknown) else maps.unknown(fact, str(found))
        if why is not None:
            yield from config.unread("KS203", f"{fact.name}: {place}", why, "a ConfigMap whose content is known")
    verdict = judged(fact, config, maps.cluster(fact))
    for path, value in verdict.unknown:
        if path not in named and (verdict.blocked or _DECIDES.search(path)):
            yield from config.unread("KS203", f"{fact.name}: {path}", value, "a plain value")
    alone = {problem for _, problem in judged(fact, config).problems}
    for _, problem in verdict.problems:
        if problem not in alone and owner(problem):
            yield Problem(problem.code, f"{fact.name}: {problem.path}", problem.found, problem.accepted, problem.fix)


RULE = StackRule(
    code="KS203",
    name="context-limit",
    title="Engine settings are within what the model allows",
    config=KaitoConfig,
    check=check,
    why="A context beyond the model's limit is refused by KAITO, or breaks the engine on a node that costs money.",
    fix="Lower max-model-len in the ConfigMap, or leave it out to use what fits.",
    tags=("kaito", "gpu"),
)
