"""The rules of KAITO by subject: loading this module loads them all."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Final

from kaito_iac.admission import (
    adapters,
    config_map,
    engine_beside,
    engine_settings,
    feature_gate,
    inference,
    inference_set,
    later_annotation,
    memory,
    model_mirror,
    multi_role_inference,
    names,
    parallelism,
    partition,
    rag_engine,
    reference,
    selector,
    size,
    source,
    training_settings,
    tuning,
    unseen,
    workspace,
)
from kaito_iac.admission.rule import RULES, Rule

SUBJECTS: Final[tuple[ModuleType, ...]] = (
    names,
    workspace,
    size,
    selector,
    partition,
    memory,
    parallelism,
    inference,
    adapters,
    source,
    tuning,
    config_map,
    reference,
    engine_beside,
    engine_settings,
    training_settings,
    later_annotation,
    inference_set,
    rag_engine,
    model_mirror,
    multi_role_inference,
    feature_gate,
    unseen,
)
"""Modules of rules; each registers its own."""
ORDER: Final = ("error", "info", "warning")
"""Severities in the order of a verdict: what KAITO refuses, what could not be seen, what is admitted."""


@cache
def rules_for(kind: str, version: str, on: str, child: bool) -> tuple[Rule, ...]:
    """Return the rules that judge a kind at a version and operation, those that refuse first."""
    found = (
        one
        for one in RULES.values()
        if kind in one.kinds and version in one.versions and one.on in (on, "both") and (one.child or not child)
    )
    return tuple(sorted(found, key=lambda one: ORDER.index(one.severity)))
