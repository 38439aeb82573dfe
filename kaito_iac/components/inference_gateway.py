"""One address in front of models: a Gateway, a route for each endpoint, and the check of API keys."""

from typing import Any, NotRequired, TypedDict

import pulumi

from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.resolve.gateway import resolve_gateway
from kaito_iac.resolve.gateway_backend import Backend
from kaito_iac.resolve.gateway_spec import API_KEY_SECRET, GatewaySpec
from kaito_iac.resources.api_key import APIKey
from kaito_iac.resources.gateway_api import Gateway, HTTPRoute
from kaito_iac.resources.istio import DestinationRule, EnvoyFilter


class InferenceGatewayArgs(TypedDict):
    """Arguments of an InferenceGateway. The cluster has Istio, and KAITO's production stack for keys and body-based routing."""

    endpoints: dict[str, pulumi.Input[Any]]
    """Name of the route to the endpoint of a component; or to endpoint, models (further names, as of adapters), inferencePool."""
    name: NotRequired[str]
    """Name of the Gateway. Default: the component's name."""
    namespace: NotRequired[pulumi.Input[str]]
    """Namespace of the Gateway and of its API key. Default: `default`."""
    gatewayClass: NotRequired[pulumi.Input[str]]
    """GatewayClass of an Istio; `approuting-istio` with AKS. Default: `istio`."""
    hosts: NotRequired[list[pulumi.Input[str]]]
    """Host names. With API keys the first label of each is the namespace. Default: none, with auth none alone."""
    expose: NotRequired[str]
    """cluster, internal (a private load balancer) or public. Default: internal."""
    cloud: NotRequired[str]
    """Cloud of the load balancer: azure or aws. Default: azure."""
    sourceRanges: NotRequired[list[pulumi.Input[str]]]
    """Address ranges that may call the load balancer. Default: all."""
    tlsSecret: NotRequired[pulumi.Input[str]]
    """Name of a TLS Secret beside the Gateway; it then listens on 443 alone. Default: none, port 80."""
    auth: NotRequired[str]
    """apiKey, or none: whoever reaches the gateway uses the GPUs. Default: apiKey."""
    authService: NotRequired[dict[str, Any]]
    """name, namespace and port of the check of API keys. Default: apikey-authz in llm-gateway-auth, 9001."""
    bodyBasedRouting: NotRequired[bool]
    """Route by the model in the body. Default: true with several endpoints."""
    routerService: NotRequired[dict[str, Any]]
    """name, namespace and port of the body-based router. Default: body-based-router in kaito-workspace, 9004."""
    timeoutSeconds: NotRequired[int]
    """Longest answer, also of a stream, seconds. Default: 600."""
    labels: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels of all objects."""
    wait: NotRequired[bool]
    """Wait until the Gateway has its address. Default: true."""


@collectable
class InferenceGateway(pulumi.ComponentResource):
    """Takes OpenAI-compatible requests for several models on one address, and asks for a key."""

    url: pulumi.Output[str]
    """Base address, ends in /v1: of the first host, else in the cluster."""
    models: pulumi.Output[list[str]]
    """Names of the models that requests may ask for."""
    apiKeySecret: pulumi.Output[str | None]
    """Secret beside the Gateway whose key apiKey callers send as a bearer token; null without authentication."""

    def __init__(self, name: str, args: InferenceGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self.spec: GatewaySpec = resolve_gateway(name, args)
        super().__init__("kaito-iac:index:InferenceGateway", name, self.spec.inputs(), opts)
        warn(name, self.spec.problems, self)
        child = pulumi.ResourceOptions(parent=self)
        guards = guarded(name, self.spec, child)
        after_guards = pulumi.ResourceOptions(parent=self, depends_on=guards)
        made = Gateway(f"{name}-gateway", metadata=self.spec.gateway_metadata(), spec=self.spec.gateway(), opts=after_guards)
        for backend in self.spec.backends:
            routed(f"{name}-{backend.key}", self.spec, backend, pulumi.ResourceOptions(parent=self, depends_on=[made]))
        self.url = made.metadata.apply(self.spec.url)
        self.models = self.spec.models()
        self.apiKeySecret = made.metadata.apply(lambda _: API_KEY_SECRET if self.spec.auth else None)
        self.register_outputs({"url": self.url, "models": self.models, "apiKeySecret": self.apiKeySecret})


def guarded(name: str, spec: GatewaySpec, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    """Declare the key and the filters, which are there before the Gateway has an address."""
    found: list[pulumi.Resource] = []
    if spec.auth:
        found.append(APIKey(f"{name}-key", metadata=spec.metadata(), spec={}, opts=opts))
    if (filters := spec.filters()) is not None:
        found.append(EnvoyFilter(f"{name}-filters", metadata=spec.metadata(), spec=filters, opts=opts))
    return found


def routed(name: str, spec: GatewaySpec, backend: Backend, opts: pulumi.ResourceOptions) -> None:
    """Declare the route of one endpoint beside it, and for an InferencePool how Istio talks to its endpoint picker."""
    metadata = spec.route_metadata(backend)
    HTTPRoute(f"{name}-route", metadata=metadata, spec=spec.route(backend), opts=opts)
    if backend.pool:
        DestinationRule(f"{name}-picker", metadata=metadata, spec=spec.picker(backend), opts=opts)
