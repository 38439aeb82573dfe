"""Resolves an AKS agent pool of GPU nodes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from typing import Any, Final

import pulumi

from kaito_iac.catalog.load import mig_profiles
from kaito_iac.catalog.record import GpuSize, MigProfile
from kaito_iac.errors import REFUSED
from kaito_iac.kinds.gpu_node_pool import PoolUpgradeArgs
from kaito_iac.problem import Problem
from kaito_iac.project_url import pip_install
from kaito_iac.resolve.adoption import read_pool_adoption
from kaito_iac.resolve.cluster_spec import ClusterSpec
from kaito_iac.resolve.node_pool_disk import read_disk, read_disk_type
from kaito_iac.resolve.node_pool_reading import read_new_nodes
from kaito_iac.resolve.pool_spec import NodePoolSpec, cluster_id
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import described, is_number, label_value, shown, some_text
from kaito_iac.sizing.slices import profile_fits

LONGEST_POOL_NAME: Final = 12
POOL_NAME: Final = re.compile(r"[a-z][a-z0-9]{0,11}")
MIG: Final = ("MIG1g", "MIG2g", "MIG3g", "MIG4g", "MIG7g")
AMOUNT: Final = re.compile(r"(100|[1-9]?\d)%|\d{1,3}")
NOTHING: Final = re.compile(r"0%?")
RESERVATION: Final = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Compute/capacityReservationGroups/[^/]+", re.IGNORECASE
)


_AUTOSCALED: Final = Problem(
    "KO421",
    "max_count",
    "an autoscaled pool in a cluster with node auto-provisioning, which AKS refuses",
    "a fixed count, or kind='karpenter'",
    "count instead of min_count and max_count",
)


def read_aks(reader: Reader, name: str) -> NodePoolSpec:
    """Read an agent pool that is made; problems go to the reader."""
    if find_spec("pulumi_azure_native") is None:
        fix = pip_install(("azure",))
        reader.add(Problem("KS224", "kind", "aks, but pulumi-azure-native is not installed", "the extra azure", fix))
    around = read_cluster(reader)
    cluster = reader.args["cluster"].cluster_id if around else reader.late("cluster_id", cluster_id)
    if cluster is None and not reader.has("cluster"):
        fix = "give cluster or cluster_id, or kind='existing' for existing nodes"
        reader.add(Problem("KS102", "cluster_id", "missing", "the ARM id of the AKS cluster", fix))
    nodes = read_new_nodes(reader, name, "aks", region="eastus", cluster_region=around.location if around else "")
    if nodes.autoscaled and around and around.node_auto_provisioning:
        reader.add(_AUTOSCALED)
    reader.add(label_value("the component's name", name))
    mig = _mig(reader, nodes.size)
    pool_name = _pool_name(reader, name)
    return replace(
        nodes,
        cluster=cluster,
        pool_name=pool_name,
        extra=_extra(reader, nodes.size) | ({"gpu_instance_profile": mig} if mig else {}),
        mig=mig or "",
        adopt=read_pool_adoption(reader, pool_name, cluster),
    )


def read_cluster(reader: Reader) -> ClusterSpec | None:
    """Read the argument `cluster`: a KaitoCluster of the same program; None without one."""
    given = reader.args.get("cluster")
    spec = getattr(given, "spec", None) if isinstance(given, pulumi.Resource) else None
    if given is not None and reader.has("cluster_id"):
        text = "together with cluster, which has its ID"
        reader.add(Problem("KS105", "cluster_id", text, "either cluster or cluster_id", "leave cluster_id out"))
    if given is None or spec is REFUSED or isinstance(spec, ClusterSpec):
        return spec if isinstance(spec, ClusterSpec) else None
    text = described(given) if isinstance(given, pulumi.Resource) else shown(given)
    reader.add(Problem("KS102", "cluster", text, "a KaitoCluster of the same program", "give cluster_id for another cluster"))
    return None


def slice_problem(mig: str, partition: Mapping[str, Any], size: GpuSize | None = None) -> Problem | None:
    """Report that a workload wants other GPUs than the slices that a pool's are cut into, or slices of another GPU."""
    if not mig:
        return None
    profile = mig_profiles().get(partition.get("profile", "")) if partition.get("mode") == "mig" else None
    if profile and profile.slices == int(mig[3]):
        return None if size is None or profile_fits(profile, size) else _other_gpu(profile, size)
    message = (
        f"{profile.profile}, while the pool's GPUs are cut by {mig}"
        if profile
        else f"none, while the pool's GPUs are cut by {mig}"
    )
    fix = "a GpuNodePool without mig for whole GPUs"
    return Problem("KS266", "partition", message, f"mode mig with a profile of {mig[3:]}", fix)


def _other_gpu(profile: MigProfile, size: GpuSize) -> Problem:
    fitting = [name for name, one in mig_profiles().items() if one.slices == profile.slices and profile_fits(one, size)]
    message = f"{profile.profile}, a slice of {profile.gpus}, while {size.name} has {size.gpu_model} of "
    message += f"{size.gpu_memory_per_gpu_gib:.0f} GiB: no node offers {profile.resource}"
    return Problem("KS266", "partition", message, " or ".join(fitting) or "a profile of this GPU")


