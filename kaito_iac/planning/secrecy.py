"""Keeps the values of secrets out of what a plan says about counts, places and problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from kaito_iac.demand.demand import Demand
from kaito_iac.offline.recording import Recording
from kaito_iac.problem import Problem, Unknown
from kaito_iac.secrecy import KNOWN
from kaito_iac.stack.resource import CONCEALED, Secret, reveal

_SHORTEST: Final = 3  # shorter texts are no secrets, and stand in every sentence
_WORD: Final = 8
_WORDS: Final = ("size_name", "size", "nodes", "region", "namespace", "team", "spot", "why")
"""Fields of a demand that hold words of the program."""


class Secrets:
    """The secret texts of one recording."""

    def __init__(self, recording: Recording) -> None:
        found = {text for text in _texts(recording) if len(text) >= _SHORTEST}
        longest_first = sorted(found, key=lambda text: (-len(text), text))
        self._pattern = re.compile("|".join(map(_pattern, longest_first))) if found else None

    def out_of(self, text: str) -> str:
        """Return a text with `[secret]` in the place of every secret."""
        return KNOWN.masked(self._pattern.sub(CONCEALED, text) if self._pattern else text)

    def out_of_demand(self, demand: Demand) -> Demand:
        """Return a demand whose words hold no secret."""
        if self._pattern is None and not KNOWN:
            return demand
        return replace(demand, **{name: self._any(getattr(demand, name)) for name in _WORDS})

    def out_of_problem(self, problem: Problem) -> Problem:
        """Return a problem whose words hold no secret."""
        path, found, accepted, fix = map(self.out_of, (problem.path, problem.found, problem.accepted, problem.fix))
        return replace(problem, path=path, found=found, accepted=accepted, fix=fix)

    def _any(self, value: Any) -> Any:
        if isinstance(value, Unknown):
            return Unknown(self.out_of(value.reason))
        return self.out_of(value) if isinstance(value, str) else value


def _pattern(text: str) -> str:
    """Match a secret anywhere, a short one only where it is a word of its own."""
    return re.escape(text) if len(text) >= _WORD else rf"(?<!\w){re.escape(text)}(?!\w)"


def _texts(recording: Recording) -> Iterator[str]:
    for resource in recording.resources:
        yield from _secret_texts((resource.inputs, resource.outputs))
    yield from _secret_texts(recording.exports)


def _secret_texts(value: Any, hidden: bool = False) -> Iterator[str]:
    if isinstance(value, Secret):
        yield from _secret_texts(reveal(value.value), hidden=True)
    elif isinstance(value, str):
        if hidden:
            yield value
    elif isinstance(value, Mapping | list | tuple):
        parts: Iterable[Any] = value.values() if isinstance(value, Mapping) else value
        for part in parts:
            yield from _secret_texts(part, hidden)
