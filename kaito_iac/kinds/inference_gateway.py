"""Arguments of a gateway in front of models."""

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

import pulumi


class ServiceArgs(TypedDict):
    """A Service of the cluster."""

    name: NotRequired[str]
    """Name of the Service. Default: the production stack's."""
    namespace: NotRequired[str]
    """Namespace of the Service. Default: the production stack's."""
    port: NotRequired[int]
    """Port of the Service. Default: the production stack's."""


class GatewayEndpointArgs(TypedDict):
    """An endpoint with the settings of its route."""

    endpoint: pulumi.Input[Any]
    """The output `endpoint` of a component."""
    models: NotRequired[list[pulumi.Input[str]]]
    """Further names that requests may send as model, such as those of adapters. Default: none."""
    inference_pool: NotRequired[bool]
    """Route to the InferencePool of an InferenceSet, whose endpoint picker chooses the pod. Default: false."""


class InferenceGatewayArgs(TypedDict):
    """Arguments of an InferenceGateway. The cluster has Istio, and KAITO's production stack for keys and body-based routing.

    Keys: endpoints, name, namespace, gateway_class, hosts, expose, cloud, source_ranges, tls_secret, auth, auth_service,
    body_based_routing, router_service, timeout_seconds, labels, wait.
    """

    endpoints: Mapping[str, GatewayEndpointArgs | pulumi.Input[Any]]
    """Name of the route to the endpoint of a component, or to endpoint, models and inference_pool."""
    name: NotRequired[str]
    """Name of the Gateway. Default: the component's name."""
    namespace: NotRequired[pulumi.Input[str]]
    """Namespace of the Gateway and of its API key. Default: `default`."""
    gateway_class: NotRequired[pulumi.Input[str]]
    """GatewayClass of Istio; `approuting-istio` on AKS. Default: `istio`."""
    hosts: NotRequired[list[pulumi.Input[str]]]
    """Host names. With API keys the first label of each is the namespace. Default: none; only with auth none."""
    expose: NotRequired[Literal["cluster", "internal", "public"]]
    """cluster, internal (a private load balancer) or public. Default: internal."""
    cloud: NotRequired[Literal["azure", "aws"]]
    """Cloud of the load balancer: azure or aws. Default: azure."""
    source_ranges: NotRequired[list[pulumi.Input[str]]]
    """Address ranges that may call the load balancer. Default: all."""
    tls_secret: NotRequired[pulumi.Input[str]]
    """Name of a TLS Secret in the Gateway's namespace; the Gateway then uses only port 443. Default: none, port 80."""
    auth: NotRequired[Literal["apiKey", "none"]]
    """apiKey, or none: everyone who reaches the gateway can use the GPUs. Default: apiKey."""
    auth_service: NotRequired[ServiceArgs]
    """name, namespace and port of the check of API keys. Default: apikey-authz in llm-gateway-auth, 9001."""
    body_based_routing: NotRequired[bool]
    """Route by the model in the body. Default: true with several endpoints."""
    router_service: NotRequired[ServiceArgs]
    """name, namespace and port of the body-based router. Default: body-based-router in kaito-workspace, 9004."""
    timeout_seconds: NotRequired[int]
    """Maximum time of an answer, also of a stream, seconds. Default: 600."""
    labels: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Labels of all objects."""
    wait: NotRequired[bool]
    """Wait until the Gateway has its address. Default: true."""
