"""A program, planned and rendered, gives back the objects it was made of, in order."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,12}[a-z0-9]", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40) | st.sampled_from(
    ["vllm:\n  max-model-len: 4096\n", 'a\n"""\n', "\\", "yes", "1", "a\r\nb", "\x85", " x \n"]
)
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)
FIELDS = st.dictionaries(NAMES, VALUES, max_size=4)
METADATA = st.fixed_dictionaries(
    {"name": NAMES}, optional={"namespace": NAMES, "labels": st.dictionaries(NAMES, NAMES, min_size=1)}
)


def made(version: str, kind: str, **fields: object) -> st.SearchStrategy[dict[str, object]]:
    plain = {"apiVersion": st.just(version), "kind": st.just(kind), "metadata": METADATA}
    return st.fixed_dictionaries({**plain, **dict.fromkeys(fields, FIELDS)})


OBJECTS = st.one_of(
    made("v1", "ConfigMap", data=1),
    made("v1", "Service", spec=1),
    made("v1", "PersistentVolumeClaim", spec=1),
    made("kaito.sh/v1beta1", "Workspace", resource=1, inference=1),
    made("kaito.sh/v1beta1", "Workspace", resource=1, tuning=1),
    made("kaito.sh/v1beta1", "InferenceSet", spec=1),
    made("kaito.sh/v1beta1", "RAGEngine", spec=1),
    made("kaito.sh/v1alpha1", "MultiRoleInference", spec=1),
    made("kaito.sh/v1alpha1", "ModelMirror", spec=1),
)
GOLDEN = '''\
"""Kubernetes objects as they are in manifests; `kaito-iac plan` shows what they mean."""

import kaito_iac as kaito

CONFIG_MAP_OWN_DATA_INFERENCE_CONFIG_YAML = """\\
vllm:
  max-model-len: 4096
"""
kaito.ConfigMap(
    "config-map-own",
    metadata={"name": "own", "namespace": "chat"},
    data={"inference_config.yaml": CONFIG_MAP_OWN_DATA_INFERENCE_CONFIG_YAML},
)

kaito.Workspace(
    "workspace-chat",
    metadata={"name": "chat", "namespace": "chat"},
    resource={
        "instanceType": "Standard_NC24ads_A100_v4",
        "labelSelector": {"matchLabels": {"app": "chat"}},
    },
    inference={"preset": {"name": "phi-4"}, "config": "own"},
)

# Not converted: Deployment web (all.yaml:3): kind: kaito_iac has no class for apps/v1 Deployment [KS352]
# apiVersion: apps/v1
# kind: Deployment
# metadata:
#   name: web
# spec:
#   note: |
#     one
#
#     two

# Not converted as a whole: Service web (all.yaml:4): extra: kaito.Service has no such argument [KS355]
# extra:
# - 1

kaito.Service(
    "service-web",
    metadata={"name": "web"},
    spec={},
)

# Not converted: Service web (all.yaml:5): metadata.name: Service web is at all.yaml:4 already [KS297]
# apiVersion: v1
# kind: Service
# metadata:
#   name: web
# spec:
#   type: NodePort
'''


def test_whole_program(converted):
    """Calls in the order of the input, texts above them, and everything else as comments in its place."""
    config = {"inference_config.yaml": "vllm:\n  max-model-len: 4096\n"}
    resource = {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "chat"}}}
    web = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}
    objects = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "own", "namespace": "chat"}, "data": config},
        {
            "apiVersion": "kaito.sh/v1beta1",
            "kind": "Workspace",
            "metadata": {"name": "chat", "namespace": "chat"},
            "resource": resource,
            "inference": {"preset": {"name": "phi-4"}, "config": "own"},
        },
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"note": "one\n\ntwo\n"}},
        {**web, "spec": {}, "extra": [1]},
        {**web, "spec": {"type": "NodePort"}},
    ]
    assert converted(objects)[1] == GOLDEN


def test_admitted_manifests_come_back(admitted, converted, rendered):
    """Of all manifests that KAITO admitted, those that a class holds come back unchanged but for the version, in order."""
    found, text = converted(admitted)
    held = [(one, data) for one, data in zip(found, admitted, strict=True) if one.problem is None]
    assert len(held) > 240
    plain = [{key: value for key, value in data.items() if key != "status"} for _, data in held]
    expected = [
        {**data, "apiVersion": "kaito.sh/v1beta1"} if one.notes else data for (one, _), data in zip(held, plain, strict=True)
    ]
    whole = converted([data for _, data in held])[1]
    assert rendered(whole, planned=True) == expected
    assert text.count("\nkaito.") == sum(one.arguments is not None for one in found)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(OBJECTS, min_size=1, max_size=6, unique_by=lambda one: (one["kind"], one["metadata"]["name"])))
def test_any_objects_come_back(converted, rendered, objects):
    """Whatever the fields hold, the objects come back equal and in order, and the text is the same every time."""
    found, text = converted(objects)
    assert [one.problem for one in found] == [None] * len(objects)
    assert rendered(text) == objects
    assert converted(objects)[1] == text


def test_logical_names_are_unique(converted):
    """Kind and name; with the namespace, then a number, where that is taken."""
    spaces = [{"name": "a"}, {"name": "a", "namespace": "b"}, {"name": "b-a"}, {"name": "b:a"}, {"generateName": "a"}]
    found, _ = converted([{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": one, "spec": {}} for one in spaces])
    claim = "persistent-volume-claim"
    assert [one.logical for one in found] == [f"{claim}-a", f"{claim}-b-a", f"{claim}-b-a-2", f"{claim}-b-a-3", f"{claim}-a-2"]
