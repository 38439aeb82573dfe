"""KN301: nothing gets a public load balancer."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.public_load_balancer import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
AZURE = "service.beta.kubernetes.io/azure-load-balancer-internal"


def service(spec, **metadata):
    return Resource("urn:s", "kubernetes:core/v1:Service", "web", None, {"metadata": metadata, "spec": spec})


def workspace(annotations):
    inputs = {"metadata": {"name": "chat", "annotations": annotations}, "inference": {"preset": {"name": "phi-4"}}}
    return Resource("urn:w", "kubernetes:kaito.sh/v1beta1:Workspace", "chat", None, inputs)


def inference_set(annotations):
    inputs = {"metadata": {"name": "chat"}, "spec": {"template": {"metadata": {"annotations": annotations}}}}
    return Resource("urn:i", "kubernetes:kaito.sh/v1beta1:InferenceSet", "chat", None, inputs)


OPEN = service({"type": "LoadBalancer"})


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(service({}), {}, [], id="a Service inside the cluster"),
        pytest.param(service({"type": "NodePort"}), {}, [], id="a port of the nodes"),
        pytest.param(
            OPEN,
            {},
            [
                "spec.type: a load balancer with a public address; expected ClusterIP, or an internal one [KN301]"
                "\n  fix: set service.beta.kubernetes.io/azure-load-balancer-internal: 'true', or let a gateway "
                "with authentication face the outside"
            ],
            id="a load balancer",
        ),
        pytest.param(service({"type": "LoadBalancer"}, annotations={AZURE: "true"}), {}, [], id="an internal one on Azure"),
        pytest.param(
            service({"type": "LoadBalancer"}, annotations={AZURE: "false"}),
            {},
            [
                "spec.type: a load balancer with a public address; expected ClusterIP, or an internal one [KN301]"
                "\n  fix: set service.beta.kubernetes.io/azure-load-balancer-internal: 'true', or let a gateway "
                "with authentication face the outside"
            ],
            id="an annotation that says no",
        ),
        pytest.param(
            service({"type": "LoadBalancer"}, annotations={"service.beta.kubernetes.io/aws-load-balancer-scheme": "internal"}),
            {},
            [],
            id="an internal one on AWS",
        ),
        pytest.param(
            service({"type": LATER}),
            {},
            ["spec.type: unknown (set by an output); expected a type and annotations that keep it inside the network [KN301]"],
            id="a type that is not known",
        ),
        pytest.param(service({"type": LATER}), {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(service({"type": LATER}, annotations={AZURE: "true"}), {}, [], id="internal whatever the type"),
        pytest.param(
            service({"type": "LoadBalancer"}, annotations={AZURE: LATER}),
            {},
            ["spec.type: unknown (set by an output); expected a type and annotations that keep it inside the network [KN301]"],
            id="an annotation that is not known",
        ),
        pytest.param(
            service(LATER),
            {},
            ["spec.type: unknown (set by an output); expected a type and annotations that keep it inside the network [KN301]"],
            id="nothing known",
        ),
        pytest.param(
            service({"type": 4}),
            {},
            [
                "spec.type: unknown (spec.type is a number, not a text); expected a type and annotations that "
                "keep it inside the network [KN301]"
            ],
            id="a number for the type",
        ),
        pytest.param(
            service("LoadBalancer"),
            {},
            [
                "spec.type: unknown (spec is a text, not a mapping); expected a type and annotations that keep "
                "it inside the network [KN301]"
            ],
            id="a text for the spec",
        ),
        pytest.param(workspace({}), {}, [], id="a Workspace"),
        pytest.param(
            workspace({"kaito.sh/enablelb": "True"}),
            {},
            [
                "metadata.annotations[kaito.sh/enablelb]: a public load balancer without authentication, which "
                "also opens Ray's ports; expected a gateway in front [KN301]"
                "\n  fix: remove the annotation"
            ],
            id="a Workspace with a load balancer",
        ),
        pytest.param(workspace({"kaito.sh/enablelb": "true"}), {}, [], id="the word KAITO does not read"),
        pytest.param(
            workspace({"kaito.sh/enablelb": True}),
            {},
            [
                "metadata.annotations[kaito.sh/enablelb]: a public load balancer without authentication, which "
                "also opens Ray's ports; expected a gateway in front [KN301]"
                "\n  fix: remove the annotation"
            ],
            id="a truth value for a text",
        ),
        pytest.param(
            workspace({"kaito.sh/enablelb": LATER}),
            {},
            ["metadata.annotations[kaito.sh/enablelb]: unknown (set by an output); expected no public load balancer [KN301]"],
            id="a Workspace whose annotation is not known",
        ),
        pytest.param(
            workspace(LATER),
            {},
            ["metadata.annotations[kaito.sh/enablelb]: unknown (set by an output); expected no public load balancer [KN301]"],
            id="annotations that are not known",
        ),
        pytest.param(
            inference_set({"kaito.sh/enablelb": "True"}),
            {},
            [
                "spec.template.metadata.annotations[kaito.sh/enablelb]: a public load balancer without "
                "authentication, which also opens Ray's ports; expected a gateway in front [KN301]"
                "\n  fix: remove the annotation"
            ],
            id="replicas with load balancers",
        ),
        pytest.param(
            OPEN,
            {"internalAnnotation": ""},
            [
                "public-load-balancer.internalAnnotation: ''; expected at least 1 character [KN301]"
                "\n  fix: correct the policy configuration"
            ],
            id="settings out of bounds",
        ),
    ],
)
def test_public_load_balancer(told, resources, settings, said):
    """A public address is refused, whether a Service or KAITO would make it."""
    assert told(RULE, [resources], settings) == said


@pytest.mark.parametrize(
    ("fact", "settings", "annotations"),
    [
        pytest.param(OPEN, {}, {AZURE: "true"}, id="made internal"),
        pytest.param(
            service({"type": "LoadBalancer"}, annotations={"team": "chat", "x": LATER}),
            {"internalAnnotation": "example.com/internal"},
            {"team": "chat", "x": LATER, "example.com/internal": "true"},
            id="other annotations stay",
        ),
        pytest.param(service({}), {}, None, id="nothing to remedy"),
        pytest.param(service({"type": LATER}), {}, None, id="a type that is not known"),
        pytest.param(workspace({"kaito.sh/enablelb": "True"}), {}, None, id="KAITO's own cannot be made internal"),
    ],
)
def test_remedy(fact, settings, annotations):
    """A load balancer is kept inside the network; after that the rule has nothing against it."""
    after = RULE.remedied(fact, RULE.config(**settings))
    assert (after and after["metadata"]["annotations"]) == annotations
    if after:
        assert after["spec"] == fact.inputs["spec"]
