"""Deletions and replacements: which resource, forced by what, and which endpoint stops answering for how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import ceil
from typing import Any

from kaito_iac.catalog.find import find_model
from kaito_iac.demand.demand import Demand
from kaito_iac.report.model import Loss, change_row
from kaito_iac.report.side import Sides, high
from kaito_iac.sizing.weights import PROVISION_SECONDS, wait_seconds
from kaito_iac.stack.change import DELETING, Change, EventLog
from kaito_iac.stack.reading import field

_SERVING = ("Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference")


def losses(log: EventLog, found: Sides) -> tuple[Loss, ...]:
    """Return everything that is deleted or replaced, what holds GPUs first."""
    by_urn = {change.urn: change for change in log.changes}
    held: dict[str, list[Demand]] = {}
    for demand in found.before:
        held.setdefault(demand.urn, []).append(demand)
    rows = [_loss(change, by_urn, held, found.before) for change in log.changes if change.action in DELETING]
    return tuple(sorted(rows, key=lambda row: (row.change.internal, -row.gpus, not row.endpoints)))


def _loss(change: Change, by_urn: Mapping[str, Change], held: Mapping[str, list[Demand]], everything: Iterable[Demand]) -> Loss:
    own = held.get(change.urn, [])
    hurt = [*own, *(one for one in everything if one.pool == change.urn)]
    urls = sorted({url for one in hurt if one.kind in _SERVING for url in _urls(one.urn, by_urn)})
    if change.type.startswith("kaito-iac:"):
        urls = sorted({*urls, *_urls_of(change)})
    stays = change.order == "create-first" and not any(one.kind in _SERVING for one in own)
    minutes = _minutes(change, hurt, by_urn) if urls and change.action == "replace" and not stays else 0
    return Loss(
        change=change_row(change),
        gpus=sum(high(one.gpus) for one in own if one.bought),
        vcpus=sum(high(one.vcpus) for one in own if one.bought),
        endpoints=() if stays else tuple(urls),
        minutes=minutes,
        remark=_remark(change),
        stays=change.before is not None and change.before.retain,
    )


def _remark(change: Change) -> str:
    state = change.before
    parts = []
    if state is not None and state.protect:
        parts.append("protected: the engine refuses it")
    if state is not None and state.retain:
        parts.append("stays in the cloud and still costs (retainOnDelete)")
    if change.failed:
        parts.append("failed")
    return "; ".join(parts)


def _around(urn: str, by_urn: Mapping[str, Change]) -> Iterator[Change]:
    change = by_urn.get(urn)
    for _ in range(100):
        if change is None:
            return
        yield change
        state = change.before or change.after
        change = by_urn.get(state.parent or "") if state else None


def _urls(urn: str, by_urn: Mapping[str, Change]) -> Iterator[str]:
    for change in _around(urn, by_urn):
        yield from _urls_of(change)


def _urls_of(change: Change) -> Iterator[str]:
    outputs: Any = change.before.outputs if change.before else {}
    for url in (field(outputs, "endpoint", "url"), field(outputs, "url")):
        if isinstance(url, str):
            yield url


def _minutes(change: Change, hurt: Iterable[Demand], by_urn: Mapping[str, Change]) -> int:
    """Return for how long an endpoint is away at most: new nodes, images and weights of the model that comes."""
    longest = 0.0
    for one in hurt:
        models = [name for around in _around(one.urn, by_urn) if isinstance(name := _model(around), str)]
        card = find_model(models[0]) if models else None
        seconds = wait_seconds(card.ready_seconds, provisioned=one.bought or change.urn != one.urn) if card else PROVISION_SECONDS
        longest = max(longest, seconds)
    return ceil(longest / 60)


def _model(change: Change) -> Any:
    state = change.after or change.before
    return (
        (field(state.inputs, "preset") or field(state.inputs, "model"))
        if state and change.type.startswith("kaito-iac:")
        else None
    )
