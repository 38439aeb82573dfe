"""KN303: whatever leads to a model from outside asks who is there."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.no_auth import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
GATEWAY = "gateway.networking.k8s.io/gateway-name"


def thing(kind, name, spec, **metadata):
    return Resource(f"urn:{name}", f"kubernetes:{kind}", name, None, {"metadata": {"name": name, **metadata}, "spec": spec})


def workspace(name="chat"):
    inputs = {"metadata": {"name": name}, "inference": {"preset": {"name": "phi-4"}}}
    return Resource("urn:w", "kubernetes:kaito.sh/v1beta1:Workspace", "chat", None, inputs)


def ingress(backend="chat", annotations=None):
    path = {"path": "/", "backend": {"service": {"name": backend, "port": {"number": 80}}}}
    spec = {"rules": [{"http": {"paths": [path]}}]}
    return thing("networking.k8s.io/v1:Ingress", "in", spec, annotations=annotations)


def route(*backends, parent="edge"):
    references = [backend if isinstance(backend, dict) else {"name": backend, "port": 80} for backend in backends]
    spec = {"parentRefs": [{"name": parent, "namespace": "gw"}], "rules": [{"backendRefs": references}]}
    return thing("gateway.networking.k8s.io/v1:HTTPRoute", "route", spec, namespace="default")


def policy(spec, kind="security.istio.io/v1:AuthorizationPolicy", namespace="gw"):
    return thing(kind, "auth", spec, namespace=namespace)


EDGE = {"targetRefs": [{"kind": "Gateway", "name": "edge"}]}
FILTER = {"configPatches": [{"patch": {"value": {"name": "envoy.filters.http.ext_authz"}}}]}
POOL = {"group": "inference.networking.k8s.io", "kind": "InferencePool", "name": "anything"}


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param([workspace()], {}, [], id="no way in"),
        pytest.param(
            [workspace(), ingress()],
            {},
            [
                "in: spec.rules[0].http.paths[0].backend.service: leads to a model without authentication; "
                "expected authentication in front [KN303]"
                "\n  fix: put a Gateway with authentication in front, such as InferenceGateway with its key"
            ],
            id="an open Ingress",
        ),
        pytest.param([workspace(), ingress("shop")], {}, [], id="an Ingress to something else"),
        pytest.param(
            [workspace(), ingress(annotations={"nginx.ingress.kubernetes.io/auth-url": "https://auth.example.com"})],
            {},
            [],
            id="an Ingress that asks",
        ),
        pytest.param(
            [workspace(), ingress(annotations={"nginx.ingress.kubernetes.io/auth-url": ""})],
            {},
            [
                "in: spec.rules[0].http.paths[0].backend.service: leads to a model without authentication; "
                "expected authentication in front [KN303]"
                "\n  fix: put a Gateway with authentication in front, such as InferenceGateway with its key"
            ],
            id="an empty annotation",
        ),
        pytest.param(
            [workspace(), ingress(annotations={"example.com/auth": "on"})],
            {"authAnnotations": ["example.com/auth"]},
            [],
            id="an annotation of the settings",
        ),
        pytest.param(
            [workspace(), ingress(annotations=LATER)],
            {},
            [
                "in: spec.rules[0].http.paths[0].backend.service: unknown (set by an output); expected a backend "
                "and its authentication [KN303]"
            ],
            id="annotations that are not known",
        ),
        pytest.param(
            [workspace(), ingress(LATER)],
            {},
            [
                "in: spec.rules[0].http.paths[0].backend.service: unknown (set by an output); expected a backend "
                "and its authentication [KN303]"
            ],
            id="a backend that is not known",
        ),
        pytest.param([workspace(), ingress(LATER)], {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(
            [workspace(LATER), ingress("chat")],
            {},
            [
                "in: spec.rules[0].http.paths[0].backend.service: unknown (set by an output); expected a backend "
                "and its authentication [KN303]"
            ],
            id="a model whose name is not known",
        ),
        pytest.param(
            [workspace(), route("chat")],
            {},
            [
                "route: spec.rules[0].backendRefs[0]: leads to a model without authentication; expected "
                "authentication in front [KN303]"
                "\n  fix: put a Gateway with authentication in front, such as InferenceGateway with its key"
            ],
            id="an open route",
        ),
        pytest.param(
            [route(POOL)],
            {},
            [
                "route: spec.rules[0].backendRefs[0]: leads to a model without authentication; expected "
                "authentication in front [KN303]"
                "\n  fix: put a Gateway with authentication in front, such as InferenceGateway with its key"
            ],
            id="an open route to an InferencePool",
        ),
        pytest.param([workspace(), route("chat"), policy(EDGE)], {}, [], id="a policy on the Gateway"),
        pytest.param(
            [workspace(), route("chat"), policy(EDGE, namespace="else")],
            {},
            [
                "route: spec.rules[0].backendRefs[0]: leads to a model without authentication; expected "
                "authentication in front [KN303]"
                "\n  fix: put a Gateway with authentication in front, such as InferenceGateway with its key"
            ],
            id="a policy in another namespace",
        ),
        pytest.param(
            [workspace(), route("chat"), policy({**EDGE, "action": "DENY"})],
            {},
            [
                "route: spec.rules[0].backendRefs[0]: leads to a model without authentication; expected "
                "authentication in front [KN303]"
                "\n  fix: put a Gateway with authentication in front, such as InferenceGateway with its key"
            ],
            id="a policy that only denies",
        ),
        pytest.param([workspace(), route("chat"), policy({})], {}, [], id="a policy for the whole namespace of the Gateway"),
        pytest.param(
            [workspace(), route("chat"), policy({"selector": {"matchLabels": {"app": "x"}}})],
            {},
            [
                "route: spec.rules[0].backendRefs[0]: leads to a model without authentication; expected "
                "authentication in front [KN303]"
                "\n  fix: put a Gateway with authentication in front, such as InferenceGateway with its key"
            ],
            id="a policy for other pods",
        ),
        pytest.param(
            [workspace(), route("chat"), policy({"selector": {"matchLabels": {GATEWAY: "edge"}}})], {}, [], id="a policy by label"
        ),
        pytest.param(
            [
                workspace(),
                route("chat"),
                policy({**FILTER, "workloadSelector": {"labels": {GATEWAY: "edge"}}}, "networking.istio.io/v1alpha3:EnvoyFilter"),
            ],
            {},
            [],
            id="a filter that asks, as InferenceGateway makes it",
        ),
        pytest.param(
            [
                workspace(),
                route("chat"),
                policy({"workloadSelector": {"labels": {GATEWAY: "edge"}}}, "networking.istio.io/v1alpha3:EnvoyFilter"),
            ],
            {},
            [
                "route: spec.rules[0].backendRefs[0]: leads to a model without authentication; expected "
                "authentication in front [KN303]"
                "\n  fix: put a Gateway with authentication in front, such as InferenceGateway with its key"
            ],
            id="a filter that asks no one",
        ),
        pytest.param(
            [
                workspace(),
                route("chat"),
                policy(
                    {"targetRefs": [{"kind": "HTTPRoute", "name": "route"}]},
                    "gateway.envoyproxy.io/v1alpha1:SecurityPolicy",
                    "default",
                ),
            ],
            {},
            [],
            id="a policy on the route itself",
        ),
        pytest.param(
            [workspace(), route("chat"), policy(LATER)],
            {},
            [
                "route: spec.rules[0].backendRefs[0]: unknown (set by an output); expected a backend and its "
                "authentication [KN303]"
            ],
            id="a policy that is not known",
        ),
        pytest.param(
            [workspace(), route("chat"), policy(EDGE, namespace=LATER)],
            {},
            [
                "route: spec.rules[0].backendRefs[0]: unknown (set by an output); expected a backend and its "
                "authentication [KN303]"
            ],
            id="a policy of an unknown place",
        ),
        pytest.param(
            [workspace(), route("chat", parent=LATER), policy(EDGE)],
            {},
            [
                "route: spec.rules[0].backendRefs[0]: unknown (set by an output); expected a backend and its "
                "authentication [KN303]"
            ],
            id="a Gateway that is not known",
        ),
        pytest.param([workspace(), route("chat")], {"guardedGateways": ["edge"]}, [], id="a Gateway that another stack guards"),
        pytest.param(
            [workspace(), route("shop", "chat")],
            {},
            [
                "route: spec.rules[0].backendRefs[1]: leads to a model without authentication; expected "
                "authentication in front [KN303]"
                "\n  fix: put a Gateway with authentication in front, such as InferenceGateway with its key"
            ],
            id="one backend of two",
        ),
        pytest.param(
            [workspace(), thing("gateway.networking.k8s.io/v1:HTTPRoute", "route", {"rules": [{"backendRefs": "chat"}]})],
            {},
            [
                "route: spec.rules[0].backendRefs: unknown (spec.rules[0].backendRefs is a text, not a list); "
                "expected a backend and its authentication [KN303]"
            ],
            id="a text for the backends",
        ),
        pytest.param(
            [workspace(), ingress()],
            {"guardedGateways": "edge"},
            ["no-auth.guardedGateways: 'edge'; expected a list [KN303]\n  fix: correct the policy configuration"],
            id="settings of a wrong type",
        ),
    ],
)
def test_no_auth(told, resources, settings, said):
    """A way to a model has authentication in front, on the Ingress, the route or its Gateway."""
    assert told(RULE, resources, settings) == said
