"""The installation of KAITO that the objects of a program are for, as annotations that `check` reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kaito_iac.admission.installation import CLOUD, GATE_LIST, PROVISIONER
from kaito_iac.admission.stated_installation import stated_settings
from kaito_iac.admission.verdict import GATES
from kaito_iac.rules.kaito_object import KAITO, KaitoConfig, environment, judged, manifest
from kaito_iac.rules.missing_gate import read_gates
from kaito_iac.rules.rule import StackFacts
from kaito_iac.stack.resource import Resource

_GATED = frozenset({"KO402", "KS218"})
"""Codes of what needs a feature gate that is off."""


def installation_marks(resources: Sequence[Resource]) -> dict[str, str]:
    """Return cloud, provisioner and gates that the objects were made for; nothing for a program without KAITO's objects.

    Gates are those of the operator in the program, those that are stated, and those that an object cannot do without.
    """
    objects = [one for one in resources if _is_kaito(one.type)]
    if not objects:
        return {}
    config = KaitoConfig.model_validate(stated_settings())
    gates: dict[str, bool] = dict(config.feature_gates)
    facts = StackFacts(demands=(), today=date.min, folder=Path(), resources=resources)
    list(read_gates(facts, config, gates, set()))
    found = [environment(manifest(one, []), config) for one in objects]
    for one in objects:
        lacking = [problem.found for _, problem in judged(one, config).problems if problem.code in _GATED]
        gates |= {gate: True for gate in GATES if any(gate in marked for marked in lacking)}
    provisioned = [env for env in found if not env.byo] or found
    marks = {PROVISIONER: provisioned[0].provisioner, CLOUD: provisioned[0].cloud}
    marked = ",".join(f"{name}={str(on).lower()}" for name, on in sorted(gates.items()))
    return {**marks, GATE_LIST: marked} if marked else marks


def _is_kaito(type: str) -> bool:
    return re.fullmatch(KAITO, type) is not None
