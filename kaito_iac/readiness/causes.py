"""Every cause that keeps a workload from ever being ready: how long it may heal by itself, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

MINUTE: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One cause; it is hopeless when it has been seen for its grace, and often enough."""

    name: str
    """What finders call it."""
    code: str
    """Problem code."""
    title: str
    """What is wrong, as the start of a sentence."""
    grace_seconds: int
    """How long it must last before it counts: what heals by waiting heals within it."""
    why: str
    """Why this grace."""
    fix: str
    """The next step."""
    restarts: int = 0
    """Restarts of the container that must have been seen too: once can be chance."""


_ALL: Final = (
    Cause(
        name="quota",
        code="KO450",
        title="quota refused",
        grace_seconds=2 * MINUTE,
        why="A quota does not grow while KAITO tries again; two minutes let the first retry answer.",
        fix="ask for more vCPUs of this family in this region (of a ResourceQuota: in this namespace), or choose another "
        "instance_type or region: `kaito-iac fit MODEL`",
    ),
    Cause(
        name="capacity",
        code="KO451",
        title="no capacity",
        grace_seconds=15 * MINUTE,
        why="Capacity changes; KAITO retries every four minutes, so three attempts fit.",
        fix="choose another zone, region or instance_type (`kaito-iac fit MODEL`), or reserve capacity with the cloud",
    ),
    Cause(
        name="churn",
        code="KO452",
        title="nodes are requested again and again",
        grace_seconds=10 * MINUTE,
        why="One lost node is replaced; three nodes lost within ten minutes, none of them ready, are a pattern.",
        fix="read why in the log of the provisioner: `kubectl logs -n NAMESPACE deployment/gpu-provisioner`, or karpenter",
    ),
    Cause(
        name="not-offered",
        code="KO453",
        title="size not offered here",
        grace_seconds=2 * MINUTE,
        why="The sizes that a region offers do not change while KAITO retries.",
        fix="choose an instance_type that is available to this subscription: `az vm list-skus --location REGION --size NAME`",
    ),
    Cause(
        name="image-missing",
        code="KO454",
        title="image does not exist",
        grace_seconds=3 * MINUTE,
        why="Only a push corrects it; three minutes are enough for a push in the same pipeline.",
        fix="correct the name and tag of the image, or push it",
    ),
    Cause(
        name="image-rights",
        code="KO455",
        title="no right to pull the image",
        grace_seconds=10 * MINUTE,
        why="A new role assignment, such as AcrPull, takes minutes to be effective.",
        fix="give the kubelet identity AcrPull on the registry, or name a pull secret with valid credentials",
    ),
    Cause(
        name="image-limit",
        code="KO456",
        title="registry limits pulls",
        grace_seconds=30 * MINUTE,
        why="The kubelet pulls again every five minutes, and most limits pass within the half hour; longer ones last hours.",
        fix="pull with credentials, or mirror the image into a registry of your own",
    ),
    Cause(
        name="image-network",
        code="KO457",
        title="registry cannot be reached",
        grace_seconds=15 * MINUTE,
        why="Registries and networks recover; a closed firewall does not.",
        fix="open the way from the nodes to the registry (DNS, firewall, proxy), or mirror the image",
    ),
    Cause(
        name="token",
        code="KO458",
        title="Hugging Face refuses the token",
        grace_seconds=MINUTE,
        why="A refused token stays refused; the minute allows for a short outage of the service.",
        fix="accept the model's licence with the account of the token, and put a token that may read it into the Secret's key "
        "HF_TOKEN (access_secret)",
    ),
    Cause(
        name="reference",
        code="KO459",
        title="Secret, ConfigMap or volume claim missing",
        grace_seconds=5 * MINUTE,
        why="It may be written after the pod, such as by another controller; the kubelet then continues by itself.",
        fix="create it in the namespace of the workload, with the requested key; a claim needs a StorageClass that provisions",
    ),
    Cause(
        name="taint",
        code="KO460",
        title="taint that the pod does not tolerate",
        grace_seconds=10 * MINUTE,
        why="New nodes carry start-up taints for minutes, and an autoscaler may bring others.",
        fix="taint GPU nodes only with sku=gpu:NoSchedule, which every workload of KAITO tolerates",
    ),
    Cause(
        name="selector",
        code="KO461",
        title="no node matches the selector",
        grace_seconds=10 * MINUTE,
        why="An autoscaler or provisioner takes minutes to create a node; until then no cause is reported.",
        fix="label the nodes as in nodeSelector, or correct nodeSelector",
    ),
    Cause(
        name="gpu",
        code="KO462",
        title="nodes without free GPUs, CPU or memory",
        grace_seconds=10 * MINUTE,
        why="Driver and device plugin take minutes on a new node; a GPU in use may be freed.",
        fix="see that the driver and exactly one device plugin run on the node, and that no other pod holds its GPUs",
    ),
    Cause(
        name="node",
        code="KO448",
        title="node not ready",
        grace_seconds=10 * MINUTE,
        why="A node that starts, restarts or is upgraded is back within minutes.",
        fix="see its conditions and events; a node that does not come back is repaired or replaced by its cloud: delete its "
        "NodeClaim or machine",
    ),
    Cause(
        name="cluster-start",
        code="KO446",
        title="AKS cluster starts, or was stopped, while KAITO has nodes",
        grace_seconds=15 * MINUTE,
        why="A cluster that starts refuses changes of its pools for minutes; a race that KAITO lost leaves it Failed.",
        fix="let the start end: `az aks show --query provisioningState`; of a Failed cluster delete the GPU pools and their VM "
        "scale sets, then `az aks start`. Before the next stop scale to 0 and wait until no NodeClaim is left (kaito#2075)",
    ),
    Cause(
        name="crash",
        code="KO463",
        title="container crashes",
        grace_seconds=5 * MINUTE,
        restarts=4,
        why="Engines that wait for a peer or for the network crash and recover; five starts that fail do not.",
        fix="read the whole log: `kubectl logs POD --previous`",
    ),
    Cause(
        name="gpu-memory",
        code="KO464",
        title="GPU memory too small",
        grace_seconds=MINUTE,
        restarts=1,
        why="The same start fails the same way; one restart excludes that another pod was still ending.",
        fix="lower context, or max-num-seqs and gpu-memory-utilization in vllm, or choose a larger instance_type: "
        "`kaito-iac fit MODEL`",
    ),
    Cause(
        name="argument",
        code="KO465",
        title="engine refuses an argument",
        grace_seconds=0,
        why="An argument that is refused once is refused always.",
        fix="correct vllm and vllm_extra of the workload, or its ConfigMap",
    ),
    Cause(
        name="memory",
        code="KO466",
        title="container killed for its memory",
        grace_seconds=MINUTE,
        restarts=2,
        why="Three kills in a row are not a coincidence.",
        fix="choose an instance_type with more memory, or raise the limit of the pod's template",
    ),
    Cause(
        name="disk",
        code="KO467",
        title="disk full",
        grace_seconds=5 * MINUTE,
        why="An evicted pod is started again elsewhere; five minutes later it would run.",
        fix="give the nodes a larger disk: `kaito-iac fit MODEL` shows how much the weights need",
    ),
    Cause(
        name="webhook",
        code="KO468",
        title="admission webhook does not answer",
        grace_seconds=5 * MINUTE,
        why="A webhook does not answer while its pod restarts or its certificate is written.",
        fix="see why the operator's pod does not answer: `kubectl get pods -A -l app.kubernetes.io/name=workspace`",
    ),
    Cause(
        name="operator",
        code="KO469",
        title="KAITO's operator does not work on it",
        grace_seconds=5 * MINUTE,
        why="An operator that restarts is back within minutes.",
        fix="install or repair the operator's chart, with the feature gate of the kind switched on",
    ),
    Cause(
        name="crd",
        code="KO470",
        title="kind that the cluster does not have",
        grace_seconds=2 * MINUTE,
        why="A chart that is being installed brings its CRDs within a minute or two.",
        fix="install KAITO's chart: workspace, or ragengine for RAGEngine",
    ),
    Cause(
        name="provisioner",
        code="KO471",
        title="provisioner does not create nodes",
        grace_seconds=10 * MINUTE,
        why="A provisioner that restarts, or a NodeClass that is being resolved, continues within minutes.",
        fix="install or repair the provisioner that nodeProvisioner names, and its NodeClass",
    ),
    Cause(
        name="identity",
        code="KO472",
        title="provisioner has no right to create nodes",
        grace_seconds=10 * MINUTE,
        why="A new role assignment or federated credential takes minutes to be effective.",
        fix="give its identity the role that the message names, and check the federated credential's subject and issuer",
    ),
    Cause(
        name="benchmark",
        code="KO473",
        title="benchmark failed",
        grace_seconds=5 * MINUTE,
        why="KAITO reads the result again at every reconcile.",
        fix="switch it off (benchmark: false), or read why in the pod's log",
    ),
    Cause(
        name="job",
        code="KO474",
        title="job failed",
        grace_seconds=0,
        why="Kubernetes has used up the retries of the job.",
        fix="read the log of its last pod, and recreate the workload when the cause is removed: a Job does not start again",
    ),
    Cause(
        name="dataset",
        code="KO475",
        title="data cannot be downloaded",
        grace_seconds=0,
        why="The container has tried each address three times.",
        fix="correct the addresses in dataset.urls: each must answer a GET without a login with status 200",
    ),
    Cause(
        name="gone",
        code="KO479",
        title="object is not there",
        grace_seconds=MINUTE,
        why="An object that is being created shows up within seconds.",
        fix="check kind, name, namespace and the cluster of the kubeconfig; `--all` waits for all workloads that exist",
    ),
)

CAUSES: Final[Mapping[str, Cause]] = MappingProxyType({cause.name: cause for cause in _ALL})
"""Name to cause, in the order in which they are reported when several apply: nodes, images, pods, cluster."""


def causes_page() -> str:
    """Return the generated reference of causes."""
    head = (
        "# Causes at which `kaito-iac wait` stops\n\n"
        "<!-- Generated by tools/generate.py from kaito_iac/readiness/causes.py. -->\n\n"
        "The wait stops when a cause has lasted for its grace period (and the container has restarted that often). Until then\n"
        "it reports a suspected cause and continues.\n\n"
        "| code | cause | grace period | reason for the period | fix |\n|---|---|---|---|---|\n"
    )
    return head + "".join(_row(cause) for cause in CAUSES.values())


def _row(cause: Cause) -> str:
    grace = f"{cause.grace_seconds // MINUTE} min" if cause.grace_seconds else "none"
    often = f", {cause.restarts} restart{'s' * (cause.restarts > 1)}" if cause.restarts else ""
    return f"| {cause.code} | {cause.title} | {grace}{often} | {cause.why} | {cause.fix} |\n"
