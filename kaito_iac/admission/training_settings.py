"""What KAITO refuses of the ConfigMap with the settings of a training."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType
from typing import Any, Final

from kaito_iac.admission.case import Case, asked_once
from kaito_iac.admission.config_map import lacking, text_of
from kaito_iac.admission.rule import Found, rule, warning
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
from kaito_iac.admission.training_value import together_found, value_found
from kaito_iac.catalog.label import TRAINING_KEY
from kaito_iac.kubernetes.builder import Dialect
from kaito_iac.kubernetes.document import Unreadable, read_one
from kaito_iac.kubernetes.scalar import as_python, tagged
from kaito_iac.kubernetes.schema import Path

OUTPUT: Final[Path] = ("training", "TrainingArguments", "output_dir")
FIX: Final = "output_dir='results'"


def training_config(case: Case) -> tuple[str, str]:
    """Return namespace and name of the ConfigMap that admission reads for tuning."""
    own, method = case.text("tuning.config"), case.text("tuning.method").lower()
    if own:
        return case.namespace, own
    return case.env.release_namespace, {"lora": "lora-params-template", "qlora": "qlora-params-template"}.get(method, "")


@rule("KS320", "Workspace", on="create")
def training_config_is_there(case: Case) -> Iterator[Found]:
    """tuning.config names a ConfigMap of the same namespace with the key training_config.yaml; else KAITO's own is read."""
    if case.get("tuning") is not None:
        namespace, name = training_config(case)
        yield from lacking(case, namespace, name, TRAINING_KEY, "tuning.config")


@asked_once
def _training(case: Case) -> Any:
    """Return the settings of a training as data; None: not known."""
    if case.get("tuning") is None:
        return None
    text = text_of(case, *training_config(case), TRAINING_KEY)
    if text is None:
        return None
    try:
        return read_one(text).data or {}
    except Unreadable as error:
        return error


@asked_once
def _words(case: Case) -> Any:
    """Return the settings with their values as the tuning program hands them on: numbers that Python reads as text are text."""
    text = text_of(case, *training_config(case), TRAINING_KEY) if isinstance(_training(case), dict) else None
    try:
        return read_one(text, Dialect(plain=as_python, tagged=tagged)).data if text is not None else None
    except Unreadable:
        return None


@rule("KS226", "Workspace", on="create")
def training_config_has_known_sections(case: Case) -> Iterator[Found]:
    """training_config.yaml is YAML with a mapping `training_config` of KAITO's six sections."""
    found = _training(case)
    if found is None:
        return
    inner = found.get("training_config") if isinstance(found, dict) else None
    if not isinstance(inner, dict):
        yield Found("tuning.config", f"{TRAINING_KEY} has no mapping training_config", "YAML with a mapping training_config")
        return
    for name in sorted(map(str, inner)):
        if wrong := unknown_section(name):
            message = f"section '{name[:60]}' of {TRAINING_KEY}"
            yield Found("tuning.config", message, f"one of {', '.join(SECTIONS)}", wrong.fix, inside=("training", name[:60]))


def section(case: Case, name: str, found: Any = None) -> Any:
    """Return a section of the training settings; None: not there, or not known."""
    found = _training(case) if found is None else found
    inner = found.get("training_config") if isinstance(found, dict) else None
    return inner.get(name) if isinstance(inner, dict) else None


def _searched(value: Any, key: str) -> Any:
    """Return the value of a key of a section; None: not there."""
    return value.get(key) if isinstance(value, dict) else None


@rule("KS226", "Workspace", on="create")
def quantisation_fits_method(case: Case) -> Iterator[Found]:
    """load_in_4bit and load_in_8bit are true or false, never both true; qlora needs one of them, lora excludes both."""
    if not isinstance(_training(case), dict):
        return
    method, found = case.text("tuning.method").lower(), section(case, "QuantizationConfig")
    if not isinstance(found, dict | NoneType):
        yield Found("tuning.config", "QuantizationConfig is no mapping", "a mapping")
        return
    for wrong in quantisation_found(found or {}, method):
        yield _found_of(wrong)


