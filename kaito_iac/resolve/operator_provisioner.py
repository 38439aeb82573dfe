"""Knows each way to get GPU nodes: identity and roles, charts and their values, and settings of KAITO."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from kaito_iac.catalog.record import KaitoVersion
from kaito_iac.kinds.kaito_operator import KarpenterArgs
from kaito_iac.problem import Problem
from kaito_iac.resolve.operator_chart import find_chart
from kaito_iac.resolve.operator_cluster import Cluster, joined
from kaito_iac.resolve.operator_spec import Chart, Federation, Grant, Role
from kaito_iac.resolve.operator_values import read_pull_secrets, with_own
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_label, dns_subdomain, http_url, shown, some_text

PROVISIONERS: Final = ("azure-gpu-provisioner", "karpenter", "node-auto-provisioning", "byo")
OF_CLOUD: Final[Mapping[str, tuple[str, ...]]] = {"azure": PROVISIONERS, "aws": ("karpenter", "byo"), "arc": ("byo",)}
"""Cloud to the provisioners it has."""
NAMESPACES: Final = {"azure-gpu-provisioner": "gpu-provisioner", "karpenter azure": "karpenter", "karpenter aws": "kube-system"}
TOKEN_SECRET: Final = "karpenter-bootstrap-token"
TOKEN_KEY: Final = "token"
CONTROLLER: Final = {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}}
"""What KAITO's build gives Karpenter's controller."""


def azure_gpu_provisioner(
    reader: Reader, cluster: Cluster, version: KaitoVersion, namespace: str
) -> tuple[Grant, tuple[Chart, ...]]:
    """Return identity and chart of gpu-provisioner: Contributor on the cluster, one service account of a fixed name."""
    why = "gpu-provisioner makes an agent pool for each node"
    group = cluster.need("resource_group_name", why)
    name, subscription = cluster.need("cluster_name", why), cluster.need("subscription_id", why)
    location = cluster.need("location", why)
    role = Role(title="Contributor", scope=cluster.need("cluster_id", why), subscription=subscription)
    environment = {
        "ARM_SUBSCRIPTION_ID": subscription,
        "LOCATION": location,
        "AZURE_CLUSTER_NAME": name,
        "AZURE_NODE_RESOURCE_GROUP": cluster.need("node_resource_group", why),
        "ARM_RESOURCE_GROUP": group,
        "LEADER_ELECT": "false",
    }
    values = {
        "controller": {"env": _environment(environment), **_controller_image(reader)},
        "workloadIdentity": {"tenantId": cluster.need("tenant_id", why)},
        "settings": {"azure": {"clusterName": name}},
        **_pull_secrets(reader),
    }
    grant = _grant(cluster, why, (role,), f"system:serviceaccount:{namespace}:gpu-provisioner")
    found = find_chart(
        reader, "provisioner_chart_source", "gpu-provisioner", "gpu-provisioner", version.charts["gpu-provisioner"]
    )
    chart = Chart(
        name="gpu-provisioner",
        chart=found.chart,
        version=found.version,
        repository=found.repository,
        namespace=namespace,
        values=with_own(reader, "provisioner_values", values, ()),
        client_id_at=("workloadIdentity", "clientId"),
    )
    return grant, (chart,)


def _controller_image(reader: Reader) -> dict[str, Any]:
    registry = reader.late("registry", some_text)
    return {} if registry is None else {"image": {"repository": joined(registry, "/gpu-provisioner")}}


def _pull_secrets(reader: Reader) -> dict[str, Any]:
    secrets = read_pull_secrets(reader)
    return {"imagePullSecrets": secrets} if secrets else {}


def _environment(variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, **value} if isinstance(value, dict) else {"name": name, "value": value}
        for name, value in variables.items()
    ]


def _grant(cluster: Cluster, why: str, roles: tuple[Role, ...], subject: str) -> Grant:
    group = cluster.need("resource_group_name", why)
    issuer = cluster.need("oidc_issuer_url", why)
    federation = Federation(credential="kaito-provisioner", resource_group=group, issuer=issuer, subject=subject)
    location = cluster.need("location", why)
    return Grant(resource_group=group, location=location, identity=None, principal=None, roles=roles, federations=(federation,))


def karpenter_charts(
    reader: Reader, version: KaitoVersion, cloud: str, namespace: str, values: Mapping[str, Any], client_id_at: tuple[str, ...]
) -> tuple[Chart, ...]:
    """Return Karpenter's CRDs and Karpenter, which leaves them out: they are upgraded with their own chart."""
    fact = f"karpenter-{cloud}"
    charts = []
    for name, source, own, at in (
        ("karpenter-crd", f"{fact}-crd", {}, ()),
        ("karpenter", fact, with_own(reader, "provisioner_values", values, ()), client_id_at),
    ):
        found = find_chart(reader, "provisioner_chart_source", name, source, version.charts[fact])
        charts.append(
            Chart(
                name=name,
                chart=found.chart,
                version=found.version,
                repository=found.repository,
                namespace=namespace,
                values=own,
                skip_crds=name == "karpenter",
                client_id_at=at,
            )
        )
    return tuple(charts)


