"""Reads plans that `kaito-iac plan --json` wrote, checked as untrusted text, and compares those of base and head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from kaito_iac.files import PLAN_BYTES, FileError, unzipped
from kaito_iac.planning.plan import Plan
from kaito_iac.problem import Problem, Severity
from kaito_iac.quota.ledger import Held, PlanFile, Record, demand_of
from kaito_iac.report.findings import Facts
from kaito_iac.report.model import StackReport
from kaito_iac.report.offline import plan_report
from kaito_iac.stack.event_line import open_bytes, parsed
from kaito_iac.stack.resource import Resource

NOTE = "compared from plan files: they contain GPUs, cost, quota, endpoints and problems, and no other properties"
_SHOWN = ("size", "part", "nodes", "gpus", "region", "spot", "namespace", "team", "pool")
"""Parts of a demand whose difference is reported."""


class _Resource(Record):
    urn: str = Field(min_length=1)
    type: str
    name: str
    parent: str | None
    custom: bool


class _Workload(Record):
    component: str
    model: str
    endpoint: dict[str, Any]


class _Problem(Record):
    code: str
    path: str
    found: str
    accepted: str = ""
    fix: str = ""
    severity: Severity


class _WholePlan(PlanFile):
    resources: list[_Resource]
    workloads: list[_Workload]
    problems: list[_Problem]
    exports: dict[str, Any]


def compared_files(heads: Sequence[Path], bases: Sequence[Path], facts: Facts) -> tuple[tuple[StackReport, ...], tuple[str, ...]]:
    """Return the report of every plan of the head against the base's of its stack, and every file that cannot be read.

    A stack that the base alone has is reported as gone.
    """
    holes: list[str] = []
    old = {_owner(plan): plan for path in bases if (plan := _read(path, holes)) is not None}
    reports = []
    for path in heads:
        plan = _read(path, holes)
        if plan is not None:
            reports.append(plan_report(plan, old.pop(_owner(plan), None), facts))
    holes += [f"{'/'.join(owner)}: no plan of the head, which may have removed the stack" for owner in old]
    return tuple(reports), tuple(holes)


def _owner(plan: Plan) -> tuple[str, str]:
    return plan.project, plan.stack


def _read(path: Path, holes: list[str]) -> Plan | None:
    """Return the plan of a file, plain or gzipped; `-` is standard input."""
    try:
        with open_bytes(path) as stream:
            data = unzipped(stream.read(PLAN_BYTES + 1), PLAN_BYTES)
        return _plan(_WholePlan.model_validate(parsed(data)))
    except OSError as error:
        holes.append(f"{path.name}: {error.strerror or 'cannot be read'}")
    except FileError as error:
        holes.append(f"{path.name}: {error}")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "top"
        holes.append(f"{path.name}: no plan of `kaito-iac plan --json`: {where}: {first['msg']}")
    return None


def _plan(found: _WholePlan) -> Plan:
    held: dict[str, list[dict[str, Any]]] = {}
    for demand in found.demands:
        held.setdefault(demand.urn, []).append(_shown(demand))
    served = {workload.component: workload for workload in found.workloads}
    owners = {demand.urn: demand.component for demand in found.demands}
    return Plan(
        project=found.project,
        stack=found.stack,
        made=_day(found.made),
        complete=found.complete,
        resources=tuple(_resources(found.resources, held, owners, served)),
        demands=tuple(map(demand_of, found.demands)),
        workloads=(),
        exports=found.exports,
        unseen=(),
        problems=tuple(Problem(one.code, one.path, one.found, one.accepted, one.fix, one.severity) for one in found.problems),
    )


def _resources(
    found: Sequence[_Resource],
    held: Mapping[str, Sequence[Mapping[str, Any]]],
    owners: Mapping[str, str],
    served: Mapping[str, _Workload],
) -> Iterator[Resource]:
    """Return resources with what the plan says of each in the place of its properties."""
    for one in found:
        inputs: dict[str, Any] = {}
        for index, row in enumerate(held.get(one.urn, ())):
            inputs |= row if index == 0 else {f"size{index + 1}": row}
        workload = served.get(owners.get(one.urn, ""))
        if inputs and workload is not None:
            inputs["inference"] = {"preset": {"name": workload.model}}
        own = served.get(one.name) if not one.custom else None
        outputs = {"endpoint": own.endpoint} if own is not None else {}
        yield Resource(one.urn, one.type, one.name, one.parent, inputs, outputs=outputs, custom=one.custom)


def _shown(demand: Held) -> dict[str, Any]:
    rows = {key: value for key, value in demand.model_dump(mode="json").items() if key in _SHOWN and value is not None}
    return {key: _number(value) for key, value in rows.items()}


def _number(value: Any) -> Any:
    """Return a range as one number where it is one."""
    if isinstance(value, dict) and value.get("min") == value.get("max"):
        return value["min"]
    return value


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return date.min
