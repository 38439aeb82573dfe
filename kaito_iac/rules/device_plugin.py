"""KO408: one owner hands out the GPUs of a cluster."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from kaito_iac.demand.aks import agent_pools
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.chart import below, chart_name, installed, is_kaito, unseen, value
from kaito_iac.rules.pool import AKS, at
from kaito_iac.rules.rule import StackFacts, StackRule, Watchful
from kaito_iac.stack.reading import field, flag
from kaito_iac.stack.resource import Resource

_DAEMON_SET: Final = "kubernetes:apps/v1:DaemonSet"
_PLUGIN: Final = re.compile(r"nvidia-device-plugin|gpu-operator.*device-plugin")


def check(facts: StackFacts, config: Watchful) -> Iterator[Problem]:
    """Count who installs a device plugin: AKS, KAITO's chart, the GPU operator, another chart or DaemonSet."""
    owners = list(_owners(facts.resources))
    certain = [who for who, owns in owners if owns is True]
    unsure = [(who, owns) for who, owns in owners if isinstance(owns, Unknown)]
    if len(certain) > 1:
        fix = "switch off all but one, such as KAITO's by nvidiaDevicePlugin.enabled=false"
        yield Problem("KO408", "stack", f"device plugins of {', '.join(certain)}", "one owner", fix)
    elif len(certain) + len(unsure) > 1:
        for who, reason in unsure:
            yield from config.unread("KO408", who, reason, "a device plugin that is on or off")


def _owners(resources: Sequence[Resource]) -> Iterator[tuple[str, bool | Unknown]]:
    """Return everything that may install a device plugin, and whether it does."""
    managed = [managers for fact in resources if re.fullmatch(AKS, fact.type) for managers in _managed(fact)]
    if managed:
        hidden = next((managers for managers in managed if isinstance(managers, Unknown)), False)
        yield "AKS", True if True in managed else hidden
    charts = installed(resources)
    around = {chart.urn for chart in charts}
    for chart in charts:
        yield from _chart(chart, resources)
    for fact in resources:
        if fact.type == _DAEMON_SET and fact.parent not in around:
            name = field(fact.inputs, "metadata", "name")
            if isinstance(name, Unknown) or _PLUGIN.search(str(name)):
                yield f"DaemonSet {fact.name}", name if isinstance(name, Unknown) else True


def _managed(fact: Resource) -> Iterator[bool | Unknown]:
    for path, pool in agent_pools(fact):
        mode = pool if isinstance(pool, Unknown) else field(pool, "gpuProfile", "nvidia", "managementMode")
        if isinstance(mode, Unknown):
            yield Unknown(f"{at(path, 'gpuProfile')}: {mode.reason}")
        elif mode is not None:
            yield str(mode).lower() == "managed"


def _chart(chart: Resource, resources: Sequence[Resource]) -> Iterator[tuple[str, bool | Unknown]]:
    if unseen(chart):
        sets = [fact for fact in below(resources, chart) if fact.type == _DAEMON_SET]
        if any(_PLUGIN.search(str(field(fact.inputs, "metadata", "name"))) for fact in sets):
            yield chart.name, True
        return
    name = chart_name(chart)
    ours = is_kaito(chart)
    if isinstance(name, Unknown):
        yield chart.name, name
    elif name == "gpu-operator":
        yield f"{chart.name} (GPU operator)", _on(value(chart, "devicePlugin", "enabled"))
    elif name == "nvidia-device-plugin":
        yield f"{chart.name} (nvidia-device-plugin)", True
    elif name == "workspace" and ours is not False:
        on = _on(value(chart, "nvidiaDevicePlugin", "enabled"))
        yield f"{chart.name} (KAITO)", ours if isinstance(ours, Unknown) and on is True else on


def _on(value_of: Any) -> bool | Unknown:
    """Return whether a switch is on; charts have it on unless set otherwise."""
    return True if value_of is None else flag(value_of, "enabled")


RULE = StackRule(
    code="KO408",
    name="device-plugin",
    title="Exactly one device plugin advertises the GPUs of a cluster",
    config=Watchful,
    check=check,
    why="Two device plugins register the same GPUs: nodes report none or too many, and pods do not start.",
    fix="Keep one of AKS, KAITO's chart and the GPU operator, and switch the others' device plugin off.",
    tags=("operation", "operator"),
)
