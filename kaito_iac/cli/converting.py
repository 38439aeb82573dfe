"""The command `convert`: manifests as a stack program, and what of them it could not hold."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kaito_iac.catalog.find import size_problems
from kaito_iac.cli.escape import line
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.manifests import everything, template_note
from kaito_iac.cli.number_format import count
from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.convert.component import use_components
from kaito_iac.convert.decide import Given, Outcome
from kaito_iac.convert.folder import marked, write
from kaito_iac.convert.program import adopts, decisions, program
from kaito_iac.errors import SpecError
from kaito_iac.problem import errors


def convert_paths(paths: Sequence[str], folder: Path | None = None, *, presets: bool = False, size: str | None = None) -> Reply:
    """Convert everything below the paths; exit code 1 when something is not held, 3 when something cannot be read.

    `presets`: with components where they make the same; `size`: the VM size of existing nodes.
    """
    if size is not None and (wrong := errors(size_problems(size, None, "--node-size"))):
        raise Refused("Convert", wrong)
    templates: dict[str, None] = {}
    was = gc.isenabled()
    gc.disable()
    try:
        found = decisions(Given(one.file, one.line, one.data, one.told) for one in everything(paths, templates))
        if presets:
            use_components(found, size)
        text = program(found, size=size, presets=presets)
    finally:
        if was:
            gc.enable()
    nothing = all(one.given.told for one in found)
    files = [] if folder is None or nothing else [str(file) for file in _written(folder, text)]
    data = {
        "files": files,
        "program": marked(text) if folder is None else None,
        "objects": [_as_json(one, presets) for one in found],
    }
    unread = any(one.given.told for one in found)
    lost = any(one.why for one in found)
    return Reply(
        data=data,
        text=lambda page: marked(text) if folder is None else "".join(f"{line(name)}\n" for name in files),
        talk=(*map(template_note, templates), *_talk(found, presets)),
        code=ExitCode.REFUSED if unread else ExitCode.PROBLEMS if lost else ExitCode.OK,
    )


def _written(folder: Path, text: str) -> tuple[Path, ...]:
    try:
        return write(folder, text)
    except SpecError as error:
        raise Refused(f"Convert to {folder}", error.problems) from error
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else "no name of a folder"
        raise Refused(f"cannot write {folder}: {told}") from error


def _talk(found: Sequence[Outcome], presets: bool) -> list[str]:
    """Report what is not converted, what is left out and what is written otherwise, then counts."""
    said = []
    for one in found:
        about = f"{one.given.file}:{one.given.line}: {one.label}: "
        if one.why:
            said.append(f"{about}not converted{'' if one.arguments is None else ' as a whole'}: {one.why}")
        if one.left_out:
            said.append(f"{about}left out, set by the cluster: {', '.join(one.left_out)}")
        if one.plain:
            said.append(f"{about}plain: {one.plain}")
        said += [f"{about}{note}" for note in one.notes]
    whole = sum(not one.why for one in found)
    made = f", {count(sum(one.call is not None for one in found), 'component')}" if presets else ""
    nowhere = sum((one.call is not None or one.covered) and "namespace" not in one.given.data["metadata"] for one in found)
    over = sum(bool(adopts(one)) for one in found) if presets else 0
    said += [f"{count(over, 'object')} of a cluster: taken over, not made again; see docs/how-to/adopt.md"] if over else []
    said += [f"{count(nowhere, 'object')} without a namespace: components write default"] if nowhere else []
    return [*said, f"{count(len(found), 'object')}, {whole or 'none'} converted as a whole{made}"]


def _as_json(one: Outcome, presets: bool) -> dict[str, Any]:
    version = one.given.data.get("apiVersion") if isinstance(one.given.data, dict) else None
    return {
        "file": one.given.file,
        "line": one.given.line,
        "apiVersion": version if isinstance(version, str) else None,
        "kind": one.kind,
        "name": one.name,
        "converted": not one.why,
        "logicalName": one.logical,
        "component": one.call.component if one.call else None,
        "adopts": adopts(one) or None if presets else None,
        "why": one.why,
        "whyPlain": one.plain,
        "leftOut": one.left_out,
        "notes": one.notes,
    }