def output_dir(case: Case) -> Any:
    """Return the folder that a training writes to; None: not set, or not known."""
    return _searched(section(case, "TrainingArguments"), "output_dir")


@rule("KS226", "Workspace", on="create")
def output_dir_is_inside(case: Case) -> Iterator[Found]:
    """TrainingArguments.output_dir is text, and a folder below /mnt."""
    found, arguments = output_dir(case), section(case, "TrainingArguments")
    if not isinstance(arguments, dict | NoneType):
        yield Found("tuning.config", "TrainingArguments is no mapping", "a mapping")
    if found is None:
        return
    if not isinstance(found, str):
        yield Found("tuning.config", f"output_dir {found!r} is no text"[:80], FOLDER, FIX, inside=OUTPUT)
    elif not folder_is_admitted(found):
        yield Found("tuning.config", f"output_dir '{found[:80]}'", FOLDER, FIX, inside=OUTPUT)


@warning("KS235", "Workspace")
def output_stays_in_its_volume(case: Case) -> Iterator[Found]:
    """TrainingArguments.output_dir is below /mnt; admission compares only the first letters of the path."""
    found = output_dir(case)
    if isinstance(found, str) and folder_is_admitted(found) and not folder_works(found):
        yield Found(
            "tuning.config", f"output_dir '{found[:80]}' leads out of /mnt, or is /mnt itself", FOLDER, FIX, inside=OUTPUT
        )


@warning("KS226", "Workspace", on="create")
def training_fields_exist(case: Case) -> Iterator[Found]:
    """Every field of a training configuration is one of its class: the job ends with an error over any other."""
    for name in SECTIONS:
        fields = section(case, name)
        for field in fields if isinstance(fields, dict) else ():
            if wrong := unknown_field(name, str(field)):
                yield _found_of(wrong)


@warning("KS226", "Workspace", on="create")
def training_values_are_in_range(case: Case) -> Iterator[Found]:
    """Values of a training are of the kind of their field, rates and counts above 0, shares from 0 to 1."""
    for name in SECTIONS:
        fields = section(case, name, _words(case))
        for field, value in fields.items() if isinstance(fields, dict) else ():
            if wrong := value_found(name, str(field), value):
                yield _found_of(wrong)
    arguments = section(case, "TrainingArguments")
    if isinstance(arguments, dict):
        yield from (_found_of(wrong) for wrong in together_found(arguments))


@warning("KS226", "Workspace", on="create")
def training_sections_have_fields(case: Case) -> Iterator[Found]:
    """A section of a training configuration is a mapping, if only {}: the tuning program ends with an error over any other."""
    found = _training(case)
    inner = found.get("training_config") if isinstance(found, dict) else None
    for name, fields in inner.items() if isinstance(inner, dict) else ():
        refused = name in ("QuantizationConfig", "TrainingArguments") and fields is not None  # by admission
        if name in SECTIONS and not isinstance(fields, dict) and not refused:
            message = f"{name} without a field" if fields is None else f"{name} is no mapping"
            fix, inside = f"write {name}: {{}}, or remove it", ("training", name)
            yield Found("tuning.config", f"{message}: the job ends with an error", "a field, or {}", fix, inside=inside)


@warning("KS221", "Workspace", on="create")
def training_fields_are_public(case: Case) -> Iterator[Found]:
    """No field of a training configuration is a secret: everyone with read access to ConfigMaps would see it."""
    for field, value in (section(case, "TrainingArguments") or {}).items() if isinstance(_training(case), dict) else ():
        if str(field).replace("-", "_") == "hub_token" and value is not None:
            message = f"TrainingArguments.{field}: a secret in a ConfigMap"
            yield Found("tuning.config", message, "no secret", "remove it", inside=("training", "TrainingArguments", str(field)))


def _found_of(wrong: Wrong) -> Found:
    where = tuple(part[:60] for part in wrong.path)
    cause = "unlisted" if wrong.severity == "warning" else ""
    message = f"{'.'.join(where)}: {wrong.found}"
    return Found("tuning.config", message, wrong.accepted, wrong.fix, cause, ("training", *where))
