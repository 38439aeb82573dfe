"""Arguments of a team's namespace."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi


class RegistryArgs(TypedDict):
    """Credentials of an image registry."""

    server: pulumi.Input[str]
    """Host name of the registry."""
    username: pulumi.Input[str]
    """User."""
    password: pulumi.Output[str]
    """Password, a secret."""


class KeyVaultArgs(TypedDict):
    """Azure Key Vault from which secrets are read."""

    name: pulumi.Input[str]
    """Name of the vault."""
    tenant_id: pulumi.Input[str]
    """Tenant of the vault."""
    client_id: pulumi.Input[str]
    """Client id of the identity that may read it."""
    secrets: Mapping[str, Mapping[str, str]]
    """Secret to its keys, each with its name in the vault."""


class KaitoNamespaceArgs(TypedDict):
    """Arguments of a KaitoNamespace.

    Keys: name, team, gpus, quota, isolated, allow_from, hugging_face_token, registry, key_vault, labels.
    """

    name: NotRequired[str]
    """Name of the namespace. Default: the component's name."""
    team: NotRequired[str]
    """Team of the namespace, its label `team`: plans and budgets count its workloads for this team. Default: none."""
    gpus: NotRequired[int]
    """GPUs that its pods may request together. KAITO creates nodes anyway; a plan reports the excess. Default: no limit."""
    quota: NotRequired[Mapping[str, pulumi.Input[Any]]]
    """Further limits of its ResourceQuota, as Kubernetes writes them. Default: none."""
    isolated: NotRequired[bool]
    """Allow only the namespace itself and allow_from to call its pods. Default: true."""
    allow_from: NotRequired[list[pulumi.Input[str]]]
    """Namespaces whose pods may call: of the gateway, of Prometheus, of KEDA, of applications. Default: none."""
    hugging_face_token: NotRequired[pulumi.Input[str]]
    """Token of Hugging Face, a secret of the configuration; it is stored in the Secret hf-token. Default: none."""
    registry: NotRequired[RegistryArgs]
    """server, username and password (a secret) of a registry, stored in the pull Secret `registry`. Default: none."""
    key_vault: NotRequired[KeyVaultArgs]
    """name, tenant_id, client_id, and secrets: Secret to its keys and their names in the vault. Default: none."""
    labels: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Labels of all its objects."""
