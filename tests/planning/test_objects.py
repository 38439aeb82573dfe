"""Every KAITO object of a program is judged, whatever class makes it, and no object is there twice."""

from pathlib import Path

import pytest

from kaito_iac.planning.objects import object_problems
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.request import Program
from kaito_iac.stack.resource import Resource

BODY = {
    "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "a"}}},
    "inference": {"preset": {"name": "phi-4"}},
}
TUNING = {key: value for key, value in BODY.items() if key == "resource"} | {"tuning": {}}
WORKSPACE = "kubernetes:kaito.sh/v1beta1:Workspace"
SERVICE = "kubernetes:core/v1:Service"
MAP = "kubernetes:core/v1:ConfigMap"


def made(name: str, type: str = MAP, **more: object) -> Resource:
    """Return a registered object, whose name in the cluster is `shared` unless it is given."""
    provider, space = str(more.pop("provider", "")), more.pop("space", None)
    parent = str(more.pop("parent", "")) or None
    metadata = more.pop("metadata", {"name": "shared"})
    urn = f"urn:pulumi:dev::shop::{type}::{name}"
    return Resource(urn, type, name, parent, {"metadata": metadata, **more}, provider=provider, space=space)


TWICE = "is also made by 'one'; expected one object of a kind and name [KS297]\n  fix: give one of them another name"


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param(
            [made("one"), made("two")], [f"two: ConfigMap 'shared' in namespace default {TWICE}"], id="the same kind and name"
        ),
        pytest.param(
            [made("one"), made("two", metadata={"name": "shared", "namespace": "default"})],
            [f"two: ConfigMap 'shared' in namespace default {TWICE}"],
            id="the default namespace by name",
        ),
        pytest.param([made("one"), made("two", metadata={"name": "shared", "namespace": "b"})], [], id="other namespaces"),
        pytest.param(
            [made("one", space="b"), made("two", metadata={"name": "shared", "namespace": "b"}, space="b")],
            [f"two: ConfigMap 'shared' in namespace b {TWICE}"],
            id="the namespace of the provider by name",
        ),
        pytest.param(
            [made("one", space="b"), made("two", metadata={"name": "shared", "namespace": "default"}, space="b")],
            [],
            id="the default namespace beside that of the provider",
        ),
        pytest.param([made("one"), made("two", provider="urn::west")], [], id="other clusters"),
        pytest.param([made("one"), made("two", SERVICE)], [], id="other kinds"),
        pytest.param([made("one"), made("two", "kubernetes:core/v1:ConfigMapPatch")], [], id="a patch of the object"),
        pytest.param([made("one", metadata={}), made("two", metadata={})], [], id="names that Pulumi makes"),
        pytest.param(
            [made("one", WORKSPACE, **BODY), made("two", SERVICE)],
            [f"two: Service 'shared' in namespace default {TWICE}"],
            id="the Service that KAITO makes for a Workspace",
        ),
    ],
)
def test_objects_are_there_once(resources, problems):
    """Two objects of one kind, namespace and provider with one name are an error, the Services of KAITO included."""
    assert [problem.text(indent="", marked=False) for problem in object_problems(resources)] == problems


RETIRED = "'falcon-7b' is retired; expected a name from `kaito-iac models`, or organisation/model [KS319]\n"
RETIRED += "  fix: name 'tiiuae/falcon-7b'"
PLAIN = """
for name in ("inference", "chat", "preset"):
    kaito.Workspace(
        name,
        metadata={"name": name},
        resource={"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": name}}},
        inference={"preset": {"name": "falcon-7b"}},
    )
"""


def test_every_refused_object_of_a_program_is_told(program):
    """Each object of the plain classes is judged without any pack, and every problem names its object."""
    plan = make_plan(Program(program(PLAIN)))
    told = [problem.text(indent="", marked=False) for problem in plan.problems]
    assert [text.split(", its")[0] for text in told] == [
        f"{name}: inference.preset.name: {RETIRED}" for name in ("inference", "chat", "preset")
    ]


def test_a_pack_tells_nothing_twice(program):
    """What a pack and the plan both find is one problem."""
    bare, packed = (make_plan(Program(program(PLAIN)), packs=packs) for packs in ((), (Path("guardrails"),)))
    assert [one for one in packed.problems if one.code == "KS319"] == list(bare.problems)


ENGINE = {"inference_config.yaml": "vllm:\n  swap-space: 4\n"}
GONE = (
    "inference.config: swap-space: no argument of vLLM 0.25.1, which ends with 'unrecognized arguments'; expected a name of "
    "`vllm serve --help` without leading dashes [KS228]"
)
SERVED = "Workspace at kaito.sh/v1alpha1 or kaito.sh/v1beta1"
BARE = f"'Workspace' at 'v1beta1' is no kind that KAITO 0.12 serves; expected {SERVED} [KS301]"
SPEC = "spec: a Workspace has no spec: its fields belong one level up; expected it beside metadata [KS242]"


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param(
            [
                made("chat", WORKSPACE, **BODY | {"inference": {"preset": {"name": "phi-4"}, "config": "shared"}}),
                made("map", data=ENGINE),
            ],
            [f"chat: {GONE}"],
            id="settings in a ConfigMap of the program",
        ),
        pytest.param(
            [
                made("chat", WORKSPACE, **BODY | {"inference": {"preset": {"name": "phi-4"}, "config": "shared"}}),
                made("map", data=ENGINE, provider="other"),
            ],
            [],
            id="a ConfigMap in another cluster",
        ),
        pytest.param(
            [
                made("chat", WORKSPACE, space="b", **BODY | {"inference": {"preset": {"name": "phi-4"}, "config": "shared"}}),
                made("map", data=ENGINE, space="b", metadata={"name": "shared", "namespace": "b"}),
            ],
            [f"chat: {GONE}"],
            id="a ConfigMap that names the namespace of the provider",
        ),
        pytest.param(
            [
                made("chat", WORKSPACE, space="b", **BODY | {"inference": {"preset": {"name": "phi-4"}, "config": "shared"}}),
                made("map", data=ENGINE, space="b", metadata={"name": "shared", "namespace": "default"}),
            ],
            [],
            id="a ConfigMap in the default namespace beside that of the provider",
        ),
        pytest.param([made("chat", "kubernetes:v1beta1:Workspace", **BODY)], [f"chat: apiVersion: {BARE}"], id="no group"),
        pytest.param([made("chat", "kubernetes:v1beta1:Workspace")], [], id="a kind of someone else"),
        pytest.param([made("chat", WORKSPACE, spec=BODY)], [f"chat: {SPEC}"], id="under spec, with its size"),
    ],
)
def test_what_is_judged(resources: list[Resource], problems: list[str]) -> None:
    """An object is judged with the ConfigMaps of the program, and with where its fields should be."""
    assert [one.headline for one in object_problems(resources)] == problems
