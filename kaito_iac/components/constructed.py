"""Every component that this process has made: what a program in another language refers to is the very object."""

from collections.abc import Iterable

import pulumi
from pulumi.resource import DependencyResource
from pulumi.runtime import rpc


class OtherProcess(DependencyResource):
    """A component that is referred to, and that another provider of the same program has made."""

    def __init__(self, urn: str, name: str, kind: str) -> None:
        super().__init__(urn)
        self.described = f"{kind} '{name}', which another provider of the program has made"
        """How messages call it."""


class Constructed(rpc.ResourceModule):
    """The components by URN, each with the resources that its outputs come from."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[pulumi.ComponentResource, frozenset[str]]] = {}

    def keep(self, urn: str, made: pulumi.ComponentResource, sources: Iterable[str]) -> None:
        """Keep a component; an update makes those of its preview anew."""
        self._made[urn] = (made, frozenset(sources))

    def version(self) -> None:
        """Return no version: references of every version are meant."""

    def construct(self, name: str, typ: str, urn: str) -> pulumi.Resource:
        """Return the component that a reference stands for."""
        made = self._made.get(urn)
        return OtherProcess(urn, name, typ.rpartition(":")[2]) if made is None else made[0]

    def behind(self, urns: Iterable[str]) -> list[str]:
        """Return URNs with the resources behind a component in its place, as a program in Python depends on them."""
        given = set(urns)
        found = given - self._made.keys()
        for urn in given & self._made.keys():
            sources = self._made[urn][1] - self._made.keys()
            found |= (sources & given) or sources
        return sorted(found)
