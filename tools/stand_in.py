"""Stands in for modules that are not installed, so that the parser of an unpacked vLLM can be built without torch and CUDA.

Run it with a Python that has pydantic, regex, pyyaml, numpy, huggingface_hub and packaging, outside the project's own
environment.
"""

from __future__ import annotations

import dataclasses
import importlib.abc
import importlib.machinery
import sys
import types
from importlib.util import find_spec
from typing import Any

INNER = tuple(
    f"vllm.{name}"
    for name in (
        "_C _moe_C env_override vllm_flash_attn distributed model_executor v1 tool_parsers transformers_utils multimodal "
        "platforms lora inputs entrypoints.chat_utils entrypoints.openai.models entrypoints.serve config.quantization"
    ).split()
)
"""Modules of vLLM that the parser imports and does not need."""


class _Anything(type):
    """A class that takes every attribute, subscript and union."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return stand_in(name)

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __iter__(cls) -> Any:
        return iter(())

    def __contains__(cls, item: Any) -> bool:
        return False


def stand_in(name: str) -> Any:
    """Return a class that can be called, compared and inherited from, and that pydantic takes for anything."""

    def attribute(self: Any, key: str) -> Any:
        if key.startswith("__"):
            raise AttributeError(key)
        return stand_in(key)

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else stand_in(name)

    def schema(cls: Any, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.any_schema()

    members = {
        "__new__": lambda cls, *args, **kwargs: object.__new__(cls),
        "__init__": lambda self, *args, **kwargs: None,
        "__call__": call,
        "__getattr__": attribute,
        "__lt__": lambda self, other: False,
        "__gt__": lambda self, other: True,
        "__ge__": lambda self, other: True,
        "__iter__": lambda self: iter(()),
        "__bool__": lambda self: False,
        "__hash__": lambda self: 1,
        "__enter__": lambda self: self,
        "__exit__": lambda self, *args: None,
        "__class_getitem__": classmethod(lambda cls, item: cls),
        "__get_pydantic_core_schema__": classmethod(schema),
    }
    return _Anything(name, (), members)


class Module(types.ModuleType):
    """A module that has every name."""

    __path__: list[str] = []  # noqa: RUF012 - a package as the import system asks for it

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return "2.11.0"
        if name.startswith("__"):
            raise AttributeError(name)
        value = _KNOWN.get(f"{self.__name__}.{name}") or stand_in(name)
        setattr(self, name, value)
        return value


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a stand-in for every module that is neither installed nor a part of vLLM that the parser needs."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a stand-in; None: the real module is imported."""
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names:
            return None
        if top == "vllm":
            inner = any(name == one or name.startswith(f"{one}.") for one in INNER)
            return importlib.machinery.ModuleSpec(name, self, is_package=True) if inner else None
        if not isinstance(sys.modules.get(top), Module) and self._installed(top):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def _installed(self, top: str) -> bool:
        sys.meta_path.remove(self)
        try:
            return find_spec(top) is not None
        except (ImportError, ValueError):
            return False
        finally:
            sys.meta_path.insert(0, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Return the stand-in."""
        return Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Do nothing: a stand-in has no code."""


def _platform() -> Any:
    found = stand_in("current_platform")
    found.device_type = "cuda"
    return found


_KNOWN = {
    "vllm.platforms.current_platform": _platform(),
    "vllm.config.quantization.QuantizationConfigArgs": dataclasses.make_dataclass("QuantizationConfigArgs", []),
}


def install() -> None:
    """Make the stand-ins importable."""
    sys.meta_path.insert(0, Finder())
