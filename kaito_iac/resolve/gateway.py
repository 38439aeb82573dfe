"""Resolves a gateway in front of models: its address, who may call it, and which request goes where."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from typing import Any, Final

import pulumi

from kaito_iac.errors import SpecError
from kaito_iac.kinds.inference_gateway import ServiceArgs
from kaito_iac.kubernetes.names import is_subdomain
from kaito_iac.problem import Problem
from kaito_iac.resolve.gateway_backend import Backend, read_backends
from kaito_iac.resolve.gateway_spec import GatewaySpec, GrpcService
from kaito_iac.resolve.operator_requirements import Operator
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.stack_defaults import component_reader
from kaito_iac.resolve.value_checks import dns_label, dns_subdomain, shown

AUTH_SERVICE: Final = GrpcService("apikey-authz", "llm-gateway-auth", 9001)
"""Where KAITO's production stack 0.4 has the check of API keys."""
ROUTER_SERVICE: Final = GrpcService("body-based-router", "kaito-workspace", 9004)
"""Where it has the body-based router: in the namespace of KAITO's release."""
POOL_GATE: Final = "gatewayAPIInferenceExtension"
LONGEST_NAME: Final = 32
"""Istio's Service of a Gateway adds the class to the name, our routes add their key."""
LONGEST_TIMEOUT: Final = 24 * 3600


def resolve_gateway(name: str, args: Mapping[str, Any] | None) -> GatewaySpec:
    """Check the arguments of an InferenceGateway; raises SpecError with every problem."""
    kind = "InferenceGateway"
    reader = component_reader(kind, name, args)
    backends = read_backends(reader)
    object_name = reader.text("name", "the name of the Gateway") or name
    reader.add(dns_label(LONGEST_NAME, letter_first=True)("name", object_name))
    namespace = reader.late("namespace", dns_label(), "default")
    expose = reader.text("expose") or "internal"
    auth = reader.text("auth") or "apiKey"
    hosts = _hosts(reader, namespace, auth)
    tls = reader.late("tls_secret", dns_subdomain)
    ranges = _ranges(reader, expose)
    auth_service, router_service = (
        _service(reader, key, own) for key, own in (("auth_service", AUTH_SERVICE), ("router_service", ROUTER_SERVICE))
    )
    routed = reader.flag("body_based_routing", len(backends) > 1)
    _distinct(reader, backends, routed)
    for key in (backend.key for backend in backends if backend.pool):
        Operator(reader).needs_gate(reader, f"endpoints.{key}.inference_pool", POOL_GATE)
    reader.problems += _exposed(expose, auth, tls is not None, bool(ranges))
    return GatewaySpec(
        object_name=object_name,
        namespace=namespace,
        gateway_class=reader.late("gateway_class", dns_subdomain, "istio"),
        hosts=tuple(hosts),
        expose=expose,
        cloud=reader.text("cloud") or "azure",
        source_ranges=tuple(ranges),
        tls_secret=tls,
        auth=auth_service if auth == "apiKey" else None,
        router=router_service if routed else None,
        backends=backends,
        timeout_seconds=reader.number("timeout_seconds", 1, LONGEST_TIMEOUT, "seconds") or 600,
        labels=reader.labels("labels"),
        wait=reader.flag("wait", True),
        problems=reader.finish(),
    )


def _service(reader: Reader, key: str, default: GrpcService) -> GrpcService:
    given = reader.inner(key, ServiceArgs)
    found = GrpcService(
        given.text("name") or default.name,
        given.text("namespace") or default.namespace,
        given.number("port", 1, 65535) or default.port,
    )
    reader.take(given)
    return found


