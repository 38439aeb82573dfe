"""What KEDA refuses of a ScaledObject after the API server took it: nothing scales then, day or night."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from kaito_iac.demand.objects import namespace_of
from kaito_iac.kubernetes.cron import cron_problem, is_zone, never_problem
from kaito_iac.problem import Problem, Unknown
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource

_SCALED: Final = re.compile(r"kubernetes:keda\.sh/v\w+:Scaled(Object|Job)")
_MOST: Final = 100
"""KEDA's default of maxReplicaCount."""
_FIVE: Final = "five cron fields, such as '0 7 * * 1-5'"


def keda_problems(resources: Iterable[Resource]) -> Iterator[Problem]:
    """Report what KEDA refuses of its objects: times of day, numbers of replicas, names and targets that stand there twice.

    Source: kedacore/keda, pkg/scalers/cron_scaler.go (validation), apis/keda/v1alpha1/scaledobject_types.go and its webhook.
    """
    targets: dict[Any, str] = {}
    for resource in resources:
        if not _SCALED.fullmatch(resource.type):
            continue
        if resource.type.endswith("Object"):
            yield from _bounds(resource)
            yield from _target(resource, targets)
        triggers = field(resource.inputs, "spec", "triggers")
        if not isinstance(triggers, list | tuple):
            continue
        if not triggers:
            yield Problem("KS105", f"{resource.name}: spec.triggers", "an empty list, which KEDA refuses", "one trigger or more")
        known = [one for one in triggers if isinstance(one, Mapping)]
        for index, trigger in enumerate(triggers):
            if isinstance(trigger, Mapping) and trigger.get("type") == "cron":
                yield from _cron(f"{resource.name}: spec.triggers[{index}].metadata", trigger.get("metadata"))
        names = Counter(str(one["name"]) for one in known if isinstance(one.get("name"), str) and one["name"])
        for name in (name for name, number in names.items() if number > 1):
            message = f"the name '{name}' a second time, which KEDA refuses"
            yield Problem("KS105", f"{resource.name}: spec.triggers", message, "every name once", "name each trigger otherwise")


def _bounds(resource: Resource) -> Iterator[Problem]:
    """Report numbers of replicas that contradict each other (CheckReplicaCountBoundsAreValid)."""
    idle, low, high = (field(resource.inputs, "spec", f"{name}ReplicaCount") for name in ("idle", "min", "max"))
    if any(isinstance(value, Unknown) for value in (idle, low, high)):
        return
    numbers = [value for value in (idle, low, high) if value is not None]
    if not all(isinstance(value, int | float) for value in numbers):
        return
    least, most = 0 if low is None else max(low, 1), _MOST if high is None else high  # 0 counts as 1 where it is stated
    if least > most:
        message = f"{least:g}, more than maxReplicaCount ({most:g}), which KEDA refuses"
        yield Problem("KS105", f"{resource.name}: spec.minReplicaCount", message, f"at most {most:g}")
    elif idle is not None and idle >= least:
        message = f"{idle:g}, not below minReplicaCount ({least:g}), which KEDA refuses"
        yield Problem("KS105", f"{resource.name}: spec.idleReplicaCount", message, "0, with a minReplicaCount of 1 or more")


def _target(resource: Resource, targets: dict[Any, str]) -> Iterator[Problem]:
    """Report a workload that another ScaledObject of the program scales already."""
    target, space = field(resource.inputs, "spec", "scaleTargetRef"), namespace_of(resource)
    name = field(target, "name") if isinstance(target, Mapping) else None
    if not isinstance(name, str) or isinstance(space, Unknown):
        return
    kind = field(target, "kind") or "Deployment"
    if not isinstance(kind, str):
        return
    other = targets.setdefault((resource.provider, space, kind, name), resource.name)
    if other != resource.name:
        message = f"{kind} '{name}', which '{other}' scales already: KEDA refuses it"
        yield Problem("KS105", f"{resource.name}: spec.scaleTargetRef", message, "one ScaledObject for a workload")


def _cron(path: str, metadata: Any) -> Iterator[Problem]:
    if isinstance(metadata, Unknown):
        return
    given: Mapping[str, Any] = metadata if isinstance(metadata, Mapping) else {}
    texts = {key: given.get(key) for key in ("timezone", "start", "end", "desiredReplicas")}
    for key, value in texts.items():
        if value is not None and not isinstance(value, str | Unknown):
            fix = f'{key}: "{value}"'
            yield Problem("KS303", f"{path}.{key}", f"{value!r}, no text", "text: values of triggers are texts", fix)
            texts[key] = str(value)
    for key in ("start", "end"):
        value = texts[key]
        if not isinstance(value, Unknown) and (reason := cron_problem(value or "", words=False) or never_problem(value or "")):
            yield Problem("KS225", f"{path}.{key}", reason, _FIVE)
    if isinstance(texts["start"], str) and texts["start"] == texts["end"]:
        yield Problem("KS225", f"{path}.end", f"'{texts['end']}', as start, which KEDA refuses", "another time than start")
    zone, replicas = texts["timezone"], texts["desiredReplicas"]
    if not isinstance(zone, Unknown) and not (zone and is_zone(zone)):
        reason = f"'{zone}', no time zone" if zone else "missing"
        yield Problem("KS225", f"{path}.timezone", reason, "a time zone, such as Europe/Berlin")
    if not isinstance(replicas, Unknown) and not re.fullmatch(r"\+?0*[1-9]\d*", replicas or ""):
        reason = f"'{replicas}', which KEDA refuses: 'no desiredReplicas specified'" if replicas else "missing"
        fix = "leave this time out: outside of all times minReplicaCount applies, which may be 0"
        yield Problem("KS225", f"{path}.desiredReplicas", reason, "1 or more", fix)
