"""Reads `adopt`: the one object that exists and comes under a component instead of being made."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.kinds.nested import AdoptArgs
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader

_IN_CLUSTER: Final = re.compile(r"(?P<namespace>[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)/(?P<name>[a-z0-9]([-a-z0-9.]*[a-z0-9])?)")
_POOL: Final = re.compile(
    r"(?P<cluster>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.ContainerService/managedClusters/[^/]+)"
    r"/agentPools/(?P<name>[a-z0-9]{1,12})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """An object that exists and is taken over."""

    object: str
    """Its import id: namespace and name, or the ARM id of an agent pool."""
    force: bool
    """Whether it is taken from another owner, with the fields that others set."""
    delete: bool
    """Whether a destroy deletes it."""


def read_adoption(reader: Reader, kind: str, name: str, namespace: Any) -> Adoption | None:
    """Read which object of a namespace a component takes over; it is the one that the component would write."""

    def other(found: re.Match[str]) -> Problem | None:
        known = isinstance(namespace, str)
        same = found["name"] == name and (not known or found["namespace"] == namespace)
        return None if same else _other(found[0], f"{namespace if known else found['namespace']}/{name}", kind)

    found = _read(reader, f"namespace/name of a {kind}, such as default/{name}", _IN_CLUSTER, other)
    if found is not None and reader.args.get("replacement") == "blueGreen":
        message = "together with replacement blueGreen, whose Workspaces have names of their own"
        reader.add(Problem("KS105", "adopt", message, "replacement='recreate'", "leave replacement out"))
    return found


def read_pool_adoption(reader: Reader, name: str, cluster: Any) -> Adoption | None:
    """Read which agent pool of AKS a component takes over."""

    def other(found: re.Match[str]) -> Problem | None:
        around = cluster.lower() if isinstance(cluster, str) else found["cluster"].lower()
        if found["name"].lower() == name and found["cluster"].lower() == around:
            return None
        return _other(found[0], f"{cluster if isinstance(cluster, str) else found['cluster']}/agentPools/{name}", "pool")

    return _read(reader, "the ARM id of an agent pool, …/managedClusters/NAME/agentPools/NAME", _POOL, other)


def _read(
    reader: Reader, accepted: str, pattern: re.Pattern[str], other: Callable[[re.Match[str]], Problem | None]
) -> Adoption | None:
    if not reader.has("adopt"):
        return None
    inner = reader.inner("adopt", AdoptArgs)
    given = inner.text("object", accepted, required=not reader.problems_at("adopt"))
    found = pattern.fullmatch(given) if given else None
    if given and found is None:
        inner.add(Problem("KS102", "adopt.object", repr(given), accepted))
    inner.add(other(found) if found else None)
    made = Adoption(object=given or "", force=inner.flag("force", False), delete=inner.flag("delete", False))
    reader.take(inner)
    if found is not None:
        reader.add(_note(made))
    return made


def _other(given: str, own: str, kind: str) -> Problem:
    name = own.rpartition("/")[2]
    argument = "pool_name" if kind == "pool" else "name"
    fix = f"{argument}={given.rpartition('/')[2]!r}" if given.rpartition("/")[2] != name else "the namespace of the object"
    return Problem("KS105", "adopt.object", f"{given!r}, another object than this component writes", own, fix)


def _note(made: Adoption) -> Problem:
    stays = "pulumi destroy deletes it" if made.delete else "pulumi destroy keeps it"
    by_force = ", with fields that others set" if made.force else ""
    message = (
        f"{made.object} exists and is taken over{by_force}: it is changed in place where it differs, never replaced; {stays}"
    )
    return Problem("KO493", "adopt", message, "", "leave adopt out once `pulumi up` has taken it over", "info")
