"""Resolves how an InferenceSet is scaled: annotations that KAITO's scaler makes a ScaledObject of, or one of times of day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.admission.scaler import WINDOWS
from kaito_iac.catalog.label import SCALER
from kaito_iac.kinds.nested import AutoscaleArgs, CronArgs, MetricArgs
from kaito_iac.kubernetes.cron import cron_problem, is_zone, never_problem
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import is_number, shown

OF_METRICS: Final = ("metrics", "combine_policy", "evaluation_window", "scale_up_cooldown", "scale_down_cooldown")
DEFAULT_METRIC: Final[Mapping[str, Any]] = {
    "name": "vllm:num_requests_waiting",
    "type": "gauge",
    "up_threshold": 10,
    "down_threshold": 1,
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
    """What KAITO's scaler reads; empty when KEDA scales by the time of day."""
    triggers: tuple[Mapping[str, Any], ...] = ()
    """Times of day, as triggers of a ScaledObject."""


def resolve_autoscale(reader: Reader) -> Autoscale | None:
    """Resolve the argument `autoscale`; None when replicas are fixed, or the argument is wrong."""
    if not reader.has("autoscale"):
        return None
    inner = reader.inner("autoscale", AutoscaleArgs)
    timed = inner.has("cron")
    low = inner.number("min_count", 0 if timed else 1, MOST_REPLICAS, "replicas")
    low = low if low is not None else 1
    high = inner.number("max_count", 1 if timed else 2, MOST_REPLICAS, "replicas")
    if high is None and not inner.problems_at("max_count") and not reader.problems_at("autoscale"):
        fix = "give autoscale.max_count: quota and budget count it"
        limit = ": node_count_limit is what KAITO's scaler takes for it" if reader.has("node_count_limit") and not timed else ""
        inner.add(Problem("KS102", inner.path("max_count"), f"missing{limit}", "the most replicas there may be", fix))
    if high is not None and low > high:
        inner.add(Problem("KS105", inner.path("min_count"), f"{low}, more than max_count ({high})", f"at most {high}"))
    if timed:
        triggers = _triggers(inner, high)
        reader.take(inner)
        return None if high is None else Autoscale(low=low, high=max(low, high), annotations={}, triggers=triggers)
    annotations = _annotations(inner, low, high)
    reader.take(inner)
    return None if high is None else Autoscale(low=low, high=max(low, high), annotations=annotations)


def _triggers(inner: Reader, high: int | None) -> tuple[Mapping[str, Any], ...]:
    """Return the times of day as KEDA's cron triggers; a set has one ScaledObject, so metrics cannot scale it too."""
    for key in OF_METRICS:
        if inner.has(key):
            fix = f"leave {inner.path(key)} or {inner.path('cron')} out"
            inner.add(Problem("KS105", inner.path(key), "together with cron", "scaling by metrics, or by cron", fix))
    items = inner.items("cron")
    if not items and not inner.problems_at("cron"):
        inner.add(Problem("KS102", inner.path("cron"), "[]", "at least one time of day"))
    return tuple(_trigger(inner, index, item, high) for index, item in enumerate(items))


