"""KN304: the ports of Ray are reached from inside the cluster alone."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.ray_ports import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")


def service(ports, kind="LoadBalancer"):
    return Resource("urn:s", "kubernetes:core/v1:Service", "web", None, {"spec": {"type": kind, "ports": ports}})


def ingress(port):
    backend = {"service": {"name": "chat", "port": port}}
    spec = {"rules": [{"host": "a", "http": {"paths": [{"path": "/", "backend": backend}]}}]}
    return Resource("urn:i", "kubernetes:networking.k8s.io/v1:Ingress", "in", None, {"spec": spec})


def route(*ports):
    spec = {"parentRefs": [{"name": "gw", "port": 8265}], "rules": [{"backendRefs": [{"name": "a", "port": p} for p in ports]}]}
    return Resource("urn:r", "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "r", None, {"spec": spec})


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(service([{"port": 80, "targetPort": 5000}]), {}, [], id="the port of the model"),
        pytest.param(service([{"port": 8265}], "ClusterIP"), {}, [], id="inside the cluster"),
        pytest.param(
            service([{"port": 80}, {"port": 8265, "targetPort": 8265}]),
            {},
            [
                "spec.ports[1].port: 8265, a port of Ray that can be reached from outside the cluster; expected "
                "only the port of the model [KN304]"
                "\n  fix: reach it by `kubectl port-forward`, or use ClusterIP"
            ],
            id="the dashboard",
        ),
        pytest.param(
            service([{"port": 80, "targetPort": 6379}], "NodePort"),
            {},
            [
                "spec.ports[0].targetPort: 6379, a port of Ray that can be reached from outside the cluster; "
                "expected only the port of the model [KN304]"
                "\n  fix: reach it by `kubectl port-forward`, or use ClusterIP"
            ],
            id="the head behind another port",
        ),
        pytest.param(service([{"port": 8264}, {"port": 8266}]), {}, [], id="the ports beside"),
        pytest.param(
            service([{"port": 80, "targetPort": "8265"}]),
            {},
            [
                "spec.ports[0].targetPort: 8265, a port of Ray that can be reached from outside the cluster; "
                "expected only the port of the model [KN304]"
                "\n  fix: reach it by `kubectl port-forward`, or use ClusterIP"
            ],
            id="a port as text",
        ),
        pytest.param(service([{"port": 80, "targetPort": "dash"}]), {}, [], id="a port by name"),
        pytest.param(
            service([{"port": 9000}]),
            {"ports": [9000.0]},
            [
                "spec.ports[0].port: 9000, a port of Ray that can be reached from outside the cluster; expected "
                "only the port of the model [KN304]"
                "\n  fix: reach it by `kubectl port-forward`, or use ClusterIP"
            ],
            id="a port of the settings",
        ),
        pytest.param(
            service([{"port": LATER}]),
            {},
            ["spec.ports[0].port: unknown (set by an output); expected a port that is known [KN304]"],
            id="a port that is not known",
        ),
        pytest.param(service([{"port": LATER}]), {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(
            service(LATER),
            {},
            ["spec.ports: unknown (set by an output); expected ports that are known [KN304]"],
            id="ports that are not known",
        ),
        pytest.param(
            service([{"port": 8265}], LATER),
            {},
            ["spec.type: unknown (set by an output); expected ClusterIP for a port of Ray [KN304]"],
            id="a type that is not known",
        ),
        pytest.param(service([{"port": 80}], LATER), {}, [], id="a type that does not matter"),
        pytest.param(
            service(8265),
            {},
            ["spec.ports: unknown (spec.ports is a number, not a list); expected ports that are known [KN304]"],
            id="a number for the list",
        ),
        pytest.param(
            service(["8265"]),
            {},
            ["spec.ports[0].port: unknown (it is a text, not a mapping); expected a port that is known [KN304]"],
            id="a text for a port",
        ),
        pytest.param(ingress({"number": 80}), {}, [], id="an Ingress to the model"),
        pytest.param(
            ingress({"number": 8265}),
            {},
            [
                "spec.rules[0].http.paths[0].backend.service.port.number: 8265, a port of Ray that can be "
                "reached from outside the cluster; expected only the port of the model [KN304]"
                "\n  fix: reach it by `kubectl port-forward`, or use ClusterIP"
            ],
            id="an Ingress to the dashboard",
        ),
        pytest.param(
            ingress(LATER),
            {},
            [
                "spec.rules[0].http.paths[0].backend.service.port: unknown (set by an output); expected a port "
                "that is known [KN304]"
            ],
            id="an Ingress to a port that is not known",
        ),
        pytest.param(route(80), {}, [], id="a route to the model; the Gateway's port is its own"),
        pytest.param(
            route(80, 10001),
            {},
            [
                "spec.rules[0].backendRefs[1].port: 10001, a port of Ray that can be reached from outside the "
                "cluster; expected only the port of the model [KN304]"
                "\n  fix: reach it by `kubectl port-forward`, or use ClusterIP"
            ],
            id="a route to Ray's client",
        ),
        pytest.param(
            route(LATER),
            {},
            ["spec.rules[0].backendRefs[0].port: unknown (set by an output); expected a port that is known [KN304]"],
            id="a route to a port that is not known",
        ),
        pytest.param(
            route(80),
            {"ports": "8265"},
            ["ray-ports.ports: '8265'; expected a list [KN304]\n  fix: correct the policy configuration"],
            id="settings of a wrong type",
        ),
    ],
)
def test_ray_ports(told, resources, settings, said):
    """No Service that leaves the cluster and no route leads to Ray."""
    assert told(RULE, [resources], settings) == said
