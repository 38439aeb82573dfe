"""What the engine sends to a policy pack, as plain data."""

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2

from kaito_iac.problem import Unknown
from kaito_iac.stack.analyzer import plain, shown_resources
from kaito_iac.stack.pulumi_markers import ARCHIVE, ASSET, OUTPUT, REFERENCE, SECRET, SIGNATURE, UNKNOWN_TEXT
from kaito_iac.stack.resource import Options, Resource

LATER = Unknown("known only after the update")


def struct(values):
    made = struct_pb2.Struct()
    made.update(values)
    return made


def secret(value):
    return {SIGNATURE: SECRET, "value": value}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        pytest.param(8.0, 8, id="a whole number"),
        pytest.param(2.5, 2.5, id="a fraction"),
        pytest.param(True, True, id="a truth value"),
        pytest.param("8.0", "8.0", id="a text"),
        pytest.param(None, None, id="nothing"),
        pytest.param([1.0, {"a": [2.0]}], [1, {"a": [2]}], id="lists and mappings"),
        pytest.param(UNKNOWN_TEXT, LATER, id="an unknown"),
        pytest.param("3eeb2bf0-c639-47a8-9e75-3b44932eb421", LATER, id="an unknown number"),
        pytest.param(secret(secret(4.0)), 4, id="a secret, in plain sight"),
        pytest.param(secret(UNKNOWN_TEXT), LATER, id="an unknown secret"),
        pytest.param({SIGNATURE: OUTPUT, "value": "x", "secret": True}, "x", id="an output"),
        pytest.param({SIGNATURE: OUTPUT}, LATER, id="an output that is not known"),
        pytest.param({SIGNATURE: ASSET, "text": "x"}, Unknown("an asset"), id="an asset"),
        pytest.param({SIGNATURE: ARCHIVE, "path": "x"}, Unknown("an archive"), id="an archive"),
        pytest.param({SIGNATURE: REFERENCE, "urn": "x"}, Unknown("a reference to a resource"), id="a reference"),
        pytest.param({SIGNATURE: "other"}, Unknown("a value of an unknown kind"), id="a mark that does not exist yet"),
    ],
)
def test_plain(value, read):
    """What the engine sends becomes dictionaries, lists and scalars; what is not known or no data is unknown."""
    assert plain(struct({"a": value})) == {"a": read}


def test_inputs_that_cannot_be_read():
    """Inputs that cannot be read make one resource unknown, and leave the others as they are."""
    fine = analyzer_pb2.AnalyzerResource(urn="urn:2", type="a:b:C", name="fine", properties=struct({"a": 1.0}))

    class Torn:
        urn, type, name, parent, options = "urn:1", "a:b:C", "torn", "", fine.options

        @property
        def properties(self):
            raise OSError("torn")

    assert [found.inputs for found in shown_resources([Torn(), fine])] == [
        Unknown("its inputs cannot be read: OSError"),
        {"a": 1},
    ]


def test_resources():
    """A resource comes with its parent's URN, where the parent is shown, and the options that rules judge."""
    top = analyzer_pb2.AnalyzerResource(urn="urn:top", type="kaito-iac:index:GpuNodePool", name="top", parent="urn:elsewhere")
    pool = analyzer_pb2.AnalyzerResource(
        urn="urn:pool", type="a:b:C", name="pool", parent="urn:top", properties=struct({"count": 2.0})
    )
    pool.options.protect = True
    pool.options.customTimeouts.create = 3600
    pool.options.additionalSecretOutputs.append("data")
    options = Options(protect=True, custom_timeouts={"create": "3600s"}, additional_secret_outputs=("data",))
    assert shown_resources([top, pool]) == [
        Resource("urn:top", "kaito-iac:index:GpuNodePool", "top", None, {}, custom=False),
        Resource("urn:pool", "a:b:C", "pool", "urn:top", {"count": 2}, options=options),
    ]


@pytest.mark.parametrize(
    ("urn", "stack"),
    [
        pytest.param("urn:pulumi:prod::shop::kubernetes:core/v1:Secret::key", "prod", id="as the engine writes it"),
        pytest.param("urn:pulumi:prod-eu::shop::a:b:C$d:e:F::x", "prod-eu", id="below a component"),
        pytest.param("urn", "", id="no URN of the engine"),
    ],
)
def test_stack(urn, stack):
    """A resource knows the stack it belongs to."""
    assert Resource(urn, "a:b:C", "x", None, {}).stack == stack


def test_components():
    """What has a provider is made by it, whatever children it has; what has children and no provider is a component.

    Source: generateSteps in pkg/resource/deploy/step_generator.go of pulumi, which names a provider where the state has one.
    """
    provider = analyzer_pb2.AnalyzerProviderResource(type="pulumi:providers:my")
    messages = [
        analyzer_pb2.AnalyzerResource(type="my:index:Shop", urn="urn:shop", name="shop"),
        analyzer_pb2.AnalyzerResource(type="my:index:Pod", urn="urn:pod", name="pod", parent="urn:shop", provider=provider),
        analyzer_pb2.AnalyzerResource(type="my:index:Part", urn="urn:part", name="part", parent="urn:pod"),
    ]
    assert {one.name: one.custom for one in shown_resources(messages)} == {"shop": False, "pod": True, "part": True}


def test_namespace_of_the_provider():
    """An object is shown with the namespace of its provider; what is no Kubernetes object has none."""
    provider = analyzer_pb2.AnalyzerProviderResource(properties=struct({"namespace": "chat"}))
    kinds = ("kubernetes:kaito.sh/v1beta1:Workspace", "azure-native:resources:ResourceGroup")
    messages = [analyzer_pb2.AnalyzerResource(type=kind, urn=f"urn:{kind}", name="w", provider=provider) for kind in kinds]
    bare = analyzer_pb2.AnalyzerResource(type=kinds[0], urn="urn:bare", name="w")
    assert [found.space for found in shown_resources([*messages, bare])] == ["chat", None, None]
