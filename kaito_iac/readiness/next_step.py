"""The command to type next for a cause: where its evidence is read in full, or where it is ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Final

_ABOUT: Final = re.compile(r"(\w+)/([^,\s]+)(?:, container (\S+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a finding was made."""

    kind: str
    name: str
    container: str
    namespace: str
    """Namespace of the workload."""
    size: str
    """VM size that is asked for; empty where none is."""
    model: str
    flags: str
    """Options that lead kubectl to the same cluster, each with a blank before it."""


def place(about: str, namespace: str, *, size: str = "", model: str = "", flags: str = "") -> Place:
    """Read the object of a finding."""
    found = _ABOUT.match(about)
    kind, name, container = found.groups() if found else ("", "", None)
    return Place(kind=kind, name=name, container=container or "", namespace=namespace, size=size, model=model, flags=flags)


def _describe(at: Place) -> str:
    if at.kind in ("AgentPool", ""):
        return f"kubectl{at.flags} get nodes --show-labels"
    where = "" if at.kind in ("Node", "NodeClaim", "NodePool", "ModelMirror") else f" -n {quote(at.namespace)}"
    return f"kubectl{at.flags} describe {at.kind.lower()} {quote(at.name)}{where}"


def _logs(at: Place) -> str:
    if at.kind != "Pod":
        return _describe(at)
    container = f" -c {quote(at.container)}" if at.container else ""
    return f"kubectl{at.flags} logs -n {quote(at.namespace)} {quote(at.name)}{container} --previous"


def _fit(at: Place) -> str:
    return f"kaito-iac fit {quote(at.model)}" if at.model else _logs(at)


def _quota(at: Place) -> str:
    if at.kind in ("Workspace", "Pod", "ReplicaSet", "StatefulSet", "Deployment", "Job", "InferenceSet", "RAGEngine"):
        return f"kubectl{at.flags} describe resourcequota -n {quote(at.namespace)}"
    if at.size and not at.size.startswith("Standard_"):
        return "aws service-quotas list-service-quotas --service-code ec2"
    return "az vm list-usage --location REGION --output table"


def _offered(at: Place) -> str:
    size = at.size or "SIZE"
    if at.size and not at.size.startswith("Standard_"):
        of_size = f"--filters Name=instance-type,Values={quote(size)}"
        return f"aws ec2 describe-instance-type-offerings --location-type availability-zone {of_size}"
    return f"az vm list-skus --location REGION --size {quote(size)} --all --output table"


def _provisioner(at: Place) -> str:
    return f"kubectl{at.flags} get deployments,pods -A -l 'app.kubernetes.io/name in (gpu-provisioner,karpenter)'"


def _operator(at: Place) -> str:
    chart = "ragengine" if at.kind == "RAGEngine" else "workspace"
    return f"kubectl{at.flags} get deployments,pods -A -l app.kubernetes.io/name={chart}"


def _gpus(at: Place) -> str:
    return f"kubectl{at.flags} get pods -A -o wide | grep -i -e nvidia -e device-plugin"


def _nodes(at: Place) -> str:
    return f"kubectl{at.flags} get nodes --show-labels"


def _taints(at: Place) -> str:
    return f"kubectl{at.flags} get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints"


def _kinds(at: Place) -> str:
    return f"kubectl{at.flags} get crd | grep -e kaito.sh -e karpenter"


def _everything(at: Place) -> str:
    return f"kubectl{at.flags} get workspaces,inferencesets,ragengines -A"


_STEPS: Final[Mapping[str, Callable[[Place], str]]] = {
    "quota": _quota,
    "not-offered": _offered,
    "capacity": _fit,
    "churn": _provisioner,
    "token": _logs,
    "taint": _taints,
    "selector": _nodes,
    "gpu": _gpus,
    "crash": _logs,
    "gpu-memory": _fit,
    "argument": _logs,
    "operator": _operator,
    "webhook": _operator,
    "crd": _kinds,
    "provisioner": _provisioner,
    "benchmark": _describe,
    "dataset": _logs,
    "gone": _everything,
}
"""Cause to the step; of every other cause the object is described."""


def next_step(cause: str, at: Place) -> str:
    """Return the command to type next."""
    return _STEPS.get(cause, _describe)(at)
