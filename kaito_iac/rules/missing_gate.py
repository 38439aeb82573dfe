"""KO402: the operator of the same stack has the feature gates that its workloads need."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from kaito_iac.admission.verdict import GATES
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.chart import chart_name, installed, is_kaito, unseen, value
from kaito_iac.rules.kaito_object import KAITO, KaitoConfig, judged
from kaito_iac.rules.rule import StackFacts, StackRule
from kaito_iac.stack.reading import section
from kaito_iac.stack.resource import Resource

_GATED = re.compile(r"spec[.]autoUpgrade|kind$|partition|annotations|spec$|resource$|template$|metadata$")
_KAITOS_VALUES = Unknown("of a chart that is a component the engine shows outputs alone")


def check(facts: StackFacts, config: KaitoConfig) -> Iterator[Problem]:
    """Judge every object with the gates of the operator in the stack, else with those of the configuration."""
    gates: dict[str, bool] = dict(config.feature_gates)
    unsure: set[str] = set()
    yield from read_gates(facts, config, gates, unsure)
    within = config.model_copy(update={"feature_gates": gates})
    for fact in facts.resources:
        if re.fullmatch(KAITO, fact.type):
            yield from _of_object(fact, within, unsure)


def read_gates(facts: StackFacts, config: KaitoConfig, gates: dict[str, bool], unsure: set[str]) -> Iterator[Problem]:
    """Read the gates of the operators in a stack into `gates`, and the names of those that cannot be read into `unsure`."""
    for operator in _operators(facts):
        named = _KAITOS_VALUES if unseen(operator) else is_kaito(operator)
        if isinstance(named, Unknown):
            unsure.update(GATES)
            yield from config.unread("KO402", operator.name, named, "featureGates that can be read")
        elif chart_name(operator) == "workspace":
            yield from _gates(operator, gates, unsure, config)


def _of_object(fact: Resource, config: KaitoConfig, unsure: Collection[str]) -> Iterator[Problem]:
    verdict = judged(fact, config)
    for path, unknown in verdict.unknown:
        if verdict.blocked or _GATED.search(path):
            yield from config.unread(
                "KO402", f"{fact.name}: {path}", unknown, "a plain value, so that the gate it needs is known"
            )
    for _, problem in verdict.problems:
        gated = problem.code == "KO402" or (problem.code == "KS218" and problem.cause in GATES)
        if gated and problem.cause not in unsure:
            fix = "switch the gate on in featureGates of the operator"
            yield Problem("KO402", f"{fact.name}: {problem.path}", problem.found, problem.accepted, fix)


def _operators(facts: StackFacts) -> list[Resource]:
    """Return the charts that may be KAITO's; none of them matters to a stack without KAITO's objects."""
    if not any(re.fullmatch(KAITO, fact.type) for fact in facts.resources):
        return []
    return [
        fact for fact in installed(facts.resources) if ("kaito" in fact.name if unseen(fact) else is_kaito(fact) is not False)
    ]


def _gates(operator: Resource, gates: dict[str, bool], unsure: set[str], config: KaitoConfig) -> Iterator[Problem]:
    """Read the gates of an operator's values; what is not set there has KAITO's default."""
    set_there = section(value(operator, "featureGates"))
    if isinstance(set_there, Unknown):
        unsure.update(GATES)
        yield from config.unread("KO402", f"{operator.name}: values.featureGates", set_there, "gates that can be read")
        return
    for name in GATES:
        gates.pop(name, None)
    for name, on in set_there.items():
        if isinstance(on, bool):
            gates[name] = on
        else:
            unsure.add(name)
            state = on if isinstance(on, Unknown) else Unknown(f"{on!r} is not true or false")
            yield from config.unread("KO402", f"{operator.name}: values.featureGates.{name}", state, "true or false")


RULE = StackRule(
    code="KO402",
    name="missing-gate",
    title="Workloads need no feature gate that the operator has off",
    config=KaitoConfig,
    check=check,
    why="Without its gate an object is stored and has no effect: no error, no pod.",
    fix="Switch the gate on in featureGates of KAITO's chart, or in featureGates of missing-gate for an operator elsewhere.",
    tags=("kaito", "operator"),
)
