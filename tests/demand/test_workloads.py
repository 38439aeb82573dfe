"""Workloads of several pods, claims of devices, lists and patches: counted as their controllers make them, or unknown."""

import pytest

from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

GPU = {"containers": [{"name": "c", "resources": {"limits": {"nvidia.com/gpu": 8}}}]}
PLAIN = {"containers": [{"name": "c"}]}
WORKER = {"template": {"spec": GPU}, "replicas": 2}
HEAD = {"headGroupSpec": {"template": {"spec": PLAIN}}}
NO_BOUND = "no maxReplicas bounds its autoscaler"
RUNTIME = "its serving runtime decides the GPUs"
LATER = Unknown("set by an output")


def made(token, spec, name="w", **more):
    return Resource(f"urn:{name}", f"kubernetes:{token}", name, None, {"metadata": {"name": name}, "spec": spec, **more})


def held(*resources):
    """Return the most GPUs of all demands, or the reasons why they are not known."""
    found = [demand.gpus for demand in demands(resources)]
    unknown = [gpus.reason for gpus in found if isinstance(gpus, Unknown)]
    return unknown or sum(gpus.high for gpus in found)


@pytest.mark.parametrize(
    ("token", "spec", "most"),
    [
        pytest.param(
            "leaderworkerset.x-k8s.io/v1:LeaderWorkerSet",
            {"replicas": 3, "leaderWorkerTemplate": {"size": 4, "workerTemplate": {"spec": GPU}}},
            96,
            id="LeaderWorkerSet: leaders as workers",
        ),
        pytest.param(
            "leaderworkerset.x-k8s.io/v1:LeaderWorkerSet",
            {"leaderWorkerTemplate": {"size": 4, "leaderTemplate": {"spec": PLAIN}, "workerTemplate": {"spec": GPU}}},
            24,
            id="LeaderWorkerSet: a leader of its own without GPUs",
        ),
        pytest.param(
            "leaderworkerset.x-k8s.io/v1:LeaderWorkerSet",
            {"replicas": LATER, "leaderWorkerTemplate": {"workerTemplate": {"spec": GPU}}},
            ["set by an output"],
            id="LeaderWorkerSet: replicas not known",
        ),
        pytest.param("ray.io/v1:RayCluster", {**HEAD, "workerGroupSpecs": [WORKER]}, 16, id="RayCluster"),
        pytest.param(
            "ray.io/v1:RayCluster", {**HEAD, "workerGroupSpecs": [{**WORKER, "numOfHosts": 2}]}, 32, id="RayCluster: hosts"
        ),
        pytest.param(
            "ray.io/v1:RayCluster",
            {**HEAD, "enableInTreeAutoscaling": True, "workerGroupSpecs": [{**WORKER, "maxReplicas": 5}]},
            40,
            id="RayCluster: its autoscaler at its maximum",
        ),
        pytest.param(
            "ray.io/v1:RayCluster",
            {**HEAD, "enableInTreeAutoscaling": True, "workerGroupSpecs": [WORKER]},
            [NO_BOUND],
            id="RayCluster: an autoscaler without a maximum",
        ),
        pytest.param("ray.io/v1:RayJob", {"rayClusterSpec": {**HEAD, "workerGroupSpecs": [WORKER]}}, 16, id="RayJob"),
        pytest.param("ray.io/v1:RayJob", {"clusterSelector": {"a": "b"}}, 0, id="RayJob on a cluster that is there"),
        pytest.param(
            "ray.io/v1:RayService",
            {"rayClusterConfig": {"workerGroupSpecs": [WORKER]}},
            32,
            id="RayService: two while it upgrades",
        ),
        pytest.param(
            "ray.io/v1:RayCronJob",
            {
                "schedule": "0 * * * *",
                "concurrencyPolicy": "Forbid",
                "jobTemplate": {"rayClusterSpec": {"workerGroupSpecs": [WORKER]}},
            },
            16,
            id="RayCronJob: one run at a time",
        ),
        pytest.param(
            "ray.io/v1:RayCronJob",
            {"schedule": "0 * * * *", "jobTemplate": {"rayClusterSpec": {"workerGroupSpecs": [WORKER]}}},
            ["runs of a RayCronJob may overlap"],
            id="RayCronJob: runs that may overlap",
        ),
        pytest.param(
            "ray.io/v1:RayCronJob",
            {"jobTemplate": {"clusterSelector": {"a": "b"}}},
            0,
            id="RayCronJob on a cluster that is there",
        ),
        pytest.param("ray.io/v1:RayCronJob", {"jobTemplate": LATER}, ["set by an output"], id="RayCronJob: a job not known"),
        pytest.param(
            "jobset.x-k8s.io/v1alpha2:JobSet",
            {
                "replicatedJobs": [
                    {"replicas": 2, "template": {"spec": {"parallelism": 3, "completions": 3, "template": {"spec": GPU}}}}
                ]
            },
            48,
            id="JobSet",
        ),
        pytest.param(
            "serving.kserve.io/v1beta1:InferenceService",
            {"predictor": {"maxReplicas": 3, "model": {"resources": {"limits": {"nvidia.com/gpu": "2"}}}}},
            6,
            id="KServe: resources of the model",
        ),
        pytest.param(
            "serving.kserve.io/v1beta1:InferenceService",
            {"predictor": {"maxReplicas": 1, "model": {"modelFormat": {"name": "vllm"}}}},
            [RUNTIME],
            id="KServe: resources of the runtime",
        ),
        pytest.param(
            "serving.kserve.io/v1beta1:InferenceService",
            {"predictor": {"minReplicas": 1, **GPU}},
            [NO_BOUND],
            id="KServe: no maximum",
        ),
        pytest.param(
            "serving.kserve.io/v1beta1:InferenceService",
            {"predictor": {"maxReplicas": 1, **GPU, "workerSpec": {"pipelineParallelSize": 2, **GPU}}},
            24,
            id="KServe: workers on several nodes",
        ),
        pytest.param(
            "kubevirt.io/v1:VirtualMachine",
            {"template": {"spec": {"domain": {"devices": {"gpus": [{"deviceName": "nvidia.com/A100"}], "hostDevices": [{}]}}}}},
            2,
            id="KubeVirt: GPUs and devices of the host",
        ),
        pytest.param(
            "kubevirt.io/v1:VirtualMachine",
            {"instancetype": {"name": "g1"}, "template": {"spec": {"domain": {}}}},
            ["its instancetype may have GPUs"],
            id="KubeVirt: an instancetype",
        ),
        pytest.param(
            "pool.kubevirt.io/v1beta1:VirtualMachinePool",
            {
                "replicas": 3,
                "virtualMachineTemplate": {"spec": {"template": {"spec": {"domain": {"devices": {"gpus": [{}, {}]}}}}}},
            },
            6,
            id="KubeVirt: a pool",
        ),
    ],
)
def test_workloads(token, spec, most):
    """Each kind counts as its controller makes pods, autoscalers at their maximum."""
    assert held(made(token, spec)) == most


