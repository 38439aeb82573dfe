"""KAITO's InferenceSet, kaito.sh/v1beta1."""

from __future__ import annotations

from kaito_iac.resources.spec_object import SpecObject


class InferenceSet(SpecObject):
    """Replicas of one served model; every replica is a Workspace of its own.

    spec: template, replicas, labelSelector, updateStrategy, autoUpgrade.
    """

    served_as = ("kaito.sh/v1beta1", "InferenceSet")
