"""KN306: no object lets Secrets be read across namespaces."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.secret_reach import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
RBAC = "kubernetes:rbac.authorization.k8s.io/v1:"
GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:"


def role(**rule):
    rule = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], **rule}
    return Resource("urn:r", f"{RBAC}ClusterRole", "reader", None, {"rules": [rule]})


def binding(name="edit", place="team-b", own="team-a", kind="RoleBinding"):
    inputs = {
        "metadata": {"namespace": own},
        "roleRef": {"kind": "ClusterRole", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": "runner", "namespace": place}],
    }
    return Resource("urn:b", f"{RBAC}{kind}", "binding", None, inputs)


def grant(*kinds):
    spec = {"from": [{"kind": "Gateway", "namespace": "edge"}], "to": [{"kind": kind} for kind in kinds]}
    return Resource("urn:g", f"{GATEWAY}ReferenceGrant", "grant", None, {"metadata": {"namespace": "a"}, "spec": spec})


def gateway(*references):
    spec = {"listeners": [{"name": "https", "tls": {"certificateRefs": list(references)}}]}
    return Resource("urn:g", f"{GATEWAY}Gateway", "gw", None, {"metadata": {"namespace": "edge"}, "spec": spec})


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(role(resources=["pods"]), {}, [], id="a role without Secrets"),
        pytest.param(
            role(),
            {},
            [
                "rules[0]: reads the Secrets of every namespace; expected resourceNames, or a Role in one "
                "namespace [KN306]"
                "\n  fix: name the Secrets, or copy them into the namespace that needs them"
            ],
            id="a role that reads all Secrets",
        ),
        pytest.param(
            role(resources=["*"], verbs=["*"], apiGroups=["*"]),
            {},
            [
                "rules[0]: reads the Secrets of every namespace; expected resourceNames, or a Role in one "
                "namespace [KN306]"
                "\n  fix: name the Secrets, or copy them into the namespace that needs them"
            ],
            id="a role that may do everything",
        ),
        pytest.param(role(resourceNames=["hf-token"]), {}, [], id="a role for one Secret"),
        pytest.param(role(verbs=["create", "update"]), {}, [], id="a role that writes and does not read"),
        pytest.param(role(apiGroups=["example.com"]), {}, [], id="Secrets of another group"),
        pytest.param(role(), {"allow": ["reader"]}, [], id="a role that may"),
        pytest.param(
            role(verbs=LATER),
            {},
            ["rules[0]: unknown (set by an output); expected resourceNames, or a Role in one namespace [KN306]"],
            id="verbs that are not known",
        ),
        pytest.param(
            role(verbs=["list", LATER]),
            {},
            ["rules[0]: unknown (set by an output); expected resourceNames, or a Role in one namespace [KN306]"],
            id="a verb that is not known",
        ),
        pytest.param(role(verbs=LATER), {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(
            role(verbs="get"),
            {},
            ["rules[0]: unknown (verbs is a text, not a list); expected resourceNames, or a Role in one namespace [KN306]"],
            id="a text for the verbs",
        ),
        pytest.param(
            binding(),
            {},
            [
                "subjects[0]: of namespace team-b reads the Secrets of namespace team-a by 'edit'; expected a "
                "role of your own without Secrets [KN306]"
                "\n  fix: name the Secrets, or copy them into the namespace that needs them"
            ],
            id="another team may edit",
        ),
        pytest.param(binding(place="team-a"), {}, [], id="the own team may edit"),
        pytest.param(binding(name="view"), {}, [], id="another team may look, which leaves Secrets out"),
        pytest.param(
            binding(kind="ClusterRoleBinding"),
            {},
            [
                "roleRef.name: 'edit' reads the Secrets of every namespace; expected a role of your own without "
                "Secrets [KN306]"
                "\n  fix: name the Secrets, or copy them into the namespace that needs them"
            ],
            id="someone may edit everywhere",
        ),
        pytest.param(
            binding(place=LATER),
            {},
            ["subjects[0]: unknown (set by an output); expected a role of your own without Secrets [KN306]"],
            id="a namespace that is not known",
        ),
        pytest.param(
            binding(name=LATER),
            {},
            ["subjects[0]: unknown (set by an output); expected a role of your own without Secrets [KN306]"],
            id="a role that is not known",
        ),
        pytest.param(
            binding(own=LATER),
            {},
            ["subjects[0]: unknown (set by an output); expected a role of your own without Secrets [KN306]"],
            id="an own namespace that is not known",
        ),
        pytest.param(grant("Service"), {}, [], id="a grant for Services"),
        pytest.param(
            grant("Service", "Secret"),
            {},
            [
                "spec.to[1]: lets other namespaces use Secrets of this one; expected grants only for Services "
                "[KN306]"
                "\n  fix: name the Secrets, or copy them into the namespace that needs them"
            ],
            id="a grant for Secrets",
        ),
        pytest.param(
            grant(LATER),
            {},
            ["spec.to[0]: unknown (set by an output); expected grants only for Services [KN306]"],
            id="a grant that is not known",
        ),
        pytest.param(gateway({"name": "tls"}, {"name": "tls", "namespace": "edge"}), {}, [], id="a certificate of its own"),
        pytest.param(
            gateway({"name": "tls", "namespace": "shop"}),
            {},
            [
                "spec.listeners[0].tls.certificateRefs[0]: the Secret of another namespace, shop; expected a "
                "certificate of the Gateway's own namespace [KN306]"
                "\n  fix: name the Secrets, or copy them into the namespace that needs them"
            ],
            id="a certificate of another namespace",
        ),
        pytest.param(
            gateway({"name": "tls", "namespace": LATER}),
            {},
            [
                "spec.listeners[0].tls.certificateRefs[0]: unknown (set by an output); expected a certificate of "
                "the Gateway's own namespace [KN306]"
            ],
            id="a certificate of unknown origin",
        ),
        pytest.param(
            role(),
            {"allow": 1},
            ["secret-reach.allow: 1; expected a list [KN306]\n  fix: correct the policy configuration"],
            id="settings of a wrong type",
        ),
    ],
)
def test_secret_reach(told, resources, settings, said):
    """Roles, bindings, grants and certificates stay within a namespace."""
    assert told(RULE, [resources], settings) == said
