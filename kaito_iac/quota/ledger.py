"""The ledger: what other stacks hold, read from their plans (`kaito-iac plan --json`), every stack once."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from kaito_iac.demand.demand import Demand, sized
from kaito_iac.demand.range import Range
from kaito_iac.files import FileError, read_json
from kaito_iac.problem import Problem, Unknown

_MOST_BYTES: Final = 64 * 1024 * 1024
_MOST_FILES: Final = 20_000
"""Files and folders of a ledger at most."""
_SHOWN: Final = 100
_MOST_ERRORS: Final = 5
_AGAIN: Final = "write it again with `kaito-iac plan --json`"


class Record(BaseModel):
    """Something in the JSON of a plan: keys in camelCase, further ones passed over."""

    model_config = ConfigDict(frozen=True, strict=True, alias_generator=to_camel)


class _Between(Record):
    min: float | None = Field(ge=0, allow_inf_nan=False)
    expected: float = Field(ge=0, allow_inf_nan=False)
    max: float = Field(ge=0, allow_inf_nan=False)


class Held(Record):
    """What one resource holds."""

    component: str
    resource: str
    urn: str
    kind: str
    size: str | None
    bought: bool
    nodes: _Between | None
    gpu_model: str | None
    gpus: _Between | None
    vcpus: _Between | None
    quota_vcpus: _Between | None = None
    vcpu_family: str | None
    usd_per_month: _Between | None
    region: str | None
    spot: bool | None
    reserved: bool = False
    namespace: str | None = None
    team: str | None = None
    pool: str | None = None
    unknown: dict[str, str]


class PlanFile(Record):
    """A plan as it is written, as far as a ledger reads it."""

    schema_: Literal[1] = Field(alias="schema")
    project: str = Field(min_length=1)
    stack: str = Field(min_length=1)
    made: str | None = None
    complete: bool
    demands: list[Held]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackPlan:
    """What one other stack holds when its program has run."""

    stack: str
    """Project and stack: `platform/prod`."""
    made: date | None
    """Day of the plan; None: it does not say."""
    demands: tuple[Demand, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Plans of other stacks, and what is wrong with their files."""

    plans: tuple[StackPlan, ...] = ()
    problems: tuple[Problem, ...] = ()


def identity(found: Iterable[Demand]) -> str:
    """Return the stack that demands belong to, as project/stack; empty when no URN names it."""
    for demand in found:
        kind, _, rest = demand.urn.partition(":pulumi:")
        parts = rest.split("::")
        if kind == "urn" and len(parts) > 2:
            return f"{parts[1]}/{parts[0]}"
    return ""


def read_ledger(paths: Sequence[Path], own: str = "", today: date | None = None) -> Ledger:
    """Read plans: files, or folders of them; the plan of the stack `own` is left out, of two of one stack the newer counts.

    A plan of a day after `today` counts only where its stack has no other; one more than a day ahead, which no time zone
    explains, is a problem too.
    """
    latest = today or date.today()
    newest: dict[str, StackPlan] = {}
    problems: list[Problem] = []
    for path in _files(paths, problems):
        plan, wrong = _read(path)
        problems += wrong
        if plan is not None and (ahead := _ahead(plan, latest)):
            problems.append(ahead)
        if plan is None or plan.stack == own:
            continue
        rival = newest.setdefault(plan.stack, plan)
        if rival is plan:
            continue
        if rival.made == plan.made:
            message = f"a second plan of {plan.stack} of the same day; the first is {rival.file}"
            problems.append(Problem("KQ112", plan.file, message, "one plan per stack", "keep the one that holds"))
        elif _rank(plan, latest) > _rank(rival, latest):
            newest[plan.stack] = plan
    return Ledger(tuple(newest[stack] for stack in sorted(newest)), tuple(problems))


def unreadable_plans(paths: Sequence[Path]) -> tuple[Problem, ...]:
    """Return what is wrong with plans, one by one: which of them can count nothing."""
    problems: list[Problem] = []
    for path in _files(paths, problems):
        plan, wrong = _read(path)
        problems += wrong
        if plan is not None and (ahead := _ahead(plan, date.today())):
            problems.append(ahead)
    return tuple(problems)


def _ahead(plan: StackPlan, today: date) -> Problem | None:
    """Return what is wrong with a plan of a day that has not begun anywhere."""
    if plan.made is None or plan.made <= today + timedelta(days=1):
        return None
    message = f"plan of {plan.stack} of {plan.made.isoformat()}, more than a day ahead"
    return Problem("KQ112", plan.file, message, "today or earlier", _AGAIN)


def _rank(plan: StackPlan, today: date) -> tuple[bool, date]:
    """Return what the plan of a stack is chosen by: of today or earlier, then the newest."""
    made = plan.made or date.min
    return made <= today, made


