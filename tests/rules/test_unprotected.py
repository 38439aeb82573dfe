"""KO405: clusters and data are protected against deletion."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.unprotected import RULE
from kaito_iac.stack.resource import Options, Resource

CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
CLUSTER = "azure-native:containerservice:ManagedCluster"


def thing(kind, protect=False, **inputs):
    return Resource("urn:x", kind, "it", None, inputs, options=Options(protect=protect))


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(thing(CLUSTER, protect=True), {}, [], id="a protected cluster"),
        pytest.param(
            thing(CLUSTER),
            {},
            ["protect: a cluster that one wrong word deletes; expected the option protect [KO405]\n  fix: set protect=True"],
            id="a cluster",
        ),
        pytest.param(
            thing("azure-native:containerservice/v20250101:ManagedCluster"),
            {},
            ["protect: a cluster that one wrong word deletes; expected the option protect [KO405]\n  fix: set protect=True"],
            id="a cluster of an API version",
        ),
        pytest.param(thing(CLAIM, protect=True), {}, [], id="protected data"),
        pytest.param(
            thing(CLAIM),
            {},
            ["protect: data that one wrong word deletes; expected the option protect [KO405]\n  fix: set protect=True"],
            id="data",
        ),
        pytest.param(thing(CLUSTER), {"clusters": False}, [], id="clusters left out"),
        pytest.param(
            thing(CLAIM),
            {"clusters": False},
            ["protect: data that one wrong word deletes; expected the option protect [KO405]\n  fix: set protect=True"],
            id="data all the same",
        ),
        pytest.param(thing(CLAIM), {"data": False}, [], id="data left out"),
        pytest.param(thing(CLAIM), {"ignore": ["it"]}, [], id="a resource that may be deleted"),
        pytest.param(
            thing(CLUSTER, location=Unknown("set by an output")),
            {},
            ["protect: a cluster that one wrong word deletes; expected the option protect [KO405]\n  fix: set protect=True"],
            id="inputs do not matter, known or not",
        ),
        pytest.param(
            thing(CLAIM),
            {"data": "no"},
            ["unprotected.data: 'no'; expected true or false [KO405]\n  fix: correct the policy configuration"],
            id="settings of a wrong type",
        ),
    ],
)
def test_unprotected(told, resources, settings, said):
    """What cannot be made again has the option protect; an option is always known."""
    assert told(RULE, [resources], settings) == said
