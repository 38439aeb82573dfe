"""KAITO's MultiRoleInference, kaito.sh/v1alpha1."""

from __future__ import annotations

from kaito_iac.resources.spec_object import SpecObject


class MultiRoleInference(SpecObject):
    """One model served by prefill and decode roles; needs the gate enableMultiRoleInferenceController.

    spec: labelSelector, model, roles, eppPluginsConfig.
    """

    served_as = ("kaito.sh/v1alpha1", "MultiRoleInference")
