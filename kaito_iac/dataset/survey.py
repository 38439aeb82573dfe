"""One pass over a data file: counts, estimates and everything that is wrong, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from kaito_iac.dataset.columns import FORMS, USED, form_of, tokens_of, wrong_in
from kaito_iac.dataset.rows import BadRow, NoReader, Row, kind_of, kinds_in, rows_of
from kaito_iac.dataset.schedule import Schedule, Sections, number, schedule, setting
from kaito_iac.problem import Problem

MOST: Final = 10
"""Bad rows of a file that are listed; the rest is counted."""
WAYS: Final = "a column messages, or prompt and completion"
NAMED: Final = "KAITO 0.12 does not read context_column, response_column and messages_column of DatasetConfig"


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What one file holds, and what a training makes of it."""

    name: str
    kind: str
    rows: int
    bad_rows: int
    columns: tuple[str, ...]
    """In the order of the first row."""
    form: str
    """How it is read: a key of FORMS."""
    tokens: int
    """Estimate of all tokens of all rows, once."""
    longest: int
    """Estimate of the tokens of the longest row."""
    cut: int
    """Rows that are longer than max_length, by the estimate."""
    max_length: int
    schedule: Schedule
    problems: tuple[Problem, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        at = self.schedule
        return {
            "file": self.name,
            "kind": self.kind or None,
            "rows": self.rows,
            "badRows": self.bad_rows,
            "columns": list(self.columns),
            "usedColumns": list(USED[self.form]),
            "form": self.form,
            "tokens": self.tokens,
            "longestTokens": self.longest,
            "cutRows": self.cut,
            "maxLength": self.max_length,
            "trainedRows": at.rows,
            "heldBackRows": at.held_back,
            "gpus": at.gpus,
            "batchSize": at.batch,
            "gradientAccumulationSteps": at.accumulation,
            "epochs": round(at.epochs, 4),
            "stepsPerEpoch": at.steps_per_epoch,
            "steps": at.steps,
            "problems": [problem.as_json() for problem in self.problems],
        }


class _Pass:
    """What has been seen of a file so far."""

    def __init__(self, name: str, max_length: int) -> None:
        self.name, self.max_length = name, max_length
        self.rows = self.bad = self.tokens = self.longest = self.cut = 0
        self.form = "none"
        self.columns: tuple[str, ...] = ()
        self.kinds: dict[str, str] = {}
        self.problems: list[Problem] = []

    def take(self, row: Row | BadRow) -> None:
        """Count a row, and note what is wrong with it."""
        if isinstance(row, BadRow):
            self.wrong(row.line, row.why + (": nothing behind it was read" if row.ends else ""))
            return
        if not self.rows:
            self.form, self.columns = form_of(row.values), tuple(row.values)
        self.rows += 1
        wrong = next(chain(self._changed(row.values), wrong_in(self.form, row.values)), None)
        if wrong:
            self.wrong(row.line, wrong)
        tokens = tokens_of(self.form, row.values)
        self.tokens += tokens
        self.longest = max(self.longest, tokens)
        self.cut += tokens > self.max_length > 0

    def wrong(self, line: int, message: str) -> None:
        """Note a row that ends or spoils the job."""
        self.bad += 1
        if self.bad <= MOST:
            self.problems.append(Problem("KS341", f"{self.name}:{line}", message))

    def _changed(self, values: Mapping[str, Any]) -> Iterator[str]:
        """Return a column whose values are of another type than before: the file cannot be loaded as one table."""
        for column, value in values.items():
            if value is None:
                continue
            kind = _arrow(value)
            before = self.kinds.setdefault(column, kind)
            if kind != before:
                yield f"{column} is {kind}, and {before} in rows before it: one column has one type"


def _arrow(value: Any) -> str:
    """Return the type of a column that holds a value."""
    if isinstance(value, bool):
        return "true or false"
    names = ((str, "a text"), (int, "a number"), (float, "a number"), (list, "a list"), (Mapping, "an object"))
    return next((name for kind, name in names if isinstance(value, kind)), type(value).__name__)


def survey(path: Path, sections: Sections, gpus: int = 1) -> Survey:
    """Look through a file; raises NoReader for a kind that cannot be looked into, OSError where it cannot be read."""
    extension = str(setting(sections, "DatasetConfig", "dataset_extension") or "")
    kind = kind_of(path, extension)
    seen = _Pass(path.name, int(number(sections, "max_length")))
    if not kind:
        message = f"its name holds none of {', '.join(('csv', 'json', 'parquet', 'arrow', 'webdataset'))}"
        fix = "rename it, such as train.jsonl, or set DatasetConfig.dataset_path and dataset_extension"
        problem = Problem("KS340", path.name, message, "a name by which the tuning program finds it", fix)
        return _made(seen, path, "", sections, gpus, [problem])
    for row in rows_of(path, kind):
        seen.take(row)
    named = [] if extension else list(_two_kinds(path))
    at = schedule(seen.rows, sections, gpus)
    if seen.rows and not at.rows:
        message = f"{seen.rows} rows, all of which train_test_split holds back: nothing is left to train with"
        named.append(Problem("KS340", path.name, message, "rows to train on", "set DatasetConfig.train_test_split to 1"))
    return _made(seen, path, kind, sections, gpus, [*named, *_of_file(seen, kind)])


def _two_kinds(path: Path) -> Iterator[Problem]:
    found = kinds_in(path)
    if len(found) > 1:
        message = f"its name holds {' and '.join(found)}: the tuning program takes it for either"
        yield Problem("KS340", path.name, message, "one of them", "rename it, or set DatasetConfig.dataset_extension", "warning")


def _made(seen: _Pass, path: Path, kind: str, sections: Sections, gpus: int, problems: list[Problem]) -> Survey:
    if seen.bad > MOST:
        problems.append(Problem("KS341", path.name, f"{seen.bad - MOST:,} more rows are as bad"))
    return Survey(
        name=path.name,
        kind=kind,
        rows=seen.rows,
        bad_rows=seen.bad,
        columns=seen.columns,
        form=seen.form,
        tokens=seen.tokens,
        longest=seen.longest,
        cut=seen.cut,
        max_length=seen.max_length,
        schedule=schedule(seen.rows, sections, gpus),
        problems=(*problems, *seen.problems),
    )


def _of_file(seen: _Pass, kind: str) -> Iterator[Problem]:
    """Return what is wrong with a file as a whole."""
    if not seen.rows:
        if not seen.bad:
            yield Problem("KS340", seen.name, "no row", "rows to train on")
        return
    if seen.form == "none":
        yield Problem("KS342", seen.name, _no_form(seen, kind), WAYS, f"rename the columns: {NAMED}")
    elif "messages" in seen.columns and "prompt" in seen.columns:
        message = "columns messages and prompt: which of them counts is not certain"
        yield Problem("KS342", seen.name, message, "one of them", severity="warning")
    if seen.cut:
        share = 100 * seen.cut / seen.rows
        message = f"{seen.cut:,} of {seen.rows:,} rows ({share:.0f} %) have more tokens (est.): the rest of them is cut"
        fix = "TrainingArguments.max_length, which costs GPU memory, or shorter rows"
        yield Problem("KS343", seen.name, message, f"at most {seen.max_length:,} (max_length)", fix, "warning")


def _no_form(seen: _Pass, kind: str) -> str:
    columns = ", ".join(seen.columns[:8]) + (", …" if len(seen.columns) > 8 else "")
    if "messages" in seen.columns and kind == "csv":
        return "column messages as text: a CSV file holds no lists; write JSON lines"
    if "prompt" in seen.columns:
        return f"column prompt without completion (columns {columns})"
    if "text" in seen.columns:
        return "column text: KAITO 0.12 gives TRL no name of a text column, so the job ends with KeyError: None"
    return f"columns {columns}: the job ends with an error, or trains on {FORMS['none']}"


__all__ = ["MOST", "NoReader", "Survey", "survey"]
