"""What KEDA refuses of a ScaledObject after the API server took it: nothing scales then, day or night."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from kaito_iac.kubernetes.cron import cron_problem
from kaito_iac.problem import Problem, Unknown
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource

_SCALED: Final = re.compile(r"kubernetes:keda\.sh/v\w+:Scaled(Object|Job)")
_FIVE: Final = "five cron fields, such as '0 7 * * 1-5'"


def keda_problems(resources: Iterable[Resource]) -> Iterator[Problem]:
    """Report triggers by the time of day that KEDA refuses, and trigger names that stand there twice.

    Source: kedacore/keda, pkg/scalers/cron_scaler.go (validation) and the webhook of ScaledObjects.
    """
    for resource in resources:
        triggers = field(resource.inputs, "spec", "triggers") if _SCALED.fullmatch(resource.type) else None
        if not isinstance(triggers, list | tuple):
            continue
        known = [one for one in triggers if isinstance(one, Mapping)]
        for index, trigger in enumerate(triggers):
            if isinstance(trigger, Mapping) and trigger.get("type") == "cron":
                yield from _cron(f"{resource.name}: spec.triggers[{index}].metadata", trigger.get("metadata"))
        names = Counter(str(one["name"]) for one in known if isinstance(one.get("name"), str) and one["name"])
        for name in (name for name, number in names.items() if number > 1):
            told = f"the name '{name}' a second time, which KEDA refuses"
            yield Problem("KS105", f"{resource.name}: spec.triggers", told, "every name once", "name each trigger otherwise")


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
        if not isinstance(value, Unknown) and (told := cron_problem(value or "", words=False)):
            yield Problem("KS225", f"{path}.{key}", told, _FIVE)
    if isinstance(texts["start"], str) and texts["start"] == texts["end"]:
        yield Problem("KS225", f"{path}.end", f"'{texts['end']}', as start, which KEDA refuses", "another time than start")
    zone, replicas = texts["timezone"], texts["desiredReplicas"]
    if not isinstance(zone, Unknown) and not _is_zone(zone or ""):
        told = f"'{zone}', no time zone" if zone else "missing"
        yield Problem("KS225", f"{path}.timezone", told, "a time zone, such as Europe/Berlin")
    if not isinstance(replicas, Unknown) and not re.fullmatch(r"\+?0*[1-9]\d*", replicas or ""):
        told = f"'{replicas}', which KEDA refuses: 'no desiredReplicas specified'" if replicas else "missing"
        fix = "leave this time out: outside of all times minReplicaCount applies, which may be 0"
        yield Problem("KS225", f"{path}.desiredReplicas", told, "1 or more", fix)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return bool(name)
