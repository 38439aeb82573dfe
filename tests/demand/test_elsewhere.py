"""What a stack changes without making it: rules that raise what others hold, and limits of groups of other stacks."""

import pytest

from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Options, Resource

LATER = Unknown("set by an output")
KYVERNO = "kubernetes:kyverno.io/v1:ClusterPolicy"
SCHEDULE = "aws:autoscaling/schedule:Schedule"
SET = "kubernetes:kaito.sh/v1beta1:InferenceSet"
SCALER = "kubernetes:keda.sh/v1alpha1:ScaledObject"
SCALE_SET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/nodes"
PLAN = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/serverFarms/web"


def one(token, inputs, name="one", **more):
    return Resource(f"urn:{name}", token, name, None, inputs, **more)


def kyverno(**rule):
    return one(KYVERNO, {"spec": {"rules": [{"name": "r", **rule}]}})


def policy(template):
    then = {"effect": "[parameters('effect')]", "details": {"deployment": {"properties": {"template": template}}}}
    return {"parameters": {"effect": {"defaultValue": "DeployIfNotExists"}}, "policyRule": {"then": then}}


def scaler(name, kind="InferenceSet", space="chat"):
    target = {"apiVersion": "kaito.sh/v1beta1", "kind": kind, "name": name}
    return one(SCALER, {"metadata": {"namespace": space}, "spec": {"scaleTargetRef": target, "maxReplicaCount": 50}}, "scaler")


def inference_set(name, space="chat"):
    template = {"resource": {"instanceType": "Standard_NC24ads_A100_v4"}, "inference": {"preset": {"name": "phi-4"}}}
    return one(SET, {"metadata": {"name": name, "namespace": space}, "spec": {"template": template}}, "set")


def unread(*stack):
    return [(found.kind, str(found.gpus), found.bought) for found in demands(stack) if found.unread]


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        pytest.param(
            kyverno(generate={"kind": "Workspace", "data": {}}), "its rules make or change what creates nodes", id="generate"
        ),
        pytest.param(
            kyverno(mutate={"patchesJson6902": "- path: /spec/replicas\n  value: 50"}),
            "its rules make or change what creates nodes",
            id="a patch in a text",
        ),
        pytest.param(kyverno(mutate=LATER), "its rules make or change what creates nodes", id="a mutation that is not known"),
        pytest.param(
            one(
                "kubernetes:admissionregistration.k8s.io/v1beta1:MutatingAdmissionPolicy",
                {"spec": {"mutations": [{"applyConfiguration": {"expression": "Object{spec: Object.spec{replicas: 50}}"}}]}},
            ),
            "it changes what creates nodes",
            id="an admission policy",
        ),
        pytest.param(
            one("azure-native:authorization:PolicyDefinition", policy({"resources": [{"properties": {"vmSize": "x"}}]})),
            "it deploys machines where it applies",
            id="a policy of Azure",
        ),
        pytest.param(
            one("aws:eks/addon:Addon", {"configurationValues": '{"resources": {"limits": {"nvidia.com/gpu": "8"}}}'}),
            "its configuration asks for GPUs",
            id="an add-on of EKS",
        ),
        pytest.param(
            one(SCHEDULE, {"autoscalingGroupName": "gpu-nodes", "maxSize": 50}),
            "it changes a group that is not part of the stack",
            id="a schedule of a group of another stack",
        ),
        pytest.param(
            one("azure:monitoring/autoscaleSetting:AutoscaleSetting", {"targetResourceId": SCALE_SET}),
            "it scales a scale set that is not part of the stack",
            id="an autoscale setting of a scale set of another stack",
        ),
        pytest.param(scaler("chats"), "it scales an InferenceSet that is not part of the stack", id="an autoscaler of a set"),
        pytest.param(scaler(LATER), "it scales an InferenceSet that is not part of the stack", id="of a set that is not known"),
    ],
)
def test_unknown(resource, reason):
    """Rules that decide how much others hold, and limits of what the stack does not make, are an unknown demand."""
    assert unread(resource) == [(resource.type.rpartition(":")[2], str(Unknown(reason)), True)]


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param([kyverno(validate={"pattern": {"spec": {"replicas": ">1"}}})], id="a rule that checks"),
        pytest.param([kyverno(mutate={"patchStrategicMerge": {"metadata": {"labels": {"a": "b"}}}})], id="labels"),
        pytest.param([kyverno(generate={"kind": "NetworkPolicy", "data": {"spec": {}}})], id="a network policy for namespaces"),
        pytest.param(
            [one("azure-native:authorization:PolicyDefinition", policy({"resources": [{"type": "diagnosticSettings"}]}))],
            id="diagnostic settings",
        ),
        pytest.param([one("aws:eks/addon:Addon", {"addonName": "vpc-cni"})], id="an add-on as it is"),
        pytest.param([one("azure-native:monitor:AutoscaleSetting", {"targetResourceUri": PLAN})], id="an App Service plan"),
        pytest.param([scaler("chats"), inference_set("chats")], id="a set of the stack"),
        pytest.param([scaler("chats"), inference_set(LATER)], id="a set of the stack whose name is not known"),
        pytest.param([scaler("web", kind="Deployment")], id="a Deployment"),
    ],
)
def test_harmless(stack):
    """Rules that check or label, and what is scaled within the stack, are no demand of their own."""
    assert unread(*stack) == []


def test_an_autoscaler_of_a_set_in_another_namespace():
    """A set of the same name elsewhere is not what is scaled."""
    assert len(unread(scaler("chats", space="chat"), inference_set("chats", space="docs"))) == 1


GROUP = {"instanceTypes": ["p5.48xlarge"], "scalingConfig": {"minSize": 0, "maxSize": 1, "desiredSize": 0}}
NODES = {"resources": [{"autoscalingGroups": [{"name": "eks-nodes-1"}]}]}
OTHER = one("aws:autoscaling/group:Group", {"name": "other", "maxSize": 1}, "other")


def schedule(name, *sources):
    options = Options(property_dependencies={"autoscalingGroupName": sources} if sources else {})
    return one(SCHEDULE, {"autoscalingGroupName": name, "maxSize": 50, "desiredCapacity": 20}, "schedule", options=options)


@pytest.mark.parametrize(
    ("beside", "most"),
    [
        pytest.param([], 8, id="nothing beside it"),
        pytest.param([schedule(LATER)], 400, id="of a name that is not known"),
        pytest.param([schedule(LATER, "urn:nodes")], 400, id="of the group that EKS makes"),
        pytest.param([schedule("eks-nodes-1")], 400, id="of its name"),
        pytest.param([OTHER, schedule(LATER, "urn:other")], 8, id="of another group"),
        pytest.param([OTHER, schedule(LATER)], 8, id="of the only plain group"),
    ],
)
def test_schedules_of_managed_node_groups(beside, most):
    """A schedule raises the group behind a managed node group as it raises any other."""
    nodes = one("aws:eks/nodeGroup:NodeGroup", GROUP, "nodes", outputs=NODES)
    found = next(one for one in demands([nodes, *beside], region="us-east-1") if one.urn == "urn:nodes")
    assert found.gpus == Range(0, 0, most)
