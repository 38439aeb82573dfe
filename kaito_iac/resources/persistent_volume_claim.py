"""Kubernetes' PersistentVolumeClaim."""

from __future__ import annotations

from kaito_iac.resources.spec_object import SpecObject


class PersistentVolumeClaim(SpecObject):
    """A claim to a volume, here for the indexes of a RAGEngine.

    spec: accessModes, resources, storageClassName.
    """

    served_as = ("v1", "PersistentVolumeClaim")
