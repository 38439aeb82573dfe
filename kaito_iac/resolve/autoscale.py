"""Resolves how an InferenceSet is scaled: the annotations that KAITO's scaler for KEDA makes a ScaledObject of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.judge.scaler import METRIC_KEYS, METRIC_TYPES, POLICIES, PREFIX, WINDOWS, metric_found
from kaito_iac.problem import Problem
from kaito_iac.resolve.check import is_number, shown
from kaito_iac.resolve.reading import Reader

AUTOSCALE_KEYS: Final = ("min", "max", "metrics", "combinePolicy", "evaluationWindow", "scaleUpCooldown", "scaleDownCooldown")
DEFAULT_METRIC: Final[Mapping[str, Any]] = {
    "name": "vllm:num_requests_waiting",
    "type": "gauge",
    "upThreshold": 10,
    "downThreshold": 1,
}
"""Requests that wait for a replica: what the scaler's own example scales by."""
MOST_REPLICAS: Final = 1000
MOST_SECONDS: Final = 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoscale:
    """A checked autoscaling of replicas."""

    low: int
    high: int
    annotations: Mapping[str, str]


def resolve_autoscale(reader: Reader) -> Autoscale | None:
    """Resolves the argument `autoscale`; None when replicas are fixed, or the argument is wrong."""
    if not reader.has("autoscale"):
        return None
    inner = reader.inner("autoscale", AUTOSCALE_KEYS)
    low = inner.number("min", 1, MOST_REPLICAS, "replicas") or 1
    high = inner.number("max", 2, MOST_REPLICAS, "replicas")
    if high is None and not inner.problems_at("max") and not reader.problems_at("autoscale"):
        fix = "give autoscale.max: quota and budget count it"
        inner.add(Problem("KS102", inner.path("max"), "missing", "the most replicas there may be", fix))
    if high is not None and low > high:
        inner.add(Problem("KS105", inner.path("min"), f"{low}, more than max ({high})", f"at most {high}"))
    policy = inner.text("combinePolicy", choices=POLICIES)
    windows = {key: inner.number(key, 0, MOST_SECONDS, "seconds") for key in WINDOWS}
    given = inner.items("metrics") if inner.has("metrics") else [DEFAULT_METRIC]
    if not given and not inner.problems_at("metrics"):
        inner.add(Problem("KS102", inner.path("metrics"), "[]", "at least one metric", "leave metrics out for waiting requests"))
    metrics = [_metric(inner, index, item) for index, item in enumerate(given)]
    reader.take(inner)
    annotations = {
        f"{PREFIX}auto-provision": "true",
        f"{PREFIX}min-replicas": str(low),
        f"{PREFIX}max-replicas": str(high),
        f"{PREFIX}metrics": "".join(metrics),
        **({f"{PREFIX}combinepolicy": policy} if policy else {}),
        **{f"{PREFIX}{WINDOWS[key]}": str(value) for key, value in windows.items() if value is not None},
    }
    return None if high is None else Autoscale(low=low, high=max(low, high), annotations=annotations)


def _metric(reader: Reader, index: int, item: Any) -> str:
    """Gives one metric as an item of the YAML list that the scaler reads."""
    key = f"metrics[{index}]"
    if not isinstance(item, Mapping):
        reader.add(Problem("KS102", reader.path(key), shown(item), "a mapping with name, upThreshold and downThreshold"))
        return ""
    inner = reader.inner(key, tuple(METRIC_KEYS), args=item)
    values: dict[str, Any] = {
        "name": inner.text("name", "a metric of vLLM, such as vllm:num_requests_waiting", required=True),
        "type": inner.text("type", choices=METRIC_TYPES) or "gauge",
        "upthreshold": _threshold(inner, "upThreshold"),
        "downthreshold": _threshold(inner, "downThreshold"),
        "metriccachewindow": inner.number("cacheWindow", 1, MOST_SECONDS, "seconds"),
    }
    argument = {written: key for key, written in METRIC_KEYS.items()}
    for found_key, told, accepted in metric_found(values):
        inner.add(Problem("KS232", inner.path(argument[found_key]), told, accepted))
    reader.take(inner)
    rows = [f"{name}: {json.dumps(value)}" for name, value in values.items() if value is not None]
    return f"- {rows[0]}\n" + "".join(f"  {row}\n" for row in rows[1:])


def _threshold(reader: Reader, key: str) -> int | float | None:
    value = reader.args.get(key)
    if value is not None and is_number(value) and value >= 0:
        return int(value) if float(value).is_integer() else float(value)
    told = "missing" if value is None else shown(value)
    reader.add(
        Problem("KS102", reader.path(key), told, "a number of 0 or more", "" if value is not None else f"give {reader.path(key)}")
    )
    return None
