"""The Karpenter objects of a pool: a NodePool, and the NodeClass that says what its nodes are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kaito_iac.catalog.label import WAIT_FOR

NODES: Final = "kaito-iac/nodes"
"""Annotation with what no node can change: another value replaces the NodePool, and so its nodes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KarpenterNodes:
    """Input for Karpenter about a pool."""

    group: str
    """API group of the NodeClass: karpenter.azure.com or karpenter.k8s.aws."""
    kind: str
    """AKSNodeClass or EC2NodeClass."""
    object_name: str
    """Name of the NodePool."""
    class_name: str
    """Name of the NodeClass."""
    class_spec: Mapping[str, Any] | None
    """None: the NodeClass is there already."""
    requirements: tuple[Mapping[str, Any], ...] = ()
    labels: Mapping[str, Any] = field(default_factory=dict)
    taint: str = ""
    """`key=value:Effect`, or nothing."""
    replicas: int | None = None
    """Nodes that are kept, whatever runs; None: nodes come and go with pods."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """Most of what the pool may have."""
    replace_drifted: int = 0
    """Nodes that Karpenter may replace at a time when their NodeClass or image changed."""
    empty_after: str = "Never"
    """How long a node stays without pods; `Never` with replicas."""
    expire_after: str = "Never"
    """Age at which a node is replaced, whatever runs on it; `Never` for none."""
    wait: bool = True
    """Whether to wait for the nodes."""

    def metadata(self) -> dict[str, Any]:
        """Return the metadata of the NodePool; with replicas it is waited for until all nodes are there."""
        wanted = [str(value) for requirement in self.requirements for value in requirement["values"]]
        annotations = {NODES: ", ".join([*wanted, "kept" if self.replicas is not None else "as pods need them"])}
        if self.wait and self.replicas:
            annotations[WAIT_FOR] = f"jsonpath={{.status.nodes}}={self.replicas}"
        return {"name": self.object_name, "annotations": annotations}

    def node_pool(self) -> dict[str, Any]:
        """Return the spec of the NodePool."""
        key, _, rest = self.taint.partition("=")
        value, _, effect = rest.partition(":")
        node = {
            "nodeClassRef": {"group": self.group, "kind": self.kind, "name": self.class_name},
            "requirements": [dict(requirement) for requirement in self.requirements],
            "expireAfter": self.expire_after,
            **({"taints": [{"key": key, "value": value, "effect": effect}]} if self.taint else {}),
        }
        return {
            **({} if self.replicas is None else {"replicas": self.replicas}),
            "limits": dict(self.limits),
            "template": {"metadata": {"labels": dict(self.labels)}, "spec": node},
            "disruption": {
                "consolidationPolicy": "WhenEmpty",
                "consolidateAfter": self.empty_after,
                "budgets": [{"nodes": str(self.replace_drifted), "reasons": ["Drifted"]}],
            },
        }
