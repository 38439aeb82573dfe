"""What a partition of GPUs has to say: fields of each mode, and MIG profiles."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.admission.vocabulary import MOST_GPUS
from kaito_iac.catalog.find import did_you_mean, nearest
from kaito_iac.catalog.load import mig_profiles

Found = tuple[str, str, str, str]
"""Field, what was found, what is accepted, and how to mend it."""


def partition_fields_found(mode: str, profile: str | None, count: int | None) -> Iterator[Found]:
    """Says which fields a mode lacks or does not take: mig has a profile, accelerator a count."""
    if mode == "mig" and count is not None:
        yield "count", f"{count} with mode mig", "no count", "leave count out"
    if mode == "accelerator" and profile:
        yield "profile", f"'{profile[:40]}' with mode accelerator", "no profile", "leave profile out"
    if mode == "accelerator" and count is None:
        yield "count", "missing", "the number of whole GPUs", "give partition.count"


def profile_found(mode: str, profile: str) -> Iterator[Found]:
    """Says that a profile of mode mig is none that KAITO knows."""
    if mode != "mig" or profile in mig_profiles():
        return
    near = nearest(profile, tuple(mig_profiles())) if profile else ()
    fix = did_you_mean(near)
    told = f"'{profile[:40]}' is no MIG profile KAITO knows" if profile else "missing"
    yield "profile", told, "a MIG profile such as 2g.24gb", fix


def many_gpus(count: int) -> bool:
    """Tells whether no node has as many GPUs."""
    return count > MOST_GPUS
