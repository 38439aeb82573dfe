"""Reads the stack's own defaults for components, stack configuration `kaito-iac:defaults` and `kaito-iac:presetFolder`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pulumi

from kaito_iac.errors import SpecError
from kaito_iac.kinds.rows import args_of, from_camel
from kaito_iac.problem import Problem
from kaito_iac.resolve.merge import overlaid
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import shown

DEFAULTS: Final = "kaito-iac:defaults"
PRESET_FOLDER: Final = "kaito-iac:presetFolder"


def component_reader(kind: str, name: str, args: Mapping[str, Any] | None) -> Reader:
    """Return the reader of a component's arguments, put over the stack's defaults; it knows the lines of the class's `…Args`."""
    return Reader(with_stack_defaults(kind, name, args), args_of(kind), title=f"{kind} '{name}'")


def with_stack_defaults(kind: str, name: str, args: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the arguments of a component over the stack's defaults for its class and, nearer, for its name.

    The stack configuration `kaito-iac:defaults` is an object: class name or component name to arguments, which are camelCase
    there. An explicit None stays in the result: it also removes what a preset says.
    """
    given = {} if args is None else args
    if not isinstance(given, Mapping):
        raise SpecError(f"{kind} {shown(name)}", [Problem("KS102", "args", shown(given), "a mapping of arguments")])
    defaults = stack_defaults()
    of_class, of_name = (from_camel(args_of(kind), defaults.get(key, {})) for key in (kind, str(name)))
    return overlaid(overlaid(of_class, of_name), given)


def stack_defaults() -> Mapping[str, Mapping[str, Any]]:
    """Read `kaito-iac:defaults`; an empty mapping when the stack sets none."""
    accepted = "an object: class name or component name to arguments"
    try:
        value = pulumi.Config("kaito-iac").get_object("defaults")
    except pulumi.ConfigTypeError:
        raise SpecError("Stack configuration", [Problem("KS106", DEFAULTS, "no JSON object", accepted)]) from None
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise SpecError("Stack configuration", [Problem("KS106", DEFAULTS, shown(value), accepted)])
    wrong = [
        Problem("KS106", f"{DEFAULTS}.{key}", shown(entry), "an object of arguments")
        for key, entry in value.items()
        if not isinstance(entry, Mapping)
    ]
    if wrong:
        raise SpecError("Stack configuration", wrong)
    return value


def preset_folders() -> tuple[Path, ...]:
    """Return the user's own preset folder, stack configuration `kaito-iac:presetFolder`, relative to the program."""
    folder = pulumi.Config("kaito-iac").get("presetFolder")
    if not folder:
        return ()
    if not Path(folder).is_dir():
        problem = Problem("KS106", PRESET_FOLDER, f"{shown(folder)}, which is no folder", "a folder, relative to the program")
        raise SpecError("Stack configuration", [problem])
    return (Path(folder),)
