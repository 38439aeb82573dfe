"""The command `check`: manifests judged as KAITO would, one line per problem, as JSON, or as SARIF."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from kaito_iac.admission.installation import environment_of
from kaito_iac.admission.placeholder import located_around
from kaito_iac.admission.stated_installation import gates_of
from kaito_iac.admission.verdict import AZURE, Environment
from kaito_iac.cli import escape
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.manifests import Found, Manifest, gather, template_note, terraform_note
from kaito_iac.cli.number_format import count
from kaito_iac.cli.reply import Reply, json_text
from kaito_iac.cli.strictness import LENIENT, Strictness
from kaito_iac.problem import SEVERITIES, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST: Final = 200
"""Maximum of problems reported for one manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One manifest and what was found, each problem with its line."""

    manifest: Manifest
    problems: tuple[tuple[int, Problem], ...]

    @property
    def accepted(self) -> bool:
        """Return whether KAITO takes it."""
        return not any(problem.severity == "error" for _, problem in self.problems)

    @property
    def label(self) -> str:
        """Return kind and name."""
        return " ".join(text for text in (_word(self.manifest.data, "kind"), _name(self.manifest.data)) if text)

    def without(self, strictness: Strictness) -> Checked:
        """Return it without the problems that are left out."""
        kept = tuple(row for row in self.problems if row[1].code not in strictness.ignore)
        return self if len(kept) == len(self.problems) else replace(self, problems=kept)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        data = self.manifest.data
        return {
            "file": self.manifest.file,
            "line": self.manifest.line,
            "apiVersion": _word(data, "apiVersion"),
            "kind": _word(data, "kind"),
            "name": _name(data),
            "verdict": "accepted" if self.accepted else "refused",
            "problems": [{**problem.as_json(), "line": line} for line, problem in self.problems],
        }


def _word(data: Mapping[str, Any] | None, key: str) -> str | None:
    found = data.get(key) if data else None
    return found if isinstance(found, str) else None


def _metadata(data: Mapping[str, Any] | None, key: str) -> str | None:
    metadata = data.get("metadata") if data else None
    return _word(metadata, key) if isinstance(metadata, Mapping) else None


def _name(data: Mapping[str, Any] | None) -> str | None:
    return _metadata(data, "name") or _metadata(data, "generateName")


def check_paths(
    paths: Sequence[str],
    env: Environment,
    *,
    old: str | None = None,
    sarif: bool = False,
    given: frozenset[str] = frozenset(),
    strictness: Strictness = LENIENT,
) -> Reply:
    """Judge everything below the paths; exit code 1 when something is refused, 3 when something cannot be read.

    `given` names fields of the environment that a folder's own word on its installation does not change.
    """
    with no_collector():
        found = gather(paths)
        before = gather([old]) if old is not None else Found()
        env = replace(env, cluster=found.cluster())
        olds = {_key(one.data, env): one.data for one in before.manifests if one.data is not None}
        every = [
            _checked(one, environment_of(env, found.installed(one.file), given), olds.get(_key(one.data, env)))
            for one in found.manifests
        ]
    checked = [one.without(strictness) for one in every]
    unreadable = [one for one in (*found.manifests, *before.manifests) if one.data is None]
    refused = sum(not one.accepted for one in checked)
    if not found.files:
        return _nothing_found(paths, found)
    code = ExitCode.REFUSED if unreadable else strictness.code([problem for one in checked for _, problem in one.problems])
    message = f"{count(len(checked), 'manifest')}, {refused or 'none'} refused"
    talk = [f"{message}; {count(found.passed, 'other document')} passed over"]
    talk += strictness.notes(problem for one in every for _, problem in one.problems)
    talk += _doubts(found, before)
    if sarif:
        from kaito_iac.cli.sarif import sarif_log

        log = sarif_log(checked)
        return Reply(data=log, text=lambda page: json_text(log) + "\n", talk=tuple(talk), code=code)
    return _reply(checked, talk, code)


def _reply(checked: Sequence[Checked], talk: Sequence[str], code: ExitCode) -> Reply:
    return Reply(
        data=lambda: [one.as_json() for one in checked],
        text=lambda page: checked_text(checked, color=page.color),
        talk=tuple(talk),
        code=code,
    )


def _doubts(found: Found, before: Found) -> list[str]:
    """Return the lines about what was not judged."""
    talk = [] if found.manifests else ["note: no object of KAITO in what was read, so nothing was judged"]
    talk += [f"{one.file}:{one.line}: cannot be read: {one.unreadable}" for one in before.manifests if one.data is None]
    return [*talk, *map(template_note, found.templates), *map(terraform_note, found.terraform)]


def _nothing_found(paths: Sequence[str], found: Found) -> Reply:
    """Return the reply to folders without any file that could be read: wrong usage, as nothing was judged."""
    talk = [f"no .yaml, .yml or .json file in {', '.join(paths)}: nothing was judged"]
    talk += [template_note(folder) for folder in found.templates]
    talk += [terraform_note(file) for file in found.terraform]
    return Reply(data=[], text=lambda page: "", talk=tuple(talk), code=ExitCode.USAGE)


@contextmanager
def no_collector() -> Iterator[None]:
    """Keep Python from looking for cycles among documents, which have none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _key(data: Mapping[str, Any] | None, env: Environment) -> tuple[Any, ...]:
    return _word(data, "kind"), _metadata(data, "namespace") or env.namespace, _metadata(data, "name")


