"""What KAITO refuses of the nodes of a new inference Workspace: selector, size, memory, partition, nodes that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from kaito_iac.admission.admit_workspace import as_labels
from kaito_iac.admission.case import Case, admitted_size, known_cloud, known_preset
from kaito_iac.admission.partition import partition_fields_found, profile_found
from kaito_iac.admission.rule import Found, rule
from kaito_iac.admission.vocabulary import PARTITION_GATES, WHOLE
from kaito_iac.catalog.find import find_size
from kaito_iac.catalog.label import RESERVED
from kaito_iac.catalog.load import mig_profiles
from kaito_iac.catalog.record import GIB

SELECTOR: Final = "resource.labelSelector"
_LABELS: Final = ("nvidia.com/gpu.product", "nvidia.com/gpu.count", "nvidia.com/gpu.memory")


def serves(case: Case) -> bool:
    """Tells whether it is for inference, with a preset that KAITO goes on with."""
    return case.get("inference") is not None and (case.preset is None or known_preset(case.preset))


def usable_labels(case: Case) -> dict[str, str]:
    """Gives the labels KAITO selects nodes by."""
    return {key: value for key, value in case.mapping(f"{SELECTOR}.matchLabels").items() if key not in RESERVED}


@rule("KS312", "Workspace", on="create")
def selector_is_labels(case: Case) -> Iterator[Found]:
    """The selector of an inference Workspace has labels, and expressions `In` with exactly one value."""
    told = as_labels(case.get(SELECTOR)) if serves(case) else ""
    if isinstance(told, str) and told:
        yield Found(SELECTOR, told, "matchLabels, or `In` with one value")


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


@rule("KS313", "Workspace", on="create")
def cloud_is_known(case: Case) -> Iterator[Found]:
    """A provisioner needs cloudProviderName azure, aws or arc."""
    if provisions(case) and not known_cloud(case.env):
        yield Found(
            "resource.instanceType", f"the operator runs with cloudProviderName '{case.env.cloud[:40]}'", "azure, aws or arc"
        )


def provisions(case: Case) -> bool:
    """Tells whether KAITO looks the size up for an inference Workspace."""
    return (
        serves(case)
        and (not case.env.byo or case.version == "v1alpha1")
        and (case.version == "v1alpha1" or case.partition is None)
    )


@rule("KS314", "Workspace", on="create")
def size_is_admitted(case: Case) -> Iterator[Found]:
    """The size for inference is in KAITO's table of the cloud; on Azure Standard_N… and Standard_D… are let through."""
    missing = not case.instance_type and case.version == "v1beta1"  # KS309 tells it
    if provisions(case) and known_cloud(case.env) and not missing and not admitted_size(case.instance_type, case.env):
        told = f"'{case.instance_type[:80]}' is no size KAITO 0.12 knows on {case.env.cloud}"
        other = find_size(case.instance_type)
        fix = f"--cloud {other.cloud}{' --provisioner karpenter' if other.cloud == 'aws' else ''}" if other else ""
        if other:
            told = f"'{other.name}' is a size of {other.cloud}, and not of {case.env.cloud}"
        yield Found("resource.instanceType", told, "a size from `kaito-iac sizes`", fix)


@cache
def _gib(weights: float) -> str:
    return f"{weights:.2f} GiB"


@rule("KS315", "Workspace", on="create", versions=("v1beta1",))
def memory_holds_weights(case: Case) -> Iterator[Found]:
    """Under transformers the GPUs of all nodes hold the weights; the annotation for bypassing skips this."""
    if case.card and provisions(case) and case.size and case.runtime != "vllm" and not case.bypassed:
        total = case.count * case.size.gpu_memory_gib
        if total * GIB < case.card.weights_bytes:
            need = _gib(case.card.weights_gib)
            told = f"{case.count} x {case.size.name} have {total} GiB of GPU memory, {case.card.name} has {need}"
            yield Found("resource.instanceType", told, "GPUs that hold the weights", "choose a bigger size")


@rule("KS316", "Workspace", on="create", versions=("v1beta1",))
def transformers_on_one_node(case: Case) -> Iterator[Found]:
    """Under transformers one node holds the weights."""
    if case.card and case.runtime == "transformers" and serves(case):
        memory = case.size.gpu_memory_gib if not case.env.byo and case.partition is None and case.size else _node_memory(case)
        if memory is not None and memory * GIB < case.card.weights_bytes:
            told = f"one node has {memory} GiB of GPU memory, {case.card.name} has {_gib(case.card.weights_gib)} of weights"
            yield Found(
                "metadata.annotations[kaito.sh/runtime]",
                f"transformers, but {told}",
                "vllm, or a bigger node",
                "remove the annotation kaito.sh/runtime",
            )


