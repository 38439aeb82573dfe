"""The command `leftovers`: what is left of KAITO in a cluster after workloads or its operator are gone."""

from __future__ import annotations

from collections.abc import Sequence

from kaito_iac.cli import escape
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.reply import Refused, Reply, code_of
from kaito_iac.cli.terminal import Page
from kaito_iac.cli.waiting import open_or_refuse
from kaito_iac.problem import SEVERITIES, Problem


def find(*, kubeconfig: str | None = None, context: str | None = None) -> Reply:
    """Return what is left; exit code 1 when some of it costs money or blocks, 3 when not everything could be seen."""
    from kaito_iac.readiness.cluster import ClusterError
    from kaito_iac.readiness.inventory import survey
    from kaito_iac.readiness.leftover import AZURE, leftovers

    try:
        snapshot = survey(open_or_refuse(kubeconfig, context))
    except ClusterError as error:
        raise Refused(str(error)) from error
    found = sorted(leftovers(snapshot), key=lambda one: SEVERITIES.index(one.severity))
    talk = [f"cannot be seen: {reason}" for reason in snapshot.unseen]
    data = {"leftovers": [one.as_json() for one in found], "unseen": list(snapshot.unseen), "notLookedAt": AZURE}
    code = code_of(found)
    if snapshot.unseen and code is ExitCode.OK:
        code = ExitCode.REFUSED
    return Reply(data=data, text=lambda page: text(found, page, snapshot.unseen), talk=(*talk, AZURE), code=code)


def text(found: list[Problem], page: Page, unseen: Sequence[str] = ()) -> str:
    """Return the problems, gravest first; that nothing is left only when everything could be seen."""
    nothing = "nothing was found, but not everything could be seen\n" if unseen else "nothing is left\n"
    return "".join(f"{escape.problem(one).text('')}\n" for one in found) or nothing
