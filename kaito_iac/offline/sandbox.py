"""Keeps a program's effects on this process to the time it runs: folder, paths, modules, environment, output."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

_OURS = "kaito_iac"


@contextlib.contextmanager
def inside(folder: Path, *, importable: bool = True) -> Iterator[None]:
    """Make a folder the working directory and, if asked, the first place of imports; undoes all of it afterwards."""
    before = (_working_directory(), list(sys.path), list(sys.argv), dict(os.environ))
    hidden = _hide(folder)
    known = set(sys.modules)
    try:
        os.chdir(folder)
        if importable:
            sys.path.insert(0, str(folder))
        sys.argv = ["."]
        for name in [name for name in os.environ if name.startswith("PULUMI_")]:
            del os.environ[name]
        importlib.invalidate_caches()
        with warnings.catch_warnings(), quiet_output():
            warnings.simplefilter("default")
            yield
    finally:
        with contextlib.suppress(OSError):
            os.chdir(before[0])
        sys.path[:] = before[1]
        sys.argv = before[2]
        os.environ.clear()
        os.environ.update(before[3])
        for name in [name for name in sys.modules if name not in known and _lives_in(sys.modules[name], folder)]:
            del sys.modules[name]
        sys.modules.update(hidden)
        for path in [path for path in sys.path_importer_cache if _is_inside(path, folder)]:
            del sys.path_importer_cache[path]


@contextlib.contextmanager
def quiet_output() -> Iterator[None]:
    """Send what is written to standard output to standard error, also by processes that are started meanwhile."""
    with contextlib.redirect_stdout(sys.stderr), contextlib.ExitStack() as undo:
        try:
            sys.__stdout__.flush() if sys.__stdout__ else None
            saved = os.dup(1)
        except (OSError, ValueError):  # no standard output
            yield
            return
        undo.callback(os.close, saved)
        undo.callback(os.dup2, saved, 1)
        with contextlib.suppress(OSError):
            os.dup2(2, 1)
        yield
        with contextlib.suppress(ValueError):
            sys.__stdout__.flush() if sys.__stdout__ else None


@contextlib.contextmanager
def collector_at_rest() -> Iterator[None]:
    """Spare the garbage collector everything that exists already; half of a registration's time is its work."""
    enabled = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if enabled:
            gc.enable()


@contextlib.contextmanager
def recursion_limit_restored() -> Iterator[None]:
    """Restore the recursion limit, which a program may set so low that nothing after it could run."""
    before = sys.getrecursionlimit()
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@contextlib.contextmanager
def settings_restored(owner: type) -> Iterator[None]:
    """Restore what the SDK's settings fall back to: their first value leaks out of the context it was set in."""
    properties = [item for item in vars(owner).values() if hasattr(item, "_ContextProperty__default")]
    before: list[Any] = [item._ContextProperty__default for item in properties]
    try:
        yield
    finally:
        for item, value in zip(properties, before, strict=True):
            item._ContextProperty__default = value


def _working_directory() -> str:
    """Return where the process is; of a folder that is gone, the root."""
    try:
        return os.getcwd()
    except OSError:
        return os.sep


def _hide(folder: Path) -> dict[str, ModuleType]:
    """Take out of sight the loaded modules that share a name with the program's own, and return them back."""
    own = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}
    own -= {"__main__", "__init__", _OURS, "pulumi"} | set(sys.stdlib_module_names)
    hidden = {
        name: module
        for name, module in sys.modules.items()
        if name.partition(".")[0] in own and not _is_installed(getattr(module, "__file__", None))
    }
    for name in hidden:
        del sys.modules[name]
    return hidden


def _lives_in(module: ModuleType, folder: Path) -> bool:
    if getattr(module, "__name__", "").partition(".")[0] == _OURS:
        return False
    places = [getattr(module, "__file__", None), *(getattr(module, "__path__", None) or ())]
    return any(place and _is_inside(place, folder) and not _is_installed(place) for place in places)


def _is_inside(place: str, folder: Path) -> bool:
    return os.path.abspath(place) == str(folder) or os.path.abspath(place).startswith(f"{folder}{os.sep}")


def _is_installed(place: str | None) -> bool:
    return place is not None and ("site-packages" in place or "dist-packages" in place)