def _node_memory(case: Case) -> int | None:
    """Gives the GPU memory of one of the own nodes, GiB; None: unknown."""
    seen = matching_nodes(case)
    return _memory(next(iter(seen.values()))) if case.env.byo and case.partition is None and seen else None


@rule("KS218", "Workspace", on="create", versions=("v1beta1",))
def partition_needs_own_nodes(case: Case) -> Iterator[Found]:
    """A partition of GPUs needs own nodes (byo)."""
    if serves(case) and case.partition is not None and not case.env.byo:
        yield Found("resource.partition", f"with provisioner {case.env.provisioner}", "own nodes (nodeProvisioner byo)")


@rule("KS218", "Workspace", on="create", versions=("v1beta1",))
def partition_needs_its_gate(case: Case) -> Iterator[Found]:
    """Partition mode mig needs the gate enableMIG, mode accelerator the gate enableAccelerator."""
    gate = PARTITION_GATES.get(_mode(case), "")
    if gate and not case.env.gate(gate):
        yield Found(
            "resource.partition",
            f"mode {_mode(case)} without the feature gate {gate}",
            f"{gate}=true",
            f"--feature-gate {gate}=true if the operator has it",
            cause=gate,
        )


@rule("KS218", "Workspace", on="create", versions=("v1beta1",))
def partition_fields(case: Case) -> Iterator[Found]:
    """Mode mig has a profile and no count; mode accelerator has a count and no profile."""
    part = case.partition or {}
    for key, found, accepted, _fix in partition_fields_found(_mode(case), part.get("profile"), part.get("count")):
        yield Found(f"resource.partition.{key}", found, accepted)


@rule("KS218", "Workspace", on="create", versions=("v1beta1",))
def mig_profile(case: Case) -> Iterator[Found]:
    """A MIG profile is one KAITO knows, in lower case."""
    for key, found, accepted, fix in profile_found(_mode(case), str((case.partition or {}).get("profile") or "")):
        yield Found(f"resource.partition.{key}", found, accepted, fix)


@rule("KS315", "Workspace", on="create", versions=("v1beta1",))
def slice_holds_weights(case: Case) -> Iterator[Found]:
    """A MIG slice holds the weights of the preset; the annotation for bypassing skips this."""
    found = mig_profiles().get(str((case.partition or {}).get("profile") or ""))
    if _mode(case) == "mig" and found and case.card and not case.bypassed and found.memory_gib * GIB < case.card.weights_bytes:
        told = f"a slice of {found.memory_gib} GiB, {case.card.name} has {_gib(case.card.weights_gib)} of weights"
        yield Found("resource.partition", told, "a bigger slice")


def _mode(case: Case) -> str:
    return str((case.partition or {}).get("mode", "")) if serves(case) and case.env.byo else ""


def matching_nodes(case: Case) -> dict[str, Mapping[str, str]]:
    """Gives the known nodes that the labels select."""
    wanted = usable_labels(case)
    return {
        name: labels
        for name, labels in sorted(case.env.cluster.nodes.items())
        if all(labels.get(key) == value for key, value in wanted.items())
    }


def looks_at_nodes(case: Case) -> bool:
    """Tells whether KAITO looks at the nodes that are there."""
    selects = not isinstance(as_labels(case.get(SELECTOR)), str)
    return case.env.byo and case.preset is not None and serves(case) and case.partition is None and selects


@rule("KS317", "Workspace", on="create", versions=("v1beta1",))
def a_node_matches(case: Case) -> Iterator[Found]:
    """With own nodes at least one node has the labels of the selector."""
    if looks_at_nodes(case) and case.env.cluster.complete and not matching_nodes(case):
        yield Found(SELECTOR, "no node of the cluster has these labels", "labels of your GPU nodes")


def _memory(labels: Mapping[str, str]) -> int | None:
    """Gives the GPU memory of a node as KAITO reads its labels, GiB; None: unreadable."""
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
            if missing or _memory(labels) is None:
                told = f"node {name} has no {missing[0]}" if missing else f"node {name} has GPU labels that are no numbers"
                yield Found(SELECTOR, told, "the labels that GPU feature discovery sets")
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
    memories = [_memory(labels) for labels in matching_nodes(case).values()]
    total = sum(memory for memory in memories if memory is not None)
    if memories and None not in memories and total * GIB < case.card.weights_bytes:
        told = f"the selected nodes have {total} GiB of GPU memory, {case.card.name} has {_gib(case.card.weights_gib)}"
        yield Found("resource.instanceType", told, "nodes that hold the weights", "add nodes, or choose a smaller model")
