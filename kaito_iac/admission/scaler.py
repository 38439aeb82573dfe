"""The keys that configure KAITO's scaler for KEDA for an InferenceSet, and what it refuses of a metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

WINDOWS: Final[Mapping[str, str]] = {
    "evaluation_window": "evaluationwindow",
    "scale_up_cooldown": "scaleupcooldown",
    "scale_down_cooldown": "scaledowncooldown",
}
"""Argument of `autoscale` to its annotation, in seconds."""
KEYS: Final = frozenset({"auto-provision", "metrics", "combinepolicy", "min-replicas", "max-replicas", *WINDOWS.values()})
OLD_METRIC_KEYS: Final = ("metricName", "threshold", "metric-name")
"""Keys of a metric that scaler 0.6 ignores."""


def metric_found(metric: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Report what the scaler refuses of a metric: key of the annotation, what was found, what is accepted."""
    up, down = metric.get("upthreshold"), metric.get("downthreshold")
    if isinstance(up, int | float) and isinstance(down, int | float) and down > up:
        yield "downthreshold", f"{down}, above up_threshold ({up}): the scaler refuses it", f"at most {up}"
    if metric.get("metriccachewindow") is not None and metric.get("type", "gauge") == "gauge":
        told = "with a gauge, which has no window: the scaler refuses it"
        yield "metriccachewindow", told, "type histogram, or no cache_window"
