"""Where and when in the program a resource was made: one cheap walk up the call stack in the place of the SDK's own."""

from __future__ import annotations

import contextlib
import functools
import itertools
import sys
import sysconfig
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Final

import pulumi
from pulumi.runtime import resource as registration
from pulumi.runtime.proto import source_pb2

_OURS: Final = str(Path(__file__).parents[1])
_SDK: Final = str(Path(pulumi.__file__).parent)
_STANDARD: Final = sysconfig.get_path("stdlib")
_INSTALLED: Final = ("site-packages", "dist-packages")


@lru_cache(maxsize=4096)
def _is_program(file: str) -> bool:
    """Return whether a file is the user's: not installed, not of an SDK, and a file at all."""
    if file.startswith("<") or any(part in file for part in _INSTALLED):
        return False
    return not file.startswith((_OURS, _SDK, _STANDARD))


def position(made: Iterator[int], stack: source_pb2.StackTrace) -> source_pb2.SourcePosition:
    """Return file and line of the nearest frame of the program, neither where there is none. The SDK's own trace is not read.

    The column is the place of the resource among all that the program makes: a registration is sent when its inputs are
    known, and the SDK awaits them in the order of sets, which differs from run to run.
    """
    order = next(made)
    registering = sys._getframe(1)
    frame: FrameType | None = registering
    while frame is not None:
        code = frame.f_code
        if _is_program(code.co_filename) and not (code.co_name == "__init__" and _makes(frame, registering)):
            return source_pb2.SourcePosition(uri=code.co_filename, line=frame.f_lineno, column=order)
        frame = frame.f_back
    return source_pb2.SourcePosition(column=order)


def _makes(frame: FrameType, registering: FrameType) -> bool:
    """Return whether a frame is the constructor of the very resource: what called it is where it was made."""
    return frame.f_locals.get("self") is registering.f_locals.get("res")


@contextlib.contextmanager
def nearest_positions() -> Iterator[None]:
    """Record only the nearest line of the program for every registration, instead of all frames below it.

    An SDK that has no such walk, or calls it otherwise, is left as it is.
    """
    walk, find = (getattr(registration, name, None) for name in ("_get_stack_trace", "_get_source_position"))
    if walk is None or find is None:
        yield
        return
    registration._get_stack_trace = lambda: source_pb2.StackTrace()
    registration._get_source_position = functools.partial(position, itertools.count(1))
    try:
        yield
    finally:
        registration._get_stack_trace = walk
        registration._get_source_position = find


def shown(found: source_pb2.SourcePosition) -> str:
    """Return a position as `file:line`; empty where it is not known."""
    return f"{found.uri}:{found.line}" if found.line else ""
