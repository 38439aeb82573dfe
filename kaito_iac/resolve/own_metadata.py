"""Judges labels and annotations of the user's own by the rules for manifests, before they are part of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kaito_iac.admission.verdict import Environment
from kaito_iac.resolve.reading import Reader

RULES: Final = (
    "image_family",
    "performance_mode",
    "local_weights",
    "node_class",
    "runtime_is_a_word_of_kaitos",
    "flags_are_spelt_as_kaito_reads_them",
    "public_address",
    "labels_of_kaitos_own",
)
"""Rules that look at nothing but metadata, whatever the object is."""


def judge_metadata(
    reader: Reader, kind: str, env: Environment, *, labels: str = "labels", annotations: str = "annotations"
) -> None:
    """Judge the arguments that hold labels and annotations of an object of KAITO's; problems go to the reader."""
    given = {"labels": reader.args.get(labels), "annotations": reader.args.get(annotations)}
    found = {part: value for part, value in given.items() if isinstance(value, Mapping)}
    if not any("kaito" in str(key) for part in found.values() for key in part):
        return
    from kaito_iac.admission.judge import judged_by  # loads every rule, which few programs need

    argument = {"labels": labels, "annotations": annotations}
    for where, problem in judged_by(RULES, kind, found, env):
        path = reader.path(f"{argument[str(where[0])]}.{where[-1]}")
        if not any(other.path == path for other in reader.problems):
            reader.add(replace(problem, path=path))