def _trigger(reader: Reader, index: int, item: Any, high: int | None) -> Mapping[str, Any]:
    key = f"cron[{index}]"
    if not isinstance(item, Mapping):
        reader.add(Problem("KS102", reader.path(key), shown(item), "a mapping with start, end and replicas"))
        return {}
    inner = reader.inner(key, CronArgs, args=item)
    times = {name: inner.text(name, "five cron fields, such as '0 7 * * 1-5'", required=True) for name in ("start", "end")}
    for name, time in times.items():
        if time and (reason := cron_problem(time, words=False) or never_problem(time)):
            inner.add(Problem("KS225", inner.path(name), reason, "five cron fields, such as '0 7 * * 1-5'"))
    if times["start"] and times["start"] == times["end"]:
        inner.add(Problem("KS105", inner.path("end"), "the same as start: KEDA refuses it", "another time"))
    zone = inner.text("timezone", "a time zone, such as Europe/Berlin") or "Etc/UTC"
    if not is_zone(zone):
        reason = f"'{zone[:60]}', no time zone: KEDA reads no time of it"
        inner.add(Problem("KS225", inner.path("timezone"), reason, "a time zone, such as Europe/Berlin"))
    replicas = inner.number("replicas", 0, high or MOST_REPLICAS, "replicas")
    if replicas == 0:
        reason = "0, which KEDA refuses: 'no desiredReplicas specified'"
        fix = "leave this time out: outside of all times there are min replicas, which may be 0"
        inner.add(Problem("KS225", inner.path("replicas"), reason, "1 or more", fix))
    if replicas is None and not inner.has("replicas"):
        inner.add(
            Problem("KS102", inner.path("replicas"), "missing", "the replicas of that time", f"give {inner.path('replicas')}")
        )
    reader.take(inner)
    return {"type": "cron", "metadata": {"timezone": zone, **times, "desiredReplicas": str(replicas)}}


def _annotations(inner: Reader, low: int, high: int | None) -> dict[str, str]:
    """Return the annotations that KAITO's scaler makes a ScaledObject of."""
    policy = inner.text("combine_policy")
    windows = {key: inner.number(key, 0, MOST_SECONDS, "seconds") for key in WINDOWS}
    given = inner.items("metrics") if inner.has("metrics") else [DEFAULT_METRIC]
    if not given and not inner.problems_at("metrics"):
        inner.add(Problem("KS102", inner.path("metrics"), "[]", "at least one metric", "leave metrics out for waiting requests"))
    metrics = [_metric(inner, index, item) for index, item in enumerate(given)]
    names = [item.get("name") for item in given if isinstance(item, Mapping)]
    for name in sorted({name for name in names if isinstance(name, str) and names.count(name) > 1}):
        message = f"'{name}' in two metrics, which the scaler refuses"
        inner.add(Problem("KS105", inner.path("metrics"), message, "every metric once", "leave one out"))
    return {
        f"{SCALER}auto-provision": "true",
        f"{SCALER}min-replicas": str(low),
        f"{SCALER}max-replicas": str(high),
        f"{SCALER}metrics": "".join(metrics),
        **({f"{SCALER}combinepolicy": policy} if policy else {}),
        **{f"{SCALER}{WINDOWS[key]}": str(value) for key, value in windows.items() if value is not None},
    }


def _metric(reader: Reader, index: int, item: Any) -> str:
    """Return one metric as an item of the YAML list that the scaler reads."""
    key = f"metrics[{index}]"
    if not isinstance(item, Mapping):
        reader.add(Problem("KS102", reader.path(key), shown(item), "a mapping with name, up_threshold and down_threshold"))
        return '- name: "unread"\n'
    inner = reader.inner(key, MetricArgs, args=item)
    values: dict[str, Any] = {
        "name": inner.text("name", "a metric of vLLM, such as vllm:num_requests_waiting", required=True),
        "type": inner.text("type") or "gauge",
        "upthreshold": _threshold(inner, "up_threshold"),
        "downthreshold": _threshold(inner, "down_threshold"),
        "metriccachewindow": inner.number("cache_window", 1, MOST_SECONDS, "seconds"),
    }
    reader.take(inner)
    rows = [f"{name}: {json.dumps(value)}" for name, value in values.items() if value is not None]
    return f"- {rows[0]}\n" + "".join(f"  {row}\n" for row in rows[1:])


def _threshold(reader: Reader, key: str) -> int | float | None:
    value = reader.args.get(key)
    if value is not None and is_number(value) and value >= 0:
        return int(value) if float(value).is_integer() else float(value)
    message = "missing" if value is None else shown(value)
    reader.add(
        Problem(
            "KS102", reader.path(key), message, "a number of 0 or more", "" if value is not None else f"give {reader.path(key)}"
        )
    )
    return None
