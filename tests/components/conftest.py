"""One example of every way to use the components; trees, manifests and hosts are tested with them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import module_from_spec, spec_from_file_location
from inspect import isfunction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc, resource_pb2_grpc

from kaito_iac.offline.deployment import Deployment
from kaito_iac.offline.engine import Engine
from kaito_iac.offline.monitor import Monitor
from kaito_iac.offline.values import Decoder, encoded

ROOT = Path(__file__).parents[2]

CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
A100 = "Standard_NC24ads_A100_v4"


SUBNET = "/subscriptions/0/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/main/subnets/nodes"


def programs() -> dict[str, Callable[[], None]]:
    """Return the programs of the files in `examples`, one file for each component, by their names."""
    found: dict[str, Callable[[], None]] = {}
    for file in sorted((Path(__file__).parent / "examples").glob("*.py")):
        spec = spec_from_file_location(f"component_examples_{file.stem}", file)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        found |= {name: one for name, one in vars(module).items() if isfunction(one)}
    return found


EXAMPLES = programs()


@pytest.fixture(params=sorted(EXAMPLES))
def example(request: pytest.FixtureRequest) -> Any:
    """Return the name of an example and its program."""
    return request.param, EXAMPLES[request.param]


@pytest.fixture(scope="module")
def plugin():
    """Starts components/__main__.py as the engine does, with an engine and a monitor of ours to talk to."""
    server = grpc.server(ThreadPoolExecutor(max_workers=8))
    monitors = SimpleNamespace(current=None)

    class Forward(grpc.GenericRpcHandler):
        """Hands every call to the monitor of the running test."""

        def service(self, details):
            handlers = {}

            class Catch:
                def add_generic_rpc_handlers(self, found):
                    handlers["all"] = found

                def add_registered_method_handlers(self, service, found):
                    pass

            resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitors.current, Catch())
            return handlers["all"][0].service(details)

    server.add_generic_rpc_handlers((Forward(),))
    engine_pb2_grpc.add_EngineServicer_to_server(Engine(Decoder({})), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "components" / "__main__.py"), f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        channel = grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}")
        yield SimpleNamespace(
            provider=provider_pb2_grpc.ResourceProviderStub(channel), monitors=monitors, address=f"127.0.0.1:{port}"
        )
        channel.close()
        process.terminate()
        process.communicate(timeout=20)
    server.stop(None).wait()


@pytest.fixture
def construct(plugin):
    """Constructs one component in the plugin; gives what it registered and the state it answered."""

    def call(component, name, inputs, *, preview=True, monitor=None, sources=None, depends_on=()):
        monitor = monitor or Monitor(Deployment(project="project", stack="dev", dry_run=preview))
        plugin.monitors.current = monitor
        request = provider_pb2.ConstructRequest(
            project="project",
            stack="dev",
            organization="organization",
            dryRun=preview,
            parallel=4,
            monitorEndpoint=plugin.address,
            type=f"kaito-iac:index:{component}",
            name=name,
            inputs=encoded(inputs),
            dependencies=depends_on,
            inputDependencies={
                key: provider_pb2.ConstructRequest.PropertyDependencies(urns=urns) for key, urns in (sources or {}).items()
            },
        )
        response = plugin.provider.Construct(request, timeout=60)
        state = Decoder({}).struct(response.state, lambda _: "later")
        return SimpleNamespace(
            sources={key: list(found.urns) for key, found in response.stateDependencies.items()},
            resources={resource.name: resource for resource in monitor.resources({})},
            state=state,
            urn=response.urn,
        )

    return call
