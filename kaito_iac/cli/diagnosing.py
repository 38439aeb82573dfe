"""The command `diagnose`: one look at a workload or pool, and why it is not ready."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote
from typing import TYPE_CHECKING, Any, Final

from kaito_iac.cli import escape
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.cli.terminal import Page
from kaito_iac.cli.waiting import open_or_refuse

if TYPE_CHECKING:
    from kaito_iac.readiness.cluster import Cluster
    from kaito_iac.readiness.look import Look, Reason
    from kaito_iac.readiness.snapshot import Snapshot
    from kaito_iac.readiness.target import Target

_TITLES: Final = {
    "condition": "conditions",
    "size": "size",
    "quota": "quota of the namespace",
    "nodeclaim": "node claims",
    "node": "nodes",
    "pod": "pods, with the last lines of containers that are not ready",
    "log": "",
    "event": "warnings of the last hour",
}


def diagnose(name: str, *, namespace: str | None = None, kubeconfig: str | None = None, context: str | None = None) -> Reply:
    """Look once at what a name means, KIND/NAME or a bare name; raises ValueError for a kind that is none."""
    from kaito_iac.readiness.cluster import ClusterError
    from kaito_iac.readiness.look import look_at

    wanted = _wanted(name, namespace)
    cluster = open_or_refuse(kubeconfig, context)
    try:
        target = wanted or _find(cluster, name, namespace)
        snapshot = _look(cluster, target)
    except ClusterError as error:
        raise Refused(str(error)) from error
    look = look_at(target, snapshot, flags=_flags(kubeconfig, context))
    return Reply(data=look.as_json(), text=lambda page: text(look, page), talk=_unseen(look), code=_code(look))


def _flags(kubeconfig: str | None, context: str | None) -> str:
    """Return the options that lead kubectl to the same cluster."""
    given = {"--kubeconfig": kubeconfig if kubeconfig and "\n" not in kubeconfig else None, "--context": context}
    return "".join(f" {option} {quote(value)}" for option, value in given.items() if value)


def _wanted(name: str, namespace: str | None) -> Target | None:
    """Read KIND/NAME where the namespace is clear; None: it has to be found."""
    from kaito_iac.readiness.pool import pool_kind
    from kaito_iac.readiness.snapshot import KINDS
    from kaito_iac.readiness.target import Target, kind_of, read_target

    kind, slash, rest = name.partition("/")
    if not slash:
        return None
    pool = pool_kind(kind)
    if pool and rest and "/" not in rest:
        return Target(kind=pool, namespace="", name=rest)
    if kind_of(kind) is None or not rest or "/" in rest:
        raise ValueError(f"{name!r} is no NAME and no KIND/NAME with a kind of {', '.join(KINDS)}, NodePool, AgentPool")
    clear = namespace or kind_of(kind) == "ModelMirror"
    return read_target(name, namespace or "") if clear else None


def _find(cluster: Cluster, name: str, namespace: str | None) -> Target:
    """Find what a name means in the namespace, or in all of them; refuse none and several."""
    from kaito_iac.readiness.cluster import Forbidden
    from kaito_iac.readiness.snapshot import KINDS
    from kaito_iac.readiness.target import Target, kind_of

    kind, slash, rest = name.partition("/")
    asked, wanted = (rest, kind_of(kind)) if slash else (name, None)
    kinds = [wanted] if wanted else list(KINDS)
    try:
        found, absent = _called(cluster, kinds, asked, namespace)
    except Forbidden as error:
        raise Refused(f"{error}{'' if namespace else '; name the namespace with -n'}") from error
    if not found and len(absent) == len(kinds):
        return Target(kind=kinds[0], namespace=namespace or "default", name=asked)
    if len(found) == 1:
        return found[0]
    if not found:
        what, where = wanted or "workload of KAITO or pool", f"namespace {namespace}" if namespace else "any namespace"
        raise Refused(
            f"no {what} called {asked!r} is in {where}; `kubectl get workspaces,inferencesets,ragengines -A` lists them"
        )
    choices = ", ".join(f"{one.kind.lower()}/{one.name}{f' -n {one.namespace}' if one.namespace else ''}" for one in found)
    raise Refused(f"{asked!r} is the name of {len(found)}: {choices}; name one of them")


def _called(cluster: Cluster, kinds: Sequence[str], name: str, namespace: str | None) -> tuple[list[Target], list[str]]:
    """Return every workload and pool of a name, and the kinds that the cluster does not have."""
    from kaito_iac.readiness.cluster import Absent
    from kaito_iac.readiness.cluster_reader import kind_path
    from kaito_iac.readiness.pool import MACHINE_POOL, pools_called
    from kaito_iac.readiness.snapshot import name_of, namespace_of
    from kaito_iac.readiness.target import Target

    found: list[Target] = []
    absent = []
    for kind in kinds:
        try:
            things = cluster.items(kind_path(kind, namespace or ""))
        except Absent:
            absent.append(kind)
            continue
        found += [Target(kind=kind, namespace=namespace_of(one), name=name) for one in things if name_of(one) == name]
    if not found and len(kinds) > 1:
        found += pools_called(name, _look(cluster, Target(kind=MACHINE_POOL, namespace="", name=name)))
    return found, absent


def _look(cluster: Cluster, target: Target) -> Snapshot:
    """Read all that the judgement needs, once."""
    from dataclasses import replace

    from kaito_iac.readiness.cluster_reader import Eye
    from kaito_iac.readiness.pool import POOL_KINDS

    more = [("ResourceQuota", f"/api/v1/namespaces/{target.namespace}/resourcequotas")] if target.namespace else []
    snapshot = Eye(cluster, running_logs=True).look([target], more)
    if target.kind in POOL_KINDS:
        return replace(snapshot, objects={**snapshot.objects, "NodeGroup": _groups(cluster)})
    return snapshot


def _groups(cluster: Cluster) -> list[Any]:
    """Return what the cluster autoscaler reports of its groups; empty where none does, or it may not be read."""
    from kaito_iac.kubernetes.yaml_file import read_yaml
    from kaito_iac.readiness.cluster import Absent, Forbidden
    from kaito_iac.readiness.pool import AUTOSCALER, node_groups
    from kaito_iac.readiness.snapshot import items, text

    space, name = AUTOSCALER
    try:
        answer = cluster.read(f"/api/v1/namespaces/{space}/configmaps", [("fieldSelector", f"metadata.name={name}")])
    except (Absent, Forbidden):
        return []
    written = next((text(one, "data", "status") for one in items(answer, "items")), "")
    document, _ = read_yaml(written, name, top="a mapping")
    return node_groups(document.data) if document is not None else []


def _unseen(look: Look) -> tuple[str, ...]:
    return tuple(f"cannot be seen, so causes there stay unnamed: {reason}" for reason in look.unseen)


def _code(look: Look) -> ExitCode:
    if look.state == "ready":
        return ExitCode.OK
    return ExitCode.PROBLEMS if look.reasons else ExitCode.LATE


def text(look: Look, page: Page) -> str:
    """Return the state, the causes with their next steps, and what was seen."""
    from kaito_iac.readiness.redact import minutes

    label = look.target.label
    if look.state == "ready":
        return escape.line(f"{label}: ready") + "\n"
    usual = f" (usually ready within {minutes(look.target.budget_seconds)})" if look.target.budget_seconds else ""
    age = f" for {minutes(look.seconds)}{usual}" if look.seconds else ""
    lines = [f"{label}: not ready{age}, waiting for {look.waiting_for}", ""]
    if not look.reasons:
        lines += ["No cause is visible yet: see below, and `kaito-iac wait` follows it.", ""]
    for number, reason in enumerate(look.reasons, 1):
        lines += [*_reason(number, reason), ""]
    return "".join(f"{escape.line(line)}\n" for line in [*lines, *_seen(look)])


def _reason(number: int, reason: Reason) -> Sequence[str]:
    from kaito_iac.readiness.redact import minutes

    lasts = "has just been seen" if reason.seconds < 1 else f"for {minutes(reason.seconds)}"
    passes = "likely a consequence of the above" if reason.follows else "" if reason.certain else "may still resolve by itself"
    lines = [
        f"{number}. {reason.title}: {reason.about} [{reason.code}]",
        f"   {reason.evidence}",
        f"   {lasts}{f'; {passes}' if passes else ''}",
    ]
    return [*lines, f"   fix:  {reason.fix}", f"   next: {reason.next}", f"   more: kaito-iac explain {reason.code}"]


def _seen(look: Look) -> list[str]:
    """Return what was seen, in groups."""
    lines = ["Seen"]
    last = ""
    for one in look.evidence:
        title = _TITLES[one.kind]
        if one.kind == "log":
            lines.append(f"      | {one.text}")
            continue
        if title != last:
            lines.append(f"  {title}")
            last = title
        lines.append(f"    {one.about}: {one.text}")
    return lines if len(lines) > 1 else []
