"""The KAITO release that a program installs, by which its workloads are judged."""

from __future__ import annotations

from collections.abc import Iterable

from kaito_iac.catalog.judged_release import judged_releases
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource

OPERATOR = "kaito-iac:index:KaitoOperator"


def operator_release(resources: Iterable[Resource]) -> str | None:
    """Return the one release that the operators of a program have; None: none, several, unknown, or the add-on's."""
    found = {field(resource.inputs, "version") for resource in resources if resource.type == OPERATOR}
    only = found.pop() if len(found) == 1 else None
    return only if isinstance(only, str) and only in judged_releases() else None
