"""Proposes a KaitoInferenceSet for an InferenceSet, with the Service and the ScaledObject that go with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

from kaito_iac.catalog.label import PLANNED_NODES, SCALER, WAIT_FOR
from kaito_iac.convert.proposal import Key, Manifest, Proposal, common, given, inside, mapping, read_yaml
from kaito_iac.convert.propose_served import SAID_ELSEWHERE, engines, served
from kaito_iac.kinds.kaito_inference_set import KaitoInferenceSetArgs
from kaito_iac.kinds.manifest import read, read_notes
from kaito_iac.kinds.served_model import ServedModelArgs

METRIC: Final = {"upthreshold": "up_threshold", "downthreshold": "down_threshold", "metriccachewindow": "cache_window"}
WINDOWS: Final = {
    "evaluationwindow": "evaluation_window",
    "scaleupcooldown": "scale_up_cooldown",
    "scaledowncooldown": "scale_down_cooldown",
}
OTHERWISE: Final = ("autoscale", "replica_annotations", "benchmark")
"""Arguments of a set that its annotations and those of its replicas say."""
Way = tuple[dict[str, Any], tuple[Key, ...]]
"""Arguments, and the objects of the input that the component then makes."""


def inference_set(manifest: Manifest) -> Iterator[Proposal]:
    """Return the ways to make an InferenceSet: with the objects of the input that go with it, else without."""
    template = mapping(manifest.part("spec", "template"))
    _, rest = read_notes(KaitoInferenceSetArgs, mapping(inside(template, "metadata", "annotations")))
    resource = {**mapping(template.get("resource")), "labelSelector": manifest.part("spec", "labelSelector")}
    own = read(KaitoInferenceSetArgs, {"spec": manifest.part("spec")})
    args = {
        **served(manifest, ServedModelArgs, {**template, "resource": resource}),
        **{name: value for name, value in own.items() if name not in (*SAID_ELSEWHERE, *OTHERWISE)},
        **given(replica_annotations=rest),
    }
    configs = list(engines(manifest, inside(template, "inference", "config"), manifest.name))
    for scaled, reached, engine in product(_scalings(manifest), _services(manifest), configs):
        companions = (*engine[1], *reached[1], *scaled[1])
        yield Proposal(
            component="KaitoInferenceSet", args={**args, **engine[0], **scaled[0], **reached[0]}, companions=companions
        )


def _services(manifest: Manifest) -> list[Way]:
    service: Key = ("Service", manifest.namespace, manifest.name)
    without: Way = ({"service": False}, ())
    return [({}, (service,)), without] if service in manifest.others else [without]


def _scalings(manifest: Manifest) -> list[Way]:
    """Return the ways to say how many replicas there are, and the annotations that this leaves."""
    own = manifest.own("annotations")
    by_metrics = _by_metrics(own)
    handled = (PLANNED_NODES, WAIT_FOR, *(key for key in own if by_metrics and key.startswith(SCALER)))
    found: list[Way] = []
    scaler: Key = ("ScaledObject", manifest.namespace, manifest.name)
    if scaler in manifest.others and not by_metrics:
        found.append((_counted(manifest, _by_the_clock(manifest.others[scaler])), (scaler,)))
    found.append((_counted(manifest, by_metrics), ()))
    return [({**args, **common(manifest, handled=handled)}, keys) for args, keys in found]


def _counted(manifest: Manifest, autoscale: dict[str, Any]) -> dict[str, Any]:
    replicas = manifest.part("spec", "replicas")
    start = autoscale.get("min_count", 1)
    return {**given(autoscale=autoscale), **({} if replicas in (None, start) else {"replicas": replicas})}


def _by_the_clock(scaler: Mapping[str, Any]) -> dict[str, Any]:
    triggers = inside(scaler, "spec", "triggers")
    times = [mapping(inside(one, "metadata")) for one in triggers] if isinstance(triggers, list) else []
    cron = [
        given(
            start=time.get("start"),
            end=time.get("end"),
            timezone=None if time.get("timezone") == "Etc/UTC" else time.get("timezone"),
            replicas=_number(time.get("desiredReplicas")),
        )
        for time in times
    ]
    low = inside(scaler, "spec", "minReplicaCount")
    return given(min_count=None if low == 1 else low, max_count=inside(scaler, "spec", "maxReplicaCount"), cron=cron)


def _by_metrics(annotations: Mapping[str, Any]) -> dict[str, Any]:
    """Return the argument autoscale of the scaler's annotations; empty where there are none, or others than it writes."""
    settings = {key.removeprefix(SCALER): text for key, text in annotations.items() if key.startswith(SCALER)}
    metrics = read_yaml(settings.get("metrics"))
    if settings.get("auto-provision") != "true" or not isinstance(metrics, list):
        return {}
    return given(
        min_count=None if settings.get("min-replicas") == "1" else _number(settings.get("min-replicas")),
        max_count=_number(settings.get("max-replicas")),
        metrics=[{METRIC.get(key, key): value for key, value in mapping(one).items()} for one in metrics],
        combine_policy=settings.get("combinepolicy"),
        **{argument: _number(settings.get(key)) for key, argument in WINDOWS.items()},
    )


def _number(text: Any) -> int | None:
    return int(text) if isinstance(text, str) and re.fullmatch(r"[0-9]{1,9}", text) else None
