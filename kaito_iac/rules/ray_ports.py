"""KN304: the ports of Ray are reached from inside the cluster alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.exposure import SERVICE, service_type
from kaito_iac.rules.rule import ResourceRule, Watchful
from kaito_iac.stack.reading import entries, field
from kaito_iac.stack.resource import Resource
from kaito_iac.validation import Whole

_ROUTES = "kubernetes:(networking[.]k8s[.]io/v1:Ingress|gateway[.]networking[.]k8s[.]io/[^:]+:(HTTP|GRPC|TCP|TLS)Route)"


class Config(Watchful):
    """Settings of the rule."""

    ports: tuple[Whole, ...] = Field(
        (6379, 8265, 10001), description="Ports that stay inside: by default Ray's head, dashboard and client."
    )


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """Judge the ports of Services that leave the cluster, and the backends of routes."""
    if fact.type == SERVICE:
        yield from _service(fact, config)
    else:
        yield from (found for path, port in _backends(fact.inputs.get("spec"), "spec") for found in _port(path, port, config))


def _service(fact: Resource, config: Config) -> Iterator[Problem]:
    kind = service_type(fact)
    if kind in ("ClusterIP", "ExternalName"):
        return
    ports = entries(field(fact.inputs, "spec", "ports"), "spec.ports")
    if isinstance(ports, Unknown):
        yield from config.unread("KN304", "spec.ports", ports, "ports that are known")
        return
    for index, port in enumerate(ports):
        open_ports = [
            problem for key in ("port", "targetPort") for problem in _port(f"spec.ports[{index}].{key}", field(port, key), config)
        ]
        if open_ports and isinstance(kind, Unknown):
            yield from config.unread("KN304", "spec.type", kind, "ClusterIP for a port of Ray")
        yield from [] if isinstance(kind, Unknown) else open_ports[:1]


def _port(path: str, port: Any, config: Config) -> Iterator[Problem]:
    if isinstance(port, Unknown):
        yield from config.unread("KN304", path, port, "a port that is known")
        return
    number = int(port) if isinstance(port, str) and port.isdecimal() else port
    if number in config.ports and not isinstance(number, bool):
        message = f"{number}, a port of Ray that can be reached from outside the cluster"
        fix = "reach it by `kubectl port-forward`, or use ClusterIP"
        yield Problem("KN304", path, message, "only the port of the model", fix)


def _backends(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Return every port below a place, as Ingresses and routes name them, and what is not known on the way."""
    if isinstance(value, Unknown):
        yield path, value
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _backends(entry, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, entry in value.items():
            if key in _LEADS:
                yield from _backends(entry, f"{path}.{key}")
            elif key in ("port", "number") and not isinstance(entry, dict):
                yield f"{path}.{key}", entry
            elif key == "port":
                yield from _backends(entry, f"{path}.{key}")


_LEADS = frozenset({"rules", "http", "paths", "backend", "backendRefs", "service", "defaultBackend"})
"""Keys on the way from a route to its backends."""

RULE = ResourceRule(
    code="KN304",
    name="ray-ports",
    title="Ray's ports can be reached only inside the cluster",
    config=Config,
    check=check,
    about=f"{SERVICE}|{_ROUTES}",
    why="Everyone who reaches Ray can run code on the GPU nodes; Ray has no authentication.",
    fix="Leave the port out of Services of type LoadBalancer or NodePort and out of routes.",
    severity="critical",
    tags=("exposure", "ray"),
)
