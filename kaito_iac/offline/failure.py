"""Why a program ended early, in words its author can use."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pulumi

from kaito_iac.offline.monitor import Monitor
from kaito_iac.offline.recording import ProgramError
from kaito_iac.problem import Problem


def of(error: BaseException, monitor: Monitor, folder: Path | None) -> ProgramError:
    """Gives the error of a run: a refused registration first, then what was raised."""
    if monitor.refusal is not None:
        return ProgramError(monitor.refusal, user_error=True)
    told = _told(error, monitor, folder)
    return replace(told, message=monitor.decoder.text(told.message), cause=error)


def of_waiting(resources: Iterable[tuple[str, str]]) -> ProgramError:
    """Gives the error of a run that waits for something that never comes."""
    names = sorted(f"{name!r} ({type})" for type, name in set(resources))
    held = f"; it holds up {', '.join(names)}" if names else ""
    return ProgramError(f"the program waits for an output that never gets a value{held}", user_error=True)


def _told(error: BaseException, monitor: Monitor, folder: Path | None) -> ProgramError:
    key = monitor.decoder.key_of(str(error))
    if key is not None and isinstance(error, pulumi.ConfigTypeError | ValueError):
        words = f"config value {key} is encrypted, and the program needs it as more than text; supply it: config={{{key!r}: ...}}"
        return ProgramError(words, user_error=True)
    problems = tuple(found for found in getattr(error, "problems", ()) if isinstance(found, Problem))
    if isinstance(error, pulumi.RunError) or problems:
        return ProgramError(str(error), problems, True)
    if isinstance(error, SystemExit):
        return ProgramError(f"the program ended itself with exit code {error.code}", user_error=True)
    return ProgramError(_trimmed(error, folder))


def _trimmed(error: BaseException, folder: Path | None) -> str:
    """Gives the traceback of the user's own files; all of it when there is none of theirs."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_own(frame.filename, folder)]
    shown = traceback.format_list(own or ([] if isinstance(error, SyntaxError) else frames))
    return "".join([*(["Traceback (most recent call last):\n"] if shown else []), *shown, *_last_lines(error)]).rstrip()


def _last_lines(error: BaseException) -> list[str]:
    return traceback.format_exception_only(error)


def _is_own(file: str, folder: Path | None) -> bool:
    if folder is None:
        return "site-packages" not in file and f"{os.sep}kaito_iac{os.sep}" not in file and os.path.isfile(file)
    inside = os.path.abspath(file).startswith(f"{folder}{os.sep}")
    return inside and "site-packages" not in file
