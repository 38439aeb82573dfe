"""The command `presets`: the shipped presets and those of a user's folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kaito_iac.catalog.find import find_model
from kaito_iac.cli.number_format import count, in_words
from kaito_iac.cli.preset_check import reaches
from kaito_iac.cli.reply import Refused, Reply, code_of, refusal
from kaito_iac.cli.table import Column, facts, prose, table
from kaito_iac.cli.terminal import Page
from kaito_iac.presets.files import find_file, preset_files, shipped_folder
from kaito_iac.presets.load import name_problem, read_preset
from kaito_iac.presets.record import KINDS, plain
from kaito_iac.problem import Problem, Unknown

if TYPE_CHECKING:
    from kaito_iac.presets.record import Preset

COLUMNS: Final = (
    Column(title="Preset", cuts=True),
    Column(title="Kind"),
    Column(title="Size", cuts=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A preset and the file it is in."""

    preset: Preset
    """What the file says."""
    file: str
    """The file: a shipped one relative to the folder of presets, another one as the user wrote it."""
    shipped: bool
    """Whether it comes with kaito-iac."""


@cache
def kinds() -> tuple[str, ...]:
    """Return the kinds of presets that the schema knows."""
    return KINDS


def _folders(folder: Path | None) -> tuple[Path, ...]:
    if folder is not None and not folder.is_dir():
        raise Refused(f"{folder} is no folder")
    return (folder,) if folder is not None else ()


def _entry(path: Path) -> tuple[Entry | None, list[Problem]]:
    shipped = path.is_relative_to(shipped_folder())
    file = path.relative_to(shipped_folder()).as_posix() if shipped else str(path)
    preset, problems = read_preset(path, file)
    return (Entry(preset=preset, file=file, shipped=shipped) if preset is not None else None), problems


def list_presets(*, kind: str | None = None, model: str | None = None, folder: Path | None = None) -> Reply:
    """List the presets by kind and model; files that cannot be read are reported and lead to exit code 1."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for path in preset_files(_folders(folder)).values():
        entry, found = _entry(path)
        problems += found
        entries += [entry] if entry else []
    kept = [entry for entry in entries if kind in (None, entry.preset.kind) and _serves(entry.preset, model)]
    kept.sort(key=lambda entry: (kinds().index(entry.preset.kind), entry.preset.name))
    return Reply(
        data={"presets": [preset_data(entry) for entry in kept], "problems": [problem.as_json() for problem in problems]},
        text=lambda page: presets_text(kept, page),
        problems=tuple(problems),
        title="presets",
        talk=_unread(folder),
        code=code_of(problems),
    )


def _unread(folder: Path | None) -> tuple[str, ...]:
    names = sorted(str(path) for path in folder.rglob("*.yml")) if folder else []
    return (f"not read, because presets end in .yaml: {', '.join(names[:5])}{' …' if len(names) > 5 else ''}",) if names else ()


def _serves(preset: Preset, model: str | None) -> bool:
    if model is None:
        return True
    if preset.kind == "rag":
        return False
    wanted, card = find_model(model), find_model(preset.model)
    return card is wanted if wanted else preset.model.lower() == model.strip().lower()


def show_preset(name: str, folder: Path | None = None) -> Reply:
    """Show one preset, its reason, and what an inference preset comes to."""
    folders = _folders(folder)
    path = find_file(name, folders)
    if path is None:
        return refusal("presets", (name_problem(name, "name", folders),))
    entry, problems = _entry(path)
    if entry is None:
        return refusal(str(path), problems)
    answer = reaches(entry.preset)
    data = {**preset_data(entry), "fit": answer.as_json() if answer else None}
    return Reply(data=data, text=lambda page: preset_text(entry, page))


def preset_data(entry: Entry) -> dict[str, Any]:
    """Return a preset as plain data: its keys as the file has them, and where it is."""
    return {**plain(entry.preset), "file": entry.file, "shipped": entry.shipped}


def cells(entry: Entry) -> tuple[str, ...]:
    """Return the cells of one preset."""
    return (entry.preset.name, entry.preset.kind, entry.preset.vm_size or "-")


def presets_text(kept: Sequence[Entry], page: Page) -> str:
    """Return the table of presets."""
    if not kept:
        return "No preset matches.\n"
    own = sum(not entry.shipped for entry in kept)
    message = f"{count(len(kept), 'preset')}{f', {own} of them from your folder' if own else ''}."
    return table(COLUMNS, [cells(entry) for entry in kept], page) + "\n" + prose(message, page)


def preset_text(entry: Entry, page: Page) -> str:
    """Return all values of one preset, and what follows from them."""
    values = {key: value for key, value in plain(entry.preset).items() if value is not None}
    rows: list[tuple[str, str]] = []
    for key, value in values.items():
        if key in ("name", "why", "kind"):
            continue
        if isinstance(value, dict):
            rows += [(key if index == 0 else "", _setting(*item)) for index, item in enumerate(value.items())]
        else:
            rows.append((key, in_words(value)))
    answer = reaches(entry.preset)
    if answer is not None and isinstance(answer.nodes, int):
        price = answer.usd_per_month
        cost = str(price) if isinstance(price, Unknown) else f"{price:,.2f} USD a month"
        rows.append(("comes to", f"{count(answer.nodes, 'node')}, {answer.gpus} x {answer.gpu_model}; {cost} (est.)"))
    rows += [("why", entry.preset.why), ("file", f"{entry.file}{', shipped' if entry.shipped else ''}")]
    return facts(f"{entry.preset.name} ({entry.preset.kind})", rows, page)


def _setting(key: str, value: Any) -> str:
    if isinstance(value, dict):
        return f"{key}: {', '.join(f'{name}={_plain(inner)}' for name, inner in value.items())}"
    return f"{key}={_plain(value)}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
