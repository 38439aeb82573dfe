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
    """Azure Key Vault that secrets are fetched from."""

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
    """Team it belongs to, its label `team`: plans and budgets count what is in it for this team. Default: none."""
    gpus: NotRequired[int]
    """GPUs its pods may request together; KAITO creates nodes anyway, and a plan reports what does not fit. Default: any."""
    quota: NotRequired[Mapping[str, pulumi.Input[Any]]]
    """Further limits of its ResourceQuota, as Kubernetes writes them. Default: none."""
    isolated: NotRequired[bool]
    """Allow only the namespace itself and allow_from to call its pods. Default: true."""
    allow_from: NotRequired[list[pulumi.Input[str]]]
    """Namespaces whose pods may call: of the gateway, of Prometheus, of KEDA, of applications. Default: none."""
    hugging_face_token: NotRequired[pulumi.Input[str]]
    """Token of Hugging Face, a secret of the configuration; the Secret hf-token holds it. Default: none."""
    registry: NotRequired[RegistryArgs]
    """server, username and password (a secret) of a registry; the pull Secret `registry` holds them. Default: none."""
    key_vault: NotRequired[KeyVaultArgs]
    """name, tenant_id, client_id, and secrets: Secret to its keys and their names in the vault. Default: none."""
    labels: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Labels of all its objects."""