def claim(kind, spec, name="eight"):
    return made(f"resource.k8s.io/v1:{kind}", spec, name)


def claiming(key):
    pod = {"containers": [{"name": "c"}], "resourceClaims": [{"name": "g", key: "eight"}]}
    return made("apps/v1:Deployment", {"replicas": 10, "template": {"spec": pod}})


def requests(*found):
    return {"devices": {"requests": list(found)}}


@pytest.mark.parametrize(
    ("resources", "most"),
    [
        pytest.param(
            [
                claim(
                    "ResourceClaimTemplate",
                    {"spec": requests({"name": "g", "exactly": {"deviceClassName": "gpu.nvidia.com", "count": 8}})},
                ),
                claiming("resourceClaimTemplateName"),
            ],
            80,
            id="a claim of every pod",
        ),
        pytest.param(
            [
                claim("ResourceClaim", requests({"name": "g", "deviceClassName": "gpu.nvidia.com", "count": 8})),
                claiming("resourceClaimName"),
            ],
            8,
            id="one claim that all pods share, of an older API",
        ),
        pytest.param(
            [
                claim(
                    "ResourceClaim",
                    requests(
                        {
                            "firstAvailable": [
                                {"deviceClassName": "gpu.nvidia.com"},
                                {"deviceClassName": "mig.nvidia.com", "count": 3},
                            ]
                        }
                    ),
                ),
                claiming("resourceClaimName"),
            ],
            3,
            id="the most of several ways",
        ),
        pytest.param(
            [
                claim("ResourceClaim", requests({"exactly": {"deviceClassName": "gpu.nvidia.com", "allocationMode": "All"}})),
                claiming("resourceClaimName"),
            ],
            ["a claim takes all devices that a node has"],
            id="all devices of a node",
        ),
        pytest.param(
            [claim("ResourceClaim", LATER), claiming("resourceClaimName")], ["set by an output"], id="a claim that is not known"
        ),
        pytest.param([claiming("resourceClaimName")], ["its resource claims may ask for GPUs"], id="a claim of another stack"),
    ],
)
def test_claims(resources, most):
    """Devices that pods claim are counted from the claims of the stack."""
    assert held(*resources) == most


