"""A result that is not known and can be walked all the same: attributes, items, one turn of a loop, formatting."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pulumi
from pulumi import runtime

from kaito_iac.stack.provider_types import is_argument, is_result, properties, put
from kaito_iac.stack.pulumi_markers import UNKNOWN_TEXT

_KEPT: Final = frozenset({"format", "join", "strip", "removesuffix", "removeprefix"})
"""Methods of a text after which the mark of an unknown is still in it, or which it is an argument of."""


class Walked(str):
    """An unknown value: its text is the mark that Pulumi has for one, so whatever holds the text is unknown."""

    looped: Callable[[], None]
    """Report that the program loops over it; counted as one turn."""

    def __new__(cls, looped: Callable[[], None] = lambda: None) -> Walked:
        """Make one; `looped` is called when a program loops over it."""
        made = super().__new__(cls, UNKNOWN_TEXT)
        made.looped = looped
        return made

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("__") or name in _KEPT or name == "looped":
            return super().__getattribute__(name)
        return Walked(self.looped)

    def __call__(self, *_args: Any, **_named: Any) -> Walked:
        """Return what a method, or a function that is a property, may give."""
        return Walked(self.looped)

    def __getitem__(self, _key: Any) -> Walked:
        return Walked(self.looped)

    def __iter__(self) -> Iterator[Any]:
        """Take one turn."""
        self.looped()
        yield Walked(self.looped)

    def __len__(self) -> int:
        return 1

    def __contains__(self, _item: object) -> bool:
        return False

    def __bool__(self) -> bool:
        """Count as there, except to the constructors of an SDK, which ask for the type of what is there."""
        caller = sys._getframe(1)
        return not (caller.f_code.co_name == "__init__" and "__self__" in caller.f_locals)


def walked(typ: Any, looped: Callable[[], None]) -> Any:
    """Return an unknown result: of a class of results one with every property unknown."""
    if typ is None or not is_result(typ):
        return Walked(looped)
    made: Any = typ.__new__(typ)
    for python, _ in properties(typ):
        put(made, python, Walked(looped))
    return made


def _fill(result: Any, names: tuple[str, ...], looped: Callable[[], None]) -> None:
    """Set properties of a result that alone are unknown."""
    of: Any = type(result)
    if is_result(of):
        for python, name in properties(of):
            if name in names:
                put(result, python, Walked(looped))
    elif isinstance(result, dict):
        result.update({name: Walked(looped) for name in names})


async def _holds_secret(value: Any) -> bool:
    """Return whether a secret is among arguments: the SDK hands them on in plain text."""
    if isinstance(value, pulumi.Output):
        return await value.is_secret() or await _holds_secret(await value.future())
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return any([await _holds_secret(item) for item in value])
    return bool(vars(value)) and await _holds_secret(vars(value)) if _is_input(value) else False


def _is_input(value: Any) -> bool:
    return is_argument(value) and hasattr(value, "__dict__")


@contextlib.contextmanager
def unknown_results(
    looped: Callable[[str], None], partly: Callable[[str], tuple[str, ...]], hidden: Callable[[str, bool], None]
) -> Iterator[None]:
    """Give programs that read a result at once one that can be walked.

    `partly` names properties that alone are unknown, `hidden` hears whether a secret is among the arguments of the next call.
    """
    module: Any = sys.modules["pulumi.runtime.invoke"]
    original, inner = module.invoke, module._invoke

    def in_part(tok: str, props: Any, *given: Any, **named: Any) -> Any:
        async def filled() -> Any:
            hidden(tok, await _holds_secret(props))
            result = await inner(tok, props, *given, **named)
            _fill(result.value, partly(tok), lambda: looped(tok))
            return result

        return asyncio.ensure_future(filled())

    def invoke(tok: str, props: Any, opts: Any = None, typ: type | None = None, package_ref: Any = None) -> Any:
        result = original(tok, props, opts, typ, package_ref=package_ref)
        if not result.is_known:
            result.value = walked(typ, lambda: looped(tok))
        return result

    module._invoke = in_part
    module.invoke = runtime.invoke = invoke
    try:
        with _decoded():
            yield
    finally:
        module._invoke = inner
        module.invoke = runtime.invoke = original


@contextlib.contextmanager
def _decoded() -> Iterator[None]:
    """Let programs decode what is not known: a kubeconfig in base64, a secret in JSON; it stays unknown."""
    decode, parse = base64.b64decode, json.loads

    def b64decode(s: Any, *given: Any, **named: Any) -> bytes:
        return UNKNOWN_TEXT.encode() if _is_unknown(s) else decode(s, *given, **named)

    def loads(s: Any, *given: Any, **named: Any) -> Any:
        if isinstance(s, Walked):
            return Walked(s.looped)
        return Walked() if s == UNKNOWN_TEXT else parse(s, *given, **named)

    base64.b64decode, json.loads = b64decode, loads
    try:
        yield
    finally:
        base64.b64decode, json.loads = decode, parse


def _is_unknown(value: Any) -> bool:
    return UNKNOWN_TEXT in value if isinstance(value, str) and not isinstance(value, Walked) else isinstance(value, Walked)


def readable(text: str) -> str:
    """Return a text for people without the mark of an unknown."""
    return text.replace(UNKNOWN_TEXT, "[unknown]")
