"""One address in front of models: a Gateway, a route for each endpoint, and the check of API keys."""

from typing import Any, Unpack, overload

import pulumi

from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.kinds.inference_gateway import InferenceGatewayArgs
from kaito_iac.resolve.gateway import resolve_gateway
from kaito_iac.resolve.gateway_backend import Backend
from kaito_iac.resolve.gateway_spec import API_KEY_SECRET, GatewaySpec
from kaito_iac.resources.api_key import APIKey
from kaito_iac.resources.gateway_api import Gateway, HTTPRoute
from kaito_iac.resources.istio import DestinationRule, EnvoyFilter


@collectable
class InferenceGateway(pulumi.ComponentResource):
    """Takes OpenAI-compatible requests for several models on one address, and asks for a key."""

    url: pulumi.Output[str]
    """Base address, ends in /v1: of the first host, else in the cluster."""
    models: pulumi.Output[list[str]]
    """Names of the models that requests may ask for."""
    api_key_secret: pulumi.Output[str | None]
    """Secret beside the Gateway whose key apiKey callers send as a bearer token; null without authentication."""

    @overload
    def __init__(self, resource_name: str, args: InferenceGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[InferenceGatewayArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: InferenceGatewayArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec: GatewaySpec = resolve_gateway(resource_name, args)
        super().__init__("kaito-iac:index:InferenceGateway", resource_name, self.spec.inputs(), opts)
        warn(resource_name, self.spec.problems, self)
        child = pulumi.ResourceOptions(parent=self)
        guards = guarded(resource_name, self.spec, child)
        after_guards = pulumi.ResourceOptions(parent=self, depends_on=guards)
        made = Gateway(
            f"{resource_name}-gateway", metadata=self.spec.gateway_metadata(), spec=self.spec.gateway(), opts=after_guards
        )
        for backend in self.spec.backends:
            routed(f"{resource_name}-{backend.key}", self.spec, backend, pulumi.ResourceOptions(parent=self, depends_on=[made]))
        self.url = made.metadata.apply(self.spec.url)
        self.models = self.spec.models()
        self.api_key_secret = made.metadata.apply(lambda _: API_KEY_SECRET if self.spec.auth else None)
        self.register_outputs({"url": self.url, "models": self.models, "apiKeySecret": self.api_key_secret})


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
