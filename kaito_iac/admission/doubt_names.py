"""What KAITO admits of names, labels and selectors although it cannot work."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.admission.admit_workspace import as_labels
from kaito_iac.admission.case import Case
from kaito_iac.admission.rule import Found, warning
from kaito_iac.admission.vocabulary import service_name_problem
from kaito_iac.catalog.label import RESERVED
from kaito_iac.kubernetes.names import is_label_key, is_label_value

_SELECTORS: Final[Mapping[str, str]] = {
    "Workspace": "resource.labelSelector",
    "RAGEngine": "spec.compute.labelSelector",
    "MultiRoleInference": "spec.labelSelector",
}
_OURS: Final = re.compile(
    r"kaito\.sh/(workspace|workspacenamespace|ragengine|ragenginenamespace|upgrade-to-version|upgrade-start-time|model-mirror-name)"
    r"|(inferenceset|multiroleinference)\.kaito\.sh/created-by|(workspace|ragengine|inferenceset)\.kaito\.io/revision"
)


@warning("KS244", "Workspace", "InferenceSet", "MultiRoleInference", "RAGEngine", child=False)
def name_fits_services(case: Case) -> Iterator[Found]:
    """A name leaves room for the Services KAITO derives from it: a leading letter, no dots, at most 54 characters."""
    serving = case.kind != "Workspace" or case.get("inference") is not None
    if case.name and serving and (told := service_name_problem(case.kind, case.name)):
        yield Found("metadata.name", *told)


@warning("KS208", "Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference")
def labels_of_kaitos_own(case: Case) -> Iterator[Found]:
    """Labels and annotations that KAITO sets itself are left to it."""
    for part, given in (("labels", case.labels), ("annotations", case.annotations)):
        for key in sorted(given):
            if _OURS.fullmatch(key):
                yield Found(("metadata", part, key), "a key that KAITO sets itself", "a key of your own")


def _selector(case: Case) -> tuple[str, Mapping[str, Any]]:
    path = _SELECTORS[case.kind]
    return path, case.mapping(path)


@warning("KS208", "Workspace", "RAGEngine", "MultiRoleInference")
def reserved_labels_are_ignored(case: Case) -> Iterator[Found]:
    """A label of KAITO's own in a selector is ignored, and one in an expression matches nothing that KAITO makes."""
    path, selector = _selector(case)
    for key in sorted(set(selector.get("matchLabels") or {}) & RESERVED):
        yield Found((*path.split("."), "matchLabels", key), "a label of KAITO's own: it is ignored", "a label of your own")
    for index, row in enumerate(selector.get("matchExpressions") or ()):
        if row.get("key") in RESERVED:
            yield Found(
                f"{path}.matchExpressions[{index}].key", f"'{row.get('key')}' is a label of KAITO's own", "a label of your own"
            )


@warning("KS230", "Workspace", "RAGEngine", "MultiRoleInference")
def labels_can_exist(case: Case) -> Iterator[Found]:
    """Keys and values of a selector are ones that a node can carry."""
    path, selector = _selector(case)
    for key, value in (selector.get("matchLabels") or {}).items():
        if not is_label_key(key) or not is_label_value(value):
            yield Found(
                (*path.split("."), "matchLabels", key), f"'{key[:60]}: {value[:60]}' is no label: no node can carry it", "a label"
            )


@warning("KS230", "Workspace", "MultiRoleInference", on="create")
def unchecked_selectors_can_be_used(case: Case) -> Iterator[Found]:
    """The selector of a tuning or of roles has labels, and `In` with one value: KAITO can use nothing else."""
    path, selector = _selector(case)
    told = as_labels(selector) if case.kind != "Workspace" or case.get("tuning") is not None else ""
    if isinstance(told, str) and told:
        yield Found(path, f"{told}: KAITO admits it and cannot use it", "matchLabels, or `In` with one value")
