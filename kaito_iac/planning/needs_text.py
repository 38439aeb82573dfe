"""The section of a plan about what clusters must have that the program uses and does not make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from kaito_iac.planning.needs import Need


def needs_lines(found: Sequence[Need]) -> Iterator[tuple[int, str]]:
    """Return the lines with their indentation: one for each thing, by cluster where a provider is named."""
    for cluster, listed in groupby(found, key=lambda need: need.cluster):
        indent = 2
        if cluster:
            yield 2, f"in the cluster of the provider {cluster}:"
            indent = 4
        for need in listed:
            missing = "missing: " if need.severity == "error" else ""
            brought = f"; comes with {need.provided_by}" if need.provided_by else ""
            yield indent, f"{missing}{need.label} for {', '.join(need.used_by)}{brought}"
