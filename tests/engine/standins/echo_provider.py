"""A provider of any package that makes what it is given: for previews and updates without a cluster or a cloud."""

from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc


class Echo(provider_pb2_grpc.ResourceProviderServicer):
    """Answers every question of the engine with what was asked."""

    def Configure(self, request, context):
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, acceptResources=True)

    def CheckConfig(self, request, context):
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request, context):
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Check(self, request, context):
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request, context):
        same = request.olds == request.news
        changes = provider_pb2.DiffResponse.DIFF_NONE if same else provider_pb2.DiffResponse.DIFF_SOME
        return provider_pb2.DiffResponse(changes=changes)

    def Create(self, request, context):
        return provider_pb2.CreateResponse(id="" if request.preview else "made", properties=request.properties)

    def Update(self, request, context):
        return provider_pb2.UpdateResponse(properties=request.news)

    def Read(self, request, context):
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Delete(self, request, context):
        return Empty()

    def Invoke(self, request, context):
        return provider_pb2.InvokeResponse()

    def Cancel(self, request, context):
        return Empty()

    def GetPluginInfo(self, request, context):
        return plugin_pb2.PluginInfo(version="99.0.0")


server = grpc.server(ThreadPoolExecutor(max_workers=8))
provider_pb2_grpc.add_ResourceProviderServicer_to_server(Echo(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