DEPLOYMENT = {"replicas": 10, "template": {"spec": GPU}}
POOL = {
    "template": {
        "spec": {
            "requirements": [
                {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["Standard_NC24ads_A100_v4"]}
            ]
        }
    }
}
REST = "a patch: what it leaves out is in the cluster"


@pytest.mark.parametrize(
    ("resource", "most"),
    [
        pytest.param(
            Resource(
                "urn:l", "kubernetes:apps/v1:DeploymentList", "l", None, {"items": [{"spec": DEPLOYMENT}, {"spec": DEPLOYMENT}]}
            ),
            160,
            id="a list of one kind",
        ),
        pytest.param(
            Resource(
                "urn:l",
                "kubernetes:core/v1:List",
                "l",
                None,
                {
                    "items": [
                        {"apiVersion": "apps/v1", "kind": "Deployment", "spec": DEPLOYMENT},
                        {"apiVersion": "v1", "kind": "Secret"},
                    ]
                },
            ),
            80,
            id="a list of several kinds",
        ),
        pytest.param(
            Resource("urn:l", "kubernetes:core/v1:List", "l", None, {"items": [{"spec": DEPLOYMENT}]}),
            ["kubernetes:core/v1:List is an unknown type"],
            id="an item without a kind",
        ),
        pytest.param(
            Resource("urn:l", "kubernetes:kaito.sh/v1beta1:WorkspaceList", "l", None, {"items": LATER}),
            ["kubernetes:kaito.sh/v1beta1:WorkspaceList is an unknown type"],
            id="items that are not known",
        ),
        pytest.param(made("apps/v1:DeploymentPatch", DEPLOYMENT), 80, id="a patch of everything that decides"),
        pytest.param(made("apps/v1:DeploymentPatch", {"replicas": 50}), [REST], id="a patch of replicas alone"),
        pytest.param(
            Resource("urn:p", "kubernetes:apps/v1:DeploymentPatch", "p", None, {"metadata": {"labels": {"a": "b"}}}),
            ["kubernetes:apps/v1:DeploymentPatch is an unknown type"],
            id="a patch of labels is not judged",
        ),
        pytest.param(made("karpenter.sh/v1:NodePoolPatch", {**POOL, "limits": {"nvidia.com/gpu": "8"}}), 8, id="a pool by patch"),
        pytest.param(
            made("kaito.sh/v1beta1:InferenceSetPatch", {"replicas": 50}), [REST], id="replicas of a set that is in the cluster"
        ),
    ],
)
def test_forms(resource, most):
    """A list counts as its items, a patch as its object where it names all that decides, else it is unknown."""
    assert held(resource) == most


def test_autoscaler_by_patch():
    """An autoscaler that is patched may scale what it names to any number, unless it says to how many."""
    work = made("apps/v1:Deployment", DEPLOYMENT)
    target = {"scaleTargetRef": {"kind": "Deployment", "name": "w"}}
    assert held(work, made("keda.sh/v1alpha1:ScaledObjectPatch", target, "s")) == [REST]
    assert held(work, made("keda.sh/v1alpha1:ScaledObjectPatch", {**target, "maxReplicaCount": 20}, "s")) == 160


@pytest.mark.parametrize(("nodes", "count", "most"), [(0, 20, 20), (None, 20, 20), (30, 20, 30), (0, None, 1)])
def test_forged_component(nodes, count, most):
    """A component around an object that says how many nodes it computed says no fewer than the object wants."""
    around = Resource(
        "urn:c", "kaito-iac:index:KaitoWorkspace", "c", None, {} if nodes is None else {"nodes": nodes}, custom=False
    )
    place = {"instanceType": "Standard_NC24ads_A100_v4", **({} if count is None else {"count": count})}
    inputs = {"metadata": {"name": "w"}, "resource": place, "inference": {"preset": {"name": "org/unknown-model"}}}
    (found,) = demands([around, Resource("urn:w", "kubernetes:kaito.sh/v1beta1:Workspace", "w", "urn:c", inputs)])
    assert (isinstance(found.gpus, Unknown) and nodes is None) or found.gpus.high == most
