"""What a report holds: one record per stack, plain and frozen, from which every output is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from kaito_iac.demand.total import Total
from kaito_iac.problem import Problem
from kaito_iac.stack.change import Change, Diagnostic, Difference, Named

Verdict = Literal["fits", "refused", "incomplete"]
"""fits: no finding refuses it; refused: a mandatory finding; incomplete: the run did not come to its end."""

QUOTA: Final = "quota"
"""What of a demand is not known where its quota family is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow(Named):
    """One resource that changes, without its inputs."""

    urn: str
    type: str
    action: str
    """create, update, delete, replace, import, or another operation of the engine."""
    order: str = ""
    """Of a replacement: create-first, delete-first or unknown."""
    keys: tuple[str, ...] = ()
    """Properties that force the replacement."""
    differences: tuple[Difference, ...] = ()
    hidden_differences: int = 0
    failed: bool = False
    drift: tuple[Difference, ...] = ()
    """What a refresh found otherwise than it was recorded."""
    vanished: bool = False
    """Whether a refresh found it gone."""
    pending: bool = False
    """Whether the target branch changes it in the same way already."""
    source: str = ""
    """File and line of the program, relative to the repository."""


def change_row(change: Change) -> ChangeRow:
    """Return a change without its inputs."""
    return ChangeRow(
        urn=change.urn,
        type=change.type,
        action=change.action,
        order=change.order,
        keys=change.keys,
        differences=change.differences,
        hidden_differences=change.hidden_differences,
        failed=change.failed,
        drift=change.drift,
        vanished=change.vanished,
        source=change.source,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One number before and after."""

    name: str
    """GPU product, or quota family."""
    before: Total
    after: Total
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One quota family in one region, before, at the peak of the update and after it."""

    family: str
    region: str
    before: float
    after: float
    peak: float
    """vCPUs held while old and new nodes exist at once; the greater of before and after where they never do."""
    limit: float | None = None
    """None: no limit on record."""
    room: float | None = None
    """What this stack may hold of it."""

    @property
    def left(self) -> float | None:
        """Return what is left after the update; below 0: over quota."""
        return None if self.room is None else self.room - self.after

    @property
    def left_at_peak(self) -> float | None:
        """Return what is left while the update runs."""
        return None if self.room is None else self.room - self.peak


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A deletion or replacement, and what it means."""

    change: ChangeRow
    gpus: float = 0
    """GPUs that its old side holds."""
    vcpus: float = 0
    endpoints: tuple[str, ...] = ()
    """Addresses that do not answer meanwhile, or any more."""
    minutes: int = 0
    """For how long at most, from the time that nodes and weights are allowed; 0: for good, or not known."""
    remark: str = ""
    stays: bool = False
    """Whether it stays in the cloud though the stack gives it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding of a policy, of the quota or of the report itself."""

    problem: Problem
    policy: str = ""
    pack: str = ""
    urn: str = ""
    source: str = ""
    """File and line of the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Something that a person vouches for."""

    kind: Literal["declaration", "waiver"]
    resource: str
    text: str
    """What is stated, by whom and why."""
    source: str = ""
    """File and line of the program."""
    new: bool = False
    """Whether it comes, changes or goes with this change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """A rule without a result, and why."""

    rule: str
    reason: str
    count: int = 0
    """Resources it concerns; 0: the stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadRow:
    """One workload or pool before and after; empty text: it is not there."""

    name: str
    before: str
    after: str
    endpoint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """A resource that is deleted and made anew under another name."""

    old: str
    new: str
    type: str
    alias: str
    """What to add to the program so that it stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackReport:
    """One stack."""

    project: str
    stack: str
    verdict: Verdict
    ran: bool
    """Whether an update ran; else it is a preview."""
    reason: str
    """Why it is refused or incomplete; empty when it fits."""
    at_least: bool
    """Whether all numbers are lower bounds, as the run did not come to its end."""
    only_differences: bool
    """Whether only what changes was shown, so totals are not known."""
    changes: tuple[ChangeRow, ...]
    """What changes, the engine's own resources included."""
    counts: Mapping[str, int]
    """Resources by action, without the stack itself and providers."""
    engine_counts: Mapping[str, int]
    gpus: tuple[Amount, ...]
    existing: Amount
    """GPUs on nodes that exist already, or that another stack holds."""
    money: Amount
    rooms: tuple[Room, ...]
    quota_judged: bool
    losses: tuple[Loss, ...]
    findings: tuple[Finding, ...]
    not_judged: tuple[NotJudged, ...]
    unknown: tuple[tuple[str, str, str], ...]
    """Who, what, and why it is not known."""
    workloads: tuple[WorkloadRow, ...]
    renames: tuple[Rename, ...]
    exports: tuple[str, ...]
    """Outputs of the stack that change, or may."""
    drift: tuple[ChangeRow, ...]
    diagnostics: tuple[Diagnostic, ...]
    picture: tuple[tuple[str, str], ...] = ()
    """Edges of pools, workloads and models that remain."""
    secrets: int = 0
    events: int = 0
    skipped_lines: int = 0
    compared: bool = False
    """Whether the preview of the target branch was subtracted."""
    own_gpus: tuple[Amount, ...] = ()
    """GPUs by product: with the target branch alone, and with this pull request."""
    own_money: Amount | None = None
    offline: bool = False
    """Whether two plans were compared, and no engine was asked."""
    engine_code: int | None = None
    """Exit code of the Pulumi CLI; None: it was not run here."""
    references: tuple[str, ...] = ()
    """Stacks whose outputs it reads, as project/stack."""
    stated: tuple[Stated, ...] = ()
    """Declared demand and waivers."""
    affected: tuple[str, ...] = ()
    """Other stacks that read an output which changes."""

    @property
    def key(self) -> str:
        """Return project and stack."""
        return f"{self.project or 'unknown'}/{self.stack or 'unknown'}"

    @property
    def changed(self) -> bool:
        """Return whether anything changes."""
        return any(number for action, number in self.counts.items() if action != "same") or bool(self.losses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All stacks of one pull request."""

    stacks: tuple[StackReport, ...]
    holes: tuple[str, ...] = ()
    """Stacks whose file is missing or cannot be read, and why."""
    time: str = ""
    commit: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    key: str = ""
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Return the gravest verdict of all stacks; a hole makes it incomplete."""
        found: set[Any] = {stack.verdict for stack in self.stacks}
        if "refused" in found:
            return "refused"
        return "incomplete" if "incomplete" in found or self.holes or not self.stacks else "fits"

    @property
    def exit_code(self) -> int:
        """Return 0 when it fits, 1 for a mandatory finding, 3 when it is incomplete."""
        return {"fits": 0, "refused": 1, "incomplete": 3}[self.verdict]
