"""A provider that answers for `kubernetes` without any cluster: objects are kept as they are registered.

What the engine asks when the provider of an object changes is answered as pulumi-kubernetes answers it (DiffConfig): objects are
replaced where kubeconfigs name clusters that differ, where a cluster identifier changes, or where the new kubeconfig is not known
yet; an identifier that is new, or a default provider without a kubeconfig, replaces nothing.
"""

import sys
from concurrent import futures
from typing import Any

import grpc
import yaml
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
VALUE = "value"


def plain(struct: struct_pb2.Struct) -> dict[str, Any]:
    found = json_format.MessageToDict(struct)
    return {key: value.get(VALUE, value) if isinstance(value, dict) else value for key, value in found.items()}


def cluster(config: dict[str, Any]) -> Any:
    """Return the active cluster of a kubeconfig; None without one."""
    given = config.get("kubeconfig")
    read = yaml.safe_load(given) if isinstance(given, str) else given
    if not isinstance(read, dict):
        return None
    context = config.get("context") or read.get("current-context")
    named = next((one["context"]["cluster"] for one in read.get("contexts", ()) if one["name"] == context), None)
    return next((one["cluster"] for one in read.get("clusters", ()) if one["name"] == named), None)


def replaces(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    identifier = (old.get("clusterIdentifier"), new.get("clusterIdentifier"))
    if all(identifier):
        return ["clusterIdentifier"] if identifier[0] != identifier[1] else []
    if new.get("kubeconfig") == UNKNOWN:
        return ["kubeconfig"]
    before, after = cluster(old), cluster(new)
    return ["kubeconfig"] if before and after and before != after else []


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """Keeps nothing itself: the state of the engine is all there is."""

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="4.34.2")

    def GetSchema(self, request: Any, context: Any) -> Any:
        return provider_pb2.GetSchemaResponse(schema="{}")

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        found = replaces(plain(request.olds), plain(request.news))
        changed = provider_pb2.DiffResponse.DIFF_SOME if request.olds != request.news else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changed, replaces=found)

    def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, acceptResources=True)

    def Check(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: Any) -> Any:
        old, new = (json_format.MessageToDict(part) for part in (request.old_inputs, request.news))
        changed = provider_pb2.DiffResponse.DIFF_SOME if old != new else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changed)

    def Create(self, request: Any, context: Any) -> Any:
        return provider_pb2.CreateResponse(id="" if request.preview else request.urn, properties=request.properties)

    def Read(self, request: Any, context: Any) -> Any:
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Update(self, request: Any, context: Any) -> Any:
        return provider_pb2.UpdateResponse(properties=request.news)

    def Delete(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


if __name__ == "__main__":
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdout.flush()
    server.wait_for_termination()
