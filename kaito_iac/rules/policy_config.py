"""The file that `--policy-pack-config` names: enforcement levels and settings by rule, read one way by everything that judges."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from kaito_iac.files import FileError, read_json
from kaito_iac.problem import Problem
from kaito_iac.project_url import page_url

BAD_CONFIG: Final = "KO485"
"""Code of everything that is wrong with a policy configuration."""

Enforcement = Literal["advisory", "mandatory", "remediate", "disabled"]
LEVELS: Final[tuple[Enforcement, ...]] = get_args(Enforcement)
ALL: Final = "all"
"""Name that stands for every rule; it carries a level alone."""
_ENVIRONMENTS: Final = "environments"
_LEVEL: Final = "enforcementLevel"
_ACCEPTED: Final = "advisory, mandatory, remediate or disabled"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a configuration gives one rule."""

    level: Enforcement | None = None
    """None: the level is left as it is."""
    values: Mapping[str, Any] = field(default_factory=dict)


def read_file(path: Path | None) -> tuple[Mapping[str, Any], tuple[Problem, ...]]:
    """Return the JSON object of a file, and why it cannot be read; nothing for no file."""
    if path is None:
        return {}, ()
    try:
        found = path.stat()
        return _read(path, (found.st_ino, found.st_size, found.st_mtime_ns))
    except OSError:
        return _read.__wrapped__(path, ())


@lru_cache(maxsize=8)
def _read(path: Path, state: tuple[int, ...]) -> tuple[Mapping[str, Any], tuple[Problem, ...]]:
    """Read a file once in a state, as plan, guard and report ask for it several times; callers change nothing in it."""
    try:
        value = read_json(path)
    except FileError as error:
        return {}, (Problem(BAD_CONFIG, path.name, str(error), "a JSON object"),)
    if not isinstance(value, dict):
        return {}, (Problem(BAD_CONFIG, path.name, "no JSON object", "a JSON object"),)
    return value, ()


def placed(given: Mapping[str, Any], folders: Sequence[Path]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return settings with relative paths of quota files and plans made absolute, in the first folder that has them.

    Also the paths that no folder has, by their names, as the first folder would have them.
    """
    missing: dict[str, str] = {}

    def place(value: Any) -> Any:
        if not isinstance(value, str) or not value or Path(value).is_absolute():
            return value
        found = next((folder / value for folder in folders if (folder / value).exists()), None)
        if found is None and folders:
            missing[Path(value).name] = str(folders[0].absolute() / value)
        return value if found is None else str(found.absolute())

    def of_rule(setting: Any) -> Any:
        if not isinstance(setting, Mapping):
            return setting
        changed = {key: place(setting[key]) for key in ("quotaFile",) if key in setting}
        if isinstance(setting.get("ledger"), list):
            changed["ledger"] = [place(value) for value in setting["ledger"]]
        return {**setting, **changed}

    return {rule: of_rule(setting) for rule, setting in given.items()}, missing


def entries(given: Mapping[str, Any]) -> tuple[dict[str, Entry], list[Problem]]:
    """Return levels and settings by rule, and everything that is no level, no object, or has no effect."""
    found: dict[str, Entry] = {}
    problems: list[Problem] = []
    for name, setting in given.items():
        if name == _ENVIRONMENTS:
            problems += _environments(setting)
        elif isinstance(setting, Mapping):
            values = {key: value for key, value in setting.items() if key != _LEVEL}
            problems += _level(f"{name}.{_LEVEL}", setting.get(_LEVEL, LEVELS[0]))
            if name == ALL:
                problems += (_without_effect(key) for key in values)
            found[name] = Entry(setting.get(_LEVEL), values)
        elif isinstance(setting, str):
            problems += _level(name, setting)
            found[name] = Entry(setting)  # type: ignore[arg-type]  # a text that is no level is a problem above
        else:
            problems.append(Problem(BAD_CONFIG, name, _shown(setting), "an enforcement level or an object"))
    return found, problems


def unknown_rules(
    given: Mapping[str, Any], known: Collection[str], packs: Collection[str], elsewhere: Mapping[str, str]
) -> Iterator[Problem]:
    """Report every name that is no rule of the packs that are asked; `elsewhere` is rule to pack of others."""
    listed = " or ".join(packs)
    for name in given:
        if name in known or name in (ALL, _ENVIRONMENTS):
            continue
        close = get_close_matches(name, known, n=1)
        fix = f"write {close[0]}" if close else f"take the name out, or one that {page_url('reference/policies.md')} lists"
        if name in elsewhere:
            fix = f"it is a rule of {elsewhere[name]}: name that pack too, or take the rule out of this configuration"
        yield Problem(BAD_CONFIG, name, "not a rule", f"a rule of {listed}", fix)


def unknown_keys(rule: str, values: Mapping[str, Any], known: Collection[str]) -> Iterator[Problem]:
    """Report every key that is no setting of a rule."""
    for key in values:
        if key in known:
            continue
        wanted = (_LEVEL, *known)
        close = get_close_matches(key, wanted, n=1) or [name for name in wanted if name.lower() == key.replace("_", "").lower()]
        fix = f"write {close[0]}" if close else "take the key out"
        yield Problem(BAD_CONFIG, f"{rule}.{key}", "not a setting", f"one of {', '.join(wanted)}", fix)


def _level(path: str, value: Any) -> Iterator[Problem]:
    if isinstance(value, str) and value in LEVELS:
        return
    text = value.strip().lower() if isinstance(value, str) else ""
    close = get_close_matches(text, LEVELS, n=1)
    yield Problem(BAD_CONFIG, path, _shown(value), _ACCEPTED, f'write "{close[0]}"' if close else "")


def _without_effect(key: str) -> Problem:
    return Problem(BAD_CONFIG, f"{ALL}.{key}", "a setting for all rules, which none of them reads", _LEVEL, "set it rule by rule")


def _environments(value: Any) -> Iterator[Problem]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        yield Problem(BAD_CONFIG, _ENVIRONMENTS, _shown(value), "a list of names of Pulumi ESC environments")


def _shown(value: Any) -> str:
    try:
        return json.dumps(value, default=str)[:80]
    except (ValueError, RecursionError):
        return f"a {type(value).__name__}"
