"""What a resource takes over from its parent, by the rules of the engine."""

from __future__ import annotations

from dataclasses import dataclass, field

from pulumi.runtime.proto import resource_pb2

from kaito_iac.offline import urns


@dataclass(slots=True)
class _Heritage:
    protect: bool | None
    retain_on_delete: bool | None
    deleted_with: str
    provider: str
    providers: dict[str, str] = field(default_factory=dict)


class Inheritance:
    """Remembers the options of every parent and fills in those its children leave open."""

    def __init__(self) -> None:
        self._heritages: dict[str, _Heritage] = {}

    def inherit(self, request: resource_pb2.RegisterResourceRequest) -> None:
        """Fill in protection, retention, deletion and provider, before transforms see the request."""
        parent = self._heritages.get(request.parent)
        if parent is not None:
            if not request.deletedWith:
                request.deletedWith = parent.deleted_with
            if parent.protect is not None and not request.HasField("protect"):
                request.protect = parent.protect
            if parent.retain_on_delete is not None and not request.HasField("retainOnDelete"):
                request.retainOnDelete = parent.retain_on_delete
            if not request.provider and _provides(parent.provider, request):
                request.provider = parent.provider
        if (request.custom or request.remote) and not request.provider:
            package = urns.package_of(request.type)
            request.provider = request.providers.get(package, "") or (parent.providers.get(package, "") if parent else "")

    def resolve(self, request: resource_pb2.RegisterResourceRequest) -> None:
        """Fill in the providers that a component hands on, after transforms."""
        parent = self._heritages.get(request.parent)
        if parent is None or request.custom:
            return
        for package, provider in parent.providers.items():
            if package not in request.providers:
                request.providers[package] = provider

    def remember(self, urn: str, request: resource_pb2.RegisterResourceRequest) -> None:
        """Keep what children of this resource may take over."""
        self._heritages[urn] = _Heritage(
            protect=request.protect if request.HasField("protect") else None,
            retain_on_delete=request.retainOnDelete if request.HasField("retainOnDelete") else None,
            deleted_with=request.deletedWith,
            provider=request.provider if request.custom else "",
            providers={} if request.custom else dict(request.providers),
        )


def _provides(provider: str, request: resource_pb2.RegisterResourceRequest) -> bool:
    if not provider:
        return False
    if not request.custom and not request.remote:
        return True
    kind = urns.type_of(provider.rpartition("::")[0])
    return kind == f"pulumi:providers:{urns.package_of(request.type)}"
