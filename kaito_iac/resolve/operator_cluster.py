"""Reads what an operator has to know of its cluster: from a KaitoCluster, a mapping, or one Output of a StackReference."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import pulumi

from kaito_iac.errors import SpecError
from kaito_iac.kubernetes.document import Unreadable, read_one
from kaito_iac.problem import Problem
from kaito_iac.resolve.cluster_spec import ClusterSpec
from kaito_iac.resolve.pool_spec import cluster_id, id_part
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import described, shown, some_text
from kaito_iac.spelling import pythonic

FACTS: Final = (
    "cluster_id",
    "cluster_name",
    "resource_group_name",
    "node_resource_group",
    "location",
    "oidc_issuer_url",
    "kubeconfig",
    "kubelet_identity_client_id",
    "kubelet_identity_object_id",
    "kubelet_identity_id",
    "subscription_id",
    "tenant_id",
)
"""Names of the facts, as KaitoCluster gives them out; kubelet_identity_id may always be left out."""
IN_ID: Final = {"subscription_id": "subscription", "resource_group_name": "group", "cluster_name": "cluster"}
"""Facts that are in the ARM id, to their part of it."""


class Cluster:
    """The facts about one cluster; a fact that is missing is a problem of the reader as soon as it is needed."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        given = reader.args.get("cluster")
        self._late = given if isinstance(given, pulumi.Output) else None
        self._facts = {} if self._late is not None else _facts(reader, given)
        self._reported = {"cluster"} if any(problem.path.startswith("cluster") for problem in reader.problems) else set()

    def get(self, fact: str) -> Any:
        """Return a fact, possibly an Output; None when it is not stated."""
        if self._late is not None:
            return self._late.apply(partial(_picked, self._reader.title, fact))
        if fact in self._facts:
            return self._facts[fact]
        arm = self._facts.get("cluster_id")
        if fact not in IN_ID or arm is None:
            return None
        return arm.apply(partial(_part, IN_ID[fact])) if isinstance(arm, pulumi.Output) else _part(IN_ID[fact], arm)

    def agree(self, mode: str, provisioner: str) -> None:
        """Report where a KaitoCluster of the same program is made for another operator; of others nothing is known."""
        given = self._reader.args.get("cluster")
        spec = getattr(given, "spec", None) if isinstance(given, pulumi.Resource) else None
        if not isinstance(spec, ClusterSpec) or spec.adopted is not None:
            return
        checks = [("mode", mode, "addon", spec.addon, mode == "addon")]
        if provisioner in ("karpenter", "node-auto-provisioning"):
            managed = provisioner == "node-auto-provisioning"
            checks.append(("provisioner", provisioner, "node_auto_provisioning", spec.node_auto_provisioning, managed))
        for key, value, argument, has, wanted in checks:
            if has != wanted:
                message = f"'{value}' on a cluster with {argument}={has}"
                fix = f"{argument}={wanted} of the KaitoCluster"
                self._reader.add(Problem("KS105", key, message, f"a cluster with {argument}={wanted}", fix))

    def network(self) -> tuple[str, str]:
        """Return dataplane and network policy: of a KaitoCluster of the program its own, else Cilium."""
        given = self._reader.args.get("cluster")
        spec = getattr(given, "spec", None) if isinstance(given, pulumi.Resource) else None
        if not isinstance(spec, ClusterSpec) or spec.adopted is not None:
            return "cilium", "cilium"
        profile = spec.properties.get("network_profile", {})
        return str(profile.get("network_dataplane") or "azure"), str(profile.get("network_policy") or "")

    def need(self, fact: str, why: str) -> Any:
        """Return a fact; report what it is needed for when it is missing."""
        value = self.get(fact)
        if value is None and not self._reported & {"cluster", fact}:
            self._reported.add(fact)
            path = f"cluster.{fact}"
            fix = f"pass a KaitoCluster, or give {path}"
            self._reader.add(Problem("KS274", path, f"missing: {why}", "a fact of the cluster", fix))
        return value

    def node_group_id(self, why: str) -> Any:
        """Return the ARM id of the resource group of the nodes."""
        return joined(
            "/subscriptions/", self.need("subscription_id", why), "/resourceGroups/", self.need("node_resource_group", why)
        )

    def kubelet_identity_id(self, why: str) -> Any:
        """Return the ARM id of the kubelet identity: as stated, else the one AKS makes."""
        stated = None if self._late is not None else self.get("kubelet_identity_id")
        if stated is not None:
            return stated
        own = "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/"
        return joined(self.node_group_id(why), own, self.need("cluster_name", why), "-agentpool")

    def endpoint(self, why: str) -> Any:
        """Return the address of the API server, read from the kubeconfig; no secret."""
        config = self.need("kubeconfig", why)
        if isinstance(config, pulumi.Output):
            return pulumi.Output.unsecret(config.apply(partial(_server_or_raise, self._reader.title)))
        server = None if config is None else _server(config)
        self._reader.add(NO_SERVER if config is not None and server is None else None)
        return server


NO_SERVER: Final = Problem(
    "KS274", "cluster.kubeconfig", "names no server", "a kubeconfig with a cluster", "give karpenter.cluster_endpoint"
)


def joined(*parts: Any) -> Any:
    """Return the parts as one text, an Output when one of them is."""
    if any(isinstance(part, pulumi.Output) for part in parts):
        return pulumi.Output.concat(*parts)
    return "".join(str(part) for part in parts)


def _facts(reader: Reader, given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    if isinstance(given, pulumi.Resource):
        found = {fact: getattr(given, fact, None) for fact in FACTS}
        if found["cluster_id"] is None:
            text = described(given)
            reader.add(Problem("KS102", "cluster", text, "a KaitoCluster, or a mapping with the same outputs"))
        return {fact: value for fact, value in found.items() if value is not None}
    if not isinstance(given, Mapping):
        reader.add(Problem("KS102", "cluster", shown(given), "a KaitoCluster, or a mapping with the same outputs"))
        return {}
    given = pythonic(given)
    inner = reader.inner("cluster", tuple(dict.fromkeys((*FACTS, *(key for key in given if isinstance(key, str))))), args=given)
    facts = {fact: inner.late(fact, cluster_id if fact == "cluster_id" else some_text) for fact in FACTS if inner.has(fact)}
    reader.take(inner)
    return facts


def _picked(title: str, fact: str, facts: Any) -> Any:
    """Return a fact of a mapping that came late."""
    known = pythonic(facts) if isinstance(facts, Mapping) else {}
    value, arm = known.get(fact), known.get("cluster_id")
    if value is None and fact in IN_ID and isinstance(arm, str):
        value = _part(IN_ID[fact], arm)
    if value is None:
        raise SpecError(title, [Problem("KS274", f"cluster.{fact}", "missing", "a fact of the cluster")])
    return value


def _part(part: str, arm: Any) -> str | None:
    return (id_part(arm, part) or None) if isinstance(arm, str) else None


def _server_or_raise(title: str, config: Any) -> str:
    server = _server(config)
    if server is None:
        raise SpecError(title, [NO_SERVER])
    return server


def _server(config: Any) -> str | None:
    """Return the server of the current context of a kubeconfig; None when it cannot be read."""
    try:
        read: Any = read_one(config).data if isinstance(config, str) else None
        return str(read["clusters"][0]["cluster"]["server"])
    except (Unreadable, KeyError, IndexError, TypeError):
        return None
