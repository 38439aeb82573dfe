"""What plain pods ask for, and what autoscalers make of it."""

import pytest

from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.demand.total import Total, total
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import quantity
from kaito_iac.stack.resource import Resource

A100 = "Standard_NC24ads_A100_v4"
LATER = Unknown("set by an output")
DEPLOYMENT = "kubernetes:apps/v1:Deployment"


def gpus(limit, **more):
    return {"name": "app", "resources": {"limits": {"nvidia.com/gpu": limit}}, **more}


def pods(*containers, **more):
    return {"containers": list(containers), **more}


def held(token, spec, *others, metadata=None):
    inputs = {"metadata": {"name": "app", **(metadata or {})}, "spec": spec}
    return [found for found in demands([Resource("urn:app", token, "app", None, inputs), *others]) if found.urn == "urn:app"]


def deployment(*containers, replicas=1, **more):
    return {"replicas": replicas, "template": {"spec": pods(*containers, **more)}}


TWO = gpus("2")


@pytest.mark.parametrize(
    ("token", "spec", "kind", "found"),
    [
        pytest.param(DEPLOYMENT, deployment(TWO, replicas=3), "Deployment", Range(6, 6, 6), id="replicas of a Deployment"),
        pytest.param(
            DEPLOYMENT, {"template": {"spec": pods(TWO)}}, "Deployment", Range(2, 2, 2), id="one replica where none is reported"
        ),
        pytest.param("kubernetes:apps/v1:StatefulSet", deployment(TWO), "StatefulSet", Range(2, 2, 2), id="a StatefulSet"),
        pytest.param("kubernetes:core/v1:Pod", pods(TWO), "Pod", Range(2, 2, 2), id="a pod"),
        pytest.param(
            "kubernetes:apps/v1:DaemonSet",
            deployment(TWO),
            "DaemonSet",
            Unknown("one pod on every node"),
            id="a pod on every node",
        ),
        pytest.param(
            "kubernetes:batch/v1:Job", {"parallelism": 3, "template": {"spec": pods(TWO)}}, "Job", Range(0, 6, 6), id="a job"
        ),
        pytest.param(
            "kubernetes:batch/v1:Job",
            {"parallelism": 3, "completions": 2, "template": {"spec": pods(TWO)}},
            "Job",
            Range(0, 4, 4),
            id="a job with fewer completions",
        ),
        pytest.param(
            "kubernetes:batch/v1:Job",
            {"suspend": True, "template": {"spec": pods(TWO)}},
            "Job",
            Range(0, 0, 2),
            id="a job that is suspended",
        ),
        pytest.param(
            "kubernetes:batch/v1:CronJob",
            {"concurrencyPolicy": "Forbid", "jobTemplate": {"spec": {"template": {"spec": pods(TWO)}}}},
            "CronJob",
            Range(0, 2, 2),
            id="runs one after another",
        ),
        pytest.param(
            "kubernetes:batch/v1:CronJob",
            {"jobTemplate": {"spec": {"template": {"spec": pods(TWO)}}}},
            "CronJob",
            Unknown("runs of a CronJob may overlap: concurrencyPolicy is Allow"),
            id="runs that may overlap",
        ),
        pytest.param(DEPLOYMENT, deployment(TWO, gpus(1)), "Deployment", Range(3, 3, 3), id="two containers"),
        pytest.param(
            DEPLOYMENT,
            deployment(TWO, initContainers=[gpus(4), gpus(1, restartPolicy="Always")]),
            "Deployment",
            Range(4, 4, 4),
            id="a container that runs before the others",
        ),
        pytest.param(
            DEPLOYMENT,
            deployment({"resources": {"requests": {"nvidia.com/gpu": 1}}}),
            "Deployment",
            Range(1, 1, 1),
            id="a request",
        ),
        pytest.param(DEPLOYMENT, deployment(TWO, replicas=LATER), "Deployment", LATER, id="replicas that are not known"),
        pytest.param(DEPLOYMENT, deployment(gpus(LATER)), "Deployment", LATER, id="GPUs that are not known"),
        pytest.param(DEPLOYMENT, deployment({"resources": LATER}), "Deployment", LATER, id="resources that are not known"),
        pytest.param(DEPLOYMENT, deployment(LATER), "Deployment", LATER, id="a container that is not known"),
        pytest.param(DEPLOYMENT, LATER, "Deployment", LATER, id="nothing is known"),
        pytest.param(
            DEPLOYMENT, deployment(gpus("a few")), "Deployment", Unknown("nvidia.com/gpu is no quantity"), id="not a quantity"
        ),
    ],
)
def test_pods(token, spec, kind, found):
    """Pods use GPUs and create none; how many there may be at once says how many."""
    (demand,) = held(token, spec)
    assert (demand.kind, demand.bought, demand.gpus, demand.nodes) == (
        kind,
        False,
        found,
        Unknown("pods share the nodes they find"),
    )
    assert total([demand], lambda one: one.gpus) == Total(Range(0, 0, 0), ())


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        pytest.param({"aliyun.com/gpu-mem": 8}, "aliyun.com/gpu-mem", id="memory of a shared GPU"),
        pytest.param({"nvidia.com/GA102GL_A10": 4}, "nvidia.com/GA102GL_A10", id="GPUs by product"),
        pytest.param({"nvidia.com/gpu": 1, "huawei.com/Ascend910": 8}, "huawei.com/Ascend910", id="others beside GPUs"),
        pytest.param({"nvidia.com/gpu": 8, "nvidia.com/mlnxnics": 1}, 8, id="network devices beside GPUs"),
        pytest.param({"nvidia.com/gpumem": "4000"}, "nvidia.com/gpumem", id="memory of a virtual GPU"),
        pytest.param({"volcano.sh/vgpu-number": 2}, "volcano.sh/vgpu-number", id="virtual GPUs of Volcano"),
        pytest.param({"google.com/tpu": 4}, "google.com/tpu", id="TPUs"),
        pytest.param({"huawei.com/Ascend910": 8}, "huawei.com/Ascend910", id="accelerators of another maker"),
        pytest.param({"nvidia.com/gpu": 2, "nvidia.com/gpumem": "4000"}, 2, id="two virtual GPUs are at most two"),
        pytest.param({"example.com/output": 1, "example.com/input": 1, "memory": "1Gi"}, None, id="neither TPUs nor NPUs"),
        pytest.param({"aliyun.com/gpu-mem": "0"}, None, id="none of it"),
    ],
)
def test_devices_of_other_plugins(limits, found):
    """A share of GPUs that states no number of them is unknown, never none."""
    asked = held("kubernetes:core/v1:Pod", pods({"name": "app", "resources": {"limits": limits}}))
    unknown = [Unknown(f"how many GPUs {found} stands for is not known")]
    expected = [] if found is None else unknown if isinstance(found, str) else [Range.exactly(found)]
    assert [one.gpus for one in asked] == expected


