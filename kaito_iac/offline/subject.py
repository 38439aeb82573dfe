"""Recorded resources in the shape in which policies see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2

from kaito_iac.offline.recording import Recording
from kaito_iac.offline.values import encoded
from kaito_iac.stack.resource import Options, Resource, seconds


class Subjects:
    """What policies are asked about: inputs of one resource at a time, then the outputs of all."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._by_urn = {resource.urn: resource for resource in recording.resources}
        self._changed: dict[str, struct_pb2.Struct] = {}

    def request(self, resource: Resource) -> analyzer_pb2.AnalyzeRequest:
        """Return the question about one resource."""
        changed = self._changed.get(resource.urn)
        return analyzer_pb2.AnalyzeRequest(
            type=resource.type,
            urn=resource.urn,
            name=resource.name,
            properties=_properties(resource.inputs) if changed is None else changed,
            options=_options(resource),
            provider=self._provider(resource),
        )

    def change(self, resource: Resource, properties: struct_pb2.Struct) -> None:
        """Put remediated inputs in the place of the recorded ones."""
        self._changed[resource.urn] = properties

    def stack(self) -> analyzer_pb2.AnalyzeStackRequest:
        """Return the question about everything together."""
        return analyzer_pb2.AnalyzeStackRequest(
            resources=[self._resource(resource) for resource in self._recording.resources if not resource.read]
        )

    def _resource(self, resource: Resource) -> analyzer_pb2.AnalyzerResource:
        properties = self._changed.get(resource.urn) if resource.custom else None
        sources = resource.options.property_dependencies
        return analyzer_pb2.AnalyzerResource(
            type=resource.type,
            urn=resource.urn,
            name=resource.name,
            properties=_properties(resource.outputs) if properties is None else properties,
            options=_options(resource),
            provider=self._provider(resource),
            parent=resource.parent or "",
            dependencies=resource.options.depends_on,
            propertyDependencies={key: analyzer_pb2.AnalyzerPropertyDependencies(urns=found) for key, found in sources.items()},
        )

    def _provider(self, resource: Resource) -> analyzer_pb2.AnalyzerProviderResource | None:
        provider = self._by_urn.get(resource.provider.rpartition("::")[0])
        if provider is None:
            return None
        return analyzer_pb2.AnalyzerProviderResource(
            type=provider.type, urn=provider.urn, name=provider.name, properties=_properties(provider.inputs)
        )


def _properties(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Return properties without those that only the engine uses."""
    return encoded({key: value for key, value in values.items() if not key.startswith("__")})


def _options(resource: Resource) -> analyzer_pb2.AnalyzerResourceOptions:
    options: Options = resource.options
    return analyzer_pb2.AnalyzerResourceOptions(
        protect=options.protect,
        ignoreChanges=options.ignore_changes,
        deleteBeforeReplace=bool(options.delete_before_replace),
        deleteBeforeReplaceDefined=options.delete_before_replace is not None,
        additionalSecretOutputs=options.additional_secret_outputs,
        aliases=options.aliases,
        customTimeouts=analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(
            **{moment: seconds(text) for moment, text in options.custom_timeouts.items() if moment in _MOMENTS}
        ),
        parent=resource.parent or "",
    )


_MOMENTS: Final = frozenset(analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts.DESCRIPTOR.fields_by_name)
