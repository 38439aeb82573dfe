"""The options of a request as a frozen record."""

from __future__ import annotations

from pulumi.runtime.proto import resource_pb2

from kaito_iac.offline import urns
from kaito_iac.stack.pulumi_markers import UNKNOWNS
from kaito_iac.stack.resource import Options


def options_of(request: resource_pb2.RegisterResourceRequest | resource_pb2.ReadResourceRequest, urn: str) -> Options:
    """Return the options that the engine would keep."""
    if isinstance(request, resource_pb2.ReadResourceRequest):
        return Options(
            depends_on=tuple(sorted(request.dependencies)),
            additional_secret_outputs=tuple(request.additionalSecretOutputs),
            version=request.version,
            plugin_download_url=request.pluginDownloadURL,
        )
    given = {field.name for field, _ in request.ListFields()}
    return Options(
        protect=request.protect,
        depends_on=tuple(sorted(request.dependencies)),
        property_dependencies=_sources(request) if "propertyDependencies" in given else {},
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        aliases=tuple(urns.of_alias(alias, urn, request.parent) for alias in request.aliases) + tuple(request.aliasURNs),
        custom_timeouts=_timeouts(request) if "customTimeouts" in given else {},
        retain_on_delete=request.retainOnDelete,
        deleted_with=request.deletedWith,
        version=request.version,
        plugin_download_url=request.pluginDownloadURL,
        import_id=request.importId,
        providers=_providers(request) if "providers" in given else {},
        hooks=_hooks(request) if "hooks" in given else {},
    )


def _sources(request: resource_pb2.RegisterResourceRequest) -> dict[str, tuple[str, ...]]:
    found = request.propertyDependencies
    return {key: tuple(sorted(found[key].urns)) for key in sorted(found) if found[key].urns}


def _timeouts(request: resource_pb2.RegisterResourceRequest) -> dict[str, str]:
    return {field.name: text for field, text in request.customTimeouts.ListFields()}


def _providers(request: resource_pb2.RegisterResourceRequest) -> dict[str, str]:
    found = {}
    for package, reference in sorted(request.providers.items()):
        urn, separator, identity = reference.rpartition("::")
        found[package] = f"{urn}{separator}unknown" if identity in UNKNOWNS else reference
    return found


def _hooks(request: resource_pb2.RegisterResourceRequest) -> dict[str, tuple[str, ...]]:
    return {field.name: tuple(names) for field, names in request.hooks.ListFields()}