@pytest.mark.parametrize(
    ("token", "spec"),
    [
        pytest.param(DEPLOYMENT, deployment({"name": "app", "image": LATER}), id="no GPUs, and an image set by an output"),
        pytest.param(DEPLOYMENT, deployment(gpus(0)), id="zero GPUs"),
        pytest.param(DEPLOYMENT, {"replicas": LATER, "template": {"spec": pods({"name": "app"})}}, id="however many replicas"),
        pytest.param("kubernetes:core/v1:Service", {"type": "LoadBalancer"}, id="another kind"),
    ],
)
def test_pods_without_gpus(token, spec):
    """What asks for no GPU is no demand."""
    assert held(token, spec) == []


def test_pods_on_a_pool():
    """Pods that select the nodes of a pool are reported with it; namespace and team are their own."""
    pool = Resource(
        "urn:pool", "azure-native:containerservice:AgentPool", "pool", None, {"vmSize": A100, "nodeLabels": {"apps": "chat"}}
    )
    spec = deployment(TWO, nodeSelector={"apps": "chat"})
    (found,) = held(DEPLOYMENT, spec, pool, metadata={"namespace": "models", "labels": {"team": "search"}})
    assert (found.pool, found.size_name, found.gpu_model) == ("urn:pool", A100, "NVIDIA A100")
    assert (found.namespace, found.team) == ("models", "search")


def scaler(kind="Deployment", name="app", low=1, high=5, token="kubernetes:autoscaling/v2:HorizontalPodAutoscaler", space=None):
    keda = token.startswith("kubernetes:keda")
    least, most = ("minReplicaCount", "maxReplicaCount") if keda else ("minReplicas", "maxReplicas")
    spec = {"scaleTargetRef": {"kind": kind, "name": name}, least: low, most: high}
    metadata = {"name": "scaler", "namespace": space} if space else {"name": "scaler"}
    known = {key: value for key, value in spec.items() if value is not None}
    return Resource(f"urn:{kind}-{high}", token, "scaler", None, {"metadata": metadata, "spec": known})


KEDA = "kubernetes:keda.sh/v1alpha1:ScaledObject"
MAYBE = Unknown("an autoscaler of the program may scale it")