def _files(paths: Sequence[Path], problems: list[Problem]) -> Iterator[Path]:
    for path in paths:
        try:
            inside = _inside(path) if path.is_dir() else [path]
        except OSError as error:
            problems.append(Problem("KQ112", path.name[:_SHOWN] or str(path), error.strerror or "unreadable", "plans", _AGAIN))
            continue
        if not inside:
            problems.append(Problem("KQ112", path.name, "no plan in it", "JSON files of `kaito-iac plan --json`"))
        yield from inside


def _inside(folder: Path) -> list[Path]:
    """Return the JSON files of a folder at any depth; raises OSError for what cannot be walked, or has too many files."""
    found = list(islice(folder.rglob("*"), _MOST_FILES + 1))
    if len(found) > _MOST_FILES:
        raise OSError(errno.EFBIG, f"more than {_MOST_FILES:,} files and folders")
    return sorted(path for path in found if path.suffix.lower() == ".json")


def _read(path: Path) -> tuple[StackPlan | None, tuple[Problem, ...]]:
    try:
        stat = path.stat()
        return _parsed(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        return None, (Problem("KQ112", path.name, error.strerror or "unreadable", "a readable plan", _AGAIN),)


@lru_cache(maxsize=256)
def _parsed(path: Path, changed: int, size: int) -> tuple[StackPlan | None, tuple[Problem, ...]]:
    """Read one plan; a file that has not changed is read once."""
    try:
        found = PlanFile.model_validate(read_json(path, _MOST_BYTES))
        made = date.fromisoformat(found.made) if found.made else None
    except ValidationError as error:
        return None, tuple(_misfits(path.name, error))
    except FileError as error:
        return None, (Problem("KQ112", path.name, str(error), "what `kaito-iac plan --json` writes", _AGAIN),)
    except ValueError:
        return None, (Problem("KQ112", path.name, "no JSON of a plan", "what `kaito-iac plan --json` writes", _AGAIN),)
    if not found.complete:
        message = f"the program of {found.project}/{found.stack} ended early: it may hold more than its plan"
        return None, (Problem("KQ112", path.name, message, "a whole plan", "correct that stack, and plan it again"),)
    stack = f"{found.project}/{found.stack}"
    return StackPlan(stack=stack, made=made, demands=tuple(map(demand_of, found.demands)), file=path.name), ()


def _misfits(name: str, error: ValidationError) -> Iterator[Problem]:
    entries = error.errors(include_url=False, include_input=False)
    for entry in entries[:_MOST_ERRORS]:
        where = ".".join(str(part) for part in entry["loc"]) or "top"
        message = "no mapping" if entry["type"].startswith("model") else f"{entry['msg'][:1].lower()}{entry['msg'][1:]}"
        yield Problem("KQ112", name, f"{where}: {message}", "a plan of this version", _AGAIN)
    if len(entries) > _MOST_ERRORS:
        yield Problem("KQ112", name, f"{len(entries) - _MOST_ERRORS} more of the kind", "a plan of this version", _AGAIN)


def demand_of(held: Held) -> Demand:
    """Return a demand with the numbers of the plan, which may be those of several sizes, or of another price list."""

    def known(key: str, value: Any) -> Any:
        if isinstance(value, _Between):
            return Range(value.min or 0, value.expected, value.max, value.min is not None)
        reason = held.unknown.get(key)
        return Unknown(reason) if reason is not None else Unknown("the plan does not say") if value is None else value

    def named(key: str, value: str | None) -> str | Unknown | None:
        return Unknown(held.unknown[key]) if key in held.unknown else value

    gpus, product = known("gpus", held.gpus), known("gpuModel", held.gpu_model)
    name, size = sized(held.size)
    none = product == "" and gpus == Range.exactly(0)
    demand = Demand(
        urn=held.urn,
        resource=held.resource,
        kind=held.kind,
        component=held.component,
        size_name=name,
        size=None if none else size or Unknown("the plan does not say"),
        nodes=known("nodes", held.nodes),
        region=known("region", held.region),
        namespace=named("namespace", held.namespace),
        team=named("team", held.team),
        pool=held.pool or "",
        spot=known("spot", held.spot),
        bought=held.bought,
        reserved=held.reserved,
    )
    vars(demand).update(
        gpus=gpus,
        gpu_model=product,
        vcpus=known("vcpus", held.vcpus),
        quota_vcpus=known("vcpus", held.quota_vcpus or held.vcpus),
        family=known("vcpuFamily", held.vcpu_family),
        usd_per_month=known("usdPerMonth", held.usd_per_month),
    )
    return demand
