"""The command `wait`: until workloads in a cluster are ready, or it is certain that they will not be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Final

from kaito_iac.cli import escape
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.printing import note
from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.cli.terminal import Page

if TYPE_CHECKING:
    from kaito_iac.readiness.cluster import Cluster
    from kaito_iac.readiness.diagnose import Diagnosis
    from kaito_iac.readiness.target import Target


MOST_MINUTES: Final = 7 * 24 * 60
"""Longest wait that can be asked for."""


def targets(names: Sequence[str], namespace: str | None, everything: bool) -> list[Target]:
    """Read what to wait for; raises ValueError for anything but KIND/NAME, or for names together with everything."""
    from kaito_iac.readiness.snapshot import KINDS
    from kaito_iac.readiness.target import read_target

    if bool(names) == everything:
        raise ValueError("name workloads as KIND/NAME, or give --all" if everything is False else "--all takes no names")
    found = []
    for name in names:
        target = read_target(name, namespace or "default")
        if target is None:
            raise ValueError(f"{name!r} is no KIND/NAME, such as workspace/chat; kinds: {', '.join(KINDS)}")
        found.append(target)
    return list(dict.fromkeys(found))


def open_or_refuse(kubeconfig: str | None, context: str | None) -> Cluster:
    """Open the cluster; refuse the command without client, kubeconfig or context."""
    from kaito_iac.problem import Problem
    from kaito_iac.project_url import pip_install
    from kaito_iac.readiness.cluster import ClusterError, NoClient, open_cluster

    try:
        return open_cluster(kubeconfig=kubeconfig, context=context)
    except NoClient as error:
        fix = pip_install(("wait",))
        raise Refused("wait", [Problem("KS224", "kubernetes", "the Kubernetes client is not installed", "", fix)]) from error
    except ClusterError as error:
        raise Refused(str(error)) from error


def wait(
    wanted: Sequence[Target],
    *,
    namespace: str | None = None,
    minutes: float | None = None,
    kubeconfig: str | None = None,
    context: str | None = None,
) -> Reply:
    """Wait for the targets, or for everything when there are none; report on stderr what is waited for."""
    from kaito_iac.readiness.cluster import ClusterError
    from kaito_iac.readiness.cluster_reader import Eye
    from kaito_iac.readiness.follow import Wait
    from kaito_iac.readiness.watch import WatchedCluster

    if minutes is not None and not 0 < minutes <= MOST_MINUTES:
        raise Refused(f"--timeout {minutes:g}: expected minutes, more than 0 and at most {MOST_MINUTES}, which is a week")
    cluster = open_or_refuse(kubeconfig, context)
    limit = cluster.deadline = monotonic() + minutes * 60 if minutes is not None else None
    watched = WatchedCluster(cluster)
    eye = Eye(watched)
    try:
        found = list(wanted) or eye.everything(namespace or "")
        if not found:
            raise Refused(f"no workload of KAITO is in {f'namespace {namespace}' if namespace else 'the cluster'}")
        seconds = round(minutes * 60) if minutes else 0
        watch = Wait(look=eye.look, say=note, clock=monotonic, sleep=watched.sleep, limit=limit)
        standing = watch.until_ready([replace(target, budget_seconds=seconds) for target in found])
    except ClusterError as error:
        raise Refused(str(error)) from error
    return Reply(data=[one.as_json() for one in standing], text=lambda page: text(standing, page), code=_code(standing))


def text(standing: Sequence[Diagnosis], page: Page) -> str:
    """Return one line per workload, and below it why it is not ready."""
    lines = []
    for one in standing:
        state = {"late": "not ready in time", "waiting": f"waiting for {one.waiting_for}"}.get(one.state, one.state)
        lines.append(escape.line(f"{one.target.label}: {state}"))
        lines += [escape.problem(problem).text() for problem in one.problems]
    return "".join(f"{line}\n" for line in lines)


def _code(standing: Sequence[Diagnosis]) -> ExitCode:
    states = {one.state for one in standing}
    if "hopeless" in states:
        return ExitCode.PROBLEMS
    return ExitCode.LATE if "late" in states else ExitCode.OK
