"""Reads the workload identity of pods that stream weights from blob storage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from kaito_iac.kinds.kaito_operator import ModelStreamingArgs
from kaito_iac.problem import Problem
from kaito_iac.resolve.operator_cluster import Cluster
from kaito_iac.resolve.operator_spec import Federation, Grant, Role, Streaming
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_label, dns_subdomain, some_text

WHY: Final = "pods stream as the cluster's kubelet identity"


def read_streaming(reader: Reader, cluster: Cluster, gates: Mapping[str, bool]) -> Streaming | None:
    """Read model_streaming: a role on the nodes' resource group, and trust in one service account a namespace."""
    if not reader.has("model_streaming"):
        return None
    if not gates.get("ModelStreaming"):
        fix = "feature_gates={'ModelMirror': True, 'ModelStreaming': True}"
        reader.add(Problem("KS105", "model_streaming", "given while the gate ModelStreaming is off", "the gate on", fix))
    inner = reader.inner("model_streaming", ModelStreamingArgs)
    account = inner.text("service_account", "the name of a ServiceAccount") or "kaito-model-streamer"
    inner.add(dns_subdomain(inner.path("service_account"), account))
    inner.late("storage_class", some_text)
    namespaces = _namespaces(inner)
    reader.take(inner)
    group, issuer = cluster.need("node_resource_group", WHY), cluster.need("oidc_issuer_url", WHY)
    subscription, scope = cluster.need("subscription_id", WHY), cluster.node_group_id(WHY)
    identity = cluster.kubelet_identity_id(WHY)
    grant = Grant(
        resource_group=group,
        location=None,
        identity=identity.apply(_last) if isinstance(identity, pulumi.Output) else _last(identity),
        principal=cluster.need("kubelet_identity_object_id", WHY),
        roles=(Role(title="Storage Blob Data Reader", scope=scope, subscription=subscription),),
        federations=tuple(
            Federation(
                credential=f"kaito-streaming-{one}",
                resource_group=group,
                issuer=issuer,
                subject=f"system:serviceaccount:{one}:{account}",
            )
            for one in namespaces
        ),
    )
    client = cluster.need("kubelet_identity_client_id", WHY)
    return Streaming(grant=grant, account=account, namespaces=namespaces, client_id=client)


def _namespaces(inner: Reader) -> tuple[str, ...]:
    found: list[str] = []
    items = inner.items("namespaces")
    if not items:
        message = "missing: the service account is needed in each namespace of a streaming workload"
        inner.add(Problem("KS102", inner.path("namespaces"), message, "a list of namespaces"))
    for index, item in enumerate(items):
        path = inner.path(f"namespaces[{index}]")
        if isinstance(item, pulumi.Output):
            inner.add(Problem("KS103", path, "an Output", "a plain name: it decides which resources exist"))
        elif problem := dns_label()(path, item):
            inner.add(problem)
        elif item in found:
            inner.add(Problem("KS105", path, f"'{item}' a second time", "each namespace once"))
        else:
            found.append(item)
    return tuple(found)


def _last(identity: Any) -> Any:
    return str(identity).rpartition("/")[2]
