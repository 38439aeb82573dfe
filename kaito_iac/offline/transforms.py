"""Transforms: functions of the program that change a resource or a function call before it is recorded."""

from __future__ import annotations

from typing import Any

from pulumi.runtime.proto import callback_pb2, resource_pb2

from kaito_iac.offline.callbacks import Callbacks
from kaito_iac.offline.values import as_outputs, without_outputs


class Transforms:
    """The transforms of one run: of the stack, of resources (their children included), and of function calls."""

    def __init__(self) -> None:
        self.stack: list[callback_pb2.Callback] = []
        self.invokes: list[callback_pb2.Callback] = []
        self._own: dict[str, tuple[list[callback_pb2.Callback], str]] = {}
        self._callbacks = Callbacks()

    def apply(self, request: resource_pb2.RegisterResourceRequest) -> resource_pb2.RegisterResourceRequest:
        """Return the request as its own, its ancestors' and the stack's transforms leave it, in that order."""
        chain = [*request.transforms, *self._inherited(request.parent), *self.stack]
        if not chain:
            return request
        sources = {key: found.urns for key, found in request.propertyDependencies.items()} if request.transforms else {}
        changed = resource_pb2.RegisterResourceRequest()
        changed.CopyFrom(request)
        changed.object.CopyFrom(as_outputs(request.object, sources))
        for callback in chain:
            question = resource_pb2.TransformRequest(
                type=changed.type,
                name=changed.name,
                custom=changed.custom,
                parent=changed.parent,
                properties=changed.object,
                options=_options(changed),
            )
            answer = resource_pb2.TransformResponse.FromString(self._callbacks.call(callback, question.SerializeToString()))
            _change(changed, answer)
        if not changed.remote:
            changed.object.CopyFrom(without_outputs(changed.object))
        return changed

    def apply_to_invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeRequest:
        """Return a function call as the transforms for calls leave it."""
        for callback in self.invokes:
            question = resource_pb2.TransformInvokeRequest(
                token=request.tok,
                args=request.args,
                options=resource_pb2.TransformInvokeOptions(
                    provider=request.provider, plugin_download_url=request.pluginDownloadURL, version=request.version
                ),
            )
            data = self._callbacks.call(callback, question.SerializeToString())
            answer = resource_pb2.TransformInvokeResponse.FromString(data)
            changed = resource_pb2.ResourceInvokeRequest()
            changed.CopyFrom(request)
            if answer.HasField("args"):
                changed.args.CopyFrom(answer.args)
            request = changed
        return request

    def remember(self, urn: str, request: resource_pb2.RegisterResourceRequest) -> None:
        """Keep the transforms of a resource for its children."""
        if request.transforms or request.parent in self._own:
            self._own[urn] = (list(request.transforms), request.parent)

    def close(self) -> None:
        """End the connections to the program."""
        self._callbacks.close()

    def _inherited(self, parent: str) -> list[callback_pb2.Callback]:
        found: list[callback_pb2.Callback] = []
        while parent in self._own:
            own, parent = self._own[parent]
            found += own
        return found


def _options(request: resource_pb2.RegisterResourceRequest) -> resource_pb2.TransformResourceOptions:
    aliases = [*request.aliases]
    options = resource_pb2.TransformResourceOptions(
        depends_on=request.dependencies,
        ignore_changes=request.ignoreChanges,
        replace_on_changes=request.replaceOnChanges,
        version=request.version,
        aliases=aliases,
        provider=request.provider,
        plugin_download_url=request.pluginDownloadURL,
        deleted_with=request.deletedWith,
        additional_secret_outputs=request.additionalSecretOutputs,
        providers=request.providers,
    )
    if request.HasField("protect"):
        options.protect = request.protect
    if request.HasField("retainOnDelete"):
        options.retain_on_delete = request.retainOnDelete
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    if request.HasField("customTimeouts"):
        options.custom_timeouts.CopyFrom(request.customTimeouts)
    if request.HasField("hooks"):
        options.hooks.CopyFrom(request.hooks)
    setattr(options, "import", request.importId)
    return options


def _change(request: resource_pb2.RegisterResourceRequest, answer: resource_pb2.TransformResponse) -> None:
    if answer.HasField("properties"):
        request.object.CopyFrom(answer.properties)
        for key in [key for key in request.propertyDependencies if key not in answer.properties.fields]:
            del request.propertyDependencies[key]
    if answer.HasField("options"):
        _take(request, answer.options)


def _take(request: resource_pb2.RegisterResourceRequest, options: Any) -> None:
    for theirs, ours in _LISTS:
        request.ClearField(ours)  # type: ignore[arg-type]  # a table of field names
        getattr(request, ours).extend(getattr(options, theirs))
    for theirs, ours in _TEXTS:
        setattr(request, ours, getattr(options, theirs))
    for theirs, ours in (("protect", "protect"), ("retain_on_delete", "retainOnDelete")):
        request.ClearField(ours)  # type: ignore[arg-type]  # a table of field names
        if options.HasField(theirs):
            setattr(request, ours, getattr(options, theirs))
    request.deleteBeforeReplaceDefined = options.HasField("delete_before_replace")
    request.deleteBeforeReplace = options.delete_before_replace
    for theirs, ours in (("custom_timeouts", "customTimeouts"), ("hooks", "hooks")):
        request.ClearField(ours)  # type: ignore[arg-type]  # a table of field names
        if options.HasField(theirs):
            getattr(request, ours).CopyFrom(getattr(options, theirs))
    request.providers.clear()
    request.providers.update(options.providers)


_LISTS = (
    ("depends_on", "dependencies"),
    ("ignore_changes", "ignoreChanges"),
    ("replace_on_changes", "replaceOnChanges"),
    ("additional_secret_outputs", "additionalSecretOutputs"),
    ("aliases", "aliases"),
)
_TEXTS = (
    ("version", "version"),
    ("provider", "provider"),
    ("plugin_download_url", "pluginDownloadURL"),
    ("deleted_with", "deletedWith"),
    ("import", "importId"),
)
