"""Choices in the schema: closed ones under one name where components share them, and open ones of names that people know."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pulumi.provider.experimental.analyzer import TypeDefinition

from kaito_iac.catalog.load import sizes
from kaito_iac.presets.files import preset_files
from kaito_iac.presets.load import read_preset


def member(value: str) -> str:
    """Return the name of a choice as languages spell members of an enum."""
    words = re.findall(r"[A-Za-z0-9]+", value)
    name = "".join(word[0].upper() + word[1:] for word in words)
    return f"_{name}" if name[:1].isdigit() else name


def shared_choices(types: Mapping[str, TypeDefinition]) -> dict[str, str]:
    """Return the enums to the name they are published under: choices of several components are one enum, such as Cloud."""
    enums = {name: (_last_words(found), tuple(one.value for one in found.enum)) for name, found in types.items() if found.enum}
    uses = Counter(enums.values())
    shared: dict[str, tuple[str, tuple[Any, ...]]] = {}
    for choice, count in uses.most_common():
        if count > 1:
            shared.setdefault(choice[0], choice)
    return {name: choice[0] if shared.get(choice[0]) == choice else name for name, choice in enums.items()}


def open_choices() -> dict[str, Any]:
    """Return enums of presets and sizes by their name; another text is admitted beside them."""
    kinds: dict[str, list[str]] = {"inference": [], "rag": [], "tuning": []}
    for name, path in sorted(preset_files().items()):
        kinds[read_preset(path)[0].kind].append(name)
    usable = sorted((name for name, size in sizes().items() if size.schedulable and size.provisionable), key=str.lower)
    return {
        "InferencePreset": _enum("Presets for serving.", kinds["inference"]),
        "RagPreset": _enum("Presets for retrieval.", kinds["rag"]),
        "TuningPreset": _enum("Presets for tuning.", kinds["tuning"]),
        "VmSize": _enum("VM sizes with NVIDIA GPUs that KAITO knows and the clouds sell.", usable),
    }


def _last_words(found: TypeDefinition) -> str:
    """Return the argument's part of an enum's name, which its description ends with."""
    argument = str(found.description).removeprefix("Choices of ").removesuffix(".")
    return argument[0].upper() + argument[1:]


def _enum(description: str, values: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "description": description, "enum": [{"name": member(one), "value": one} for one in values]}
