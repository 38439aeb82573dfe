"""The text of a property in the schema: what it is, its default, its unit and an example, as editors show it."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
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
    "azureMonitorWorkspaceId": "/subscriptions/…/accounts/metrics",
    "chartSource": "oci://registry.example.com/charts",
    "clusterId": "/subscriptions/…/managedClusters/main",
    "config": "batch-settings",
    "context": "main",
    "eksCluster": "main",
    "embedding": "BAAI/bge-small-en-v1.5",
    "eppPluginsConfig": "scheduling",
    "featureGates": {"enableInferenceSetController": True},
    "forModels": ["phi-4-mini-instruct"],
    "gatewayClass": "istio",
    "huggingFaceToken": "hf_…",
    "identityId": "/subscriptions/…/userAssignedIdentities/main",
    "imageFamily": "Ubuntu2204",
    "imagePullSecrets": ["registry"],
    "kubeconfig": "~/.kube/config",
    "labels": {"team": "search"},
    "location": "eastus",
    "name": "chat",
    "namespace": "models",
    "nodeClass": "default",
    "nodeRole": "KarpenterNodeRole-main",
    "nodeSelector": {"apps": "gpu"},
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
    "sourceRanges": ["10.0.0.0/8"],
    "storageClass": "managed-csi",
    "subnetId": "/subscriptions/…/subnets/nodes",
    "tags": {"owner": "search"},
    "team": "search",
    "template": {"spec": {"containers": []}},
    "updateStrategy": {"type": "RollingUpdate"},
    "upgradesFrom": "0.11.0",
    "values": {"resources": {"limits": {"memory": "1Gi"}}},
    "version": "0.12.0",
    "vllmExtra": {"new-argument": 1},
}
"""Examples of what no program of the documentation gives as a plain value."""


def property_text(owner: str, key: str, one: PropertyDefinition, *, inputs: bool) -> str:
    """Return the text of a property under its name in the schema."""
    text = " ".join((one.description or "").split())
    of = unit(snake(key))
    parts = [text] if (of and of.split()[0].lower() in text.lower()) or not of else [text, f"Unit: {of}."]
    example = _example(owner, key, one) if inputs else None
    stated = example is None or STATED.search(text) is not None
    return " ".join([*parts, *([] if stated else [f"Example: {example}."])])


def _example(owner: str, key: str, one: PropertyDefinition) -> str | None:
    found = examples().get(owner, {}).get(key, BY_KEY.get(key))
    if found is None and one.type is not None:
        found = BY_TYPE.get(one.type)
    return None if found is None else f"`{json.dumps(found, ensure_ascii=False)}`"


@cache
def examples() -> Mapping[str, Mapping[str, Any]]:
    """Return an example of each argument by component, as the programs of the documentation give it."""
    found: Mapping[str, Mapping[str, Any]] = json.loads((files("kaito_iac.components") / "examples.json").read_text())
    return found
