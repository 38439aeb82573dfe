"""What a program wants of its cluster: KAITO's release, provisioner and gates, and what it does not make itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kaito_iac.doctor.finding import Finding
from kaito_iac.planning.needs import Need
from kaito_iac.planning.request import Program
from kaito_iac.stack.resource import Resource

MINUTES: Final = 1.0
"""How long the program may run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a program wants of the cluster that it goes to."""

    release: str = ""
    """KAITO release of its operator; empty: it has none, or several."""
    own_operator: bool = False
    """Whether the program installs the operator."""
    provisioner: str = ""
    cloud: str = ""
    gates: Mapping[str, bool] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()


def program_findings(folder: Path, stack: str | None, references: Path | None) -> tuple[list[Finding], Wanted | None]:
    """Plan a program and report how it went; the second is what it wants, None where it cannot be planned."""
    from kaito_iac.planning.plan import make_plan

    if not _is_program(folder):
        message = f"no Pulumi.yaml in {folder.absolute()} or above"
        return [Finding(area="program", subject="program", state="info", found=message, fix="kaito-iac init")], None
    plan = make_plan(Program(folder, stack, references=references, minutes=MINUTES))
    errors = [problem for problem in plan.problems if problem.severity == "error"]
    warnings = [problem for problem in plan.problems if problem.severity == "warning"]
    subject = f"{plan.project}, stack {plan.stack}"
    if errors:
        message = f"{len(errors)} error{'' if len(errors) == 1 else 's'}, the first: {errors[0].headline}"
        fix = "`kaito-iac plan` lists all of them"
        return [Finding(area="program", subject=subject, state="error", found=message, fix=fix)], None
    message = f"plans with {len(warnings) or 'no'} warning{'' if len(warnings) == 1 else 's'}, judged as KAITO {plan.kaito}"
    return [Finding(area="program", subject=subject, state="ok", found=message)], _wanted(plan.resources)


def _is_program(folder: Path) -> bool:
    place = folder.expanduser().absolute()
    return any((one / name).is_file() for one in (place, *place.parents) for name in ("Pulumi.yaml", "Pulumi.yml"))


def _wanted(found: Sequence[Resource]) -> Wanted:
    from kaito_iac.admission.installation import CLOUD, GATE_LIST, PROVISIONER
    from kaito_iac.planning.installation import installation_marks
    from kaito_iac.planning.needs import needs
    from kaito_iac.planning.operator_release import OPERATOR, operator_release

    marks = installation_marks(found)
    gates = dict(pair.split("=") for pair in marks.get(GATE_LIST, "").split(",") if pair)
    return Wanted(
        release=operator_release(found) or "",
        own_operator=any(one.type == OPERATOR for one in found),
        provisioner=marks.get(PROVISIONER, ""),
        cloud=marks.get(CLOUD, ""),
        gates={name: value == "true" for name, value in gates.items()},
        needs=tuple(needs(found)),
    )


def needs_of(wanted: Wanted) -> Iterator[Need]:
    """Yield what the program needs of the cluster that exists: not of one that it makes."""
    yield from (need for need in wanted.needs if not need.why and need.severity != "error")
