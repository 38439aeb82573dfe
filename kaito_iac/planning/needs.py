"""What a program needs in its clusters and does not make: kinds, gates, Secrets, ConfigMaps, claims, classes, roles, software."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.catalog.cluster_part import GPU_OPERATOR, crd_name, of_kubernetes, part_of
from kaito_iac.demand.objects import namespace_of
from kaito_iac.planning.needs_clusters import ClusterView, cluster_views
from kaito_iac.planning.needs_provided import Provided
from kaito_iac.planning.needs_uses import Use, group_and_kind, uses
from kaito_iac.problem import Problem, Severity
from kaito_iac.rules.chart import chart_name, value
from kaito_iac.stack.resource import Resource

_NO_OBJECTS: Final = ("helm.sh", "yaml", "kustomize", "index")
_ORDER: Final = (
    *("CustomResourceDefinition", "FeatureGate", "Software", "Service", "Namespace", "Secret", "ConfigMap"),
    *("PersistentVolumeClaim", "SecretProviderClass", "StorageClass", "GatewayClass", "IngressClass", "PriorityClass"),
    *("RuntimeClass", "ServiceAccount", "Role", "ClusterRole", "IamRole"),
)
"""Kinds in the order they are listed: what everything hangs on first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that has to be in a cluster, and that the program does not make."""

    kind: str
    """Kind of a Kubernetes object; FeatureGate of KAITO's chart, Software, or IamRole of AWS."""
    name: str
    namespace: str
    """Empty for what is in no namespace."""
    keys: tuple[str, ...]
    """Keys that a Secret or ConfigMap must have."""
    provided_by: str
    """What brings it, where that is on record; empty where it is the user's own."""
    used_by: tuple[str, ...]
    """Logical names of what uses it: a component of this package, else the resource."""
    cluster: str
    """Name of the Kubernetes provider; empty for the default one."""
    severity: Severity
    """error: the cluster is made by this program, and nothing in it could bring this."""
    why: str
    """What could bring it, of a cluster that the program makes; empty otherwise."""

    @property
    def label(self) -> str:
        """Return it on one line, such as `Secret default/hf-token (key HF_TOKEN)`."""
        place = f"{self.namespace}/" if self.namespace else ""
        keys = f" ({'key' if len(self.keys) == 1 else 'keys'} {', '.join(self.keys)})" if self.keys else ""
        kind = "CRD" if self.kind == "CustomResourceDefinition" else self.kind
        return f"{kind} {place}{self.name}{keys}"

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "kind": self.kind,
            "name": self.name,
            "namespace": self.namespace or None,
            "keys": list(self.keys),
            "providedBy": self.provided_by or None,
            "usedBy": list(self.used_by),
            "cluster": self.cluster or None,
            "severity": self.severity,
        }


def needs(resources: Sequence[Resource]) -> tuple[Need, ...]:
    """Return what the objects of a program use and the program does not make, for every cluster that they go to.

    Optional references, and names that are not known before the update, are left out.
    """
    listed = list(resources)
    found = [need for view in cluster_views(listed) for need in _of_cluster(view, listed)]
    return tuple(sorted(found, key=_order))


def _order(need: Need) -> tuple[str, int, str, str]:
    return need.cluster, _ORDER.index(need.kind) if need.kind in _ORDER else len(_ORDER), need.namespace, need.name


def _of_cluster(view: ClusterView, resources: list[Resource]) -> Iterator[Need]:
    provided = Provided(view, resources)
    components = {one.urn: one.name for one in resources if one.type.startswith("kaito-iac:index:")}
    asked: dict[tuple[str, str, str], list[tuple[Resource, Use]]] = {}
    for one in view.objects:
        for use in _asked(one, provided):
            asked.setdefault((use.kind, use.namespace, use.name), []).append((one, use))
    brought = "" if view.made is None else ", ".join(dict.fromkeys(provided.maybe))
    severity: Severity = "error" if view.made is not None and not brought else "warning"
    for (kind, namespace, name), users in asked.items():
        yield Need(
            kind=kind,
            name=name,
            namespace=namespace,
            keys=tuple(sorted({key for _, use in users for key in use.keys})),
            provided_by=_bringer(users[0][1]),
            used_by=tuple(sorted({components.get(one.parent or "", one.name) for one, _ in users})),
            cluster=view.name,
            severity=severity,
            why=brought,
        )


def _asked(found: Resource, provided: Provided) -> Iterator[Use]:
    """Return what one object needs and the program does not bring."""
    group, kind = group_and_kind(found)
    if group == "helm.sh":
        yield from (use for use in _of_chart(found) if not provided.has(use))
    if group in _NO_OBJECTS or found.read:
        return
    if not of_kubernetes(group) and not provided.serves(group, kind.removesuffix("Patch")):
        part = part_of(group, kind.removesuffix("Patch"))
        name = crd_name(group, kind.removesuffix("Patch"))
        yield Use(kind="CustomResourceDefinition", name=name, source=part.title if part else "")
    place = namespace_of(found)
    if isinstance(place, str):
        named = Use(kind="Namespace", name=place)
        yield from [] if _cluster_wide(group, kind) or provided.has(named) else [named]
    yield from (use for use in uses(found, place if isinstance(place, str) else "default") if not provided.has(use))


def _of_chart(found: Resource) -> Iterator[Use]:
    """Return what a chart leaves to others: KAITO's without its device plugin and feature discovery needs the GPU operator."""
    if chart_name(found) == "workspace":
        off = (value(found, "nvidiaDevicePlugin", "enabled"), value(found, "gpu-feature-discovery", "gfd", "enabled"))
        yield from [Use(kind="Software", name=GPU_OPERATOR)] if off == (False, False) else []


_WIDE: Final = frozenset(
    {"Namespace", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "StorageClass", "PersistentVolume", "Node"}
    | {"PriorityClass", "IngressClass", "RuntimeClass", "GatewayClass", "ModelMirror", "NodePool", "AKSNodeClass"}
    | {"EC2NodeClass", "NodeClass", "ClusterSecretStore", "ClusterIssuer", "ClusterPolicy", "APIService"}
    | {"ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "CSIDriver", "VolumeSnapshotClass"}
)


def _cluster_wide(group: str, kind: str) -> bool:
    return kind in _WIDE or kind.startswith("Cluster")


def _bringer(use: Use) -> str:
    """Return what brings a kind or a gate into a cluster."""
    known = {"FeatureGate": "KAITO's chart (feature_gates of KaitoOperator)", "IamRole": "AWS IAM"}
    return use.source or known.get(use.kind, "")


def need_problems(found: Sequence[Need]) -> Iterator[Problem]:
    """Report what is missing in clusters that the program makes: an error where nothing could bring it, else a warning."""
    for need in found:
        if need.severity == "warning" and not need.why:
            continue
        user = need.used_by[0]
        message = f"needs {need.label}, which nothing in the program makes"
        maybe = f"; {need.why} could" if need.why else ""
        fix = f"install {need.provided_by}" if need.provided_by else f"make the {need.kind}, or install what makes it"
        accepted = f"it in the cluster that the program makes{maybe}"
        yield Problem("KO415", user, message, accepted, fix, need.severity)
