"""The names that can be explained or completed, without loading what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from kaito_iac.catalog.load import models, sizes
from kaito_iac.code import CODES
from kaito_iac.presets.files import preset_files


def public_homes() -> Mapping[str, str]:
    """Return the public names of the package, each with the module below it that has the name."""
    homes: Mapping[str, str] = import_module("kaito_iac")._HOMES
    return homes


@cache
def component_names() -> Mapping[str, str]:
    """Return the class names of the components by their lower-case spelling."""
    return {name.lower(): name for name, home in public_homes().items() if home.startswith("components.") and name[0].isupper()}


@cache
def preset_names() -> tuple[str, ...]:
    """Return the names of the shipped presets, sorted."""
    return tuple(sorted(preset_files()))


@cache
def model_names() -> tuple[str, ...]:
    """Return the short names of the models, sorted."""
    return tuple(sorted(card.name for card in models().values()))


@cache
def size_names() -> tuple[str, ...]:
    """Return the names of the VM sizes, sorted."""
    return tuple(sorted(sizes(), key=str.lower))


def explainable() -> tuple[str, ...]:
    """Return every name that can be explained, argument paths apart."""
    return (*CODES, *component_names().values(), *preset_names(), *model_names(), *size_names())
