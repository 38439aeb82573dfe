"""Declares the parts of an operator in their order: identity, roles, federation, namespaces, charts."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi

from kaito_iac.resolve.operator_cluster import joined
from kaito_iac.resolve.operator_provisioner import TOKEN_KEY, TOKEN_SECRET
from kaito_iac.resolve.operator_spec import AUDIENCE, ROLES, Chart, Grant, OperatorSpec, Role, Streaming

OURS: Final = uuid.uuid5(uuid.NAMESPACE_URL, "kaito-iac/role-assignment")
"""Namespace of the names of role assignments."""


def assignment_name(name: str) -> str:
    """Return the name of a role assignment: the same in every run of a stack, another in every other stack."""
    return str(uuid.uuid5(OURS, f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}/{name}"))


def granted(
    name: str, grant: Grant, tags: Mapping[str, Any], parent: pulumi.Resource, label: str = ""
) -> tuple[pulumi.Output[str] | None, list[pulumi.Resource]]:
    """Declare an identity if there is none, its roles, then its federations one after the other, as Azure wants it.

    Gives the identity's client id, and what has to exist before anybody can be it.
    """
    from pulumi_azure_native import managedidentity

    identity, principal, client = grant.identity, grant.principal, None
    if identity is None:
        made = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_group_name=grant.resource_group,
            location=grant.location,
            tags=dict(tags) or None,
            opts=pulumi.ResourceOptions(parent=parent),
        )
        identity, principal, client = made.name, made.principal_id, made.client_id
    last = [_assigned(f"{name}-{label}{role.suffix}", role, principal, parent) for role in grant.roles]
    for federation in grant.federations:
        credential = managedidentity.FederatedIdentityCredential(
            f"{name}-{federation.credential.removeprefix('kaito-')}-federation",
            federated_identity_credential_resource_name=federation.credential,
            resource_group_name=federation.resource_group,
            resource_name_=identity,
            issuer=federation.issuer,
            subject=federation.subject,
            audiences=[AUDIENCE],
            opts=pulumi.ResourceOptions(parent=parent, depends_on=last, delete_before_replace=True),
        )
        last = [credential]
    return client, last


def _assigned(name: str, role: Role, principal: Any, parent: pulumi.Resource) -> pulumi.Resource:
    from pulumi_azure_native import authorization

    definition = f"/providers/Microsoft.Authorization/roleDefinitions/{ROLES[role.title]}"
    return authorization.RoleAssignment(
        name,
        role_assignment_name=assignment_name(name),
        principal_id=principal,
        principal_type="ServicePrincipal",
        role_definition_id=joined("/subscriptions/", role.subscription, definition),
        scope=role.scope,
        opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=True),
    )


def namespaces(name: str, spec: OperatorSpec, parent: pulumi.Resource) -> dict[str, pulumi.Resource]:
    """Declare the namespaces of the charts."""
    from pulumi_kubernetes.core.v1 import Namespace

    return {
        one: Namespace(f"{name}-namespace-{one}", metadata={"name": one}, opts=pulumi.ResourceOptions(parent=parent))
        for one in spec.namespaces
    }


def token_secret(
    name: str, spec: OperatorSpec, namespace: str, after: Sequence[pulumi.Resource], parent: pulumi.Resource
) -> pulumi.Resource:
    """Declare the Secret with the bootstrap token of Karpenter's nodes."""
    from pulumi_kubernetes.core.v1 import Secret

    return Secret(
        f"{name}-bootstrap-token",
        metadata={"name": TOKEN_SECRET, "namespace": namespace},
        string_data={TOKEN_KEY: spec.bootstrap_token},
        opts=pulumi.ResourceOptions(parent=parent, depends_on=list(after)),
    )


def installed(
    name: str, chart: Chart, spec: OperatorSpec, client_id: Any, after: Sequence[pulumi.Resource], parent: pulumi.Resource
) -> pulumi.Resource:
    """Declare one chart, as a Release of Helm or as rendered objects."""
    full = f"{name}-{chart.name.removeprefix('kaito-')}"
    own = pulumi.ResourceOptions(parent=parent, depends_on=list(after))
    inputs: dict[str, Any] = {
        "name": chart.name,
        "chart": chart.chart,
        "version": chart.version,
        "repository_opts": {"repo": chart.repository} if chart.repository else None,
        "namespace": chart.namespace,
        "values": placed(chart.values, chart.client_id_at, client_id),
        "skip_crds": chart.skip_crds or None,
    }
    if spec.mode == "chart":
        from pulumi_kubernetes.helm.v4 import Chart as Rendered

        transform = pulumi.ResourceOptions(transforms=[keep_crds if spec.keep_crds else leave_webhooks])
        return Rendered(full, **inputs, opts=pulumi.ResourceOptions.merge(own, transform))
    from pulumi_kubernetes.helm.v3 import Release

    return Release(full, **inputs, postrender=spec.postrender, timeout=spec.timeout_seconds, opts=own)


def guarded(name: str, last: pulumi.Resource, guard: bool, parent: pulumi.Resource) -> pulumi.Resource:
    """Declare what is deleted between the workloads and the operator, and with a guard waits then until their nodes are gone.

    Without one it is declared all the same: Pulumi forgets a hook in an update of its resource, and asks for it otherwise.
    """
    from kaito_iac.components.operator_guard import operator_guard

    hooks = None
    if guard:
        hook = operator_guard(name, of=parent.get_provider("kubernetes:core/v1:Namespace"))
        hooks = pulumi.ResourceHookBinding(before_delete=[hook])
    own = pulumi.ResourceOptions(parent=parent, depends_on=[last], hooks=hooks)
    return pulumi.Stash(f"{name}-guard", input="workloads and their nodes go before the operator", opts=own)


def placed(values: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Return the values with one more at a path; without a path, or without a value, as they are."""
    if not path or value is None:
        return dict(values)
    head, *rest = path
    return {**values, head: placed(values.get(head, {}), tuple(rest), value) if rest else value}


CRD: Final = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
WEBHOOK: Final = "kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration"


def leave_webhooks(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """Leave the rules of webhooks to KAITO's controller, which writes them when it starts."""
    if args.type_ != WEBHOOK:
        return None
    more = pulumi.ResourceOptions(ignore_changes=["webhooks"])
    return pulumi.ResourceTransformResult(args.props, pulumi.ResourceOptions.merge(args.opts, more))


def keep_crds(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """Let rendered CRDs stay in the cluster when the chart goes; webhooks as in leave_webhooks."""
    if args.type_ != CRD:
        return leave_webhooks(args)
    more = pulumi.ResourceOptions(retain_on_delete=True)
    return pulumi.ResourceTransformResult(args.props, pulumi.ResourceOptions.merge(args.opts, more))


def streaming_accounts(name: str, streaming: Streaming, after: Sequence[pulumi.Resource], parent: pulumi.Resource) -> None:
    """Declare the service accounts by which pods stream, each annotated with the identity it may be."""
    from pulumi_kubernetes.core.v1 import ServiceAccount

    for one in streaming.namespaces:
        ServiceAccount(
            f"{name}-streaming-{one}",
            metadata={
                "name": streaming.account,
                "namespace": one,
                "annotations": {"azure.workload.identity/client-id": streaming.client_id},
            },
            opts=pulumi.ResourceOptions(parent=parent, depends_on=list(after)),
        )
