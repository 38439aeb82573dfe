"""KO403: The KAITO operator runs with exactly one replica."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.chart import CHART, is_kaito, value
from kaito_iac.rules.rule import ResourceRule, Watchful
from kaito_iac.stack.reading import whole
from kaito_iac.stack.resource import Resource

_PATH = "values.replicaCount"


def check(fact: Resource, config: Watchful) -> Iterator[Problem]:
    """Judge replicaCount of KAITO's charts."""
    ours = is_kaito(fact)
    if ours is False:
        return
    count = whole(value(fact, "replicaCount"), 1, "replicaCount")
    if isinstance(ours, Unknown):
        if count != 1:
            yield from config.unread("KO403", "chart", ours, "a chart that is known")
    elif isinstance(count, Unknown):
        yield from config.unread("KO403", _PATH, count, "1")
    elif count != 1:
        message = f"{count}: {'no controller acts on workloads' if count == 0 else 'they act against each other'}"
        yield Problem("KO403", _PATH, message, "1, as the chart passes no leader election", "leave replicaCount out")


RULE = ResourceRule(
    code="KO403",
    name="operator-replicas",
    title="The KAITO operator runs with exactly one replica",
    config=Watchful,
    check=check,
    about=CHART,
    why="KAITO's charts never switch leader election on: two operators create nodes for the same Workspace twice.",
    fix="Leave replicaCount at 1.",
    tags=("operator", "cost"),
)
