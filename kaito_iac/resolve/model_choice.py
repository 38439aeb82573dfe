"""Resolves what is to be served: a preset, a model of the catalogue, or a model whose facts the user states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pulumi

from kaito_iac.catalog.find import find_model, model_problem
from kaito_iac.catalog.record import ModelCard
from kaito_iac.presets.load import find_file, name_problem, read_preset
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader, shown
from kaito_iac.sizing.weights import own_card

FACT_KEYS: Final = ("weightsGiB", "bytesPerToken", "maxContextTokens", "layers", "heads", "kvHeads", "gated")
FACTS_FIX: Final = (
    "give modelFacts={'weightsGiB': …, 'bytesPerToken': …, 'maxContextTokens': …} from the model's files and config.json"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The model to serve, and what its preset says beside it."""

    card: ModelCard | None
    """None: nobody knows the model, or none was named."""
    preset_name: str
    """What the user named."""
    settings: Mapping[str, Any]
    """Arguments that the preset stands for."""


def preset_folders() -> tuple[Path, ...]:
    """Gives the user's own preset folder, stack configuration `kaito-iac:presetFolder`, relative to the program."""
    folder = pulumi.Config("kaito-iac").get("presetFolder")
    return (Path(folder),) if folder else ()


def choose_model(args: Mapping[str, Any], reader: Reader) -> Choice:
    """Resolves the arguments `preset` and `modelFacts`; problems go to the reader."""
    name = reader.text("preset", "a name from `kaito-iac presets`, or an `organisation/model`")
    if name is None:
        return Choice(None, "", {})
    folders = preset_folders()
    file = find_file(name.lower(), folders)
    if file is not None:
        return _from_file(name, file, reader, folders)
    card = find_model(name)
    if card is None and reader.has("modelFacts") and name.count("/") == 1:
        return Choice(_own(name, reader), name, {})
    if card is None:
        reader.add(_nobody_knows(name, reader, folders))
    return Choice(card, name, {})


def _from_file(name: str, file: Path, reader: Reader, folders: Sequence[Path]) -> Choice:
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
    settings = {"instanceType": preset.vm_size, "context": preset.context, "vllm": dict(preset.vllm)}
    card = find_model(preset.model)
    if card is None and reader.has("modelFacts"):
        card = _own(preset.model, reader)
    elif card is None:
        reader.add(model_problem(preset.model, f"preset {name}: model"))
    return Choice(card, name, {key: value for key, value in settings.items() if value})


def _nobody_knows(name: str, reader: Reader, folders: Sequence[Path]) -> Problem:
    path = reader.path("preset")
    if name.count("/") == 1 and all(name.split("/")):
        near = model_problem(name, path)
        told = f"'{name}' is not in the catalogue: KAITO would look it up on Hugging Face, which a plan cannot"
        return Problem(
            "KS217",
            path,
            told,
            "a name from `kaito-iac models`, or modelFacts",
            f"{FACTS_FIX}{'; or: ' + near.fix if near.fix else ''}",
        )
    retired = model_problem(name, path)
    return retired if "retired" in retired.found else name_problem(name, path, folders)


def _own(name: str, reader: Reader) -> ModelCard | None:
    facts = Reader(reader.mapping("modelFacts"), FACT_KEYS, prefix=reader.path("modelFacts."))
    weights = facts.args.get("weightsGiB")
    if isinstance(weights, bool) or not isinstance(weights, int | float) or not 0 < weights < 1_000_000:
        facts.add(Problem("KS102", facts.path("weightsGiB"), shown(weights), "the size of the weight files in GiB"))
        weights = 1.0
    token = facts.number("bytesPerToken", 1, 2**31)
    limit = facts.number("maxContextTokens", 1, 2**31, "tokens")
    for key, value in (("bytesPerToken", token), ("maxContextTokens", limit)):
        if value is None and not facts.has(key):
            facts.add(Problem("KS102", facts.path(key), "missing", "a whole number", FACTS_FIX))
    layers, heads, kv_heads = (facts.number(key, 1, 100_000) or 0 for key in ("layers", "heads", "kvHeads"))
    gated = facts.flag("gated", False) if facts.has("gated") else None
    reader.problems += facts.problems
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
