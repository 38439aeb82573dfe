"""KN302: a public load balancer lets in only the ranges that are named."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.source_ranges import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"


def service(ranges=None, kind="LoadBalancer", **annotations):
    spec = {"type": kind} | ({} if ranges is None else {"loadBalancerSourceRanges": ranges})
    return Resource("urn:s", "kubernetes:core/v1:Service", "web", None, {"metadata": {"annotations": annotations}, "spec": spec})


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(service(kind="ClusterIP"), {}, [], id="a Service inside the cluster"),
        pytest.param(
            service(),
            {},
            [
                "spec.loadBalancerSourceRanges: none: open to every address; expected the ranges that may reach "
                "it [KN302]"
                "\n  fix: name your networks"
            ],
            id="everyone",
        ),
        pytest.param(
            service([]),
            {},
            [
                "spec.loadBalancerSourceRanges: none: open to every address; expected the ranges that may reach "
                "it [KN302]"
                "\n  fix: name your networks"
            ],
            id="an empty list",
        ),
        pytest.param(service(["203.0.113.0/24"]), {}, [], id="one network"),
        pytest.param(service(["10.0.0.0/8"]), {}, [], id="exactly the widest"),
        pytest.param(
            service(["10.0.0.0/7"]),
            {},
            [
                "spec.loadBalancerSourceRanges[0]: 10.0.0.0/7, which is nearly the whole internet; expected a prefix of "
                "/8 or longer [KN302]"
                "\n  fix: name your networks"
            ],
            id="one bit wider",
        ),
        pytest.param(service(["0.0.0.0/0"]), {"minPrefix": 0}, [], id="everyone, allowed"),
        pytest.param(
            service(["0.0.0.0/1", "128.0.0.0/1"]),
            {},
            [
                "spec.loadBalancerSourceRanges[0]: 0.0.0.0/1, which is nearly the whole internet; expected a prefix of /8 "
                "or longer [KN302]"
                "\n  fix: name your networks",
                "spec.loadBalancerSourceRanges[1]: 128.0.0.0/1, which is nearly the whole internet; expected a prefix of "
                "/8 or longer [KN302]"
                "\n  fix: name your networks",
            ],
            id="everyone in two halves",
        ),
        pytest.param(
            service(["::/0", "2001:db8::/32"]),
            {},
            [
                "spec.loadBalancerSourceRanges[0]: ::/0, which is nearly the whole internet; expected a prefix of /32 or "
                "longer [KN302]"
                "\n  fix: name your networks"
            ],
            id="IPv6",
        ),
        pytest.param(
            service(["home"]),
            {},
            ["spec.loadBalancerSourceRanges[0]: 'home' is no range; expected a range such as 10.0.0.0/8 [KN302]"],
            id="no range",
        ),
        pytest.param(
            service([7]),
            {"minPrefix": 33},
            ["source-ranges.minPrefix: 33; expected at most 32 [KN302]\n  fix: correct the policy configuration"],
            id="settings out of bounds",
        ),
        pytest.param(
            service(["203.0.113.0/24", LATER]),
            {},
            ["spec.loadBalancerSourceRanges[1]: unknown (set by an output); expected a range that is known [KN302]"],
            id="a range that is not known",
        ),
        pytest.param(
            service(LATER),
            {},
            ["spec.loadBalancerSourceRanges: unknown (set by an output); expected ranges that are known [KN302]"],
            id="ranges that are not known",
        ),
        pytest.param(service(LATER), {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(
            service(kind=LATER),
            {},
            ["spec.type: unknown (set by an output); expected no public address, or ranges that may reach it [KN302]"],
            id="a type that is not known",
        ),
        pytest.param(
            service("203.0.113.0/24"),
            {},
            [
                "spec.loadBalancerSourceRanges: unknown (spec.loadBalancerSourceRanges is a text, not a list); "
                "expected ranges that are known [KN302]"
            ],
            id="a text for the list",
        ),
        pytest.param(service(**{RANGES: "203.0.113.0/24, 198.51.100.0/24"}), {}, [], id="ranges in the annotation"),
        pytest.param(
            service(**{RANGES: "0.0.0.0/0"}),
            {},
            [
                "spec.loadBalancerSourceRanges[0]: 0.0.0.0/0, which is nearly the whole internet; expected a prefix of /8 "
                "or longer [KN302]"
                "\n  fix: name your networks"
            ],
            id="everyone in the annotation",
        ),
        pytest.param(
            service(**{RANGES: LATER}),
            {},
            ["spec.loadBalancerSourceRanges: unknown (set by an output); expected ranges that are known [KN302]"],
            id="an annotation that is not known",
        ),
    ],
)
def test_source_ranges(told, resources, settings, said):
    """Every range of a public address is narrow enough, or known to be missing."""
    assert told(RULE, [resources], settings) == said