@pytest.mark.parametrize(
    ("scalers", "found"),
    [
        pytest.param([scaler()], Range(2, 4, 10), id="between fewest and most replicas"),
        pytest.param([scaler(low=None)], Range(2, 4, 10), id="at least one by default"),
        pytest.param([scaler(token=KEDA, low=None)], Range(0, 4, 10), id="KEDA goes down to none"),
        pytest.param([scaler(token=KEDA, high=None)], Range(2, 4, 200), id="KEDA goes up to a hundred by default"),
        pytest.param([scaler(), scaler(high=9)], Range(2, 4, 18), id="two of them"),
        pytest.param([scaler(high=1)], Range(2, 4, 4), id="fewer than the replicas that are asked for"),
        pytest.param([scaler(name="docs")], Range(4, 4, 4), id="of another object"),
        pytest.param([scaler(kind="StatefulSet")], Range(4, 4, 4), id="of another kind"),
        pytest.param([scaler(space="models")], Range(4, 4, 4), id="in another namespace"),
        pytest.param([scaler(high=LATER)], LATER, id="a maximum that is not known"),
        pytest.param([scaler(low=LATER)], LATER, id="a minimum that is not known"),
        pytest.param([scaler(high=None)], Unknown("no maxReplicas"), id="no maximum"),
        pytest.param([scaler(), scaler(high=LATER)], LATER, id="one of two is not known"),
        pytest.param([scaler(high=LATER), scaler()], LATER, id="the other of two is not known"),
        pytest.param([scaler(name=LATER)], MAYBE, id="of an object that is not known"),
        pytest.param([scaler(kind="StatefulSet", name=LATER)], Range(4, 4, 4), id="of an object that cannot be it"),
    ],
)
def test_autoscaled_pods(scalers, found):
    """An autoscaler of the stack says how few and how many replicas there may be."""
    (demand,) = held(DEPLOYMENT, deployment(TWO, replicas=2), *scalers)
    assert demand.gpus == found


def test_object_that_may_be_scaled():
    """A workload whose name is not known may be the one an autoscaler means; replicas that are not known stay so."""
    (demand,) = held(DEPLOYMENT, deployment(TWO), scaler(), metadata={"name": LATER})
    assert demand.gpus == MAYBE
    (demand,) = held(DEPLOYMENT, deployment(TWO), scaler(kind="StatefulSet"), metadata={"name": LATER})
    assert demand.gpus == Range(2, 2, 2)
    (demand,) = held(DEPLOYMENT, deployment(TWO, replicas=LATER), scaler())
    assert demand.gpus == LATER


def inference_set(**spec):
    template = {"resource": {"instanceType": A100}, "inference": {"preset": {"name": "phi-4"}}}
    return {"template": template, **spec}


@pytest.mark.parametrize(
    ("spec", "scalers", "nodes"),
    [
        pytest.param({"replicas": 2}, [scaler("InferenceSet", token=KEDA)], Range(1, 2, 5), id="a ScaledObject of KEDA"),
        pytest.param(
            {"replicas": 2, "autoUpgrade": {"enabled": True, "strategy": "Surge"}},
            [scaler("InferenceSet", token=KEDA)],
            Range(1, 2, 6),
            id="and a replica more while it is upgraded",
        ),
        pytest.param({"replicas": 2}, [scaler("InferenceSet", name=LATER)], MAYBE, id="one that may mean it"),
        pytest.param({"replicas": 2}, [scaler("Deployment", name=LATER)], Range(2, 2, 2), id="one that cannot mean it"),
        pytest.param({"replicas": LATER}, [scaler("InferenceSet")], LATER, id="replicas that are not known"),
    ],
)
def test_autoscaled_set(spec, scalers, nodes):
    """An InferenceSet that an autoscaler of the stack names is created at its maximum."""
    (demand,) = held("kubernetes:kaito.sh/v1beta1:InferenceSet", inference_set(**spec), *scalers)
    assert (demand.bought, demand.nodes) == (True, nodes)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param(8, 8, id="a number"),
        pytest.param("8", 8, id="a text"),
        pytest.param("500m", 0.5, id="thousandths"),
        pytest.param("2k", 2000, id="thousands"),
        pytest.param("1Ki", 1024, id="1024"),
        pytest.param("1e3", 1000, id="with an exponent"),
        pytest.param("+1.5", 1.5, id="a fraction"),
        pytest.param(None, None, id="nothing"),
        pytest.param(LATER, LATER, id="not known"),
        pytest.param("", Unknown("cpu is no quantity"), id="an empty text"),
        pytest.param("-1", Unknown("cpu is no quantity"), id="less than nothing"),
        pytest.param("1e999", Unknown("cpu is no quantity"), id="more than there is"),
        pytest.param("²", Unknown("cpu is no quantity"), id="a digit that is none"),
        pytest.param("9" * 5000, Unknown("cpu is no quantity"), id="too long"),
        pytest.param(-1, Unknown("cpu is no quantity"), id="a number below zero"),
        pytest.param(float("nan"), Unknown("cpu is no quantity"), id="not a number"),
        pytest.param(True, Unknown("cpu is a truth value, not a quantity"), id="a truth value"),
        pytest.param([1], Unknown("cpu is a list, not a quantity"), id="a list"),
    ],
)
def test_quantity(written, value):
    """Quantities are read as Kubernetes writes them; anything else is unknown, with the reason."""
    assert quantity(written, "cpu") == value
