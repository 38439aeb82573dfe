"""Sizes a model outside the catalogue from the facts its user states."""

from __future__ import annotations

from dataclasses import replace

from kaito_iac.catalog.find import size_problems
from kaito_iac.catalog.load import sizes
from kaito_iac.catalog.record import ModelCard
from kaito_iac.sizing import fit as sizing
from kaito_iac.sizing.fit import Fit, Query


def fit_own(card: ModelCard, query: Query) -> Fit:
    """Answers one query for a card of one's own, as `kaito_iac.sizing.fit.fit` does for a catalogue model."""
    size, hardware = sizing._hardware(query.size)
    problems = list(size_problems(query.size, None, "size")) if size or not hardware else []
    if query.context is not None and (beyond := sizing.limit_problem(card, query.context, "context")):
        problems.append(beyond)
    if hardware is None:
        answer = sizing._blank(query, tuple(problems))
        return replace(answer, model=card.id, ready_minutes=round(card.ready_seconds / 60, 3), disk_gib=card.disk_gib)
    return sizing._fit(card, size, hardware, query, problems)


def fits_own(card: ModelCard, *, context: int | None, region: str | None, cloud: str | None) -> tuple[Fit, ...]:
    """Answers for every size, best first."""
    names = [size.name for size in sizes().values() if cloud in (None, size.cloud)]
    answers = (fit_own(card, Query(model=card.id, size=name, context=context, region=region)) for name in names)
    return tuple(sorted(answers, key=sizing._rank))
