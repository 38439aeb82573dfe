"""What KAITO refuses of the labels by which nodes are selected, and of existing nodes that they select."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.admission.case import Case, asked_once, serves, weights_text
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.admission.vocabulary import WHOLE
from kaito_iac.catalog.label import RESERVED
from kaito_iac.catalog.record import GIB
from kaito_iac.kubernetes.names import is_label_key, is_label_value

SELECTOR: Final = "resource.labelSelector"
PRODUCT: Final = "nvidia.com/gpu.product"
"""Label with the GPU product of a node."""
_LABELS: Final = (PRODUCT, "nvidia.com/gpu.count", "nvidia.com/gpu.memory")
_SELECTORS: Final[Mapping[str, str]] = {
    "Workspace": "resource.labelSelector",
    "RAGEngine": "spec.compute.labelSelector",
    "MultiRoleInference": "spec.labelSelector",
}


@asked_once
def usable_labels(case: Case) -> dict[str, str]:
    """Return the labels KAITO selects nodes by."""
    return {key: value for key, value in case.mapping(f"{SELECTOR}.matchLabels").items() if key not in RESERVED}


@rule("KS312", "Workspace", on="create")
def selector_is_labels(case: Case) -> Iterator[Found]:
    """The selector of an inference Workspace has labels, and expressions `In` with exactly one value."""
    message = as_labels(case.get(SELECTOR)) if serves(case) else ""
    if isinstance(message, str) and message:
        yield Found(SELECTOR, message, "matchLabels, or `In` with one value")


@rule("KS312", "Workspace", on="create", versions=("v1beta1",))
def selector_is_not_reserved(case: Case) -> Iterator[Found]:
    """The labels of a selector are not all KAITO's own."""
    given = case.mapping(f"{SELECTOR}.matchLabels")
    if serves(case) and given and not usable_labels(case):
        yield Found(
            f"{SELECTOR}.matchLabels",
            f"nothing but labels of KAITO's own ({', '.join(sorted(given))[:120]})",
            "a label of your own",
        )


@asked_once
def matching_nodes(case: Case) -> dict[str, Mapping[str, str]]:
    """Return the known nodes that the labels select."""
    wanted = usable_labels(case)
    return {
        name: labels
        for name, labels in sorted(case.env.cluster.nodes.items())
        if all(labels.get(key) == value for key, value in wanted.items())
    }


@asked_once
def looks_at_nodes(case: Case) -> bool:
    """Return whether KAITO looks at the nodes that are there."""
    selects = not isinstance(as_labels(case.get(SELECTOR)), str)
    return case.env.byo and case.preset is not None and serves(case) and case.partition is None and selects


@rule("KS317", "Workspace", on="create", versions=("v1beta1",))
def a_node_matches(case: Case) -> Iterator[Found]:
    """With existing nodes at least one node has the labels of the selector."""
    if looks_at_nodes(case) and case.env.cluster.complete and not matching_nodes(case):
        yield Found(SELECTOR, "no node of the cluster has these labels", "labels of your GPU nodes")


def node_memory(labels: Mapping[str, str]) -> int | None:
    """Return the GPU memory of a node as KAITO reads its labels, GiB; None: unreadable."""
    count, memory = labels.get(_LABELS[1], ""), labels.get(_LABELS[2], "")
    if not WHOLE.fullmatch(count) or not WHOLE.fullmatch(memory):
        return None
    return int(int(memory) / 1024 + 0.5) * int(count)


@rule("KS317", "Workspace", on="create", versions=("v1beta1",))
def nodes_are_labelled(case: Case) -> Iterator[Found]:
    """Every selected node has the labels nvidia.com/gpu.product, .count and .memory, the last two whole numbers."""
    if looks_at_nodes(case):
        for name, labels in matching_nodes(case).items():
            missing = [key for key in _LABELS if not labels.get(key)]
            if missing or node_memory(labels) is None:
                message = f"node {name} has no {missing[0]}" if missing else f"node {name} has GPU labels that are no numbers"
                yield Found(SELECTOR, message, "the labels that GPU feature discovery sets")
                return


@rule("KS317", "Workspace", on="create", versions=("v1beta1",))
def nodes_are_alike(case: Case) -> Iterator[Found]:
    """All selected nodes have the same GPU product, count and memory."""
    if looks_at_nodes(case):
        seen = {tuple(labels.get(key, "") for key in _LABELS) for labels in matching_nodes(case).values()}
        if len(seen) > 1:
            yield Found(SELECTOR, f"nodes with {len(seen)} kinds of GPUs", "nodes that are alike", "add a label to the selector")


@rule("KS315", "Workspace", on="create", versions=("v1beta1",))
def nodes_hold_weights(case: Case) -> Iterator[Found]:
    """The GPUs of all selected nodes hold the weights, with any runtime; the annotation for bypassing skips this."""
    if not looks_at_nodes(case) or not case.env.cluster.complete or not case.card or case.bypassed:
        return
    memories = [node_memory(labels) for labels in matching_nodes(case).values()]
    total = sum(memory for memory in memories if memory is not None)
    if memories and None not in memories and total * GIB < case.card.weights_bytes:
        message = f"the selected nodes have {total} GiB of GPU memory, {case.card.name} has {weights_text(case.card.weights_gib)}"
        yield Found("resource.instanceType", message, "nodes that hold the weights", "add nodes, or choose a smaller model")


@rule("KS325", "Workspace", on="update")
def selector_stays(case: Case) -> Iterator[Found]:
    """resource.labelSelector is immutable; `In` with one value is the same as a label."""
    assert case.old is not None
    yield from selector_kept(case.get("resource.labelSelector"), case.old.get("resource.labelSelector"), "resource.labelSelector")


def selector_kept(new: Any, before: Any, path: str) -> Iterator[Found]:
    """Report whether a selector changed, or cannot be compared."""
    now, was = as_labels(new), as_labels(before)
    if isinstance(now, str) or isinstance(was, str):
        yield Found(path, "an expression other than `In` with one value", "matchLabels")
    elif now != was:
        yield Found(path, "changed", "what it was: it is immutable")


def as_labels(selector: Any) -> Mapping[str, str] | str:
    """Return a selector as the labels it asks for; a text says why that is not possible."""
    if not isinstance(selector, Mapping):
        return {}
    labels = dict(selector.get("matchLabels") or {})
    for row in selector.get("matchExpressions") or ():
        operator, values = row.get("operator"), row.get("values") or []
        if operator == "In":
            if len(values) != 1:
                return f"`In` with {len(values)} values"
            labels[row.get("key")] = values[0]
        else:
            return f"operator '{str(operator)[:40]}'"
    return labels


def _selector(case: Case) -> tuple[str, Mapping[str, Any]]:
    path = _SELECTORS[case.kind]
    return path, case.mapping(path)


@warning("KS208", "Workspace", "RAGEngine", "MultiRoleInference")
def reserved_labels_are_ignored(case: Case) -> Iterator[Found]:
    """A label of KAITO in a selector is ignored, and in an expression it matches no node that KAITO creates."""
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
    """Keys and values of a selector are valid labels of a node."""
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
    message = as_labels(selector) if case.kind != "Workspace" or case.get("tuning") is not None else ""
    if isinstance(message, str) and message:
        yield Found(path, f"{message}: KAITO admits it and cannot use it", "matchLabels, or `In` with one value")
