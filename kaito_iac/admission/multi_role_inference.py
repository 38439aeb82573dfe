"""What KAITO refuses of a MultiRoleInference."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.admission.case import Case
from kaito_iac.admission.rule import Found, rule


@rule("KS332", "MultiRoleInference", on="create")
def roles_have_a_model(case: Case) -> Iterator[Found]:
    """spec.model.name is not empty."""
    if not case.text("spec.model.name"):
        yield Found("spec.model.name", "empty", "a preset, such as phi-4-mini-instruct")


@rule("KS325", "MultiRoleInference", on="update")
def roles_keep_the_model(case: Case) -> Iterator[Found]:
    """spec.model.name is immutable."""
    assert case.old is not None
    if case.text("spec.model.name") != case.old.text("spec.model.name"):
        yield Found(
            "spec.model.name",
            f"'{case.text('spec.model.name')[:80]}'",
            f"'{case.old.text('spec.model.name')[:80]}': it is immutable",
        )
