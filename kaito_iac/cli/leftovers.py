"""The command `leftovers`: what is left of KAITO in a cluster after workloads or its operator are gone."""

from __future__ import annotations

from kaito_iac.cli import escape
from kaito_iac.cli.reply import Refused, Reply, code_of
from kaito_iac.cli.terminal import Page
from kaito_iac.cli.waiting import open_or_refuse
from kaito_iac.problem import SEVERITIES, Problem


def find(*, kubeconfig: str | None = None, context: str | None = None) -> Reply:
    """Return what is left; exit code 1 when some of it costs money or blocks."""
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
    return Reply(data=data, text=lambda page: text(found, page), talk=(*talk, AZURE), code=code_of(found))


def text(found: list[Problem], page: Page) -> str:
    """Return the problems, gravest first."""
    return "".join(f"{escape.problem(one).text('')}\n" for one in found) or "nothing is left\n"
