"""Whether the context that an endpoint hands on is that of the user's own ConfigMap, where the program has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kaito_iac.demand.demand import Graph
from kaito_iac.demand.objects import config_data, namespace_of
from kaito_iac.problem import Problem
from kaito_iac.sizing.context_scan import scanned_context
from kaito_iac.stack.reading import field, mapping
from kaito_iac.stack.resource import Resource

PLACES = {"Workspace": ("inference", "config"), "InferenceSet": ("spec", "template", "inference", "config")}
"""Kind to where it names its ConfigMap."""


def seen_contexts(resources: Iterable[Resource]) -> Iterator[tuple[Resource, str, int]]:
    """Return every component whose ConfigMap the program has: the component, the ConfigMap's name, its context in tokens."""
    graph = Graph(resources)
    for resource in graph.resources:
        kind = resource.type.rpartition(":")[2]
        component = graph.component(resource)
        if kind not in PLACES or not resource.type.startswith("kubernetes:kaito.sh/") or not isinstance(component, Resource):
            continue
        name = field(resource.inputs, *PLACES[kind])
        data = config_data(graph, resource, namespace_of(resource), name) if isinstance(name, str) else None
        text = mapping(data).get("inference_config.yaml")
        context = scanned_context(text) if isinstance(text, str) else None
        if context:
            yield component, str(name), context


def context_problems(resources: Iterable[Resource]) -> Iterator[Problem]:
    """Report of every component whose endpoint tells another context than the ConfigMap that its engine reads."""
    for component, name, context in seen_contexts(resources):
        told = mapping(component.outputs.get("endpoint")).get("contextTokens")
        if isinstance(told, int | float) and told != context:
            found = (
                f"ConfigMap {name} says {context} tokens, the endpoint hands on {told:.0f}: RAG engines would ask for too much"
            )
            if told < context:
                found = f"ConfigMap {name} says {context} tokens, the endpoint hands on {told:.0f}"
            fix = f"context={context} instead of config, or contextWindow={context} on RAG engines"
            yield Problem("KS217", f"{component.name}: config", found, "context, which the component sees", fix, "warning")


def told_better(problems: Iterable[Problem], resources: Iterable[Resource]) -> Iterator[Problem]:
    """Leave out what components say about a ConfigMap that they cannot see, where the plan sees it."""
    seen = {f"{component.name}: config" for component, _, _ in seen_contexts(resources)}
    yield from (problem for problem in problems if problem.code != "KS217" or problem.path not in seen)
