"""The commands `report render` and `report merge`: files in, one report in every format out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.files import FileError, read_bytes

if TYPE_CHECKING:
    from kaito_iac.report.model import Report, StackReport

PLATFORMS: Final = ("github", "gitlab", "azure-devops")
FORMATS: Final = ("comment", "summary", "sarif", "code-quality", "gitlab", "html", "annotations", "json")
_CODES: Final = {"fits": ExitCode.OK, "refused": ExitCode.PROBLEMS, "incomplete": ExitCode.REFUSED}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a report is wanted."""

    platform: str = "github"
    format: str = "comment"
    output: Path | None = None
    time: str = ""
    commit: str = ""
    link: str = ""
    key: str = ""
    description: Path | None = None
    store: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Files:
    """What a report is made of."""

    events: tuple[Path, ...] = ()
    digests: tuple[Path, ...] = ()
    plans: tuple[Path, ...] = ()
    bases: tuple[Path, ...] = ()


def render_files(files: Files, facts: Mapping[str, Any], asked: Asked) -> Reply:
    """Report what engine events, preview documents and plans show; `facts` are what judges them, such as a quota file."""
    from kaito_iac.report.findings import Facts
    from kaito_iac.report.load import Inputs, load
    from kaito_iac.report.model import Report

    if not files.events and not files.digests and not files.plans:
        raise Refused("nothing to report; give --events, --digest or --plan")
    if files.bases and not files.plans:
        raise Refused("--base goes with --plan, the plan of the head")
    judged = Facts(**facts, today=day(asked.time))
    stacks, holes = load(Inputs(events=files.events, digests=files.digests, facts=judged))
    notes: tuple[str, ...] = ()
    if files.plans:
        from kaito_iac.report.plan_file import NOTE, compared_files

        more, missing = compared_files(files.plans, files.bases, judged)
        stacks, holes, notes = (*stacks, *more), (*holes, *missing), (NOTE,)
    return replied(Report(stacks=beside_others(stacks, asked), holes=holes, notes=notes), asked)


def beside_others(stacks: Sequence[StackReport], asked: Asked) -> tuple[StackReport, ...]:
    """Return reports held against the other open pull requests of a ledger, when one is named."""
    if not asked.store:
        return tuple(stacks)
    from kaito_iac.report.ledger_store import StoreError, store_of
    from kaito_iac.report.rival import with_rivals

    try:
        return tuple(with_rivals(stack, store_of(asked.store), asked.owner) for stack in stacks)
    except StoreError as error:
        raise Refused(str(error)) from error


def merge_files(files: tuple[Path, ...], asked: Asked) -> Reply:
    """Report many reports as one."""
    from kaito_iac.report.load import load_reports, merge

    reports, holes = load_reports(files)
    return replied(merge(reports, holes), asked)


def day(time: str) -> date | None:
    """Return the day that a time begins with; None where it begins with none."""
    try:
        return date.fromisoformat(time[:10])
    except ValueError:
        return None


def replied(report: Report, asked: Asked) -> Reply:
    """Return a report as the reply of a command, in the format that is asked for."""
    from kaito_iac.report.document import report_json
    from kaito_iac.report.outputs import text_of, write_all
    from kaito_iac.report.stamp import stamped
    from kaito_iac.report.together import together

    report = replace(report, stacks=together(report.stacks))
    report = stamped(report, time=asked.time, commit=asked.commit, link=asked.link, key=asked.key)
    if asked.description is not None:
        report = _described(report, asked.description)
    written: tuple[str, ...] = ()
    if asked.output is not None:
        try:
            written = write_all(report, asked.output, asked.platform)
        except OSError as error:
            raise Refused(f"cannot write {error.filename or asked.output}: {error.strerror}") from error
    text = text_of(report, asked.format, asked.platform)
    talk = tuple(f"wrote {name}" for name in written)
    return Reply(data=report_json(report), text=lambda page: text, talk=talk, code=_CODES[report.verdict])


def _described(report: Report, path: Path) -> Report:
    from kaito_iac.report.description import description_notes

    try:
        text = read_bytes(path).decode("utf-8", "replace")
    except FileError as error:
        raise Refused(f"cannot read {path}: {error}") from error
    return replace(report, notes=(*report.notes, *description_notes(report, text)))
