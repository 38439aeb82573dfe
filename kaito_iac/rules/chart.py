"""Helm charts of a stack: which chart a resource installs, and what its values say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field, text
from kaito_iac.stack.resource import Resource

CHART: Final = "kubernetes:helm[.]sh/v(3:Release|4:Chart)"
"""Pulumi types that install a chart."""
_VERSION: Final = re.compile(r"(-v?\d[\w.+-]*)?([.]tgz)?$")
KAITO_CHARTS: Final = ("workspace", "ragengine")


def chart_name(fact: Resource) -> str | Unknown:
    """Return a chart's name without repository, folder, version and ending: `workspace`."""
    named = text(field(fact.inputs, "chart"), "chart")
    if named is None:
        return Unknown("no chart is named")
    return named if isinstance(named, Unknown) else _VERSION.sub("", named.rstrip("/").rpartition("/")[2])


def is_kaito(fact: Resource) -> bool | Unknown:
    """Return whether a resource installs KAITO's operator, of workspaces or of RAG engines."""
    name = chart_name(fact)
    if isinstance(name, Unknown):
        return name
    if name not in KAITO_CHARTS:
        return False
    places = [field(fact.inputs, "repositoryOpts", "repo"), *(field(fact.inputs, key) for key in ("chart", "namespace", "name"))]
    if any(isinstance(place, str) and "kaito" in place.lower() for place in places):
        return True
    return next((place for place in places if isinstance(place, Unknown)), False)


def value(fact: Resource, *keys: str) -> Any:
    """Return one of the values a chart is installed with; None where the chart's default holds."""
    if field(fact.inputs, "valueYamlFiles"):
        found = field(fact.inputs, "values", *keys)
        return Unknown("value files may set it") if found is None else found
    return field(fact.inputs, "values", *keys)


def unseen(fact: Resource) -> bool:
    """Return whether a stack policy sees nothing of a chart: of a component it sees the outputs alone."""
    return fact.type.endswith(":Chart") and isinstance(fact.inputs, Mapping) and "chart" not in fact.inputs


def installed(resources: Sequence[Resource]) -> list[Resource]:
    """Return everything in a stack that installs a chart."""
    return [fact for fact in resources if re.fullmatch(CHART, fact.type)]


def below(resources: Sequence[Resource], around: Resource) -> list[Resource]:
    """Return what is directly inside a component."""
    return [fact for fact in resources if fact.parent == around.urn]
