"""Reads a training configuration, and writes training_config.yaml."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pulumi

from kaito_iac.admission.training import SECTIONS, unknown_section
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import is_number, shown

Sections = Mapping[str, Mapping[str, Any]]


def resolve_training(reader: Reader) -> Sections:
    """Read the argument `training`: sections of plain values; what KAITO and the job make of them, the rules know."""
    sections: dict[str, dict[str, Any]] = {}
    given = reader.mapping("training")
    inner = reader.inner("training", tuple(given), args=given)
    for section, value in given.items():
        wrong = None if isinstance(value, Mapping | pulumi.Output) else unknown_section(section)
        if wrong:
            inner.add(Problem("KS102", inner.path(section), wrong.found, f"one of {wrong.accepted}", wrong.fix))
            continue
        fields = inner.mapping(section)
        sections[section] = {key: _whole(value) for key, value in fields.items()}
        for key, value in fields.items():
            if problem := _value_problem(inner.path(f"{section}.{key}"), value):
                inner.add(problem)
                sections[section][key] = "unread"
    reader.take(inner)
    return sections


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and is_number(value) and value.is_integer() and abs(value) >= 1 else value


def _value_problem(path: str, value: Any) -> Problem | None:
    if isinstance(value, pulumi.Output):
        return Problem("KS103", path, "an Output", "a plain value: the configuration's name follows from its content")
    items = value if isinstance(value, list | tuple) else [value]
    plain = all(isinstance(item, str | bool) or is_number(item) for item in items)
    return None if plain else Problem("KS102", path, shown(value), "text, a number, true, false, or a list of them")


def training_text(sections: Sections) -> str:
    """Return training_config.yaml; empty when there is nothing to say."""
    if not sections:
        return ""
    rows = ["training_config:"]
    for section in sorted(sections, key=_order):
        rows.append(f"  {section}:" if sections[section] else f"  {section}: {{}}")
        rows += [f"    {key}: {_scalar(value)}" for key, value in sorted(sections[section].items())]
    return "\n".join([*rows, ""])


def _order(section: str) -> tuple[int, str]:
    return (SECTIONS.index(section) if section in SECTIONS else len(SECTIONS), section)


def _scalar(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("e", ".0e") if isinstance(value, float) and "." not in text else text  # YAML 1.1 reads 1e-07 as text


def training_name(workspace: str, sections: Sections) -> str:
    """Return the name of our ConfigMap, which changes with its content."""
    return f"{workspace}-training-{hashlib.sha256(training_text(sections).encode()).hexdigest()[:8]}"
