"""A checked gateway, and the manifests it stands for.

The filters are those that KAITO's production stack 0.4 puts before its models on Istio: first the key is checked, then
the body-based router reads the model from the body into the header X-Gateway-Model-Name, by which routes match.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pulumi

from kaito_iac.catalog.label import AZURE_INTERNAL, SKIP_AWAIT, WAIT_FOR
from kaito_iac.problem import Problem
from kaito_iac.resolve.gateway_backend import Backend
from kaito_iac.resolve.object_metadata import object_metadata

MODEL_HEADER: Final = "X-Gateway-Model-Name"
API: Final[Mapping[str, str]] = {"type": "PathPrefix", "value": "/v1"}
"""What of a model server is reachable: the API; not its metrics, its health, or anything else it serves."""
GATEWAY_GROUP: Final = "gateway.networking.k8s.io"
LOAD_BALANCERS: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("azure", "internal"): {AZURE_INTERNAL: "true"},
    ("aws", "internal"): {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internal"},
    ("aws", "public"): {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing"},
}
"""Cloud and exposure to annotations of the gateway's Service; none are needed for what is missing here."""
RANGES: Final[Mapping[str, str]] = {
    "azure": "service.beta.kubernetes.io/azure-allowed-ip-ranges",
    "aws": "service.beta.kubernetes.io/load-balancer-source-ranges",
}
CLUSTER_ONLY: Final[Mapping[str, str]] = {"networking.istio.io/service-type": "ClusterIP"}
API_KEY_SECRET: Final = "llm-api-key"
"""Secret that the apikey-operator writes into the namespace; the key is under apiKey."""


class GrpcService(NamedTuple):
    """A Service that Envoy asks about each request."""

    name: str
    namespace: str
    port: int

    @property
    def cluster(self) -> str:
        """Return Istio's name of the Service as an Envoy cluster."""
        return f"outbound|{self.port}||{self.host}"

    @property
    def host(self) -> str:
        """Return the address in the cluster."""
        return f"{self.name}.{self.namespace}.svc.cluster.local"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySpec:
    """A checked gateway."""

    object_name: str
    namespace: Any
    gateway_class: Any
    hosts: tuple[Any, ...]
    expose: str
    """cluster, internal or public."""
    cloud: str
    source_ranges: tuple[Any, ...]
    tls_secret: Any
    auth: GrpcService | None
    """Provider that checks API keys; None: keys are not checked."""
    router: GrpcService | None
    """Who reads the model from the body; None: there is one endpoint for all requests."""
    backends: tuple[Backend, ...]
    timeout_seconds: int
    labels: Mapping[str, Any]
    wait: bool
    problems: tuple[Problem, ...]

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the component."""
        return {
            "name": self.object_name,
            "namespace": self.namespace,
            "gatewayClass": self.gateway_class,
            "hosts": list(self.hosts),
            "expose": self.expose,
            "sourceRanges": list(self.source_ranges),
            "tls": self.tls_secret is not None,
            "auth": "apiKey" if self.auth else "none",
            "models": {backend.key: backend.part("models") for backend in self.backends},
        }

    def metadata(self, annotations: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the metadata of the Gateway's key and filters."""
        return object_metadata(self.object_name, self.namespace, self.labels, annotations or {})

    def route_metadata(self, backend: Backend) -> dict[str, Any]:
        """Return the metadata of the objects of one endpoint, which lie beside it."""
        return object_metadata(f"{self.object_name}-{backend.key}", backend.part("namespace"), self.labels, {})

    def gateway_metadata(self) -> dict[str, Any]:
        """Return the metadata of the Gateway itself, which counts as ready when its address works."""
        key, value = (WAIT_FOR, "condition=Programmed") if self.wait else (SKIP_AWAIT, "true")
        return self.metadata({key: value})

    def gateway(self) -> dict[str, Any]:
        """Return the Gateway's spec: one listener that takes routes from the namespaces of the endpoints alone."""
        allowed = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": self._namespaces()}
        listener: dict[str, Any] = {
            "name": "https" if self.tls_secret is not None else "http",
            "port": 443 if self.tls_secret is not None else 80,
            "protocol": "HTTPS" if self.tls_secret is not None else "HTTP",
            "allowedRoutes": {"namespaces": {"from": "Selector", "selector": {"matchExpressions": [allowed]}}},
        }
        if self.tls_secret is not None:
            listener["tls"] = {"mode": "Terminate", "certificateRefs": [{"name": self.tls_secret}]}
        fields: dict[str, Any] = {"gatewayClassName": self.gateway_class, "listeners": [listener]}
        if annotations := self._address():
            fields["infrastructure"] = {"annotations": annotations}
        return fields

    def _namespaces(self) -> pulumi.Output[list[str]]:
        found = (backend.part("namespace") for backend in self.backends)
        return pulumi.Output.all(*found).apply(lambda known: sorted(set(known)))

    def models(self) -> pulumi.Output[list[str]]:
        """Return the names of all models that requests may ask for."""
        found = (backend.part("models") for backend in self.backends)
        return pulumi.Output.all(*found).apply(lambda known: sorted({name for names in known for name in names}))

    def _address(self) -> dict[str, Any]:
        if self.expose == "cluster":
            return dict(CLUSTER_ONLY)
        found: dict[str, Any] = dict(LOAD_BALANCERS.get((self.cloud, self.expose), {}))
        if self.source_ranges:
            found[RANGES[self.cloud]] = pulumi.Output.all(*self.source_ranges).apply(",".join)
        return found

    def route(self, backend: Backend) -> dict[str, Any]:
        """Return the HTTPRoute's spec of one endpoint: the API, by model where a router reads it."""
        rule = {
            "matches": backend.part("models").apply(_by_model) if self.router else [{"path": API}],
            "backendRefs": [backend.target],
            "timeouts": {"request": f"{self.timeout_seconds}s"},
        }
        parent = {"group": GATEWAY_GROUP, "kind": "Gateway", "name": self.object_name, "namespace": self.namespace}
        return {"parentRefs": [parent], **({"hostnames": list(self.hosts)} if self.hosts else {}), "rules": [rule]}

    def filters(self) -> dict[str, Any] | None:
        """Return the EnvoyFilter's spec, or None when requests are not authorised.

        Each patch goes before what is there, so the last one is asked first: the key, then the model.
        """
        patches = [_first(filter) for filter in (_router_filter(self.router), _auth_filter(self.auth)) if filter]
        if not patches:
            return None
        selector = {"labels": {f"{GATEWAY_GROUP}/gateway-name": self.object_name}}
        return {"workloadSelector": selector, "configPatches": patches}

    def picker(self, backend: Backend) -> dict[str, Any]:
        """Return the DestinationRule's spec of an endpoint picker: KAITO 0.12 has it speak gRPC without TLS."""
        return {"host": backend.picker, "trafficPolicy": {"tls": {"mode": "DISABLE"}}}

    def url(self, metadata: Mapping[str, Any]) -> Any:
        """Return the base address: of the first host, or in the cluster of the Service that Istio makes for the Gateway."""
        scheme = "https" if self.tls_secret is not None else "http"
        if self.hosts:
            return pulumi.Output.concat(scheme, "://", self.hosts[0], "/v1")
        place = metadata.get("namespace") or "default"
        return pulumi.Output.concat(scheme, "://", metadata["name"], "-", self.gateway_class, f".{place}.svc.cluster.local/v1")


