"""What a cluster has of what KAITO and a program need: API, operator, GPUs, storage, and everything the program names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from kaito_iac.doctor.finding import Finding, State
from kaito_iac.doctor.needed import needed
from kaito_iac.doctor.program import Wanted
from kaito_iac.readiness.cluster import Absent, Cluster, ClusterError, Forbidden

SECONDS: Final = 20.0
"""How long the cluster may take to answer everything."""
GPUS: Final = "nvidia.com/gpu"
OPERATORS: Final = "app.kubernetes.io/name in (workspace,ragengine,gpu-provisioner,karpenter)"
DEFAULT_CLASS: Final = "storageclass.kubernetes.io/is-default-class"
Thing = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """KAITO as the cluster runs it."""

    release: str = ""
    provisioner: str = ""
    cloud: str = ""
    gates: Mapping[str, bool] = field(default_factory=dict)
    ready: bool = False


def cluster_findings(cluster: Cluster, wanted: Wanted | None) -> Iterator[Finding]:
    """Report what the cluster has; what may not be read, or is not there, is a line too."""
    cluster.deadline = monotonic() + SECONDS
    try:
        version = cluster.read("/version")
    except ClusterError as error:
        fix = "look at the kubeconfig, its context, and the network: `kubectl version`"
        yield _found("API server", "error", str(error), fix)
        return
    yield _found("API server", "ok", f"Kubernetes {str(version.get('gitVersion', '')).removeprefix('v') or 'of no version'}")
    installed = Installed()
    for subject, look in (("KAITO", _operators), ("GPUs", _gpus), ("storage class", _classes)):
        try:
            for one in look(cluster):
                if isinstance(one, Installed):
                    installed = one
                    yield from _operator(one, wanted)
                else:
                    yield one
        except (Forbidden, ClusterError) as error:
            yield _found(subject, "info", f"cannot be seen: {error}")
    if wanted is not None:
        yield from needed(cluster, wanted, installed.gates if installed.release else None)


def _found(subject: str, state: State, message: str, fix: str = "") -> Finding:
    return Finding(area="cluster", subject=subject, state=state, found=message, fix=fix)


def _operators(cluster: Cluster) -> Iterator[Finding | Installed]:
    """Yield KAITO's operator, and the provisioners beside it."""
    found = list(cluster.items("/apis/apps/v1/deployments", selector=OPERATORS))
    named: dict[str, Thing] = {_label(one): one for one in found}
    yield _installed(named["workspace"]) if "workspace" in named else Installed()
    for name in ("ragengine", "gpu-provisioner", "karpenter"):
        if name in named:
            ready, tag = _is_ready(named[name]), _tag(named[name]) or "of no tag"
            fix = f"kubectl logs -n {_space(named[name])} deployment/{_name(named[name])}"
            yield _found(name, "ok" if ready else "error", tag if ready else f"{tag}: no pod is ready", "" if ready else fix)


def _operator(one: Installed, wanted: Wanted | None) -> Iterator[Finding]:
    """Compare KAITO in the cluster with what the program wants."""
    brings = wanted is not None and wanted.own_operator
    if not one.release:
        message = "not installed; the program installs it" if brings else "not installed"
        fix = "" if brings else "add a KaitoOperator to the program, or install KAITO's chart"
        yield _found("KAITO", "info" if brings else "warning", message, fix)
        return
    gates = ", ".join(f"{name}={str(on).lower()}" for name, on in sorted(one.gates.items()))
    message = f"{one.release}, {one.provisioner or 'no provisioner named'}{f', {gates}' if gates else ''}"
    fix = "kubectl get pods -A -l app.kubernetes.io/name=workspace" if not one.ready else ""
    yield _found("KAITO", "ok" if one.ready else "error", message if one.ready else f"{message}: no pod is ready", fix)
    if wanted is None:
        return
    if wanted.release and wanted.release != one.release:
        fix = f"kaito-iac versions {one.release} {wanted.release}"
        yield _found("KAITO release", "warning", f"the cluster has {one.release}, the program installs {wanted.release}", fix)
    if wanted.provisioner and one.provisioner and wanted.provisioner != one.provisioner:
        message = f"the cluster has {one.provisioner}, the program is made for {wanted.provisioner}"
        yield _found(
            "provisioner", "warning", message, "name the provisioner in the program, or install KAITO with the other one"
        )
    lacking = sorted(name for name, on in wanted.gates.items() if on and not one.gates.get(name, False))
    if lacking and not brings:
        fix = f"featureGates of KAITO's chart: {', '.join(f'{name}=true' for name in lacking)}"
        yield _found("gates", "error", f"off in the cluster, needed by the program: {', '.join(lacking)}", fix)


