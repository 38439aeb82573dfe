"""Kinds for which the operator needs a feature gate."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.admission.case import Case
from kaito_iac.admission.rule import Found, warning
from kaito_iac.admission.vocabulary import KIND_GATES


@warning("KO402", "InferenceSet", "MultiRoleInference", "ModelMirror", child=False)
def its_gate_is_on(case: Case) -> Iterator[Found]:
    """The feature gate of the kind is on: without it the object is stored, not validated, and nothing happens."""
    gate = KIND_GATES[case.kind]
    if not case.env.gate(gate):
        yield Found(
            "kind",
            f"{case.kind} without the feature gate {gate}: nothing happens",
            f"{gate}=true",
            f"--feature-gate {gate}=true if the operator has it",
            cause=gate,
        )