def _by_model(names: list[str]) -> list[dict[str, Any]]:
    return [{"path": API, "headers": [{"type": "Exact", "name": MODEL_HEADER, "value": name}]} for name in names]


def _first(filter: Mapping[str, Any]) -> dict[str, Any]:
    """Return the patch that puts a filter before all others of the gateway."""
    chain = {"filter": {"name": "envoy.filters.network.http_connection_manager"}}
    match = {"context": "GATEWAY", "listener": {"filterChain": chain}}
    return {"applyTo": "HTTP_FILTER", "match": match, "patch": {"operation": "INSERT_FIRST", "value": dict(filter)}}


def _auth_filter(service: GrpcService | None) -> dict[str, Any] | None:
    """Return Envoy's external authorization: closed when the service does not answer, and then a 503, not a 403."""
    if service is None:
        return None
    grpc = {"envoy_grpc": {"cluster_name": service.cluster, "authority": service.host}, "timeout": "5s"}
    config = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz",
        "transport_api_version": "V3",
        "failure_mode_allow": False,
        "status_on_error": {"code": "ServiceUnavailable"},
        "grpc_service": grpc,
    }
    return {"name": "envoy.filters.http.ext_authz", "typed_config": config}


def _router_filter(service: GrpcService | None) -> dict[str, Any] | None:
    """Return Envoy's external processing by the body-based router, which streams bodies both ways."""
    if service is None:
        return None
    modes = {f"{way}_{part}_mode": "SEND" for way in ("request", "response") for part in ("header", "trailer")}
    bodies = {f"{way}_body_mode": "FULL_DUPLEX_STREAMED" for way in ("request", "response")}
    config = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor",
        "failure_mode_allow": False,
        "status_on_error": {"code": "ServiceUnavailable"},
        "allow_mode_override": True,
        "processing_mode": {**modes, **bodies},
        "grpc_service": {"envoy_grpc": {"cluster_name": service.cluster}},
    }
    return {"name": "envoy.filters.http.ext_proc.bbr", "typed_config": config}
