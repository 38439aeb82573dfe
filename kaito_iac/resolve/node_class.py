"""Resolves the Karpenter NodeClass of a workload, which KAITO's admission holds against those that it manages."""

from __future__ import annotations

from kaito_iac.problem import Problem
from kaito_iac.resolve.placement import Placement
from kaito_iac.resolve.reading import Reader


def resolve_node_class(reader: Reader, placement: Placement) -> str | None:
    """Resolves the argument `nodeClass`: refused when KAITO refuses it, warned of when nobody reads it."""
    node_class = reader.text("nodeClass", "the name of a Karpenter NodeClass")
    if node_class is None:
        return None
    path = reader.path("nodeClass")
    allowed = placement.environment.allowed_node_classes()
    if placement.provisioner != "karpenter":
        told = f"without effect: {placement.provisioner} reads no NodeClass"
        reader.add(Problem("KS105", path, told, "provisioner='karpenter'", "leave nodeClass out", "warning"))
    elif allowed is not None and node_class not in allowed:
        told = f"'{node_class[:60]}': KAITO refuses a NodeClass that it does not manage"
        reader.add(Problem("KS311", path, told, " or ".join(allowed), "leave nodeClass out"))
    return node_class
