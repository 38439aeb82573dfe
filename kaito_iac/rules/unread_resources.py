"""KQ114: every resource of a stack is one that can be counted, or is known to hold no GPUs."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.demand.declared import entry_to_paste, line_to_paste
from kaito_iac.problem import Problem
from kaito_iac.rules.rule import NoSettings, StackFacts, StackRule


def check(facts: StackFacts, config: NoSettings) -> Iterator[Problem]:
    """Name every chart, file and resource of an unknown type, which may hold GPUs."""
    for demand in facts.demands:
        if demand.unread:
            message = f"{demand.kind} '{demand.resource}' may hold uncounted GPUs ({demand.gpus})"
            fix = (
                f"register its objects as resources of the program, or declare its demand: {line_to_paste(demand.resource)} "
                f"where the pack has declarations: program, else {entry_to_paste(demand.resource)} in its configuration"
            )
            yield Problem("KQ114", demand.component, message, "a resource that can be counted", fix)


RULE = StackRule(
    code="KQ114",
    name="unread-resources",
    title="Every resource of a stack can be counted, or holds no GPUs",
    config=NoSettings,
    check=check,
    why="A chart, a template or a new type of resource may create GPU nodes outside every budget and quota.",
    fix="Register its objects as resources of the program, or declare their demand: see declared-demand.",
    tags=("gpu", "cost", "quota"),
)