def _hosts(reader: Reader, namespace: Any, auth: str) -> list[Any]:
    """Read the host names; with API keys the first label of each names the namespace whose keys count."""
    hosts = [reader.checked(f"hosts[{index}]", host, _host) for index, host in enumerate(reader.items("hosts"))]
    if auth != "apiKey":
        return hosts
    if not hosts:
        message = "missing: the check of API keys finds the namespace of the key in the first label of the host"
        fix = f"hosts=['{namespace if isinstance(namespace, str) else '<namespace>'}.models.example.com'], or auth='none'"
        reader.add(Problem("KN322", "hosts", message, "a host such as <namespace>.models.example.com", fix))
    for index, host in enumerate(hosts):
        path = f"hosts[{index}]"
        if (
            isinstance(host, str)
            and isinstance(namespace, str)
            and not (reader.problems_at(path) or reader.problems_at("namespace"))
        ):
            reader.add(_keyless(path, host, namespace))
        else:
            hosts[index] = _known_key(reader.title, path, host, namespace)
    return hosts


def _host(path: str, value: Any) -> Problem | None:
    good = isinstance(value, str) and is_subdomain(value) and "." in value
    return None if good else Problem("KS104", path, shown(value), "a DNS name without scheme, port, path or wildcard")


def _keyless(path: str, host: str, namespace: str) -> Problem | None:
    first, _, rest = host.partition(".")
    if first == namespace:
        return None
    message = f"{host!r}: keys of namespace {first!r} would count, the gateway's are in {namespace!r}, so every call is refused"
    return Problem("KN322", path, message, f"a host that begins with '{namespace}.'", f"{path}='{namespace}.{rest}'")


def _known_key(title: str, path: str, host: Any, namespace: Any) -> pulumi.Output[str]:
    """Return a host that is checked as soon as it and the namespace are known."""

    def check(both: Sequence[str]) -> str:
        problem = _keyless(path, *both)
        if problem:
            raise SpecError(title, [problem])
        return both[0]

    return pulumi.Output.all(host, namespace).apply(check)


def _ranges(reader: Reader, expose: str) -> list[Any]:
    ranges = [
        reader.checked(f"source_ranges[{index}]", value, _range) for index, value in enumerate(reader.items("source_ranges"))
    ]
    if ranges and expose == "cluster":
        message = "without effect: there is no load balancer"
        reader.add(Problem("KS105", "source_ranges", message, "expose internal or public", "leave source_ranges out", "warning"))
    return ranges


def _range(path: str, value: Any) -> Problem | None:
    try:
        if isinstance(value, str) and re.search(r"/\d+$", value):
            ip_network(value)
            return None
    except ValueError:
        pass
    return Problem("KS102", path, shown(value), "an address range such as 203.0.113.0/24, host bits zero")


def _distinct(reader: Reader, backends: tuple[Backend, ...], routed: bool) -> None:
    """Report which models two endpoints serve, and that several endpoints cannot be distinguished without body-based routing."""
    if len(backends) > 1 and not routed:
        message = f"false, but {len(backends)} endpoints can only be distinguished by the model in the body"
        reader.add(Problem("KS105", "body_based_routing", message, "true, or one endpoint", "leave body_based_routing out"))
    owner: dict[str, str] = {}
    for backend in backends:
        for model in backend.models or ():
            first = owner.setdefault(model, backend.key)
            if first != backend.key:
                message = f"model {model!r} a second time, first in endpoints.{first}"
                fix = "give one of them another model name"
                reader.add(Problem("KS105", f"endpoints.{backend.key}", message, "one endpoint for each model", fix))


def _exposed(expose: str, auth: str, tls: bool, ranged: bool) -> list[Problem]:
    """Report what the address and the missing checks open."""
    found = []
    if auth == "none":
        message = "none: everyone who reaches the gateway can use the GPUs"
        found.append(Problem("KN321", "auth", message, "apiKey", "leave auth out", "warning"))
    if expose == "public" and not ranged:
        message = "a public address that every source may call"
        found.append(Problem("KN301", "expose", message, "internal, or source_ranges", "give source_ranges", "warning"))
    if expose == "public" and not tls:
        message = "missing: prompts, answers and keys cross the Internet in clear text"
        found.append(Problem("KN320", "tls_secret", message, "the name of a TLS Secret", "give tls_secret", "warning"))
    return found
