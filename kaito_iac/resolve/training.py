"""Checks a training configuration by the rules KAITO reads it with, and writes training_config.yaml."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pulumi

from kaito_iac.admission.training import (
    FOLDER,
    SECTIONS,
    Wrong,
    folder_is_admitted,
    folder_works,
    quantisation_found,
    unknown_field,
    unknown_section,
)
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import is_number, shown

POSITIVE: Final = (
    ("LoraConfig", "r"),
    ("LoraConfig", "lora_alpha"),
    ("TrainingArguments", "num_train_epochs"),
    ("TrainingArguments", "per_device_train_batch_size"),
    ("TrainingArguments", "gradient_accumulation_steps"),
    ("TrainingArguments", "learning_rate"),
)
SHARES: Final = (
    ("LoraConfig", "lora_dropout"),
    ("DatasetConfig", "train_test_split"),
    ("DataCollator", "mlm_probability"),
    ("DataCollator", "mask_replace_prob"),
    ("DataCollator", "random_replace_prob"),
)

Sections = Mapping[str, Mapping[str, Any]]


def resolve_training(reader: Reader, method: str | None) -> Sections:
    """Resolve the argument `training`: sections of plain values; problems go to the reader."""
    sections: dict[str, dict[str, Any]] = {}
    for section in reader.mapping("training"):
        path = reader.path(f"training.{section}")
        if wrong := unknown_section(section):
            reader.add(_problem(reader, wrong))
            continue
        inner = Reader(reader.args["training"], SECTIONS, prefix=f"{reader.path('training')}.")
        fields = inner.mapping(section)
        reader.problems += [problem for problem in inner.problems if problem.path == path]
        sections[section] = {key: _whole(value) for key, value in fields.items()}
        for key, value in fields.items():
            wrong = unknown_field(section, key)
            reader.add(_problem(reader, wrong) if wrong else _value_problem(section, key, f"{path}.{key}", value))
    reader.problems += _rules(reader, sections, method)
    return sections


def _problem(reader: Reader, wrong: Wrong) -> Problem:
    path = ".".join((reader.path("training"), *wrong.path))
    return Problem("KS226", path, wrong.found, wrong.accepted, wrong.fix, wrong.severity)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and is_number(value) and value.is_integer() and abs(value) >= 1 else value


def _value_problem(section: str, key: str, path: str, value: Any) -> Problem | None:
    if isinstance(value, pulumi.Output):
        return Problem("KS103", path, "an Output", "a plain value: the configuration's name follows from its content")
    if not _plain(value):
        return Problem("KS226", path, shown(value), "text, a number, true, false, or a list of them")
    if (section, key) in POSITIVE and not (is_number(value) and value > 0):
        return Problem("KS226", path, shown(value), "a number above 0")
    if key == "train_test_split" and value == 0:
        return Problem("KS226", path, "0, which leaves nothing to train with: the job ends with an error", "above 0, at most 1")
    if (section, key) in SHARES and not (is_number(value) and 0 <= value <= 1):
        return Problem("KS226", path, shown(value), "a number from 0 to 1")
    return None


def _plain(value: Any) -> bool:
    items = value if isinstance(value, list | tuple) else [value]
    return all(isinstance(item, str | bool) or is_number(item) for item in items)


def _rules(reader: Reader, sections: Sections, method: str | None) -> Iterator[Problem]:
    if sections:
        for wrong in quantisation_found(sections.get("QuantizationConfig", {}), method or ""):
            yield _problem(reader, wrong)
    output = sections.get("TrainingArguments", {}).get("output_dir")
    path = reader.path("training.TrainingArguments.output_dir")
    if output is not None and not isinstance(output, str):
        yield Problem("KS226", path, shown(output), FOLDER)
    elif isinstance(output, str) and not (folder_is_admitted(output) and folder_works(output)):
        yield Problem("KS226", path, shown(output), FOLDER, "output_dir='results'")


def training_text(sections: Sections) -> str:
    """Return training_config.yaml; empty when there is nothing to say."""
    if not sections:
        return ""
    rows = ["training_config:"]
    for section in SECTIONS:
        if section in sections:
            rows.append(f"  {section}:" if sections[section] else f"  {section}: {{}}")
            rows += [f"    {key}: {_scalar(value)}" for key, value in sorted(sections[section].items())]
    return "\n".join([*rows, ""])


def _scalar(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("e", ".0e") if isinstance(value, float) and "." not in text else text  # YAML 1.1 reads 1e-07 as text


def training_name(workspace: str, sections: Sections) -> str:
    """Return the name of our ConfigMap, which changes with its content."""
    return f"{workspace}-training-{hashlib.sha256(training_text(sections).encode()).hexdigest()[:8]}"
