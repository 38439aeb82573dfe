"""KS217: the context that an endpoint hands on is that of the ConfigMap its engine reads, where the stack has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kaito_iac.demand.demand import Graph
from kaito_iac.demand.objects import config_data, namespace_of
from kaito_iac.problem import Problem
from kaito_iac.rules.rule import NoSettings, StackFacts, StackRule
from kaito_iac.sizing.context_scan import scanned_context
from kaito_iac.stack.reading import field, mapping
from kaito_iac.stack.resource import Resource

_PLACES: Final = {"Workspace": ("inference", "config"), "InferenceSet": ("spec", "template", "inference", "config")}
"""Kind to where it names its ConfigMap."""


def seen_contexts(resources: Iterable[Resource]) -> Iterator[tuple[Resource, str, int]]:
    """Return every component whose ConfigMap the stack has: the component, the ConfigMap's name, its context in tokens."""
    graph = Graph(resources)
    for resource in graph.resources:
        kind = resource.type.rpartition(":")[2]
        if kind not in _PLACES or not resource.type.startswith("kubernetes:kaito.sh/"):
            continue
        component, name = graph.component(resource), field(resource.inputs, *_PLACES[kind])
        if component is None or not isinstance(name, str):
            continue
        text = mapping(config_data(graph, resource, namespace_of(resource), name)).get("inference_config.yaml")
        context = scanned_context(text) if isinstance(text, str) else None
        if context:
            yield component, name, context


def check(facts: StackFacts, config: NoSettings) -> Iterator[Problem]:
    """Report every component whose endpoint has another context than the ConfigMap that its engine reads."""
    for component, name, context in seen_contexts(facts.resources):
        places = (component.outputs, component.inputs)  # a policy engine shows outputs in the place of inputs
        shown = (field(mapping(place), "endpoint", "contextTokens") for place in places)
        limit = next((tokens for tokens in shown if tokens is not None), None)
        if isinstance(limit, int | float) and limit != context:
            found = f"ConfigMap {name} says {context} tokens, the endpoint states {limit:.0f}"
            found += ": RAG engines would request too much" if limit > context else ""
            fix = f"context={context} instead of config, or context_window={context} on RAG engines"
            yield Problem("KS217", f"{component.name}: config", found, "context, which the component sees", fix, "warning")


RULE: Final = StackRule(
    code="KS217",
    name="endpoint-context",
    title="An endpoint states the context that its engine is configured with",
    config=NoSettings,
    check=check,
    level="advisory",
    why="A RAG engine requests as much context as the endpoint states; the engine refuses what exceeds its own.",
    fix="Give the context to the component instead of a ConfigMap, or set `contextWindow` on RAG engines.",
    severity="medium",
    tags=("endpoint",),
)
