"""The namespace of a team: its share of the GPUs, who may call its models, and its secrets."""

from typing import Any, Unpack, overload

import pulumi

from kaito_iac.components.dependencies import after
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.kinds.kaito_namespace import KaitoNamespaceArgs
from kaito_iac.resolve.namespace import resolve_namespace
from kaito_iac.resolve.namespace_spec import PULL_SECRET, TOKEN_SECRET, VAULT, NamespaceSpec, Vault
from kaito_iac.resources.namespace import Namespace, NetworkPolicy, ResourceQuota
from kaito_iac.resources.secret import Deployment, Secret, SecretProviderClass, ServiceAccount
from kaito_iac.stack.program import state_plainly


@collectable
class KaitoNamespace(pulumi.ComponentResource):
    """A namespace that holds what one team runs, with bounds and secrets."""

    namespace: pulumi.Output[str]
    """Name of the namespace, for workloads that are to lie in it."""
    access_secret: pulumi.Output[str | None]
    """Secret with the token of Hugging Face, for access_secret of workloads; null where it holds none."""
    pull_secret: pulumi.Output[str | None]
    """Secret with the credentials of the registry; null where it holds none."""

    @overload
    def __init__(
        self, resource_name: str, args: KaitoNamespaceArgs | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[KaitoNamespaceArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: KaitoNamespaceArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec: NamespaceSpec = resolve_namespace(resource_name, args)
        super().__init__("kaito-iac:index:KaitoNamespace", resource_name, self.spec.inputs(), opts)
        warn(resource_name, self.spec.problems, self)
        made = Namespace(
            f"{resource_name}-namespace", metadata=self.spec.namespace_metadata(), opts=pulumi.ResourceOptions(parent=self)
        )
        inside = pulumi.ResourceOptions(parent=self, depends_on=[made])
        bounds = bounded(resource_name, self.spec, inside)
        secrets = secret(resource_name, self.spec, inside)
        ready = pulumi.Output.all(made.urn, *(resource.urn for resource in (*bounds, *secrets)))
        self.namespace = pulumi.Output.all(made.metadata, ready).apply(lambda both: both[0]["name"])
        state_plainly(self.namespace, self.spec.object_name)
        names = self.spec.secret_names()
        self.access_secret = after(secrets[0] if secrets else made, TOKEN_SECRET if TOKEN_SECRET in names else None)
        self.pull_secret = after(secrets[-1] if secrets else made, PULL_SECRET if self.spec.registry else None)
        outputs = {"namespace": self.namespace, "accessSecret": self.access_secret, "pullSecret": self.pull_secret}
        self.register_outputs(outputs)


def bounded(name: str, spec: NamespaceSpec, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    """Declare what bounds the namespace, before anything can be in it."""
    found: list[pulumi.Resource] = []
    if hard := spec.hard():
        found.append(ResourceQuota(f"{name}-quota", metadata=spec.metadata("quota"), spec={"hard": hard}, opts=opts))
    if spec.isolated:
        found.append(NetworkPolicy(f"{name}-callers", metadata=spec.metadata("callers"), spec=spec.policy(), opts=opts))
    return found


def secret(name: str, spec: NamespaceSpec, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    """Declare the Secrets, and what keeps those of a vault."""
    found: list[pulumi.Resource] = []
    if spec.token is not None:
        found.append(Secret(f"{name}-token", metadata=spec.metadata(TOKEN_SECRET), data={"HF_TOKEN": spec.token}, opts=opts))
    if spec.vault is not None:
        found.append(vault(name, spec, spec.vault, opts))
    if spec.registry is not None:
        data, type = spec.pull_secret(), "kubernetes.io/dockerconfigjson"
        found.append(Secret(f"{name}-registry", metadata=spec.metadata(PULL_SECRET), data=data, type=type, opts=opts))
    return found


def vault(name: str, spec: NamespaceSpec, source: Vault, opts: pulumi.ResourceOptions) -> pulumi.Resource:
    """Declare what fetches the secrets of a vault, and the pod without which they would go again."""
    identity = {"azure.workload.identity/client-id": source.client_id}
    account = ServiceAccount(f"{name}-vault-account", metadata=spec.metadata(VAULT, identity), opts=opts)
    fetched = SecretProviderClass(f"{name}-vault", metadata=spec.metadata(VAULT), spec=source.provider_class(), opts=opts)
    after_both = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[account, fetched]))
    return Deployment(f"{name}-vault-holder", metadata=spec.metadata(VAULT), spec=source.holder(), opts=after_both)
