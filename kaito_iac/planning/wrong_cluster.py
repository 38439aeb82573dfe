"""Objects of components that go to another cluster than the one of the program which the component hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kaito_iac.problem import Problem
from kaito_iac.stack.resource import Resource

_OURS: Final = "kaito-iac:index:"
_CLUSTER: Final = f"{_OURS}KaitoCluster"


def wrong_cluster_problems(resources: Sequence[Resource]) -> Iterator[Problem]:
    """Report every component that hangs on a KaitoCluster of the program, and whose objects use another provider.

    An explicit provider that depends on no cluster of the program is taken for what its author wants. A component that nothing
    links to a cluster is reported when it goes to the default provider.
    """
    known = {one.urn: one for one in resources}
    clusters = {one.urn: one.name for one in resources if one.type == _CLUSTER}
    if not clusters:
        return
    seen: set[tuple[str, str]] = set()
    for one in resources:
        owner = _owner(one, known)
        if owner is None or owner.type == _CLUSTER or not one.custom or not one.type.startswith("kubernetes:"):
            continue
        wanted = _reached(one, known, clusters)
        used = _of_provider(one.provider, known, clusters)
        if used is None or wanted & used or (used and not wanted) or (owner.urn, one.provider) in seen:
            continue
        seen.add((owner.urn, one.provider))
        yield _problem(owner, sorted(clusters[urn] for urn in wanted), used, clusters)


def _problem(owner: Resource, wanted: Sequence[str], used: set[str], clusters: Mapping[str, str]) -> Problem:
    goes = f"KaitoCluster {clusters[sorted(used)[0]]!r}" if used else "the cluster of the default Kubernetes provider"
    own = next(iter(wanted or clusters.values()))
    fix = f"opts=pulumi.ResourceOptions(providers=[{own}.provider()]), with the variable that holds the cluster"
    if not wanted:
        message = f"goes to {goes}, and the program has KaitoCluster {own!r}"
        return Problem("KO414", owner.name, message, "objects in a cluster of the program", fix, "warning")
    message = f"hangs on KaitoCluster {own!r}, but its objects go to {goes}"
    return Problem("KO414", owner.name, message, "objects in the cluster that it hangs on", fix, "error" if used else "warning")


def _owner(found: Resource, known: Mapping[str, Resource]) -> Resource | None:
    """Return the outermost component of this package around a resource."""
    owner = None
    around = known.get(found.parent or "")
    while around is not None:
        owner = around if around.type.startswith(_OURS) else owner
        around = known.get(around.parent or "")
    return owner


def _of_provider(provider: str, known: Mapping[str, Resource], clusters: Mapping[str, str]) -> set[str] | None:
    """Return the clusters of the program that a provider reaches: none for the default one, None where it is unknown."""
    if not provider:
        return set()
    found = known.get(provider.rpartition("::")[0])
    return (_reached(found, known, clusters) if found is not None else None) or None


def _reached(found: Resource, known: Mapping[str, Resource], clusters: Mapping[str, str]) -> set[str]:
    """Return the clusters that a resource, or a component around it, waits for."""
    reached: set[str] = set()
    seen: set[str] = set()
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if one.urn in seen:
            continue
        seen.add(one.urn)
        if one.urn in clusters:
            reached.add(one.urn)
            continue
        options = one.options
        behind = [*options.depends_on, *(urn for urns in options.property_dependencies.values() for urn in urns)]
        waiting += [known[urn] for urn in (*behind, one.parent or "") if urn in known and known[urn].parent]
    return reached