def _checked(one: Manifest, env: Environment, old: Mapping[str, Any] | None) -> Checked:
    if one.data is None:
        problem = Problem("KS302", one.file, one.unreadable, "YAML or JSON that kubectl reads")
        return Checked(manifest=one, problems=((one.line, problem),))
    found = [(one.line_of(path), problem) for path, problem, _, _ in located_around(one.data, env, old)]
    found += [(line, _doubt(text)) for line, text in (one.document.doubts if one.document and not one.inside else ())]
    found += [(line, _repeated(key)) for line, key in (one.document.repeated if one.document and not one.inside else ())]
    found.sort(key=lambda row: (SEVERITIES.index(row[1].severity), row[0]))
    if len(found) > MOST:
        rest = Problem("KS238", "", f"{len(found) - MOST} more problems, not shown", severity="info")
        found = [*found[:MOST], (one.line, rest)]
    return Checked(manifest=one, problems=tuple(found))


def _doubt(text: str) -> Problem:
    read = "true" if text in "yY" else "false"
    message = f"{text} without quotes is read as {read} by kubectl, and as text by other readers; judged as text"
    return Problem("KS241", "", message, f"'{text}' in quotes, or {read}", severity="warning")


def _repeated(key: str) -> Problem:
    message = f"key {key[:60]} a second time: kubectl takes the last one, kustomize, Flux and Argo CD refuse the file"
    return Problem("KS241", "", message, "every key once", severity="warning")


COLOURS: Final = {"error": "31;1", "warning": "33", "info": "36"}


def checked_text(checked: Sequence[Checked], *, color: bool = False) -> str:
    """Return one line per problem, with file and line first; severities are coloured when that is asked for."""
    return "".join(f"{_line(one, line, problem, color)}\n" for one in checked for line, problem in one.problems)


def _line(one: Checked, line: int, problem: Problem, color: bool) -> str:
    about = f"{one.label}: " if one.label else ""
    fix = f"; fix: {problem.fix}" if problem.fix else ""
    start, rest = f"{one.manifest.file}:{line}: ", f"{about}{problem.headline.removeprefix(': ')}{fix}"
    mark = f"\x1b[{COLOURS[problem.severity]}m{problem.severity}\x1b[0m" if color else problem.severity
    return f"{escape.line(start)}{mark}: {escape.line(rest)}" if color else escape.line(f"{start}{mark}: {rest}")


def environment(
    cloud: str | None, provisioner: str | None, gate_pairs: Sequence[str], node_classes: Sequence[str] | None
) -> Environment:
    """Return the installation that manifests are judged for; raises ValueError for a gate that KAITO does not have."""
    classes = tuple(node_classes) if node_classes else None
    found = gates_of(gate_pairs)
    return Environment(cloud=cloud or "azure", provisioner=provisioner or AZURE, feature_gates=found, node_classes=classes)


def inputs(paths: Sequence[str], terminal: bool) -> list[str]:
    """Return what to read: the paths, else standard input; raises ValueError when standard input is a terminal."""
    if not paths and terminal:
        raise ValueError("name files or folders, or - for standard input")
    return [os.fspath(path) for path in paths] or ["-"]
