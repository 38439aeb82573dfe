"""The ConfigMaps of a stack as an object sees them."""

from kaito_iac.problem import Unknown
from kaito_iac.rules.config_maps import config_maps, named_maps
from kaito_iac.stack.resource import Resource

MAP = "kubernetes:core/v1:ConfigMap"
WORKSPACE = "kubernetes:kaito.sh/v1beta1:Workspace"
RAG = "kubernetes:kaito.sh/v1beta1:RAGEngine"
LATER = Unknown("set by an output")


def made(type, name, provider="", **inputs):
    return Resource(
        f"urn:pulumi:dev::shop::{type}::{name}", type, name, None, {"metadata": {"name": name}, **inputs}, provider=provider
    )


def test_an_object_sees_those_of_its_own_provider():
    """Two clusters may have ConfigMaps of one name, with other data."""
    maps = config_maps(
        [made(MAP, "mine", "a", data={"k": "1"}), made(MAP, "mine", "b", data={"k": "2"}), made(MAP, "other", "a")]
    )
    seen = [maps.cluster(made(WORKSPACE, "w", where, inference={"config": "mine"})).config_maps for where in ("a", "b", "c")]
    assert seen == [{("default", "mine"): {"k": "1"}}, {("default", "mine"): {"k": "2"}}, {}]


def test_what_is_not_known_of_one():
    """Data that is not known hides a ConfigMap, and one without a known name hides every other that is not there."""
    fact = made(WORKSPACE, "w", inference={"config": "mine"})
    assert config_maps([made(MAP, "mine", data={"k": LATER})]).unknown(fact, "mine") == LATER
    assert config_maps([made(MAP, "x", metadata={"name": LATER})]).unknown(fact, "mine") == LATER
    assert config_maps([made(MAP, "mine", data={"k": "1"})]).unknown(fact, "mine") is None


def test_places_that_name_one():
    """Settings of an engine, of a training, of the roles, and the policy of guardrails."""
    roles = made("kubernetes:kaito.sh/v1alpha1:MultiRoleInference", "m", spec={"roles": [{"runtimeConfig": "p"}, {}]})
    rag = made(RAG, "r", spec={"guardrails": {"configMapRef": {"name": "g"}}})
    assert [list(named_maps(one)) for one in (roles, rag)] == [
        [("spec.roles[0].runtimeConfig", "p")],
        [("spec.guardrails.configMapRef.name", "g")],
    ]
