"""What a workload takes of a node when it takes less than the whole: slices of a GPU, or some of the GPUs."""

from __future__ import annotations

from typing import Any

from kaito_iac.catalog.load import mig_profiles
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.sizing.slices import cut_gpus
from kaito_iac.stack.reading import field, mapping


def part_of(place: Any, copies: Range | Unknown) -> dict[str, Any]:
    """Return what a copy takes of a node and the GPUs of all: of slices the fewest to cut them from; nothing for whole ones."""
    partition = mapping(field(mapping(place), "partition"))
    mode, profile, count = (partition.get(key) for key in ("mode", "profile", "count"))
    if mode == "accelerator" and isinstance(count, int | float) and count >= 1:
        each = int(count)
        held = copies if isinstance(copies, Unknown) else copies.times(each)
        return {"node_part": f"{each} GPU{'s' if each > 1 else ''}", "stated_gpus": held}
    if mode == "mig" and isinstance(profile, str) and profile in mig_profiles():
        if isinstance(copies, Unknown):
            return {"node_part": profile, "stated_gpus": copies}
        low, expected, high = (cut_gpus([(profile, int(number))]) for number in (copies.low, copies.expected, copies.high))
        return {"node_part": profile, "stated_gpus": Range(low, expected, high)}
    return {}
