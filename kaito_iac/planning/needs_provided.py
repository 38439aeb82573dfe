"""What the objects of a program bring into a cluster, and which of them could bring what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from kaito_iac.catalog.cluster_part import AKS_STORAGE, BLOB_STORAGE, KNOWN_CHARTS, PARTS, part_of
from kaito_iac.demand.aks import agent_pools
from kaito_iac.demand.objects import namespace_of
from kaito_iac.planning.needs_clusters import ClusterView
from kaito_iac.planning.needs_uses import CLUSTER_WIDE, MIXED, Use, group_and_kind
from kaito_iac.problem import Unknown
from kaito_iac.rules.chart import CHART, chart_name
from kaito_iac.stack.reading import field, mapping
from kaito_iac.stack.resource import Resource, reveal

_GIVERS: Final = (
    (r".*[.]toolkit[.]fluxcd[.]io", "Flux"),
    (r"argoproj[.]io", "Argo"),
    (r"(.*[.])?external-secrets[.]io", "External Secrets"),
)
"""Groups whose controllers make objects that no program shows."""
_BROAD: Final = re.compile(
    r"kubernetes:(yaml(/v2)?:(ConfigFile|ConfigGroup)|kustomize(/v2)?:Directory)"
    r"|azure-native:kubernetesconfiguration.*|aws:eks/addon:Addon|eks:index:Addon|command:.*|pulumi-nodejs:dynamic.*"
    r"|pulumi-python:dynamic.*"
)
"""Types that may put anything into a cluster."""
_SAME: Final = frozenset(
    {"Secret", "ConfigMap", "PersistentVolumeClaim", "ServiceAccount", "Namespace", "StorageClass", "GatewayClass"}
    | {"IngressClass", "PriorityClass", "RuntimeClass", "Role", "ClusterRole", "SecretProviderClass", "Service"}
)
"""Kinds that are needed as what they are."""
_ALWAYS: Final = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})

Things = set[tuple[str, str, str]]
"""Kind, namespace and name."""


class Provided:
    """What is in a cluster by this program."""

    def __init__(self, view: ClusterView, resources: list[Resource]) -> None:
        self.view = view
        self.resources = resources
        self.things: Things = set()
        self.data: dict[tuple[str, str, str], frozenset[str]] = {}
        self.nameless: set[str] = set()
        """Kinds of which something is made whose name is not known yet."""
        self.named_later: list[tuple[str, str]] = []
        """Kind and resource of what the engine names: after the resource, with eight digits of its own."""
        self.charts: dict[str, Resource] = {}
        self.kinds: set[tuple[str, str]] = set()
        self.maybe: list[str] = []
        """What could bring things that cannot be read."""
        for one in view.objects:
            self._object(one)
        self.maybe += [one.name for one in resources if _BROAD.fullmatch(one.type) or one.remote]
        self.roles = {
            str(field(one.inputs, "name")) for one in resources if one.type in ("aws:iam/role:Role", "aws-native:iam:Role")
        }

    def _object(self, found: Resource) -> None:
        if re.fullmatch(CHART, found.type):
            self._chart(found)
            return
        group, kind = group_and_kind(found)
        if kind == "CustomResourceDefinition":
            names = (field(found.inputs, "spec", "group"), field(found.inputs, "spec", "names", "kind"))
            self.kinds.add((str(names[0]), str(names[1])))
        self.maybe += [found.name for pattern, _ in _GIVERS if re.fullmatch(pattern, group)]
        place = namespace_of(found) or "default"
        for need, name in _gives(group, kind, found.inputs):
            if name is None and need == kind and field(found.inputs, "metadata", "generateName") is None:
                self.named_later.append((kind, found.name))
                continue
            if not isinstance(name, str) or not (isinstance(place, str) or need in CLUSTER_WIDE):
                self.nameless.add(need)
                continue
            key = (need, "" if need in CLUSTER_WIDE else str(place), name)
            self.things.add(key)
            if need == kind:
                self.data[key] = _keys(found.inputs)

    def _chart(self, found: Resource) -> None:
        name = chart_name(found)
        place = field(found.inputs, "namespace")
        if field(found.inputs, "createNamespace") is True and isinstance(place, str):
            self.things.add(("Namespace", "", place))
        if isinstance(name, Unknown) or name not in KNOWN_CHARTS:
            self.maybe.append(found.name)
        else:
            self.charts[name] = found

    def has(self, use: Use) -> bool:
        """Return whether what is used is made by the program, or comes with Kubernetes."""
        key = (use.kind, use.namespace, use.name)
        if key in self.things:
            there = self.data.get(key)
            return not there or not use.keys or set(use.keys) <= there
        later = (name for kind, name in self.named_later if kind == use.kind)
        made = any(re.fullmatch(rf"{re.escape(name)}-[0-9a-f]{{8}}", use.name) for name in later)
        return made or use.kind in self.nameless or self._otherwise(use)

    def _otherwise(self, use: Use) -> bool:
        check: Mapping[str, Callable[[str], bool]] = {
            "Namespace": lambda name: name in _ALWAYS,
            "StorageClass": self._storage,
            "GatewayClass": lambda name: self._class(f"GatewayClass/{name}"),
            "IamRole": lambda name: name in self.roles,
            "FeatureGate": self._gate,
            "Software": self._software,
            "Service": lambda name: bool({"productionstack", "production-stack"} & set(self.charts)),
        }
        return check[use.kind](use.name) if use.kind in check else False

    def _storage(self, name: str) -> bool:
        if not self.view.managed:
            return False
        blob = field(self.view.managed, "storageProfile", "blobCSIDriver", "enabled") is True
        return name in AKS_STORAGE or (blob and name in BLOB_STORAGE)

    def _class(self, name: str) -> bool:
        return any(name in part.classes and self._part(part.charts, part.addon) for part in PARTS)

    def _part(self, charts: tuple[str, ...], addon: str) -> bool:
        return bool(set(charts) & set(self.charts)) or bool(addon and self.view.switched_on(addon))

    def _gate(self, name: str) -> bool:
        """Return whether an operator of the program has a gate on; what it has off is judged by its own rule."""
        return "workspace" in self.charts

    def _software(self, name: str) -> bool:
        if name == MIXED:
            plugins = [chart for key, chart in self.charts.items() if key in ("gpu-operator", "nvidia-device-plugin")]
            return any("mixed" in repr(field(chart.inputs, "values")) for chart in plugins) or self._mixed_pool()
        part = next((part for part in PARTS if part.title == name), None)
        return name in self.charts or (part is not None and self._part(part.charts, part.addon))

    def _mixed_pool(self) -> bool:
        """Return whether AKS manages the GPUs of a pool with this strategy (preview versions of its API)."""
        pools = (pool for one in self.resources for _, pool in agent_pools(one) if isinstance(pool, Mapping))
        return any(
            str(field(pool, "gpuProfile", "nvidia", "managementMode")).lower() == "managed"
            and str(field(pool, "gpuProfile", "nvidia", "migStrategy")).lower() == "mixed"
            for pool in pools
        )

    def serves(self, group: str, kind: str) -> bool:
        """Return whether the program brings a kind: by its definition, a chart, or an add-on of the cluster."""
        if (group, kind) in self.kinds:
            return True
        part = part_of(group, kind)
        if part is None:
            return False
        by_addon = not part.addon_kinds or kind in part.addon_kinds
        return bool(set(part.charts) & set(self.charts)) or (by_addon and self.view.switched_on(part.addon))


def _gives(group: str, kind: str, inputs: Any) -> Iterator[tuple[str, Any]]:
    """Return kind and name of what an object is, or makes a controller create."""
    name = field(inputs, "metadata", "name")
    if kind in _SAME:
        yield kind, name
    if kind == "SecretProviderClass":
        made = field(inputs, "spec", "secretObjects")
        for one in made if isinstance(made, list | tuple) else ():
            yield "Secret", field(one, "secretName")
    elif kind == "ExternalSecret":
        yield "Secret", field(inputs, "spec", "target", "name") or name
    elif kind == "SealedSecret":
        yield "Secret", name
    elif kind == "Certificate" and group == "cert-manager.io":
        yield "Secret", field(inputs, "spec", "secretName")
    elif kind == "APIKey":
        yield "Secret", "llm-api-key"


def _keys(inputs: Any) -> frozenset[str]:
    """Return the keys of a Secret or ConfigMap; none where they are not known."""
    parts = [reveal(field(inputs, key)) for key in ("data", "stringData", "binaryData")]
    if any(isinstance(part, Unknown | str) for part in parts):
        return frozenset()
    return frozenset(str(key) for part in parts for key in mapping(part))
