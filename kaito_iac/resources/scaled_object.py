"""KEDA's ScaledObject."""

from __future__ import annotations

from kaito_iac.resources.spec_object import SpecObject


class ScaledObject(SpecObject):
    """What KEDA scales and by what, here the replicas of an InferenceSet by the time of day.

    spec: scaleTargetRef, minReplicaCount, maxReplicaCount, triggers.
    """

    served_as = ("keda.sh/v1alpha1", "ScaledObject")
