"""Resolves what is to be served: a preset, a model of the catalogue, or a model whose facts the user states."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kaito_iac.catalog.find import RETIRED, find_model, model_problem
from kaito_iac.catalog.record import ModelCard
from kaito_iac.kinds.nested import ModelFactsArgs
from kaito_iac.presets.files import find_file
from kaito_iac.presets.load import name_problem, read_preset
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.stack_defaults import preset_folders
from kaito_iac.resolve.value_checks import shown
from kaito_iac.sizing.weights import own_card

PRESET_NAME: Final = re.compile(r"[A-Za-z0-9]([-.A-Za-z0-9]{0,61}[A-Za-z0-9])?")
MODEL_ID: Final = re.compile(r"[-.\w]+/[-.\w]+", re.ASCII)
FACTS_FIX: Final = (
    "give model_facts={'weights_gib': …, 'bytes_per_token': …, 'max_context_tokens': …} from the model's files and config.json"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The model to serve, and what its preset says beside it."""

    card: ModelCard | None
    """None: the model is unknown, or none was named."""
    preset_name: str
    """What the user named."""
    settings: Mapping[str, Any]
    """Arguments that the preset stands for."""


def preset_file(name: str, folders: Sequence[Path]) -> Path | None:
    """Return the file of a preset; None for a name that no file can have."""
    return find_file(name.lower(), folders) if PRESET_NAME.fullmatch(name) else None


def choose_model(reader: Reader) -> Choice:
    """Resolve the arguments `preset` and `model_facts`; problems go to the reader."""
    name = reader.text("preset", "a name from `kaito-iac presets`, or an `organisation/model`")
    if name is None:
        return Choice(None, "", {})
    folders = preset_folders()
    file = preset_file(name, folders)
    if file is not None:
        return _from_file(name, file, reader)
    card = find_model(name)
    if card is not None:
        reader.add(_idle_facts(card, reader))
    elif reader.has("model_facts") and MODEL_ID.fullmatch(name):
        card = _own(name, reader)
    else:
        reader.add(_nobody_knows(name, reader, folders))
    return Choice(card, name, {})


def _idle_facts(card: ModelCard, reader: Reader) -> Problem | None:
    if not reader.has("model_facts"):
        return None
    reader.take(reader.inner("model_facts", ModelFactsArgs))
    message = f"without effect: the catalogue has the facts of {card.id}"
    return Problem(
        "KS105", reader.path("model_facts"), message, "facts of a model outside it", "leave model_facts out", "warning"
    )


def _from_file(name: str, file: Path, reader: Reader) -> Choice:
    preset, problems = read_preset(file)
    reader.problems += problems
    if preset is None:
        return Choice(None, name, {})
    if preset.kind != "inference":
        reader.add(
            Problem(
                "KS101",
                reader.path("preset"),
                f"'{name}' is a {preset.kind} preset",
                "an inference preset of `kaito-iac presets`",
            )
        )
        return Choice(None, name, {})
    settings = {"instance_type": preset.vm_size, "context": preset.context, "vllm": dict(preset.vllm)}
    card = find_model(preset.model)
    if card is not None:
        reader.add(_idle_facts(card, reader))
    elif reader.has("model_facts"):
        card = _own(preset.model, reader)
    else:
        path = f"preset {name}: model"
        known_by_id = MODEL_ID.fullmatch(preset.model)
        reader.add(_outside(preset.model, path) if known_by_id else model_problem(preset.model, path))
    return Choice(card, name, {key: value for key, value in settings.items() if value})


def _nobody_knows(name: str, reader: Reader, folders: Sequence[Path]) -> Problem:
    path = reader.path("preset")
    if MODEL_ID.fullmatch(name):
        return _outside(name, path)
    retired = model_problem(name, path)
    return retired if retired.cause == RETIRED else name_problem(name, path, folders)


def _outside(name: str, path: str) -> Problem:
    near = model_problem(name, path).fix
    message = f"'{name}' is not in the catalogue: KAITO would look it up on Hugging Face, which a plan cannot"
    fix = f"{FACTS_FIX}; or: {near}" if near else FACTS_FIX
    return Problem("KS217", path, message, "a name from `kaito-iac models`, or model_facts", fix)


def _own(name: str, reader: Reader) -> ModelCard | None:
    facts = reader.inner("model_facts", ModelFactsArgs)
    weights = facts.args.get("weights_gib")
    if isinstance(weights, bool) or not isinstance(weights, int | float) or not 0 < weights < 1_000_000:
        message = "missing" if weights is None else shown(weights)
        facts.add(Problem("KS102", facts.path("weights_gib"), message, "the size of the weight files in GiB"))
        weights = 1.0
    token = facts.number("bytes_per_token", 1, 2**31)
    limit = facts.number("max_context_tokens", 1, 2**31, "tokens")
    for key, value in (("bytes_per_token", token), ("max_context_tokens", limit)):
        if value is None and not facts.has(key):
            facts.add(Problem("KS102", facts.path(key), "missing", "a whole number", FACTS_FIX))
    layers, heads, kv_heads = (facts.number(key, 1, 100_000) or 0 for key in ("layers", "heads", "kv_heads"))
    gated = facts.flag("gated", False) if facts.has("gated") else None
    reader.take(facts)
    if facts.problems or token is None or limit is None:
        return None
    return own_card(
        name,
        weights_gib=float(weights),
        bytes_per_token=token,
        max_context_tokens=limit,
        layers=layers,
        heads=heads,
        kv_heads=kv_heads,
        gated=gated,
    )
