"""KAITO's ModelMirror, kaito.sh/v1alpha1, cluster scoped."""

from __future__ import annotations

from kaito_iac.resources.spec_object import SpecObject


class ModelMirror(SpecObject):
    """A copy of a model's weights inside the cluster; needs the gate ModelMirror.

    spec: mode, source, storage, jobNamespace, serviceAccountName; immutable as a whole.
    """

    served_as = ("kaito.sh/v1alpha1", "ModelMirror")
    immutable = ("spec",)
