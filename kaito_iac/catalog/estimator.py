"""Knows the constants of the node estimate of each KAITO release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from kaito_iac.catalog.judged_release import judged_release
from kaito_iac.catalog.load import DEFAULT_VERSION, table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimator:
    """The constants of one release; a figure by GPU model, `*` for every other."""

    utilization: Mapping[str, float]
    """Share of GPU memory that the estimate counts on."""
    launch_utilization: Mapping[str, float]
    """Share of GPU memory that vLLM is launched with."""
    base_overhead_gib: Mapping[str, float]
    """Fixed overhead of a GPU, GiB."""
    state_sequences: int
    """Sequences whose states (Mamba, Gated DeltaNet) the estimate keeps room for."""
    sets_max_num_seqs: bool
    """Whether it sets max-num-seqs where vLLM's default is more than there are states for."""


def of_gpu(table: Mapping[str, float], gpu_model: str) -> float:
    """Return the figure of a GPU model."""
    return table.get(gpu_model, table["*"])


@cache
def estimators() -> Mapping[str, Estimator]:
    """Return the estimators by release, oldest first."""
    rows = table_of("estimators.json")["estimators"]
    return MappingProxyType(
        {
            version: Estimator(
                utilization=MappingProxyType(row["utilization"]),
                launch_utilization=MappingProxyType(row["launchUtilization"]),
                base_overhead_gib=MappingProxyType(row["baseOverheadGiB"]),
                state_sequences=row["stateSequences"],
                sets_max_num_seqs=row["setsMaxNumSeqs"],
            )
            for version, row in rows.items()
        }
    )


def estimator(version: str | None = None) -> Estimator:
    """Return the estimator of a release, by default the judged one; the default release's where it is not described."""
    return estimators().get(version or judged_release()) or estimators()[DEFAULT_VERSION]
