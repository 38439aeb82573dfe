"""What a program needs in its cluster, looked for there; of Secrets the names of the keys are looked at, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kaito_iac.doctor.finding import Finding, State
from kaito_iac.doctor.program import Wanted, needs_of
from kaito_iac.planning.needs import Need
from kaito_iac.readiness.cluster import Absent, Cluster, ClusterError

LISTS: Final = {
    "Namespace": "/api/v1/namespaces",
    "Secret": "/api/v1/namespaces/{}/secrets",
    "ConfigMap": "/api/v1/namespaces/{}/configmaps",
    "PersistentVolumeClaim": "/api/v1/namespaces/{}/persistentvolumeclaims",
    "Service": "/api/v1/namespaces/{}/services",
    "ServiceAccount": "/api/v1/namespaces/{}/serviceaccounts",
    "Role": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles",
    "ClusterRole": "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    "StorageClass": "/apis/storage.k8s.io/v1/storageclasses",
    "IngressClass": "/apis/networking.k8s.io/v1/ingressclasses",
    "GatewayClass": "/apis/gateway.networking.k8s.io/v1/gatewayclasses",
    "PriorityClass": "/apis/scheduling.k8s.io/v1/priorityclasses",
    "RuntimeClass": "/apis/node.k8s.io/v1/runtimeclasses",
    "CustomResourceDefinition": "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
}
"""Kind to the address of a list of it, by which one object is asked for."""


def needed(cluster: Cluster, wanted: Wanted, gates: Mapping[str, bool] | None) -> Iterator[Finding]:
    """Report each need of the program as there, missing, or not seen."""
    for need in needs_of(wanted):
        try:
            state, message = _looked(cluster, need, gates)
        except ClusterError as error:
            state, message = "info", f"cannot be seen: {error}"
        fix = "" if state == "ok" else _fix(need)
        yield Finding(
            area="cluster", subject=need.label, state=state, found=f"{message}; for {', '.join(need.used_by[:3])}", fix=fix
        )


def _fix(need: Need) -> str:
    return f"install {need.provided_by}" if need.provided_by else f"make the {need.kind}"


def _looked(cluster: Cluster, need: Need, gates: Mapping[str, bool] | None) -> tuple[State, str]:
    if need.kind == "FeatureGate":
        if gates is None:
            return "info", "not seen: KAITO is not installed"
        return ("ok", "on") if gates.get(need.name) else ("error", "off")
    path = LISTS.get(need.kind)
    if path is None:
        return "info", "cannot be seen from here"
    try:
        found = cluster.read(path.format(need.namespace), [("fieldSelector", f"metadata.name={need.name}")]).get("items")
    except Absent:
        found = []
    names = [one for one in found or () if one.get("metadata", {}).get("name") == need.name]
    if not names:
        return "error", "missing"
    have = {*(names[0].get("data") or {}), *(names[0].get("binaryData") or {})}
    lacking = [key for key in need.keys if key not in have] if need.kind in ("Secret", "ConfigMap") else []
    return ("error", f"there, without {', '.join(lacking)}") if lacking else ("ok", "there")