def azure_karpenter(
    reader: Reader, cluster: Cluster, version: KaitoVersion, namespace: str
) -> tuple[Grant, tuple[Chart, ...], Any]:
    """Return identity, charts and bootstrap token of a Karpenter that we run on AKS (CNI overlay with Cilium)."""
    why = "Karpenter makes the nodes"
    inner = reader.inner("karpenter", KarpenterArgs)
    token = _bootstrap_token(inner)
    environment = _karpenter_environment(inner, cluster, why)
    reader.take(inner)
    values = {
        "replicas": 1,
        "controller": {"env": _environment(environment), "resources": CONTROLLER},
        "serviceAccount": {"name": "karpenter-sa", "annotations": {}},
        "podLabels": {"azure.workload.identity/use": "true"},
        "settings": {"featureGates": {"staticCapacity": True}},
        **_pull_secrets(reader),
    }
    subscription, group = cluster.need("subscription_id", why), cluster.node_group_id(why)
    titles = ("Virtual Machine Contributor", "Network Contributor", "Managed Identity Operator")
    roles = tuple(Role(title=title, scope=group, subscription=subscription) for title in titles)
    if (network := virtual_network(environment["VNET_SUBNET_ID"])) is not None:
        roles = (*roles, Role(title="Network Contributor", scope=network, subscription=subscription, label="subnet"))
    grant = _grant(cluster, why, roles, f"system:serviceaccount:{namespace}:karpenter-sa")
    at = ("serviceAccount", "annotations", "azure.workload.identity/client-id")
    return grant, karpenter_charts(reader, version, "azure", namespace, values, at), token


def virtual_network(subnet: Any) -> Any:
    """Return the virtual network of a subnet, which Karpenter reads and joins nodes to; None without one that can be read."""
    if isinstance(subnet, pulumi.Output):
        return subnet.apply(virtual_network)
    return subnet.rpartition("/subnets/")[0] or None if isinstance(subnet, str) else None


def _karpenter_environment(inner: Reader, cluster: Cluster, why: str) -> dict[str, Any]:
    dataplane, policy = cluster.network()
    endpoint = inner.late("cluster_endpoint", http_url) if inner.has("cluster_endpoint") else cluster.endpoint(why)
    return {
        "CLUSTER_NAME": cluster.need("cluster_name", why),
        "CLUSTER_ENDPOINT": endpoint,
        "KUBELET_BOOTSTRAP_TOKEN": {"valueFrom": {"secretKeyRef": {"name": TOKEN_SECRET, "key": TOKEN_KEY}}},
        "SSH_PUBLIC_KEY": _needed(inner, "ssh_public_key", "Karpenter gives every node one"),
        "NETWORK_PLUGIN": "azure",
        "NETWORK_PLUGIN_MODE": "overlay",
        "NETWORK_DATAPLANE": dataplane,
        "NETWORK_POLICY": inner.late("network_policy", some_text, policy),
        "VNET_SUBNET_ID": _needed(inner, "subnet_id", "the subnet that nodes join"),
        **({"VNET_GUID": inner.late("vnet_guid", some_text)} if inner.has("vnet_guid") else {}),
        "NODE_IDENTITIES": cluster.kubelet_identity_id(why),
        "AZURE_SUBSCRIPTION_ID": cluster.need("subscription_id", why),
        "LOCATION": cluster.need("location", why),
        "KUBELET_IDENTITY_CLIENT_ID": cluster.need("kubelet_identity_client_id", why),
        "AZURE_NODE_RESOURCE_GROUP": cluster.need("node_resource_group", why),
        "ARM_RESOURCE_GROUP": cluster.need("resource_group_name", why),
        "PROVISION_MODE": "aksscriptless",
    }


