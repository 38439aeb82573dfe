"""What is taken as an operator, a pool or a cluster of the same program: whatever hands on what these components do."""

from typing import Protocol

import pulumi


class OperatorLike(Protocol):
    """A KaitoOperator."""

    @property
    def feature_gates(self) -> pulumi.Output[dict[str, bool]]:
        """Return every gate of the release."""


class NodePoolLike(Protocol):
    """A GpuNodePool."""

    @property
    def gpus_per_node(self) -> pulumi.Output[int]:
        """Return the GPUs of one node."""


class ClusterLike(Protocol):
    """A KaitoCluster."""

    @property
    def oidc_issuer_url(self) -> pulumi.Output[str]:
        """Return the address of the OIDC issuer."""
