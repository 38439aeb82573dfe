"""The command `fit --models FILE`: one question a line as JSON, one answer a line in the same order, in constant memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO, Final

from kaito_iac.catalog.judged_release import named_release
from kaito_iac.cli import escape
from kaito_iac.problem import Problem, errors
from kaito_iac.sizing.fit import Query, fit, unanswered

LONGEST: Final = 16_384
"""Longest line that is read, bytes; a longer one is answered with a problem."""
KEYS: Final[dict[str, tuple[type, bool, str]]] = {
    "model": (str, True, "the name of a model"),
    "size": (str, True, "the name of a VM size or MIG profile"),
    "context": (int, False, "a whole number of tokens"),
    "region": (str, False, "the name of a region"),
}
"""Keys of a question: type, whether it must be there, and what is accepted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of output."""

    text: str
    """JSON, without the line end."""
    failed: bool
    """Whether it holds a problem of severity error."""


class _Twice(ValueError):
    """Report that a key is there twice in an object."""


def bounded_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Return the lines of a stream without their ends; None for one that is too long to be read."""
    while piece := stream.readline(LONGEST + 1):
        if len(piece) > LONGEST and not piece.endswith(b"\n"):
            while piece and not piece.endswith(b"\n"):
                piece = stream.readline(LONGEST)
            yield None
        else:
            yield piece.removesuffix(b"\n").removesuffix(b"\r")


def answers(lines: Iterable[bytes | None]) -> Iterator[Answer]:
    """Return one answer per line, in order: line 7 of the output answers line 7 of the input, whatever it contains."""
    for number, line in enumerate(lines, start=1):
        asked = question(line, number)
        yield _answered(asked) if isinstance(asked, Query) else _refused(asked)


@lru_cache(maxsize=1024)
def _answered(query: Query) -> Answer:
    answer = fit(query)
    return Answer(json.dumps(answer.as_json()), bool(errors(answer.problems)))


def question(line: bytes | None, number: int) -> Query | tuple[Problem, ...]:
    """Read one line; return the question, or everything that is wrong with it."""
    place = f"line {number}"
    if line is None:
        return (Problem("KS102", place, f"more than {LONGEST:,} bytes", "a short JSON object"),)
    if not line.strip():
        return (Problem("KS102", place, "empty", 'a JSON object such as {"model": "phi-4", "size": "Standard_NC24ads_A100_v4"}'),)
    try:
        data = json.loads(line.decode(), object_pairs_hook=_object, parse_constant=_constant)
    except UnicodeDecodeError:
        return (Problem("KS102", place, "no UTF-8 text", "a JSON object in UTF-8"),)
    except _Twice as error:
        return (Problem("KS102", place, str(error), "every key once"),)
    except (ValueError, RecursionError) as error:
        message = "nested too deeply" if isinstance(error, RecursionError) else str(error).split(":")[0]
        return (Problem("KS102", place, f"no JSON: {message}", "a JSON object"),)
    if not isinstance(data, dict):
        return (Problem("KS102", place, escape.value(data), "a JSON object"),)
    problems = tuple(_problems(data, place))
    return problems or Query(
        model=data["model"], size=data["size"], context=data.get("context"), region=data.get("region"), version=named_release()
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Twice(f"key {escape.value(twice)} a second time")
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _problems(data: dict[str, Any], place: str) -> Iterator[Problem]:
    for key, (kind, required, accepted) in KEYS.items():
        value = data.get(key)
        if value is None:
            if required:
                yield Problem("KS102", f"{place}: {key}", "null" if key in data else "missing", accepted, f"add {key}")
        elif not isinstance(value, kind) or isinstance(value, bool):
            yield Problem("KS102", f"{place}: {key}", escape.value(value), accepted)
    for key in data:
        if key not in KEYS:
            yield Problem("KS102", f"{place}: {escape.cut(escape.line(key), 60)}", "an unknown key", ", ".join(KEYS))


def _refused(problems: tuple[Problem, ...]) -> Answer:
    """Return the answer to a line that is no question: every key of an answer, nothing known."""
    blank = unanswered(Query(model="", size=""), problems, "the line is no question: see problems")
    data = {**blank.as_json(), "model": None, "size": None, "contextTokens": None}
    return Answer(json.dumps(data), True)


@dataclass(frozen=True, slots=True)
class Tally:
    """How a whole file was answered."""

    asked: int
    failed: int


def answer_all(stream: BinaryIO, write: Callable[[str], object], count: Callable[[int], object]) -> Tally:
    """Answer a whole stream line by line, writing each answer at once; `count` hears how many are done."""
    asked = failed = 0
    for answer in answers(bounded_lines(stream)):
        write(f"{answer.text}\n")
        asked += 1
        failed += answer.failed
        count(asked)
    return Tally(asked, failed)
