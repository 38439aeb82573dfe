"""KO402: the operator of the same stack has the feature gates that its workloads need."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.missing_gate import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
REPO = "https://kaito-project.github.io/kaito/charts/kaito"


def operator(gates=None, kind="v3:Release", name="kaito", **inputs):
    values = {} if gates is None else {"featureGates": gates}
    given = {"chart": "workspace", "repositoryOpts": {"repo": REPO}, "values": values, **inputs}
    return Resource(f"urn:{name}", f"kubernetes:helm.sh/{kind}", name, None, given)


def replicas(upgrade=None):
    template = {"resource": {"instanceType": "Standard_NC24ads_A100_v4"}, "inference": {"preset": {"name": "phi-4"}}}
    spec = {"replicas": 1, "labelSelector": {"matchLabels": {"app": "chat"}}, "template": template}
    spec |= {} if upgrade is None else {"autoUpgrade": upgrade}
    return Resource(
        "urn:i", "kubernetes:kaito.sh/v1beta1:InferenceSet", "chat", None, {"metadata": {"name": "chat"}, "spec": spec}
    )


def mirror():
    source = {"registry": "huggingface", "modelID": "microsoft/phi-4"}
    spec = {"source": source, "storage": {"size": "100Gi", "storageClassName": "fast"}}
    return Resource(
        "urn:m", "kubernetes:kaito.sh/v1alpha1:ModelMirror", "weights", None, {"metadata": {"name": "weights"}, "spec": spec}
    )


def slice_of_a_gpu():
    resource = {"labelSelector": {"matchLabels": {"app": "npc"}}}
    resource["partition"] = {"mode": "mig", "profile": "2g.24gb"}
    body = {"resource": resource, "inference": {"preset": {"name": "phi-4-mini-instruct"}}}
    return Resource("urn:w", "kubernetes:kaito.sh/v1beta1:Workspace", "npc", None, {"metadata": {"name": "npc"}, **body})


def test_the_gate_of_a_slice_is_read_from_the_operator(told):
    """A slice of a GPU needs no word of the configuration when the operator of the same stack has its gate."""
    gates = {"enableMIG": True}
    found = {
        name: told(RULE, [*operators, slice_of_a_gpu()]) for name, operators in (("with", [operator(gates)]), ("without", []))
    }
    assert found == {
        "with": [],
        "without": [
            "npc: resource.partition: mode mig without the feature gate enableMIG; expected enableMIG=true [KO402]\n"
            "  fix: switch the gate on in featureGates of the operator"
        ],
    }


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param([replicas()], {}, [], id="a kind whose gate is on by default"),
        pytest.param([operator(), replicas()], {}, [], id="an operator with defaults"),
        pytest.param(
            [operator({"enableInferenceSetController": False}), replicas()],
            {},
            [
                "chat: kind: InferenceSet without the feature gate enableInferenceSetController: nothing "
                "happens; expected enableInferenceSetController=true [KO402]"
                "\n  fix: switch the gate on in featureGates of the operator"
            ],
            id="its gate is off",
        ),
        pytest.param([operator({"enableInferenceSetController": False})], {}, [], id="no workload needs it"),
        pytest.param(
            [mirror()],
            {},
            [
                "weights: kind: ModelMirror without the feature gate ModelMirror: nothing happens; expected "
                "ModelMirror=true [KO402]"
                "\n  fix: switch the gate on in featureGates of the operator"
            ],
            id="a kind whose gate is off by default",
        ),
        pytest.param([mirror()], {"featureGates": {"ModelMirror": True}}, [], id="an operator elsewhere has it on"),
        pytest.param([operator({"ModelMirror": True}), mirror()], {}, [], id="the operator of the stack has it on"),
        pytest.param(
            [operator(), mirror()],
            {"featureGates": {"ModelMirror": True}},
            [
                "weights: kind: ModelMirror without the feature gate ModelMirror: nothing happens; expected "
                "ModelMirror=true [KO402]"
                "\n  fix: switch the gate on in featureGates of the operator"
            ],
            id="the operator of the stack counts, if it is there",
        ),
        pytest.param(
            [operator({"ModelMirror": True}, chart="ragengine"), mirror()],
            {},
            [
                "weights: kind: ModelMirror without the feature gate ModelMirror: nothing happens; expected "
                "ModelMirror=true [KO402]"
                "\n  fix: switch the gate on in featureGates of the operator"
            ],
            id="the chart of RAG engines has no gates",
        ),
        pytest.param(
            [operator({"ModelMirror": True}, repositoryOpts={}), mirror()],
            {},
            [
                "weights: kind: ModelMirror without the feature gate ModelMirror: nothing happens; expected "
                "ModelMirror=true [KO402]"
                "\n  fix: switch the gate on in featureGates of the operator"
            ],
            id="another chart of that name",
        ),
        pytest.param(
            [replicas({"enabled": True})],
            {},
            [
                "chat: spec.autoUpgrade.enabled: without the feature gate enableBaseImageAutoUpgrade: nothing "
                "happens; expected the gate [KO402]"
                "\n  fix: switch the gate on in featureGates of the operator"
            ],
            id="upgrades without their gate",
        ),
        pytest.param([operator({"enableBaseImageAutoUpgrade": True}), replicas({"enabled": True})], {}, [], id="with it"),
        pytest.param(
            [replicas({"enabled": LATER})],
            {},
            [
                "chat: spec.autoUpgrade.enabled: unknown (set by an output); expected a plain value, so that "
                "the gate it needs is known [KO402]"
            ],
            id="a field that is not known",
        ),
        pytest.param(
            [operator({"ModelMirror": LATER}), mirror()],
            {},
            ["kaito: values.featureGates.ModelMirror: unknown (set by an output); expected true or false [KO402]"],
            id="a gate that is not known",
        ),
        pytest.param(
            [operator(LATER), mirror()],
            {},
            ["kaito: values.featureGates: unknown (set by an output); expected gates that can be read [KO402]"],
            id="gates that are not known",
        ),
        pytest.param([operator(LATER), mirror()], {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(
            [operator({"ModelMirror": "yes"}), mirror()],
            {},
            ["kaito: values.featureGates.ModelMirror: unknown ('yes' is not true or false); expected true or false [KO402]"],
            id="a text for a gate",
        ),
        pytest.param(
            [operator("ModelMirror=true"), replicas()],
            {},
            ["kaito: values.featureGates: unknown (it is a text, not a mapping); expected gates that can be read [KO402]"],
            id="a text for the gates",
        ),
        pytest.param(
            [operator(chart=LATER), replicas()],
            {},
            ["kaito: unknown (set by an output); expected featureGates that can be read [KO402]"],
            id="a chart that is not known",
        ),
        pytest.param(
            [Resource("urn:k", "kubernetes:helm.sh/v4:Chart", "kaito", None, {"resources": []}), replicas()],
            {},
            [
                "kaito: unknown (of a chart that is a component the engine shows outputs alone); expected "
                "featureGates that can be read [KO402]"
            ],
            id="a component of which the engine shows outputs alone",
        ),
        pytest.param(
            [Resource("urn:k", "kubernetes:helm.sh/v4:Chart", "ingress", None, {"resources": []}), replicas()],
            {},
            [],
            id="such a component of another name",
        ),
        pytest.param(
            [replicas()],
            {"featureGates": {"modelMirror": True}},
            [
                "missing-gate.featureGates: {'modelMirror': True}; expected gates of KAITO 0.12, not "
                "modelMirror: one of ModelMirror, ModelStreaming, disableNodeAutoProvisioning, "
                "enableAccelerator, enableBaseImageAutoUpgrade, enableInferenceSetController, enableMIG, "
                "enableMultiRoleInferenceController, gatewayAPIInferenceExtension, vLLM [KO402]"
                "\n  fix: correct the policy configuration"
            ],
            id="a gate that KAITO does not have",
        ),
    ],
)
def test_missing_gate(told, resources, settings, said):
    """What needs a gate that is off is reported, by the operator in the stack or else by the settings."""
    assert told(RULE, resources, settings) == said
