"""The shipped policy packs: where they are, inside the installed package or beside it in a checkout, and their rules."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kaito_iac.rules.rule import AnyRule

NAMES: Final = ("gpu-quota", "guardrails")
STARTERS: Final = ("config", "production", "sandbox", "team")
"""Configurations that every shipped pack has, by the names of their files."""


def packs_folder() -> Path:
    """Return the folder that holds the shipped packs."""
    inside = Path(__file__).parent / "packs"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "policies"


def pack_folder(pack: Path) -> Path:
    """Return the folder of a pack: that of the shipped pack of this name, else the one named."""
    return packs_folder() / pack.name if str(pack) in NAMES else pack


def configuration(given: Path | None, packs: Sequence[Path]) -> Path | None:
    """Return the file of a configuration; a bare name that is no file names one of the shipped packs among `packs`."""
    if given is None or str(given) not in STARTERS or given.exists():
        return given
    files = [folder / f"{given}.json" for folder in map(pack_folder, packs) if shipped_name(folder)]
    if len(files) < 2:
        return files[0] if files else given
    return _joined(files)


def _joined(files: Sequence[Path]) -> Path:
    """Write the settings of several packs into one file, which lasts as long as the process."""
    import atexit
    import json
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="kaito-iac-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    joined = {name: value for file in files for name, value in json.loads(file.read_text(encoding="utf-8")).items()}
    target = folder / files[0].name
    target.write_text(json.dumps(joined), encoding="utf-8")
    return target


def shadowed(pack: Path) -> str:
    """Return the folder that has the name of a shipped pack and is not it; empty where none is in the way."""
    if str(pack) not in NAMES or not pack.is_dir() or shipped_name(pack):
        return ""
    return str(pack.absolute())


def shipped_name(folder: Path) -> str:
    """Return the name of the shipped pack that a folder is; empty for any other folder."""
    same = folder.name in NAMES and folder.resolve() == (packs_folder() / folder.name).resolve()
    return folder.name if same else ""


def shipped_rules(name: str) -> tuple[AnyRule, ...]:
    """Return the rules of a shipped pack."""
    rules: tuple[AnyRule, ...] = import_module(f"kaito_iac.rules.{name.replace('-', '_')}").RULES
    return rules


def load_rules(packs: Sequence[Path]) -> None:
    """Load the rules of the shipped packs among some, which takes a while."""
    for name in filter(None, map(shipped_name, map(pack_folder, packs))):
        shipped_rules(name)


def pack_of_rules() -> dict[str, str]:
    """Return the pack of every shipped rule, by the rule's name."""
    return {rule.name: name for name in NAMES for rule in shipped_rules(name)}
