"""Resolves the Karpenter NodeClass of a workload, which KAITO's admission holds against those that it manages."""

from __future__ import annotations

from dataclasses import replace

from kaito_iac.admission.verdict import Environment
from kaito_iac.problem import Problem, Unknown
from kaito_iac.resolve.operator_facts import OperatorFacts
from kaito_iac.resolve.operator_requirements import Operator
from kaito_iac.resolve.placement import Placement
from kaito_iac.resolve.reading import Reader


def resolve_node_class(reader: Reader, placement: Placement, operator: Operator) -> Placement:
    """Resolve the argument `node_class`: refused when the operator does not manage it, doubted when the operator is unknown."""
    node_class = reader.text("node_class", "the name of a Karpenter NodeClass")
    if node_class is None:
        return placement
    path = reader.path("node_class")
    if placement.provisioner != "karpenter":
        message = f"without effect: {placement.provisioner} reads no NodeClass"
        reader.add(Problem("KS105", path, message, "provisioner='karpenter'", "leave node_class out", "warning"))
        return replace(placement, node_class=node_class)

    def unmanaged(facts: OperatorFacts) -> list[Problem]:
        if isinstance(facts.node_classes, Unknown) or node_class in facts.node_classes:
            return []
        message = f"'{node_class[:60]}': KAITO refuses a NodeClass that it does not manage"
        return [Problem("KS311", path, message, " or ".join(facts.node_classes), "leave node_class out")]

    operator.needs(reader, unmanaged)
    usual = Environment(cloud=placement.cloud).allowed_node_classes()
    if isinstance(operator.facts.node_classes, Unknown) and usual is not None and node_class not in usual:
        message = f"'{node_class[:60]}': KAITO refuses it unless karpenter.node_classes of the operator lists it"
        reader.add(Problem("KS311", path, message, " or ".join(usual), "give operator, so that it is seen", "warning"))
    return replace(placement, node_class=node_class)
