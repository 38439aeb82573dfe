"""Resolves an AKS cluster for KAITO: made with OIDC issuer, workload identity and one system pool, or adopted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from typing import Any, Final

import pulumi

from kaito_iac.kinds.kaito_cluster import ClusterUpgradeArgs, EntraIdArgs, SystemPoolArgs
from kaito_iac.problem import Problem
from kaito_iac.project_url import pip_install
from kaito_iac.resolve.cluster_network import network_profile, server_access
from kaito_iac.resolve.cluster_spec import ClusterSpec
from kaito_iac.resolve.pool_spec import cluster_id
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.stack_defaults import component_reader
from kaito_iac.resolve.value_checks import shown, some_text

OF_ADOPTED: Final = ("adopt_id", "location")
CLUSTER_NAME: Final = re.compile(r"[a-zA-Z0-9]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?")
VERSION: Final = re.compile(r"1\.\d{2}(\.\d{1,2})?")


def resolve_cluster(name: str, args: Mapping[str, Any] | None) -> ClusterSpec:
    """Check the arguments of a KaitoCluster; raises SpecError with every problem."""
    reader = component_reader("KaitoCluster", name, args)
    if find_spec("pulumi_azure_native") is None:
        message, fix = "needs pulumi-azure-native, which is not installed", pip_install(("azure",))
        reader.add(Problem("KS224", "args", message, "the extra azure", fix))
    spec = _adopted(reader) if reader.has("adopt_id") else _made(reader, name)
    return replace(spec, problems=reader.finish())


def _adopted(reader: Reader) -> ClusterSpec:
    for key in reader.args:
        if key in reader.known and key not in OF_ADOPTED:
            message = "without effect on a cluster that is adopted: nothing of it is changed"
            reader.add(Problem("KS105", key, message, "an argument of a new cluster", f"leave {key} out", "warning"))
    return ClusterSpec(
        name="",
        location=reader.text("location", "a region, such as eastus") or "",
        adopted=reader.late("adopt_id", cluster_id),
        resource_group=None,
        addon=False,
        node_auto_provisioning=False,
        autoscaled=False,
        protect=False,
        subnet=None,
        identity=None,
        cluster_admin=False,
        channel="",
        tags={},
        properties={},
        problems=(),
    )


def _made(reader: Reader, name: str) -> ClusterSpec:
    automatic, addon = reader.flag("node_auto_provisioning", False), reader.flag("addon", False)
    system = _system_pool(reader, automatic)
    network, subnet = network_profile(reader, automatic)
    if subnet is not None:
        system["vnet_subnet_id"] = subnet
    access, local = _access(reader)
    channel = _upgrades(reader)
    cluster = _name(reader, name)
    switches = {
        "ai_toolchain_operator_profile": {"enabled": True} if addon else None,
        "node_provisioning_profile": {"mode": "Auto"} if automatic else None,
        "storage_profile": {"blob_csi_driver": {"enabled": True}} if reader.flag("blob_driver", False) else None,
        "auto_upgrade_profile": channel or None,
        "kubernetes_version": reader.late("kubernetes_version", _version),
    }
    always = _always(reader, cluster) | {"agent_pool_profiles": [system], "network_profile": network}
    return ClusterSpec(
        name=cluster,
        location=_location(reader),
        adopted=None,
        resource_group=reader.late("resource_group", some_text),
        addon=addon,
        node_auto_provisioning=automatic,
        autoscaled="max_count" in system,
        protect=reader.flag("protect", True),
        subnet=subnet,
        identity=reader.late("identity_id", some_text),
        cluster_admin=local and "aad_profile" in access,
        channel=channel.get("upgrade_channel", ""),
        tags=reader.texts("tags"),
        properties=always | access | {key: value for key, value in switches.items() if value is not None},
        problems=(),
    )


def _always(reader: Reader, cluster: str) -> dict[str, Any]:
    """Return what every cluster has: KAITO's provisioners sign in by its OIDC issuer and workload identity."""
    return {
        "dns_prefix": re.sub(r"[^a-zA-Z0-9-]", "-", cluster),
        "sku": {"name": "Base", "tier": reader.text("tier") or "Standard"},
        "enable_rbac": True,
        "oidc_issuer_profile": {"enabled": True},
        "security_profile": {"workload_identity": {"enabled": True}},
    }


