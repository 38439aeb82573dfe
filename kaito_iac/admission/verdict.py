"""What a judgement needs to know of its surroundings, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kaito_iac.catalog.judged_release import judged_release, numbers
from kaito_iac.catalog.load import DEFAULT_VERSION, versions
from kaito_iac.problem import Problem

PROVISIONERS: Final = versions()[DEFAULT_VERSION].provisioners
"""What `nodeProvisioner` of KAITO's chart takes."""

GATES: Final = versions()[DEFAULT_VERSION].feature_gates
"""Feature gate to default."""

AZURE: Final = PROVISIONERS[0]
"""The provisioner KAITO is installed with unless set otherwise."""

AZURE_NODE_CLASSES: Final = ("image-family-azure-linux", "image-family-ubuntu")
"""NodeClasses that KAITO's chart creates on Azure with Karpenter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Objects that are there; `complete` says that there are no others."""

    config_maps: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    """(namespace, name) to data."""
    nodes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Name to labels."""
    storage_classes: frozenset[str] = frozenset()
    csi_drivers: frozenset[str] = frozenset()
    complete: bool = False
    """False: what is not listed may be there all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """How KAITO is installed, and what is known of the cluster."""

    cloud: str = "azure"
    """`cloudProviderName` of KAITO's chart."""
    provisioner: str = AZURE
    """`nodeProvisioner` of KAITO's chart."""
    feature_gates: Mapping[str, bool] = field(default_factory=dict)
    """Gates that differ from their default."""
    node_classes: tuple[str, ...] | None = None
    """NodeClasses that Karpenter may use; None: those of the chart on Azure, unknown elsewhere."""
    namespace: str = "default"
    """Namespace of objects that name none."""
    release_namespace: str = "kaito-workspace"
    """Namespace of the operator of workspaces."""
    rag_release_namespace: str = "kaito-ragengine"
    """Namespace of the operator of RAG engines."""
    version: str = DEFAULT_VERSION
    """Release of KAITO that runs."""
    cluster: Cluster = field(default_factory=Cluster)
    unasked: frozenset[str] = frozenset()
    """Names of rules that are left out by the caller."""

    @property
    def newer(self) -> bool:
        """Return whether KAITO is newer than the newest release whose CRDs are held."""
        return numbers(self.version) > numbers(DEFAULT_VERSION)

    @property
    def byo(self) -> bool:
        """Return whether nodes are brought, not provisioned."""
        return self.provisioner == "byo"

    def gate(self, name: str) -> bool:
        """Return whether a feature gate is on."""
        return self.feature_gates.get(name, versions()[judged_release()].feature_gates.get(name, False))

    def allowed_node_classes(self) -> tuple[str, ...] | None:
        """Return the NodeClasses that may be named; None: not known."""
        if self.node_classes is not None:
            return self.node_classes
        return AZURE_NODE_CLASSES if self.cloud == "azure" else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether KAITO 0.12 accepts a manifest, with every finding about it."""

    accepted: bool
    """False: the API server or KAITO's webhook refuses it."""
    problems: tuple[Problem, ...]
    """Errors say why it is refused; warnings and infos are about what is admitted, or could not be seen."""
    rules: tuple[str, ...] = ()
    """The rule that found each problem."""
