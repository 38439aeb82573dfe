"""The keys that configure KAITO's scaler for KEDA for an InferenceSet, and what it refuses of a metric."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, Final

from kaito_iac.catalog.label import SCALER

WINDOWS: Final[Mapping[str, str]] = {
    "evaluation_window": "evaluationwindow",
    "scale_up_cooldown": "scaleupcooldown",
    "scale_down_cooldown": "scaledowncooldown",
}
"""Argument of `autoscale` to its annotation, in seconds."""
KEYS: Final = frozenset({"auto-provision", "metrics", "combinepolicy", "min-replicas", "max-replicas", *WINDOWS.values()})
OLD_METRIC_KEYS: Final = ("metricName", "threshold", "metric-name")
"""Keys of a metric that scaler 0.6 ignores."""


_TYPES: Final = ("gauge", "histogram")
_SOURCES: Final = ("modelpod",)
_RESERVED: Final = "readiness_gate"
"""Name of the trigger that the scaler adds by itself."""
_REFUSES: Final = "the scaler refuses it"


def metric_found(metric: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Report what the scaler refuses of a metric: key of the annotation, what was found, what is accepted.

    Source: kaito-project/keda-kaito-scaler v0.6.2, pkg/scaledobject/provisioner.go (parseMetricsConfig).
    """
    metric = {str(key).lower(): value for key, value in metric.items()}  # Go's reader of JSON takes keys in any case
    name = metric.get("name")
    if not name:
        yield "name", f"missing: {_REFUSES}", "a metric of vLLM, such as vllm:num_requests_waiting"
    elif variable(str(name)) == _RESERVED:
        yield "name", f"'{name}', which the scaler keeps for itself", "another name"
    for key, words, default in (("type", _TYPES, None), ("source", _SOURCES, _SOURCES[0])):
        value = metric.get(key, default)
        if value not in words:
            yield key, f"missing: {_REFUSES}" if value is None else f"'{str(value)[:40]}': {_REFUSES}", " or ".join(words)
    up, down = (metric.get(key) for key in ("upthreshold", "downthreshold"))
    for key, value in (("upthreshold", up), ("downthreshold", down)):
        if value is None:
            yield key, f"missing: {_REFUSES}", "a number"
        elif not _is_finite(value):
            yield key, f"{str(value)[:40]!r}: {_REFUSES}", "a number"
    if isinstance(up, int | float) and isinstance(down, int | float) and down > up:
        yield "downthreshold", f"{down}, above the threshold of scaling up ({up}): {_REFUSES}", f"at most {up}"
    window = metric.get("metriccachewindow")
    if window is not None and metric.get("type", "gauge") == "gauge":
        message = f"with a gauge, which has no window: {_REFUSES}"
        yield "metriccachewindow", message, "type histogram, or no window"
    elif window is not None and not (isinstance(window, int) and window > 0):
        yield "metriccachewindow", f"{str(window)[:40]}: {_REFUSES}", "a positive number of seconds"


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def variable(name: str) -> str:
    """Return the name of the trigger that the scaler makes of a metric: no two may be the same."""
    return re.sub(r"\W", "_", f"_{name}" if name[:1].isdigit() else name, flags=re.ASCII)


def meant_key(key: str) -> str:
    """Return the annotation of the scaler that a key is another spelling of; empty: it is none."""
    plain = re.sub(r"[^a-z]", "", key.lower())
    return next((one for one in sorted(KEYS) if re.sub(r"[^a-z]", "", one) == plain), "")


def settings_found(annotations: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Report what the scaler refuses of its other annotations: key, what was found, what is accepted."""
    policy = annotations.get(f"{SCALER}combinepolicy", "")
    if policy and policy.upper() != "AND":
        yield "combinepolicy", f"'{policy[:40]}': {_REFUSES}", "AND"
    for key in WINDOWS.values():
        value = annotations.get(f"{SCALER}{key}", "")
        if value and not (re.fullmatch(r"[+-]?\d{1,18}", value, re.ASCII) and 0 <= int(value) < 2**31):
            yield key, f"'{value[:40]}': {_REFUSES}", "a whole number of seconds"
    if not annotations.get(f"{SCALER}metrics", "").strip():
        yield "metrics", f"missing: {_REFUSES}", "a YAML list of name, type, upthreshold and downthreshold"


def range_found(annotations: Mapping[str, str], limit: int | None) -> Iterator[tuple[str, str, str]]:
    """Report replicas that the scaler does not scale between: a maximum of 1 or none, or one below the minimum."""
    low, high = (annotations.get(f"{SCALER}{key}-replicas") for key in ("min", "max"))
    most = int(high) if high is not None and re.fullmatch(r"\+?\d{1,18}", high, re.ASCII) else None
    if high and (most is None or most <= 1):
        yield "max-replicas", f"'{high[:40]}': the scaler does nothing", "a whole number of 2 or more"
    top, named = (limit, "nodeCountLimit") if limit else (most, "max-replicas")
    if top and low and re.fullmatch(r"\d{1,18}", low, re.ASCII) and int(low) > top:
        yield "min-replicas", f"{low}, above {named} ({top}): the scaler does nothing", f"at most {top}"
