"""Why a program ended early, in words its author can use."""

from __future__ import annotations

import os
import sysconfig
import traceback
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pulumi

from kaito_iac.offline import walk
from kaito_iac.offline.monitor import Monitor
from kaito_iac.offline.recording import ProgramError
from kaito_iac.problem import Problem

_HERE: Final = os.path.dirname(os.path.abspath(__file__))
_STANDARD: Final = sysconfig.get_path("stdlib")


def of(error: BaseException, monitor: Monitor, folder: Path | None) -> ProgramError:
    """Return the error of a run: what the engine refused, else what was raised."""
    shown = _text(error)
    refused = next((words for words in monitor.refusals if words in shown), None)
    if refused is not None:
        return ProgramError(refused, user_error=True)
    text = _error(error, monitor, folder)
    message = walk.readable(monitor.decoder.text(text.message))
    missing = [unseen for unseen in monitor.unseen if unseen.supply]
    if missing and not text.problems:
        named = missing[0]
        message += f"\nThe result of {named.where} is not known offline; --invokes FILE gives it: {named.supply}"
    return replace(text, message=message, cause=error)


def of_waiting(resources: Iterable[tuple[str, str]]) -> ProgramError:
    """Return the error of a run that waits for something that never comes."""
    names = sorted(f"{name!r} ({type})" for type, name in set(resources))
    held = f"; it holds up {', '.join(names)}" if names else ""
    return ProgramError(f"the program waits for an output that never gets a value{held}", user_error=True)


def _error(error: BaseException, monitor: Monitor, folder: Path | None) -> ProgramError:
    key = monitor.decoder.key_of(_text(error))
    if key is not None and isinstance(error, pulumi.ConfigTypeError | ValueError):
        words = f"config value {key} is encrypted, and the program needs it as more than text; supply it: config={{{key!r}: ...}}"
        if isinstance(error, pulumi.ConfigTypeError):
            return ProgramError(words, user_error=True)
        return ProgramError(f"{words}\n{_trimmed(error, folder)}")
    listed = getattr(error, "problems", ())
    problems = tuple(found for found in listed if isinstance(found, Problem)) if isinstance(listed, list | tuple) else ()
    if isinstance(error, pulumi.RunError) or problems:
        return ProgramError(_text(error), problems, True)
    if isinstance(error, SystemExit):
        left = f": {error.code}" if isinstance(error.code, str) else f" with exit code {error.code}"
        return ProgramError(f"the program ended itself{left}", user_error=True)
    missing = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    return ProgramError(_trimmed(error, folder), missing=missing)


def _text(error: BaseException) -> str:
    """Return the text of an error; of one whose text cannot be made, its class."""
    try:
        return str(error)
    except Exception:
        return f"{type(error).__name__}, whose text cannot be made"


def _trimmed(error: BaseException, folder: Path | None) -> str:
    """Return the traceback through the user's own files, and the last line alone when it touches none of them."""
    frames = traceback.extract_tb(error.__traceback__)
    shown = traceback.format_list([frame for frame in frames if _is_own(frame.filename, folder)])
    head = ["Traceback (most recent call last):\n"] if shown else []
    return "".join([*head, *shown, *traceback.format_exception_only(error)]).rstrip()


def _is_own(file: str, folder: Path | None) -> bool:
    if not os.path.isabs(file) or "site-packages" in file:
        return False
    if folder is not None:
        return file.startswith(f"{folder}{os.sep}")
    return not file.startswith((_HERE, _STANDARD))