def _installed(deployment: Thing) -> Installed:
    """Return how KAITO's operator was started."""
    containers = deployment.get("spec", {}).get("template", {}).get("spec", {}).get("containers") or [{}]
    words = [str(word) for word in containers[0].get("args") or ()]
    flags = dict(word.lstrip("-").split("=", 1) for word in words if "=" in word)
    gates = dict(pair.split("=", 1) for pair in flags.get("feature-gates", "").split(",") if "=" in pair)
    env = {str(one.get("name")): str(one.get("value", "")) for one in containers[0].get("env") or ()}
    return Installed(
        release=_tag(deployment) or "unknown",
        provisioner=flags.get("node-provisioner", ""),
        cloud=env.get("CLOUD_PROVIDER", ""),
        gates={name: value.lower() == "true" for name, value in gates.items()},
        ready=_is_ready(deployment),
    )


def _gpus(cluster: Cluster) -> Iterator[Finding]:
    """Yield GPUs that pods can have, and who hands them out."""
    nodes = list(cluster.items("/api/v1/nodes"))
    plugins = [one for one in cluster.items("/apis/apps/v1/daemonsets") if _is_device_plugin(one)]
    labelled = [one for one in nodes if one.get("metadata", {}).get("labels", {}).get("nvidia.com/gpu.present") == "true"]
    gpus = sum(_count(one) for one in nodes)
    if gpus:
        with_gpus = [one for one in nodes if _count(one)]
        yield _found("GPUs", "ok", f"{gpus} on {len(with_gpus)} of {len(nodes)} nodes")
    elif labelled:
        message = f"{len(labelled)} nodes have GPUs that no pod can have"
        fix = "install a device plugin: nvidiaDevicePlugin of KAITO's chart, or the GPU operator"
        yield _found("GPUs", "error", message, fix)
    else:
        yield _found("GPUs", "info", f"none on {len(nodes)} nodes; KAITO or a pool makes nodes with GPUs")
    if len(plugins) > 1:
        message = f"{len(plugins)} of them: {', '.join(sorted(f'{_space(one)}/{_name(one)}' for one in plugins))}"
        yield _found("device plugin", "warning", message, "keep one, and switch the others off")
    elif plugins:
        yield _found("device plugin", "ok", f"{_space(plugins[0])}/{_name(plugins[0])}")
    else:
        yield _found("device plugin", "info", "none; KAITO's chart brings one, unless nvidiaDevicePlugin is off")


def _classes(cluster: Cluster) -> Iterator[Finding]:
    """Yield the default storage class."""
    try:
        found = list(cluster.items("/apis/storage.k8s.io/v1/storageclasses"))
    except Absent:
        found = []
    marked = [_name(one) for one in found if one.get("metadata", {}).get("annotations", {}).get(DEFAULT_CLASS) == "true"]
    if len(marked) == 1:
        yield _found("storage class", "ok", f"{marked[0]} is the default")
    elif marked:
        yield _found("storage class", "warning", f"{len(marked)} defaults: {', '.join(sorted(marked))}", "keep one default")
    else:
        names = ", ".join(sorted(map(_name, found)))
        message = f"{f'none of {names} is the default' if names else 'none'}: claims that name no class stay Pending"
        yield _found("storage class", "warning", message, "mark one as the default, or name the class in the program")


def _count(node: Thing) -> int:
    written = str(node.get("status", {}).get("allocatable", {}).get(GPUS, "0"))
    return int(written) if written.isdigit() else 0


def _is_device_plugin(one: Thing) -> bool:
    containers = one.get("spec", {}).get("template", {}).get("spec", {}).get("containers") or []
    return any("k8s-device-plugin" in str(part.get("image", "")) for part in containers) and "mps" not in _name(one)


def _is_ready(deployment: Thing) -> bool:
    return int(deployment.get("status", {}).get("readyReplicas") or 0) > 0


def _tag(deployment: Thing) -> str:
    containers = deployment.get("spec", {}).get("template", {}).get("spec", {}).get("containers") or [{}]
    image = str(containers[0].get("image", "")).partition("@")[0]
    return image.rpartition("/")[2].partition(":")[2].removeprefix("v")


def _label(one: Thing) -> str:
    return str(one.get("metadata", {}).get("labels", {}).get("app.kubernetes.io/name", ""))


def _name(one: Thing) -> str:
    return str(one.get("metadata", {}).get("name", ""))


def _space(one: Thing) -> str:
    return str(one.get("metadata", {}).get("namespace", ""))
