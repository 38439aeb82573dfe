"""A checked namespace, and the manifests it stands for."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from kaito_iac.demand.demand import TEAM_LABEL
from kaito_iac.problem import Problem
from kaito_iac.resolve.object_metadata import object_metadata

GPU_QUOTA: Final = "requests.nvidia.com/gpu"
TOKEN_SECRET: Final = "hf-token"
PULL_SECRET: Final = "registry"
VAULT: Final = "vault-secrets"
HOLDER_IMAGE: Final = "mcr.microsoft.com/oss/kubernetes/pause:3.9"
"""Does nothing; a volume of the Secrets Store driver keeps its Secret only while a pod mounts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """An Azure Key Vault whose secrets become Secrets of the namespace."""

    name: Any
    tenant_id: Any
    client_id: Any
    secrets: Mapping[str, Mapping[str, str]]
    """Name of the Secret to its keys, each with the name it has in the vault."""

    def provider_class(self) -> dict[str, Any]:
        """Return the SecretProviderClass's spec."""
        wanted = sorted({name for keys in self.secrets.values() for name in keys.values()})
        objects = "".join(f"  - |\n    objectName: {name}\n    objectType: secret\n" for name in wanted)
        made = [
            {
                "secretName": secret,
                "type": "Opaque",
                "data": [{"objectName": name, "key": key} for key, name in sorted(keys.items())],
            }
            for secret, keys in sorted(self.secrets.items())
        ]
        parameters = {
            "usePodIdentity": "false",
            "keyvaultName": self.name,
            "tenantId": self.tenant_id,
            "clientID": self.client_id,
            "objects": f"array:\n{objects}",
        }
        return {"provider": "azure", "secretObjects": made, "parameters": parameters}

    def holder(self) -> dict[str, Any]:
        """Return the Deployment's spec of the pod that mounts the vault's secrets."""
        labels = {"app": VAULT, "azure.workload.identity/use": "true"}
        source = {"driver": "secrets-store.csi.k8s.io", "readOnly": True, "volumeAttributes": {"secretProviderClass": VAULT}}
        small = {"cpu": "10m", "memory": "16Mi"}
        container = {
            "name": "holder",
            "image": HOLDER_IMAGE,
            "resources": {"requests": small, "limits": small},
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            },
            "volumeMounts": [{"name": "vault", "mountPath": "/vault", "readOnly": True}],
        }
        pod = {
            "serviceAccountName": VAULT,
            "nodeSelector": {"kubernetes.io/os": "linux"},
            "containers": [container],
            "volumes": [{"name": "vault", "csi": source}],
        }
        return {
            "replicas": 1,
            "selector": {"matchLabels": {"app": VAULT}},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceSpec:
    """A checked namespace."""

    object_name: str
    team: str | None
    gpus: int | None
    """GPUs that its pods may request together; None: no limit."""
    quota: Mapping[str, Any]
    isolated: bool
    allow_from: tuple[Any, ...]
    token: Any
    """Token of Hugging Face, an Output; None: none."""
    registry: Mapping[str, Any] | None
    """server, username, password."""
    vault: Vault | None
    labels: Mapping[str, Any]
    problems: tuple[Problem, ...]

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the component; no secret is in it."""
        return {
            "name": self.object_name,
            "team": self.team,
            "gpus": self.gpus,
            "isolated": self.isolated,
            "allowFrom": list(self.allow_from),
            "secrets": self.secret_names(),
        }

    def secret_names(self) -> list[str]:
        """Return the names of all Secrets it makes."""
        own = [TOKEN_SECRET] * (self.token is not None) + [PULL_SECRET] * (self.registry is not None)
        return [*own, *sorted(self.vault.secrets if self.vault else ())]

    def namespace_metadata(self) -> dict[str, Any]:
        """Return the metadata of the Namespace."""
        team = {TEAM_LABEL: self.team} if self.team else {}
        return {"name": self.object_name, "labels": {**team, **self.labels}, "annotations": {}}

    def metadata(self, name: str, annotations: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the metadata of an object in it."""
        return object_metadata(name, self.object_name, self.labels, annotations or {})

    def hard(self) -> dict[str, Any]:
        """Return what the ResourceQuota bounds; empty: nothing."""
        gpus = {GPU_QUOTA: str(self.gpus)} if self.gpus is not None else {}
        return {**gpus, **self.quota}

    def policy(self) -> dict[str, Any]:
        """Return the NetworkPolicy's spec: pods of the namespace and of those named may call, no others."""
        others = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}} for name in self.allow_from]
        return {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"from": [{"podSelector": {}}, *others]}]}

    def pull_secret(self) -> dict[str, Any]:
        """Return the data of the pull Secret, as Docker writes it."""
        known = pulumi.Output.all(**dict(self.registry or {}))
        return {".dockerconfigjson": known.apply(_docker_config)}


def _docker_config(registry: Mapping[str, str]) -> str:
    user, password = registry["username"], registry["password"]
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    return json.dumps({"auths": {registry["server"]: {"username": user, "password": password, "auth": auth}}})
