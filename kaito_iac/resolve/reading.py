"""Reads the arguments of a component: known values are checked now, Outputs when they are known."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pulumi

from kaito_iac.admission.engine_argument import is_gone, is_known, meant
from kaito_iac.admission.verdict import Environment
from kaito_iac.catalog.find import nearest
from kaito_iac.errors import SpecError
from kaito_iac.kinds.field_lookup import field_word, near_argument
from kaito_iac.kinds.rows import Line, lines_of
from kaito_iac.problem import Problem, errors
from kaito_iac.resolve.admitted import Asked, asked, report
from kaito_iac.resolve.merge import merged
from kaito_iac.resolve.plain_secrets import plain_tokens
from kaito_iac.resolve.value_checks import Check, annotation_key, is_number, label_key, label_value, manifest, shown, some_text
from kaito_iac.spelling import snake
from kaito_iac.stack.program import plain_value

UNREAD: Final = "unread"
"""Placeholder in a manifest for a value that is wrong by itself, so that the rules see the others."""
HEAD: Final = re.compile(r"[^.\[]*")


class Reader:
    """Reads one mapping of arguments, remembers every problem, and raises none of them before `finish`."""

    def __init__(
        self,
        args: Mapping[str, Any],
        known: Sequence[str] | type,
        *,
        prefix: str = "",
        title: str = "",
        top: Reader | None = None,
    ) -> None:
        self.given = args
        self.kind: type = known if isinstance(known, type) else dict
        self.lines: Mapping[str, Line] = lines_of(known) if isinstance(known, type) else {}
        self.known = tuple(self.lines) if isinstance(known, type) else tuple(known)
        self.top = top or self
        self.asked: Asked | None = None
        self.args = {key: value for key, value in args.items() if value is not None}
        self.prefix = prefix
        self.title = title
        self.problems: list[Problem] = []
        self.problems += [self._unknown(key) for key in self.args if key not in self.known]

    def _unknown(self, key: Any) -> Problem:
        """Return the refusal of a key that no line has: what does it, else the nearest name, and all names there are."""
        word = key if isinstance(key, str) else ""
        fix = (
            field_word(word, self.known, self.kind)
            or _argument_of_vllm(word, self.known)
            or near_argument(word, self.known, top=not self.prefix)
        )
        where = self.prefix + (word or shown(key))
        return Problem("KS102", where, "not an argument", f"one of {', '.join(self.known)}" if self.known else "no key", fix)

    def inner(self, key: str, known: Sequence[str] | type, *, args: Mapping[str, Any] | None = None) -> Reader:
        """Return the reader of the mapping under a key; its problems are added with `take`."""
        given, title = self.mapping(key) if args is None else args, self.title or self.path(key)
        return Reader(given, known, prefix=f"{self.path(key)}.", title=title, top=self.top)

    def take(self, inner: Reader) -> None:
        """Add the problems of an inner reader."""
        self.problems += inner.problems

    def put_under(self, settings: Mapping[str, Any]) -> None:
        """Put a preset's settings under the arguments: an argument wins, mappings merge, an explicit None removes."""
        self.args = merged(settings, self.given)

    def ask(self, args: type, manifest: Mapping[str, Any], env: Environment, config_maps: Mapping[str, Any]) -> None:
        """Ask KAITO's rules about the manifest; they are asked again when a value of it becomes known."""
        named = {"name": UNREAD} if self.problems_at("name") else {}
        whole = {**manifest, "metadata": {**manifest["metadata"], **named}}
        self.asked = asked(args, whole, env, config_maps)
        self.problems += report(self.asked, self.problems, self.args)

    def finish(self) -> tuple[Problem, ...]:
        """Return the warnings; raises every problem in the order of the input if one of them is an error."""
        self.problems += plain_tokens("", self.args)
        order = {key: index for index, key in enumerate(self.given)}
        found = sorted(dict.fromkeys(self.problems), key=lambda problem: order.get(_head(problem.path), len(order)))
        if errors(found):
            raise SpecError(self.title, found)
        return tuple(found)

    def path(self, key: str) -> str:
        """Return the path of a key as the user wrote it."""
        return self.prefix + key

    def add(self, problem: Problem | None) -> None:
        """Remember a problem, if there is one."""
        if problem:
            self.problems.append(problem)

    def has(self, key: str) -> bool:
        """Return whether the key has a value."""
        return key in self.args

    def problems_at(self, key: str) -> bool:
        """Return whether the value of a key was found wrong."""
        return any(problem.path == self.path(key) for problem in self.problems)

    def _plain(self, key: str, accepted: str, required: bool) -> Any:
        value = self.args.get(key)
        if isinstance(value, pulumi.Output):
            fix = "give a plain value: it decides which resources exist, or how many, before anything is created"
            self.add(Problem("KS103", self.path(key), "an Output", f"a plain value: {accepted}", fix))
            return None
        if value is None and required:
            self.add(Problem("KS102", self.path(key), "missing", accepted, f"give {self.path(key)}"))
        return value

    def text(self, key: str, accepted: str = "text", *, required: bool = False, choices: Sequence[str] = ()) -> str | None:
        """Read a plain text, one of the choices if there are any."""
        choices = choices or (self.lines[key].choices if key in self.lines and accepted == "text" else ())
        accepted = " or ".join(choices) if choices else accepted
        value = self._plain(key, accepted, required)
        if value is None or (isinstance(value, str) and value and (not choices or value in choices)):
            return value
        near = nearest(value, tuple(choices)) if isinstance(value, str) else ()
        fix = f"{self.path(key)}={near[0]!r}" if near else ""
        self.add(Problem("KS102", self.path(key), shown(value), accepted, fix))
        return None

    def plain(self, key: str) -> Any:
        """Read a plain value by its line: a truth value, one of its choices, or text; None when it is left out."""
        return self.flag(key, False) if self.lines[key].hint is bool and self.has(key) else self.text(key)

    def number(self, key: str, low: int, high: int, unit: str = "") -> int | None:
        """Read a plain whole number between two bounds; a float without fraction counts, as other languages send it."""
        accepted = f"a whole number from {low} to {high}{unit and ' ' + unit}"
        value = self._plain(key, accepted, False)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and low <= value <= high):
            return value
        fix = f"{self.path(key)}={value}" if isinstance(value, str) and value.isdecimal() and low <= int(value) <= high else ""
        self.add(Problem("KS102", self.path(key), shown(value), accepted, fix))
        return None

    def flag(self, key: str, default: bool) -> bool:
        """Read a plain truth value."""
        value = self._plain(key, "true or false", False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.add(Problem("KS102", self.path(key), shown(value), "true or false"))
            return default
        return value

    def mapping(self, key: str) -> dict[str, Any]:
        """Read a plain mapping with text keys, without the entries that are None; its values may be Outputs."""
        value = self._plain(key, "a mapping", False)
        if value is None:
            return {}
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            self.add(Problem("KS102", self.path(key), shown(value), "a mapping with text keys"))
            return {}
        return {name: item for name, item in value.items() if item is not None}

    def labels(self, key: str) -> dict[str, Any]:
        """Read labels; values may be Outputs."""
        return self._entries(key, label_key, label_value)

    def annotations(self, key: str) -> dict[str, Any]:
        """Read annotations; values may be Outputs."""
        return self._entries(key, annotation_key, some_text)

    def texts(self, key: str) -> dict[str, Any]:
        """Read a mapping of text to text; values may be Outputs."""
        return self._entries(key, None, some_text)

    def _entries(self, key: str, key_check: Check | None, value_check: Check) -> dict[str, Any]:
        found = self.mapping(key)
        for name in found:
            self.add(key_check(self.path(key), name) if key_check else None)
        return {name: self.checked(f"{self.path(key)}.{name}", value, value_check) for name, value in found.items()}

    def items(self, key: str) -> list[Any]:
        """Read a plain list."""
        value = self._plain(key, "a list", False)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.add(Problem("KS102", self.path(key), shown(value), "a list"))
            return []
        return list(value)

    def words(self, key: str) -> list[Any]:
        """Read a list of texts; a whole number counts as text, an item may be an Output."""
        found = []
        for index, item in enumerate(self.items(key)):
            whole = is_number(item) and float(item).is_integer()
            found.append(self.checked(f"{self.path(key)}[{index}]", str(int(item)) if whole else item, some_text))
        return found

    def late(self, key: str, check: Check, default: Any = None) -> Any:
        """Read a value that may be an Output: checked now if it is known, else as soon as it is."""
        value = self.args.get(key, default)
        return None if value is None else self.checked(self.path(key), value, check)

    def manifest(self, key: str) -> dict[str, Any] | None:
        """Read a part that is written as Kubernetes writes it; None when it is empty."""
        value = self.mapping(key)
        wrong = manifest(self.path(key), value)
        self.add(wrong)
        return None if wrong else value or None

    def checked(self, path: str, value: Any, check: Check, *, as_manifest: Callable[[Any], Any] = lambda value: value) -> Any:
        """Return the value, or an Output that fails with a SpecError when its value turns out wrong, also by KAITO's rules.

        `as_manifest`: makes of a value that came late what the manifest has.
        """
        if not isinstance(value, pulumi.Output):
            wrong = check(path, value)
            self.add(wrong)
            return value if wrong is None else UNREAD
        title = self.title or path
        plain = plain_value(value)
        if plain is not None:
            self.add(check(path, plain))
            return value
        secret: pulumi.Output[bool] = pulumi.Output.from_input(asyncio.ensure_future(value.is_secret()))

        def whole(where: str, known: Any) -> Problem | None:
            rules = self.top.asked
            return check(where, known) or (rules.first(where, as_manifest(known)) if rules else None)

        return pulumi.Output.all(value, secret).apply(lambda both: _pass_or_raise(title, path, both[0], whole, hidden=both[1]))


def _argument_of_vllm(key: str, known: Sequence[str]) -> str:
    """Return where an argument of vLLM goes, if the key is one."""
    dashed = snake(key).replace("_", "-")
    if not {"vllm", "prefill"} & set(known) or not (is_known(dashed) or is_gone(dashed)):
        return ""
    if not is_known(dashed):
        return meant(dashed)
    return f"vllm={{'{dashed}': …}}{'' if 'vllm' in known else ' of prefill and decode'}"


def _head(path: str) -> str:
    found = HEAD.match(path)
    return found.group() if found else path


def _pass_or_raise(title: str, path: str, value: Any, check: Check, *, hidden: bool) -> Any:
    problem = check(path, value)
    if problem and hidden:
        problem = Problem(problem.code, path, "a secret value", problem.accepted)
    if problem:
        raise SpecError(title, [problem])
    return value
