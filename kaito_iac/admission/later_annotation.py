"""Annotations that KAITO reads from 0.13 on: what they mean before, and what its webhooks refuse of them then.

Source: kaito-project/kaito, pull requests 2327 and 2312, and api/v1beta1/inferenceset_validation.go of the tree after 0.12.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaito_iac.admission.case import Case, annotation
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.catalog.judged_release import judged_since
from kaito_iac.catalog.label import KAITO_CAPACITY, SPECULATIVE

SINCE: Final = "0.13.0"
CAPACITIES: Final = ("on-demand", "spot")
"""What kaito.sh/capacity-type takes under Karpenter; empty means the first."""


def _capacity(case: Case) -> str:
    return case.annotations.get(KAITO_CAPACITY, "")


@warning("KS229", "Workspace", "MultiRoleInference")
def annotations_of_later_releases(case: Case) -> Iterator[Found]:
    """kaito.sh/capacity-type and kaito.sh/enable-speculative-decoding are read from KAITO 0.13 on."""
    for key in (KAITO_CAPACITY, SPECULATIVE) if not judged_since(SINCE) else ():
        if key in case.annotations:
            message = f"'{case.annotations[key][:40]}' does nothing: KAITO reads it from 0.13 on"
            path = annotation(key.removeprefix("kaito.sh/"))
            yield Found(path, message, "no annotation before KAITO 0.13", "remove it, or upgrade")


@rule("KS310", "Workspace", "MultiRoleInference", on="create")
def later_annotations_have_values(case: Case) -> Iterator[Found]:
    """From KAITO 0.13 on capacity-type is on-demand or spot under Karpenter, and enable-speculative-decoding true or false."""
    if not judged_since(SINCE):
        return
    capacity, speculative = _capacity(case), case.annotations.get(SPECULATIVE)
    if capacity and case.env.provisioner == "karpenter" and capacity not in CAPACITIES:
        yield Found(annotation("capacity-type"), f"'{capacity[:60]}'", " or ".join(CAPACITIES))
    if speculative is not None and speculative not in ("true", "false"):
        yield Found(annotation("enable-speculative-decoding"), f"'{speculative[:60]}'", "'true' or 'false'")


@rule("KS325", "Workspace", "MultiRoleInference", on="update")
def capacity_stays(case: Case) -> Iterator[Found]:
    """From KAITO 0.13 on capacity-type is immutable under Karpenter."""
    assert case.old is not None
    new, before = _capacity(case), _capacity(case.old)
    if judged_since(SINCE) and case.env.provisioner == "karpenter" and new != before and before in ("", *CAPACITIES):
        found = f"'{new[:40]}'" if new else "removed"
        yield Found(annotation("capacity-type"), found, f"'{before}'" if before else "no annotation: it is immutable")
