"""Resolves a pool of GPU nodes: which size, how many, and how workloads find and tolerate it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from typing import Any, Final

from kaito_iac.catalog.find import find_size, size_problems
from kaito_iac.catalog.record import CLOUDS, GpuSize
from kaito_iac.problem import Problem, Unknown
from kaito_iac.resolve.check import is_number, label_value, shown, some_text
from kaito_iac.resolve.pool_spec import RESERVED, SELECTOR_KEY, TAINT, NodePoolSpec, cluster_id
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.stack_defaults import with_stack_defaults
from kaito_iac.sizing.hardware import Hardware, of_existing, of_labels

KEYS: Final = (
    "kind",
    "clusterId",
    "instanceType",
    "cloud",
    "gpu",
    "count",
    "min",
    "max",
    "spot",
    "maxPrice",
    "zones",
    "location",
    "labels",
    "taint",
    "driver",
    "osDiskGiB",
    "poolName",
    "subnetId",
    "tags",
)
NEW_POOL_ONLY: Final = ("clusterId", "zones", "taint", "driver", "osDiskGiB", "poolName", "subnetId", "tags", "maxPrice")
"""Arguments that say how to make nodes, and nothing of nodes that exist."""
LONGEST_POOL_NAME: Final = 12
POOL_NAME: Final = re.compile(r"[a-z][a-z0-9]{0,11}")
GPU_KEYS: Final = ("product", "count", "memoryMiB")


def resolve_node_pool(name: str, args: Mapping[str, Any]) -> NodePoolSpec:
    """Checks the arguments of a GpuNodePool; raises SpecError with every problem."""
    reader = Reader(with_stack_defaults("GpuNodePool", name, args), KEYS, title=f"GpuNodePool '{name}'")
    kind = reader.text("kind", choices=("aks", "existing")) or ("aks" if reader.has("clusterId") else "existing")
    spec = _new_pool(reader, name) if kind == "aks" else read_existing(reader, "labels")
    return replace(spec, problems=reader.finish())


def read_existing(reader: Reader, labels: str) -> NodePoolSpec:
    """Reads nodes that exist already, found by the labels under that key; problems go to the reader."""
    size, hardware = _hardware(reader, "existing")
    low, high, _ = _counts(reader, "existing")
    selector = _labels(reader, labels)
    if not selector and not reader.problems_at(labels) and not reader.problems_at("kind"):
        fix = f"kubectl label node NODE apps=gpu; {reader.path(labels)}={{'apps': 'gpu'}}"
        reader.add(Problem("KS102", reader.path(labels), "missing", "labels that the nodes carry already", fix))
    for key in NEW_POOL_ONLY:
        if reader.has(key):
            told = "without effect on nodes that exist already"
            accepted = "an argument of a new pool" if key != "clusterId" else "kind='aks', or no clusterId"
            reader.add(Problem("KS105", reader.path(key), told, accepted, f"leave {key} out", "warning"))
    return NodePoolSpec(
        kind="existing",
        instance_type=size.name if size else "",
        size=size,
        hardware=hardware,
        min_nodes=low,
        max_nodes=high,
        autoscaled=False,
        spot=reader.flag("spot", False),
        location=reader.text("location", "a region, such as eastus") or "",
        selector=selector,
        labels=selector,
        taints=(),
        cluster=None,
        pool_name="",
        extra={},
        problems=(),
    )


def _new_pool(reader: Reader, name: str) -> NodePoolSpec:
    if find_spec("pulumi_azure_native") is None:
        fix = "pip install 'kaito-iac[azure]'"
        reader.add(Problem("KS224", "kind", "aks, but pulumi-azure-native is not installed", "the extra azure", fix))
    cluster = reader.late("clusterId", cluster_id)
    if cluster is None:
        fix = "give clusterId, or kind='existing' for nodes that are there"
        reader.add(Problem("KS102", "clusterId", "missing", "the ARM id of the AKS cluster", fix))
    size, hardware = _hardware(reader, "aks")
    low, high, autoscaled = _counts(reader, "aks")
    labels = _labels(reader, "labels")
    if SELECTOR_KEY in labels:
        told = f"'{SELECTOR_KEY}' is set by the pool itself, to the component's name"
        reader.add(Problem("KS208", f"labels.{SELECTOR_KEY}", told, "a label of your own", "choose another key"))
    reader.add(label_value("the component's name", name))
    spot = reader.flag("spot", False)
    return NodePoolSpec(
        kind="aks",
        instance_type=size.name if size else "",
        size=size,
        hardware=hardware,
        min_nodes=low,
        max_nodes=high,
        autoscaled=autoscaled,
        spot=spot,
        location=reader.text("location", "a region, such as eastus") or "",
        selector={SELECTOR_KEY: name},
        labels={**labels, SELECTOR_KEY: name},
        taints=_taints(reader, spot),
        cluster=cluster,
        pool_name=_pool_name(reader, name),
        extra=_extra(reader),
        problems=(),
    )


def _hardware(reader: Reader, kind: str) -> tuple[GpuSize | None, Hardware]:
    nothing = Hardware(label="", gpus=1, node_gpu_memory_bytes=0, gpu_model="")
    facts = reader.inner("gpu", GPU_KEYS)
    named = reader.text("instanceType", "a size from `kaito-iac sizes`", required=kind == "aks" or not facts.args)
    product = facts.text("product", "GPU product, as the label nvidia.com/gpu.product tells it", required=bool(facts.args))
    count = facts.number("count", 1, 16, "(GPUs per node)")
    memory = facts.number("memoryMiB", 1024, 1024 * 1024, "(MiB of one GPU)")
    if facts.args and not facts.has("memoryMiB"):
        accepted = "memory of one GPU in MiB, as the label nvidia.com/gpu.memory tells it"
        facts.add(Problem("KS102", facts.path("memoryMiB"), "missing", accepted, f"give {facts.path('memoryMiB')}"))
    reader.take(facts)
    cloud = reader.text("cloud", choices=CLOUDS) or ("azure" if kind == "aks" else None)
    size = find_size(named, cloud) if named else None
    if named:
        reader.problems += [
            problem
            for problem in size_problems(named, cloud, reader.path("instanceType"))
            if kind == "aks" or problem.code != "KS211" or "NVIDIA" in problem.accepted
        ]
    if product and memory:
        return size, of_labels(product, count or (size.gpus if size else 1), memory)
    return size, of_existing(size) if size else nothing


def _counts(reader: Reader, kind: str) -> tuple[int, int | Unknown, bool]:
    count = reader.number("count", 0, 1000, "nodes")
    low = reader.number("min", 0, 1000, "nodes")
    high = reader.number("max", 1, 1000, "nodes")
    if count is not None and (low is not None or high is not None):
        reader.add(
            Problem(
                "KS105",
                reader.path("count"),
                f"{count} together with min or max",
                "either count, or min and max",
                "leave count out",
            )
        )
    if low is not None and high is not None and low > high:
        reader.add(Problem("KS105", reader.path("min"), str(low), f"at most max ({high})"))
    if kind == "existing" and count is None and high is None:
        return 0, Unknown("nobody said how many nodes exist; give count"), False
    if high is None:
        fixed = count if count is not None else max(low or 1, 1)
        return fixed, fixed, False
    return (low if low is not None else 1), high, kind == "aks"


def _labels(reader: Reader, key: str) -> dict[str, Any]:
    labels = reader.labels(key)
    for label in labels:
        if label in RESERVED or label == "karpenter.sh/nodepool":
            told = f"'{label}' is KAITO's own: its provisioner deletes pools that carry it, and selectors drop it"
            reader.add(Problem("KS208", f"{reader.path(key)}.{label}", told, "a label of your own", "choose another key"))
    return labels


def _taints(reader: Reader, spot: bool) -> tuple[str, ...]:
    taint = reader.text("taint", "key=value:Effect, or 'none'") or TAINT
    if taint not in (TAINT, "none"):
        told = f"'{taint}': KAITO's tuning jobs and device plugin tolerate {TAINT} alone, so their pods would never be scheduled"
        reader.add(Problem("KS105", "taint", told, f"{TAINT} or none", "leave taint out"))
    own = () if taint == "none" else (TAINT,)
    return (*own, "kubernetes.azure.com/scalesetpriority=spot:NoSchedule") if spot else own


def _pool_name(reader: Reader, name: str) -> str:
    accepted = "1 to 12 lower-case letters and digits, a letter first (AKS)"
    given = reader.text("poolName", accepted)
    letters = re.sub(r"[^a-z0-9]", "", name.lower())
    short = letters if len(letters) <= LONGEST_POOL_NAME else letters[:8] + hashlib.sha256(name.encode()).hexdigest()[:4]
    pool = given or short
    if not POOL_NAME.fullmatch(pool):
        told = shown(given) if given else f"{shown(pool)}, made of the component's name"
        reader.add(Problem("KS104", "poolName", told, accepted, "give poolName"))
    return pool


def _extra(reader: Reader) -> dict[str, Any]:
    """Reads the further properties of an agent pool, in the names of azure-native's class."""
    extra: dict[str, Any] = {"gpu_profile": {"driver": reader.text("driver", choices=("Install", "None")) or "Install"}}
    values = {
        "os_disk_size_gb": reader.number("osDiskGiB", 64, 4096, "GiB"),
        "availability_zones": reader.words("zones") or None,
        "tags": reader.texts("tags") or None,
        "vnet_subnet_id": reader.late("subnetId", some_text),
        "spot_max_price": _max_price(reader),
    }
    return extra | {key: value for key, value in values.items() if value is not None}


def _max_price(reader: Reader) -> float | None:
    price = reader.args.get("maxPrice")
    if price is None:
        return None
    if not is_number(price) or not (price == -1 or price > 0):
        reader.add(Problem("KS102", "maxPrice", shown(price), "USD an hour above 0, or -1 for the on-demand price"))
    elif not reader.flag("spot", False):
        reader.add(Problem("KS105", "maxPrice", f"{shown(price)} without spot", "spot=True"))
    else:
        return float(price)
    return None
