"""The installation of KAITO that a folder of manifests is for, as annotations of its Kustomization."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from kaito_iac.admission.verdict import GATES, PROVISIONERS, Environment

PROVISIONER: Final = "kaito-iac/provisioner"
CLOUD: Final = "kaito-iac/cloud"
GATE_LIST: Final = "kaito-iac/feature-gates"
"""Keys of the annotations: nodeProvisioner and cloudProviderName of KAITO's chart, and gates as `NAME=true,NAME=false`."""


def installation(kustomization: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a Kustomization says of the installation, as fields of an environment; what it does not say is left out."""
    metadata = kustomization.get("metadata")
    found = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    if not isinstance(found, Mapping):
        return {}
    stated: dict[str, Any] = {}
    if found.get(PROVISIONER) in PROVISIONERS:
        stated["provisioner"] = found[PROVISIONER]
    if isinstance(found.get(CLOUD), str):
        stated["cloud"] = found[CLOUD]
    pairs = [pair.partition("=") for pair in str(found.get(GATE_LIST) or "").split(",")]
    gates = {name.strip(): value.strip() == "true" for name, _, value in pairs if name.strip() in GATES}
    return {**stated, "feature_gates": gates} if gates else stated


def environment_of(env: Environment, stated: Mapping[str, Any], given: frozenset[str]) -> Environment:
    """Return an environment with what a folder says of its installation, but for what was given on the command line."""
    fields = {key: value for key, value in stated.items() if key not in given}
    if "feature_gates" in fields:
        fields["feature_gates"] = {**fields["feature_gates"], **env.feature_gates}
    return replace(env, **fields) if fields else env
