"""Serves the components to the engine: over the SDK's own protocol, with references and known outputs resolved before."""

import asyncio
import contextlib
import json
import sys
from typing import Any

import grpc.aio
from google.protobuf import empty_pb2
from pulumi.provider.server import ProviderServicer
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from kaito_iac.components.constructed import Constructed
from kaito_iac.components.host import ComponentHost, latest
from kaito_iac.components.incoming import Incoming
from kaito_iac.components.interruption import WAITS
from kaito_iac.errors import spelling
from kaito_iac.kinds.other_languages import for_other_languages


class ComponentServicer(ProviderServicer):
    """Constructs components that may refer to each other."""

    def __init__(self, host: ComponentHost, args: list[str], engine_address: str) -> None:
        super().__init__(host, args, engine_address)
        self._host = host
        self._constructed = Constructed()
        rpc.register_resource_module(host.package, "index", self._constructed)

    async def GetSchema(self, request: Any, context: Any) -> Any:
        """Return the schema; it is written when it is asked for, which a preview does not."""
        return provider_pb2.GetSchemaResponse(schema=json.dumps(self._host.published()))

    async def Construct(self, request: Any, context: Any) -> Any:
        """Make one component, and keep it for those that refer to it."""
        token = latest.set(None)
        try:
            response = await super().Construct(self._resolved(request), context)
            made = latest.get()
        finally:
            latest.reset(token)
        if made is not None:
            sources = (urn for one in response.stateDependencies.values() for urn in one.urns)
            self._constructed.keep(response.urn, made, sources)
        return response

    async def Cancel(self, request: Any, context: Any) -> Any:
        """End the waits of components that the engine cancels."""
        WAITS.stop()
        return empty_pb2.Empty()

    def _resolved(self, request: Any) -> Any:
        """Return a request whose known outputs are values; what they came from, the component comes after."""
        wanted, types = self._host.definitions(request.type)
        incoming = Incoming(wanted, types, self._constructed.behind)
        found = provider_pb2.ConstructRequest()
        found.CopyFrom(request)
        found.inputs.CopyFrom(incoming.read(request.inputs))
        found.inputDependencies.clear()
        for key, one in request.inputDependencies.items():
            urns = incoming.depends(key, one.urns)
            if urns:
                found.inputDependencies[key].urns.extend(urns)
        by_value = incoming.sources.union(*(one.urns for one in request.inputDependencies.values()))
        del found.dependencies[:]
        stated = set(request.dependencies) - by_value
        found.dependencies.extend(
            sorted({*stated, *self._constructed.behind({*request.dependencies, *incoming.sources} & by_value)})
        )
        return found


def serve(host: ComponentHost, args: list[str]) -> None:
    """Serve until the engine hangs up; its address is the first argument that is no option, ours goes to standard output."""
    engine = next((one for one in args if not one.startswith("-")), "")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(host, args, engine))


async def _serve(host: ComponentHost, args: list[str], engine: str) -> None:
    spelling.set(for_other_languages)  # also for hooks, which run later
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)])
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(ComponentServicer(host, args, engine), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await server.wait_for_termination()