def _needed(inner: Reader, key: str, why: str) -> Any:
    if not inner.has(key):
        inner.add(Problem("KS274", inner.path(key), f"missing: {why}", "text", f"give {inner.path(key)}"))
    return inner.late(key, some_text)


def _bootstrap_token(inner: Reader) -> Any:
    """Read the token of a bootstrap Secret in kube-system: only as an Output, which can be secret."""
    token = inner.args.get("bootstrap_token")
    fix = "config.require_secret('bootstrapToken'): token-id.token-secret of such a Secret in kube-system"
    if isinstance(token, pulumi.Output):
        return pulumi.Output.secret(token)
    if token is None:
        inner.add(Problem("KS274", inner.path("bootstrap_token"), "missing: nodes join by it", "a secret Output", fix))
    else:
        inner.add(Problem("KS221", inner.path("bootstrap_token"), "a token in plain text", "a secret Output", fix))
    return None


def aws_karpenter(reader: Reader, cluster: Cluster, version: KaitoVersion, namespace: str) -> tuple[Chart, ...]:
    """Return the charts of Karpenter on EKS; its IAM roles and queue come with the cluster."""
    name = cluster.need("cluster_name", "Karpenter on EKS finds its network by it")
    settings = {"clusterName": name, "interruptionQueue": name, "featureGates": {"staticCapacity": True}}
    values = {"settings": settings, "controller": {"resources": CONTROLLER}, **_pull_secrets(reader)}
    return karpenter_charts(reader, version, "aws", namespace, values, ())


def karpenter_providers(reader: Reader, cluster: Cluster, cloud: str) -> dict[str, Any]:
    """Return what KAITO gets as Karpenter's NodeClasses; empty where the chart's own are right."""
    inner = reader.inner("karpenter", KarpenterArgs)
    classes = _node_classes(inner)
    reader.take(inner)
    if cloud == "azure":
        return {"karpenterProvider": "azure", **({"karpenterProviders": {"azure": {"nodeClasses": classes}}} if classes else {})}
    name = cluster.need("cluster_name", "the EC2NodeClass finds its network by it")
    role = inner.late("node_role", some_text) if inner.has("node_role") else joined("KarpenterNodeRole-", name)
    own = classes or [_ec2_node_class(name, role)]
    entry = {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "version": "v1", "resourceName": "ec2nodeclasses"}
    return {"karpenterProvider": "aws", "karpenterProviders": {"aws": {**entry, "nodeClasses": own}}}


def _ec2_node_class(cluster_name: Any, role: Any) -> dict[str, Any]:
    disk = {"volumeSize": "300Gi", "volumeType": "gp3", "deleteOnTermination": True}
    tagged = [{"tags": {"karpenter.sh/discovery": cluster_name}}]
    spec = {
        "role": role,
        "amiSelectorTerms": [{"alias": "al2023@latest"}],
        "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": disk}],
        "subnetSelectorTerms": tagged,
        "securityGroupSelectorTerms": tagged,
    }
    return {"name": "default", "default": True, "spec": spec}


def _node_classes(inner: Reader) -> list[Any]:
    """Read own NodeClasses: names of objects, each once, exactly one of them the default, or the controller stops."""
    classes = inner.items("node_classes")
    names = []
    for index, entry in enumerate(classes):
        if not isinstance(entry, Mapping):
            inner.add(Problem("KS102", inner.path(f"node_classes[{index}]"), shown(entry), "a mapping: name, default, spec"))
            continue
        one = Reader(entry, ("name", "default", "spec"), prefix=inner.path(f"node_classes[{index}]."))
        name = one.text("name", required=True)
        one.add(dns_subdomain(one.path("name"), name) if name else None)
        if name in names:
            one.add(Problem("KS105", one.path("name"), f"{shown(name)} a second time", "each name once"))
        names.append(name)
        inner.take(one)
    defaults = [entry for entry in classes if isinstance(entry, Mapping) and entry.get("default") is True]
    if classes and len(defaults) != 1:
        message = f"{len(defaults)} entries with default=True"
        inner.add(Problem("KS105", inner.path("node_classes"), message, "exactly one, or the controller stops"))
    return classes


def provisioner_namespace(reader: Reader, provisioner: str, cloud: str) -> str:
    """Read the namespace of the provisioner, plain: the service account's name is part of the federation."""
    key = provisioner if provisioner != "karpenter" else f"karpenter {cloud}"
    given = reader.text("provisioner_namespace", "a namespace")
    reader.add(dns_label()(reader.path("provisioner_namespace"), given) if given else None)
    return given or NAMESPACES.get(key, "")
