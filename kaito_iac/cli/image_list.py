"""The command `images`: what has to be in a registry of your own before a program can run in an air-gapped cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaito_iac.cli.planning import run
from kaito_iac.cli.reply import Reply, code_of
from kaito_iac.problem import Problem

if TYPE_CHECKING:
    from kaito_iac.cli.terminal import Page
    from kaito_iac.planning.images import Images, Needed
    from kaito_iac.planning.request import Program


def list_images(program: Program, mirror: str | None = None) -> Reply:
    """Return the images and charts of a program; with `mirror`, each beside its place in that registry."""
    from kaito_iac.planning.images import images, mirrored
    from kaito_iac.planning.rehearsal import rehearse

    rehearsal = run(f"running {program.folder} …", lambda: rehearse(program))
    found = images(rehearsal.recording.resources)
    problems = [problem for problem in rehearsal.problems() if problem.severity == "error"]
    problems += [Problem("KO401", name, unknown.reason, severity="warning") for name, unknown in found.unknown]

    def text(page: Page) -> str:
        if mirror is None:
            return _table(found, page)
        from kaito_iac.cli.escape import line

        return "".join(f"{line(item.reference)} {line(mirrored(item.reference, mirror))}\n" for item in found.needed)

    def row(item: Needed) -> dict[str, str]:
        return {**item.as_json(), **({} if mirror is None else {"mirror": mirrored(item.reference, mirror)})}

    data = {"images": [row(item) for item in found.needed], "problems": [problem.as_json() for problem in problems]}
    talk = () if found.operator else ("not listed: the images of KAITO's own charts, which this program does not install",)
    return Reply(data=data, text=text, problems=tuple(problems), title="Images", talk=talk, code=code_of(problems))


def _table(found: Images, page: Page) -> str:
    from kaito_iac.cli.table import Column, table

    columns = [Column(title="KIND"), Column(title="REFERENCE"), Column(title="WHY", wraps=True)]
    return table(columns, [(item.kind, item.reference, item.why) for item in found.needed], page)
