"""Provider functions whose result needs no cloud: pure ones, and those that configuration or environment answer."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.kubernetes.document import Unreadable, documents
from kaito_iac.offline.renderer import helm_template, kustomized
from kaito_iac.problem import Unknown

LATER: Final = Unknown("not in configuration or environment")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a provider function."""

    args: Mapping[str, Any]
    settings: Mapping[str, Any]
    """What the provider is configured with: its own inputs, else the stack's configuration by key without the package."""

    def setting(self, key: str, *variables: str) -> Any:
        """Return a setting, else what an environment variable says, else that it is not known."""
        found = self.settings.get(key)
        if isinstance(found, str | Unknown) and found:
            return found
        return next((os.environ[name] for name in variables if os.environ.get(name)), LATER)


Function = Callable[[Call], Mapping[str, Any] | None]
"""Return the result; None: not known, as the program that would answer is not there."""


def _decoded(call: Call) -> Mapping[str, Any] | None:
    text = call.args.get("text")
    if not isinstance(text, str):
        return None
    return {"result": objects_of(text)}


def objects_of(text: str) -> list[Any]:
    """Return the Kubernetes objects in YAML, those of lists one by one."""
    found: list[Any] = []
    for document in documents(text):
        value = None if isinstance(document, Unreadable) else document.data
        if isinstance(value, Mapping):
            items = value.get("items")
            is_list = str(value.get("kind", "")).endswith("List") and isinstance(items, list)
            found += items if is_list and isinstance(items, list) else [value]
    return found


def _rendered(call: Call) -> Mapping[str, Any] | None:
    asked = call.args.get("jsonOpts")
    text = helm_template(json.loads(asked)) if isinstance(asked, str) else None
    return None if text is None else {"result": objects_of(text)}


def _directory(call: Call) -> Mapping[str, Any] | None:
    folder = call.args.get("directory")
    text = kustomized(folder) if isinstance(folder, str) else None
    return None if text is None else {"result": objects_of(text)}


def _azure_client(call: Call) -> Mapping[str, Any]:
    return {
        "clientId": call.setting("clientId", "ARM_CLIENT_ID", "AZURE_CLIENT_ID"),
        "objectId": LATER,
        "subscriptionId": call.setting("subscriptionId", "ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"),
        "tenantId": call.setting("tenantId", "ARM_TENANT_ID", "AZURE_TENANT_ID"),
    }


def _aws_region(call: Call) -> Any:
    return call.setting("region", "AWS_REGION", "AWS_DEFAULT_REGION")


def _get_region(call: Call) -> Mapping[str, Any] | None:
    asked = call.args.get("region") or call.args.get("name")
    region = asked if isinstance(asked, str) else _aws_region(call)
    if isinstance(region, Unknown):
        return None
    endpoint = f"ec2.{region}.amazonaws.com" + (".cn" if region.startswith("cn-") else "")
    return {"id": region, "name": region, "region": region, "endpoint": endpoint, "description": LATER}


def _get_partition(call: Call) -> Mapping[str, Any] | None:
    region = _aws_region(call)
    if isinstance(region, Unknown):
        return None
    partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    reverse = ".".join(reversed(suffix.split(".")))
    return {"id": partition, "partition": partition, "dnsSuffix": suffix, "reverseDnsPrefix": reverse}


def _policy_document(call: Call) -> Mapping[str, Any]:
    given = {key: value for key, value in call.args.items() if value is not None}
    document: dict[str, Any] = {"Version": given.get("version", "2012-10-17")}
    if given.get("policyId"):
        document["Id"] = given["policyId"]
    document["Statement"] = [_statement(one) for one in given.get("statements", ())]
    text = json.dumps(document, indent=2)
    return {**given, "id": "0", "json": text, "minifiedJson": json.dumps(document, separators=(",", ":"))}


def _statement(given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"Effect": given.get("effect", "Allow")}
    if given.get("sid"):
        made = {"Sid": given["sid"], **made}
    for key, written in (("actions", "Action"), ("notActions", "NotAction"), ("resources", "Resource")):
        if given.get(key):
            made[written] = _one_or_all(given[key])
    if given.get("notResources"):
        made["NotResource"] = _one_or_all(given["notResources"])
    for key, written in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if given.get(key):
            made[written] = _principals(given[key])
    conditions: dict[str, dict[str, Any]] = {}
    for one in given.get("conditions", ()):
        conditions.setdefault(one["test"], {})[one["variable"]] = _one_or_all(one["values"])
    return made | ({"Condition": conditions} if conditions else {})


def _principals(given: Any) -> Any:
    found: dict[str, list[Any]] = {}
    for one in given:
        if one["type"] == "*" and list(one["identifiers"]) == ["*"]:
            return "*"
        found.setdefault(one["type"], []).extend(one["identifiers"])
    return {kind: _one_or_all(names) for kind, names in found.items()}


def _one_or_all(values: Any) -> Any:
    return values[0] if isinstance(values, list) and len(values) == 1 else values


FUNCTIONS: Final[Mapping[str, Function]] = {
    "kubernetes:yaml:decode": _decoded,
    "kubernetes:helm:template": _rendered,
    "kubernetes:kustomize:directory": _directory,
    "azure-native:authorization:getClientConfig": _azure_client,
    "azure:core/getClientConfig:getClientConfig": _azure_client,
    "aws:index/getRegion:getRegion": _get_region,
    "aws:index/getPartition:getPartition": _get_partition,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
}
"""Token to the function that answers it."""