def _mig(reader: Reader, size: GpuSize | None) -> str | None:
    given = reader.args.get("mig")
    profile = mig_profiles().get(given) if isinstance(given, str) else None
    if profile is not None:
        message = f"'{given}', the profile of one slice"
        reader.add(Problem("KS102", "mig", message, " or ".join(MIG), f"mig='MIG{profile.slices}g'"))
        return None
    mig = reader.text("mig")
    if mig and size and not size.mig_capable:
        message = f"'{mig}' on {size.name}, whose {size.gpu_model} cannot be cut"
        reader.add(Problem("KS260", "mig", message, "a size with A100, H100 or H200", "leave mig out"))
    return mig


def _pool_name(reader: Reader, name: str) -> str:
    accepted = "1 to 12 lower-case letters and digits, a letter first (AKS)"
    given = reader.text("pool_name", accepted)
    letters = re.sub(r"[^a-z0-9]", "", name.lower())
    short = letters if len(letters) <= LONGEST_POOL_NAME else letters[:8] + hashlib.sha256(name.encode()).hexdigest()[:4]
    pool = given or short
    if not POOL_NAME.fullmatch(pool):
        message = shown(given) if given else f"{shown(pool)}, made of the component's name"
        reader.add(Problem("KS104", "pool_name", message, accepted, "give pool_name"))
    return pool


def _extra(reader: Reader, size: GpuSize | None) -> dict[str, Any]:
    """Read the further properties of an agent pool, in the names of azure-native's class."""
    extra: dict[str, Any] = {"gpu_profile": {"driver": reader.text("driver") or "Install"}}
    disk = read_disk(reader, size, largest=4096)
    values = {
        "os_disk_size_gb": disk,
        "os_disk_type": read_disk_type(reader, size, disk),
        "os_sku": reader.text("image_family", choices=("Ubuntu", "AzureLinux")),
        "availability_zones": reader.words("zones") or None,
        "tags": reader.texts("tags") or None,
        "vnet_subnet_id": reader.late("subnet_id", some_text),
        "spot_max_price": _max_price(reader),
        "upgrade_settings": _upgrade(reader) or None,
        "capacity_reservation_group_id": _reservation(reader),
    }
    return extra | {key: value for key, value in values.items() if value is not None}


def _reservation(reader: Reader) -> Any:
    """Read the capacity reservation group: not with spot nodes, which cannot be reserved."""
    given = reader.late("capacity_reservation", _reservation_id)
    if given is not None and reader.args.get("spot") is True:
        message = "together with spot, which cannot be reserved"
        reader.add(Problem("KS105", "capacity_reservation", message, "spot, or a reservation", "leave spot out"))
    return given


def _reservation_id(path: str, value: Any) -> Problem | None:
    if isinstance(value, str) and RESERVATION.fullmatch(value):
        return None
    accepted = "/subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/capacityReservationGroups/…"
    return Problem("KS102", path, shown(value), accepted, "az capacity reservation group show --query id -o tsv")


def _upgrade(reader: Reader) -> dict[str, Any]:
    inner = reader.inner("upgrade", PoolUpgradeArgs)
    surge, less = inner.late("max_surge", _amount), inner.late("max_unavailable", _amount)
    if isinstance(surge, str) and NOTHING.fullmatch(surge) and (less is None or NOTHING.fullmatch(str(less))):
        message = f"'{surge}', and no node may be missing either: an upgrade could never start"
        inner.add(
            Problem("KS105", inner.path("max_surge"), message, "max_unavailable above 0", f"{inner.path('max_unavailable')}='1'")
        )
    values = {
        "max_surge": surge,
        "max_unavailable": less,
        "drain_timeout_in_minutes": inner.number("drain_timeout_minutes", 1, 1440, "minutes"),
        "node_soak_duration_in_minutes": inner.number("node_soak_minutes", 0, 30, "minutes"),
        "undrainable_node_behavior": inner.text("undrainable"),
    }
    reader.take(inner)
    return {key: value for key, value in values.items() if value is not None}


def _amount(path: str, value: Any) -> Problem | None:
    if isinstance(value, str) and AMOUNT.fullmatch(value):
        return None
    return Problem("KS102", path, shown(value), "nodes or a share of them as text, such as '1' or '33%'")


def _max_price(reader: Reader) -> float | None:
    price = reader.args.get("max_price")
    if price is None:
        return None
    if not is_number(price) or not (price == -1 or price > 0):
        reader.add(Problem("KS102", "max_price", shown(price), "USD an hour above 0, or -1 for the on-demand price"))
    elif not reader.flag("spot", False):
        reader.add(Problem("KS105", "max_price", f"{shown(price)} without spot", "spot=True"))
    else:
        return float(price)
    return None