def _name(reader: Reader, name: str) -> str:
    accepted = "1 to 63 letters, digits, '-' and '_', a letter or digit first and last (AKS)"
    given = reader.text("name", accepted) or name
    if not CLUSTER_NAME.fullmatch(given):
        message = shown(given) if reader.has("name") else f"{shown(given)}, the component's name"
        reader.add(Problem("KS104", "name", message, accepted, "give name"))
    return given


def _location(reader: Reader) -> str:
    given = reader.text("location", "a region, such as eastus") or pulumi.Config("azure-native").get("location")
    if not given and not reader.problems_at("location"):
        fix = "give location, or pulumi config set azure-native:location eastus"
        reader.add(Problem("KS102", "location", "missing", "a region, such as eastus: prices and quota follow from it", fix))
    return given or ""


def _version(path: str, value: Any) -> Problem | None:
    if isinstance(value, str) and VERSION.fullmatch(value):
        return None
    fix = "az aks get-versions --location REGION --output table"
    return Problem("KS102", path, shown(value), "a version of Kubernetes, such as '1.34' or '1.34.2'", fix)


def _system_pool(reader: Reader, automatic: bool) -> dict[str, Any]:
    inner = reader.inner("system_pool", SystemPoolArgs)
    count = inner.number("count", 1, 1000, "nodes")
    low, high = inner.number("min_count", 1, 1000, "nodes"), inner.number("max_count", 1, 1000, "nodes")
    scaled = low is not None or high is not None
    if scaled and count is not None:
        inner.add(
            Problem(
                "KS105",
                inner.path("count"),
                f"{count} together with min_count or max_count",
                "either count, or min_count and max_count",
            )
        )
    if low is not None and high is not None and low > high:
        inner.add(Problem("KS105", inner.path("min_count"), str(low), f"at most max_count ({high})"))
    if scaled and automatic:
        message = "the cluster autoscaler together with node auto-provisioning, which AKS refuses"
        fix = f"{inner.path('count')}={high or low} instead of min_count and max_count"
        inner.add(Problem("KO421", inner.path("max_count" if high else "min_count"), message, "a fixed count", fix))
    first = count or low or (2 if not scaled else min(2, high or 2))
    pool: dict[str, Any] = {
        "name": inner.text("pool_name", "1 to 12 lower-case letters and digits") or "system",
        "mode": "System",
        "os_type": "Linux",
        "vm_size": inner.text("instance_type", "a VM size, such as Standard_D4s_v5") or "Standard_D4s_v5",
        "count": first,
    }
    if scaled:
        pool |= {"enable_auto_scaling": True, "min_count": low or first, "max_count": high or low}
    values = {
        "availability_zones": inner.words("zones") or None,
        "os_disk_size_gb": inner.number("os_disk_gib", 30, 2048, "GiB"),
        "os_disk_type": inner.text("os_disk"),
    }
    reader.take(inner)
    return pool | {key: value for key, value in values.items() if value is not None}


def _access(reader: Reader) -> tuple[dict[str, Any], bool]:
    """Read who reaches the API server and who may sign in; return the properties, and whether local accounts stay."""
    local = reader.flag("local_accounts", True)
    access: dict[str, Any] = {"disable_local_accounts": not local, **server_access(reader)}
    if reader.has("aad"):
        inner = reader.inner("aad", EntraIdArgs)
        groups, rbac = inner.words("admin_groups"), inner.flag("azure_rbac", True)
        profile = {"managed": True, "enable_azure_rbac": rbac, "admin_group_object_ids": groups}
        tenant = inner.late("tenant_id", some_text)
        access["aad_profile"] = profile | ({} if tenant is None else {"tenant_id": tenant})
        reader.take(inner)
    elif not local:
        message = "false without aad: no one could sign in, and AKS refuses it"
        reader.add(Problem("KO424", "local_accounts", message, "users of Entra ID", "aad={'admin_groups': ['OBJECT-ID']}"))
    return access, local


def _upgrades(reader: Reader) -> dict[str, str]:
    inner = reader.inner("auto_upgrade", ClusterUpgradeArgs)
    channel, node_os = inner.text("channel"), inner.text("node_os")
    if channel == "node-image" and node_os not in (None, "NodeImage"):
        inner.add(Problem("KS105", inner.path("node_os"), f"'{node_os}' with channel node-image", "NodeImage (AKS)"))
    reader.take(inner)
    found = {"upgrade_channel": channel, "node_os_upgrade_channel": node_os}
    return {key: value for key, value in found.items() if value is not None}
