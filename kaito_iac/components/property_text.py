"""The text of a property in the schema: what it is, its default, its unit and an example, as editors show it."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from pulumi.provider.experimental.analyzer import PropertyDefinition, PropertyType

from kaito_iac.components.reference_page import unit
from kaito_iac.spelling import snake

STATED: Final = re.compile(r"\bsuch as ")
"""What shows that a text has an example already."""
BY_TYPE: Final[Mapping[PropertyType, Any]] = {
    PropertyType.BOOLEAN: True,
    PropertyType.INTEGER: 2,
    PropertyType.NUMBER: 0.5,
}

BY_KEY: Final[Mapping[str, Any]] = {
    "accessSecret": "hf-token",
    "addonPrincipalId": "00000000-0000-0000-0000-000000000000",
    "adoptId": "/subscriptions/…/managedClusters/main",
    "allowFrom": ["gateway"],
    "annotations": {"team": "search"},
    "authorizedIpRanges": ["203.0.113.0/24"],
    "azureMonitorWorkspaceId": "/subscriptions/…/accounts/metrics",
    "chartSource": "oci://registry.example.com/charts",
    "capacityReservation": "/subscriptions/…/capacityReservationGroups/a100",
    "clusterId": "/subscriptions/…/managedClusters/main",
    "config": "batch-settings",
    "context": 16384,
    "contextWindow": 16384,
    "eksCluster": "main",
    "embedding": "BAAI/bge-small-en-v1.5",
    "emptyAfter": "15m",
    "eppPluginsConfig": "scheduling",
    "featureGates": {"enableInferenceSetController": True},
    "forModels": ["phi-4-mini-instruct"],
    "gatewayClass": "istio",
    "hosts": ["models.ai.example.com"],
    "huggingFaceToken": "hf_…",
    "identityId": "/subscriptions/…/userAssignedIdentities/main",
    "imageFamily": "Ubuntu2204",
    "imagePullSecrets": ["registry"],
    "jobNamespace": "models",
    "kubeconfig": "~/.kube/config",
    "labels": {"team": "search"},
    "llmSecret": "llm-key",
    "location": "eastus",
    "maxNodes": 4,
    "memoryMiB": 81920,
    "model": "phi-4",
    "name": "chat",
    "namespace": "models",
    "nodeClass": "default",
    "nodeRole": "KarpenterNodeRole-main",
    "nodeSelector": {"apps": "gpu"},
    "osDiskGiB": 512,
    "poolName": "a100",
    "postrender": "kaito-iac-keep-crds",
    "provisionerChartSource": "oci://registry.example.com/charts",
    "provisionerNamespace": "karpenter",
    "provisionerValues": {"replicas": 1},
    "quota": {"requests.cpu": "64"},
    "ragNamespace": "kaito-ragengine",
    "ragValues": {"resources": {"limits": {"memory": "1Gi"}}},
    "registry": "registry.example.com/kaito",
    "replicaAnnotations": {"team": "search"},
    "replicaLabels": {"team": "search"},
    "resourceGroup": "models",
    "serviceAccount": "kaito-model-streamer",
    "sizeGiB": 100,
    "sourceRanges": ["10.0.0.0/8"],
    "storageClass": "managed-csi",
    "subnetId": "/subscriptions/…/subnets/nodes",
    "subnetIds": "[subnet-0a1b2c3d]",
    "tags": {"owner": "search"},
    "team": "search",
    "template": {"spec": {"containers": []}},
    "timeoutMinutes": 60,
    "tlsSecret": "models-tls",
    "updateStrategy": {"type": "RollingUpdate"},
    "upgradesFrom": "0.11.0",
    "values": {"resources": {"limits": {"memory": "1Gi"}}},
    "version": "0.12.0",
    "vllmExtra": {"new-argument": 1},
    "zones": ["1"],
}
"""Examples by name."""


def property_text(key: str, one: PropertyDefinition, *, inputs: bool) -> str:
    """Return the text of a property under its name in the schema."""
    text = " ".join((one.description or "").split())
    of = unit(snake(key))
    parts = [text] if (of and of.split()[0].lower() in text.lower()) or not of else [text, f"Unit: {of}."]
    example = _example(key, one) if inputs else None
    stated = example is None or STATED.search(text) is not None
    return " ".join([*parts, *([] if stated else [f"Example: {example}."])])


def _example(key: str, one: PropertyDefinition) -> str | None:
    found = BY_KEY.get(key)
    if found is None and one.type is not None:
        found = BY_TYPE.get(one.type)
    return None if found is None else f"`{json.dumps(found, ensure_ascii=False)}`"
