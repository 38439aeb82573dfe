"""What KAITO and Kubernetes refuse of names and labels of an object, or cannot use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kaito_iac.admission.case import Case
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.admission.vocabulary import service_name_problem
from kaito_iac.kubernetes.names import is_label

_OURS: Final = re.compile(
    r"kaito\.sh/(workspace|workspacenamespace|ragengine|ragenginenamespace|upgrade-to-version|upgrade-start-time|model-mirror-name)"
    r"|(inferenceset|multiroleinference)\.kaito\.sh/created-by|(workspace|ragengine|inferenceset)\.kaito\.io/revision"
)


@rule("KS307", "Workspace", "InferenceSet", "MultiRoleInference", child=False)
def name_is_a_label(case: Case) -> Iterator[Found]:
    """The name is an RFC 1123 label: lower-case letters, digits and hyphens, no dots, at most 63 characters."""
    if case.name and not is_label(case.name):
        message = f"'{case.name[:80]}'" if len(case.name) <= 63 else f"a name of {len(case.name)} characters"
        yield Found("metadata.name", message, "lower-case letters, digits and hyphens, at most 63 characters")


@warning("KS244", "Workspace", "InferenceSet", "MultiRoleInference", "RAGEngine", child=False)
def name_fits_services(case: Case) -> Iterator[Found]:
    """A name leaves room for the Services KAITO derives from it: a leading letter, no dots, at most 54 characters."""
    serving = case.kind != "Workspace" or case.get("inference") is not None
    if case.name and serving and (reason := service_name_problem(case.kind, case.name)):
        yield Found("metadata.name", *reason)


@warning("KS208", "Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference")
def labels_of_kaitos_own(case: Case) -> Iterator[Found]:
    """The manifest does not set labels and annotations that KAITO sets itself."""
    for part, given in (("labels", case.labels), ("annotations", case.annotations)):
        for key in sorted(given):
            if _OURS.fullmatch(key):
                yield Found(("metadata", part, key), "a key that KAITO sets itself", "a key of your own")
