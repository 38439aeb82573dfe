"""What a partition of GPUs has to say: fields of each mode, and MIG profiles."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.admission.case import Case, serves, weights_text
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.admission.vocabulary import MOST_GPUS, NEVER, PARTITION_GATES
from kaito_iac.catalog.find import did_you_mean, nearest
from kaito_iac.catalog.load import mig_profiles
from kaito_iac.catalog.record import GIB

Wrong = tuple[str, str, str, str]
"""Field, what was found, what is accepted, and how to fix it."""


def partition_fields_found(mode: str, profile: str | None, count: int | None) -> Iterator[Wrong]:
    """Report which fields a mode lacks or does not take: mig has a profile, accelerator a count."""
    if mode == "mig" and count is not None:
        yield "count", f"{count} with mode mig", "no count", "leave count out"
    if mode == "accelerator" and profile:
        yield "profile", f"'{profile[:40]}' with mode accelerator", "no profile", "leave profile out"
    if mode == "accelerator" and count is None:
        yield "count", "missing", "the number of whole GPUs", "give partition.count"


def profile_found(mode: str, profile: str) -> Iterator[Wrong]:
    """Report that a profile of mode mig is none that KAITO knows."""
    if mode != "mig" or profile in mig_profiles():
        return
    near = nearest(profile, tuple(mig_profiles())) if profile else ()
    fix = did_you_mean(near)
    message = f"'{profile[:40]}' is not a MIG profile of KAITO" if profile else "missing"
    yield "profile", message, "a MIG profile such as 2g.24gb", fix


def many_gpus(count: int) -> bool:
    """Return whether no node has as many GPUs."""
    return count > MOST_GPUS


@rule("KS218", "Workspace", on="create", versions=("v1beta1",))
def partition_needs_own_nodes(case: Case) -> Iterator[Found]:
    """A partition of GPUs needs existing nodes (byo)."""
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
    for key, found, accepted, fix in partition_fields_found(_mode(case), part.get("profile"), part.get("count")):
        yield Found(f"resource.partition.{key}", found, accepted, fix)


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
        message = f"a slice of {found.memory_gib} GiB, {case.card.name} has {weights_text(case.card.weights_gib)} of weights"
        yield Found("resource.partition", message, "a bigger slice")


def _mode(case: Case) -> str:
    return str((case.partition or {}).get("mode", "")) if serves(case) and case.env.byo else ""


@rule("KS325", "Workspace", on="update", versions=("v1beta1",))
def partition_stays(case: Case) -> Iterator[Found]:
    """resource.partition is immutable."""
    assert case.old is not None
    if case.partition != case.old.partition:
        yield Found("resource.partition", "changed", "what it was: it is immutable")


@warning("KS218", "Workspace")
def partition_exists(case: Case) -> Iterator[Found]:
    """No node has more than 16 GPUs, and a slice holds the weights even when the check is bypassed."""
    part = case.partition or {}
    count, profile = part.get("count"), mig_profiles().get(str(part.get("profile") or ""))
    if isinstance(count, int) and many_gpus(count):
        yield Found("resource.partition.count", f"{count} GPUs: no node has as many", f"at most {MOST_GPUS}")
    if case.bypassed and profile and case.card and profile.memory_gib * GIB < case.card.weights_bytes:
        yield Found(
            "resource.partition.profile",
            f"{case.card.name} has {case.card.weights_gib} GiB of weights: {NEVER}",
            "a bigger slice",
        )
