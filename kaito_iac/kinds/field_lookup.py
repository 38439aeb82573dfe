"""Finds the argument that does what a name of another tool means: here, inside an argument, or on another component."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from kaito_iac.catalog.find import did_you_mean, nearest
from kaito_iac.kinds.field_elsewhere import ELSEWHERE, OF
from kaito_iac.kinds.field_words import WORDS
from kaito_iac.kinds.rows import args_of, inner_args, keys_of, lines_of, maps
from kaito_iac.kinds.training import TrainingArgs
from kaito_iac.spelling import snake

COMPONENTS: Final = (
    "GpuNodePool KaitoWorkspace KaitoInferenceSet KaitoCluster KaitoTuning KaitoRagEngine InferenceGateway KaitoNamespace "
    "KaitoOperator KaitoModelMirror KaitoMultiRoleInference KaitoMonitoring ReadinessGate"
).split()
"""Components in the order in which they are named for an argument that several have."""
GENERAL: Final = frozenset(
    "name namespace labels annotations tags image values mode cluster cloud version config wait kind template location context "
    "count replicas gpu runtime storage service_account expose".split()
)
"""Arguments with another meaning on each component."""
_GENERAL: Final = frozenset(name.replace("_", "") for name in GENERAL)
ALIKE: Final = 0.75
"""Similarity from which a name counts as a misspelling of another one."""


def _folded(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return {_folded(word): tuple(names.split()) for names, words in WORDS.items() for word in words.split()}


@cache
def _texts(component: str) -> dict[str, str]:
    return {_folded(word): text for word, text in OF.get(component, {}).items()}


_ELSEWHERE: Final = {_folded(word): text for word, text in ELSEWHERE.items()}


def field_word(key: str, known: Sequence[str], args: type = dict) -> str:
    """Return the argument of this package for a name of another tool, as an instruction; empty where no table has the name.

    `args`: the dictionary that `known` are the keys of.
    """
    own = next((name for name in known if _folded(name) == _folded(key)), None) or (snake(key) if snake(key) in known else None)
    if own is not None:
        return f"write {own}"
    return next((found for folded in _variants(key) if (found := _found(folded, known, args))), "")


def _variants(key: str) -> Iterator[str]:
    """Yield a name as it is, then as `enable…` and without it, since Terraform has `…_enabled` where Azure has `enable…`."""
    folded = _folded(key)
    yield folded
    stem = folded.removesuffix("enabled").removeprefix("enable")
    if stem != folded and stem:
        yield f"enable{stem}"
        yield stem


def _found(folded: str, known: Sequence[str], args: type) -> str:
    component = args.__name__.removesuffix("Args")
    if folded in _texts(component):
        return _texts(component)[folded]
    own = next((name for name in known if _folded(name) == folded), None)
    name = own or next((name for name in _words().get(folded, ()) if name in known), None)
    if name is not None:
        return f"use {name}"
    inner = _inside(folded, args)
    return f"use {inner}" if inner else _ELSEWHERE.get(folded, "")


def _inside(folded: str, args: type) -> str:
    """Return where the argument is inside another one of the same component; empty: nowhere."""
    if not typing.is_typeddict(args):
        return ""
    wanted = (folded, *map(_folded, _words().get(folded, ())))
    return next((found for name in wanted for depth in (1, 2) if (found := _under(name, args, depth))), "")


def _under(wanted: str, args: type, depth: int) -> str:
    """Return where a name is inside the arguments of a dictionary, one or two levels down."""
    for holder, names in inner_args(args).items():
        if holder == "adopt":
            continue
        name = next((name for name in keys_of(names) if _folded(name) == wanted), None)
        inner = f"{{'{name}': …}}" if name else _section(wanted) if names is TrainingArgs else ""
        if depth > 1 and not inner:
            deeper = _under(wanted, names, depth - 1)
            holder_of, _, value = deeper.partition("=")
            inner = f"{{'{holder_of}': {value}}}" if deeper else ""
        if inner:
            return f"{holder}={_as_given(args, holder, inner)}"
    return ""


def _as_given(args: type, holder: str, inner: str) -> str:
    if holder in maps(args):
        return f"{{NAME: {inner}}}"
    return f"[{inner}]" if typing.get_origin(lines_of(args)[holder].hint) is list else inner


def _section(wanted: str) -> str:
    """Return where a field of KAITO's training file is among its sections."""
    for section, line in lines_of(TrainingArgs).items():
        name = next((name for name in line.hint.__annotations__ if _folded(name) == wanted), None)
        if name is not None:
            return f"{{'{section}': {{'{name}': …}}}}"
    return ""


def near_argument(key: str, known: Sequence[str], *, top: bool) -> str:
    """Return a name that the key misspells, else the other component that has it, else names that share its words.

    `top`: the key is an argument of a component, not one inside another argument.
    """
    near = nearest(key, tuple(known))
    misspelt = tuple(name for name in near if SequenceMatcher(None, _folded(key), _folded(name)).ratio() >= ALIKE)
    if misspelt:
        return did_you_mean(misspelt)
    elsewhere = _other_component(key) if top else ""
    words = set(snake(key).lower().split("_"))
    return elsewhere or did_you_mean(tuple(name for name in near if name != "name" and _shares(words, set(name.split("_")))))


def _shares(words: set[str], own: set[str]) -> bool:
    return words <= own or own <= words


def _other_component(key: str) -> str:
    """Return the first component that has the argument; empty for one with another meaning on each."""
    for folded in _variants(key):
        wanted = [name for name in (folded, *map(_folded, _words().get(folded, ()))) if name not in _GENERAL]
        for component in COMPONENTS if wanted else ():
            keys = keys_of(args_of(component))
            name = next((name for one in wanted for name in keys if _folded(name) == one), None)
            if name is not None:
                return f"{component} has {name}"
        inner = ((component, _under(name, args_of(component), 1)) for name in wanted for component in COMPONENTS)
        found = next((f"{component} has {place}" for component, place in inner if place), "")
        if found:
            return found
    return ""
