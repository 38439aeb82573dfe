"""Reads the workload identity of pods that stream weights from blob storage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from kaito_iac.problem import Problem
from kaito_iac.resolve.operator_cluster import Cluster
from kaito_iac.resolve.operator_spec import Federation, Grant, Role, Streaming
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_label, dns_subdomain, some_text

STREAMING_KEYS: Final = ("namespaces", "serviceAccount", "storageClass")
WHY: Final = "pods stream as the cluster's kubelet identity"


def read_streaming(reader: Reader, cluster: Cluster, gates: Mapping[str, bool]) -> Streaming | None:
    """Read modelStreaming: a role on the nodes' resource group, and trust in one service account a namespace."""
    if not reader.has("modelStreaming"):
        return None
    if not gates.get("ModelStreaming"):
        fix = "featureGates={'ModelMirror': True, 'ModelStreaming': True}"
        reader.add(Problem("KS105", "modelStreaming", "given while the gate ModelStreaming is off", "the gate on", fix))
    inner = reader.inner("modelStreaming", STREAMING_KEYS)
    account = inner.text("serviceAccount", "the name of a ServiceAccount") or "kaito-model-streamer"
    inner.add(dns_subdomain(inner.path("serviceAccount"), account))
    inner.late("storageClass", some_text)
    namespaces = _namespaces(inner)
    reader.take(inner)
    group, issuer = cluster.need("nodeResourceGroup", WHY), cluster.need("oidcIssuerUrl", WHY)
    subscription, scope = cluster.need("subscriptionId", WHY), cluster.node_group_id(WHY)
    identity = cluster.kubelet_identity_id(WHY)
    grant = Grant(
        resource_group=group,
        location=None,
        identity=identity.apply(_last) if isinstance(identity, pulumi.Output) else _last(identity),
        principal=cluster.need("kubeletIdentityObjectId", WHY),
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
    client = cluster.need("kubeletIdentityClientId", WHY)
    return Streaming(grant=grant, account=account, namespaces=namespaces, client_id=client)


def _namespaces(inner: Reader) -> tuple[str, ...]:
    found: list[str] = []
    items = inner.items("namespaces")
    if not items:
        told = "missing: the service account is needed in each namespace of a streaming workload"
        inner.add(Problem("KS102", inner.path("namespaces"), told, "a list of namespaces"))
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
