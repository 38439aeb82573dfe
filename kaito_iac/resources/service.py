"""Kubernetes' Service."""

from __future__ import annotations

from kaito_iac.resources.spec_object import SpecObject


class Service(SpecObject):
    """An address in the cluster, here for all replicas of an InferenceSet.

    spec: type, selector, ports.
    """

    served_as = ("v1", "Service")
