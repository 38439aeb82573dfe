"""Reads what every kind of pool has: its size, how many nodes, labels and taint."""

from __future__ import annotations

from typing import Any

from kaito_iac.catalog.find import NO_NVIDIA, find_any_size, pool_size_problems
from kaito_iac.catalog.label import KEPT_LABELS, NODE_POOL, RESERVED, TAINT, kept_domain
from kaito_iac.catalog.record import GpuSize
from kaito_iac.kinds.nested import GpuArgs
from kaito_iac.problem import Problem, Unknown
from kaito_iac.resolve.pool_spec import SELECTOR_KEY, NodePoolSpec
from kaito_iac.resolve.reading import Reader
from kaito_iac.sizing.hardware import Hardware, of_existing, of_labels


def stated_size(reader: Reader) -> str:
    """Return the size as it is written; empty for anything but text."""
    given = reader.args.get("instance_type")
    return given if isinstance(given, str) else ""


def read_new_nodes(reader: Reader, name: str, kind: str, *, region: str, cluster_region: str = "") -> NodePoolSpec:
    """Read what every pool has that makes nodes; the reader of the kind adds its own. `region` is an example of one."""
    size, hardware = read_hardware(reader, kind)
    low, high, autoscaled = read_counts(reader, kind)
    spot = reader.flag("spot", False)
    return NodePoolSpec(
        kind=kind,
        instance_type=size.name if size else stated_size(reader),
        size=size,
        hardware=hardware,
        min_nodes=low,
        max_nodes=high,
        autoscaled=autoscaled,
        spot=spot,
        location=reader.text("location", f"a region, such as {region}") or cluster_region,
        selector={SELECTOR_KEY: name},
        labels={**own_labels(reader), SELECTOR_KEY: name},
        taints=read_taints(reader, spot, kind),
        cluster=None,
        pool_name=name,
        extra={},
        protect=reader.flag("protect", False),
        problems=(),
    )


def read_hardware(reader: Reader, kind: str) -> tuple[GpuSize | None, Hardware]:
    """Read instance_type, cloud and gpu: the size if one is named, and what its nodes offer."""
    nothing = Hardware(label="", gpus=1, node_gpu_memory_bytes=0, gpu_model="")
    facts = reader.inner("gpu", GpuArgs)
    named = reader.text("instance_type", "a size from `kaito-iac sizes`", required=kind != "existing" or not facts.args)
    product = facts.text("product", "GPU product, as in the label nvidia.com/gpu.product", required=bool(facts.args))
    count = facts.number("count", 1, 16, "(GPUs per node)")
    memory = facts.number("memory_mib", 1024, 1024 * 1024, "(MiB of one GPU)")
    if facts.args and not facts.has("memory_mib"):
        accepted = "memory of one GPU in MiB, as in the label nvidia.com/gpu.memory"
        facts.add(Problem("KS102", facts.path("memory_mib"), "missing", accepted, f"give {facts.path('memory_mib')}"))
    reader.take(facts)
    cloud = reader.text("cloud") or {"aks": "azure", "eks": "aws"}.get(kind)
    size = find_any_size(named, cloud) if named else None
    if named:
        reader.problems += [
            problem
            for problem in pool_size_problems(
                named, cloud, reader.path("instance_type"), stated=bool(product and memory), exists=kind == "existing"
            )
            if kind != "existing" or problem.code != "KS211" or problem.cause == NO_NVIDIA
        ]
    if product and memory:
        return size, of_labels(product, count or (size.gpus if size else 1), memory)
    return size, of_existing(size) if size else nothing


def read_counts(reader: Reader, kind: str) -> tuple[int, int | Unknown, bool]:
    """Read count, min_count and max_count: fewest nodes, most nodes, and whether the number moves between them."""
    count = reader.number("count", 0, 1000, "nodes")
    low = reader.number("min_count", 0, 1000, "nodes")
    high = reader.number("max_count", 1, 1000, "nodes")
    if count is not None and (low is not None or high is not None):
        reader.add(
            Problem(
                "KS105",
                reader.path("count"),
                f"{count} together with min_count or max_count",
                "either count, or min_count and max_count",
                "leave count out",
            )
        )
    if low is not None and high is not None and low > high:
        reader.add(Problem("KS105", reader.path("min_count"), str(low), f"at most max_count ({high})"))
    if kind == "existing" and count is None and high is None:
        return 0, Unknown("the number of existing nodes is not stated; give count"), False
    if kind == "karpenter":
        return _karpenter_counts(reader, count, high)
    if high is None:
        fixed = count if count is not None else max(low or 1, 1)
        return fixed, fixed, False
    return (low if low is not None else 1), high, kind != "existing"


def _karpenter_counts(reader: Reader, count: int | None, high: int | None) -> tuple[int, int, bool]:
    """Return the nodes that Karpenter keeps, or those that it may make for pods."""
    if count is None and high is None and not reader.problems_at("count") and not reader.problems_at("max_count"):
        accepted = "count for nodes that are kept, or max_count for nodes that Karpenter creates for pods"
        message = "neither count nor max_count: Karpenter would create nodes up to the quota"
        reader.add(Problem("KO425", "max_count", message, accepted, "give count or max_count"))
    return (count, count, False) if count is not None else (0, high or 0, True)


def read_labels(reader: Reader, key: str) -> dict[str, Any]:
    """Read the labels under a key; KAITO's own are refused, as its provisioner deletes pools that carry them."""
    labels = reader.labels(key)
    for label in labels:
        if label in RESERVED or label == NODE_POOL:
            message = f"'{label}' is KAITO's own: its provisioner deletes pools that carry it, and selectors drop it"
            reader.add(Problem("KS208", f"{reader.path(key)}.{label}", message, "a label of your own", "choose another key"))
    return labels


def read_taints(reader: Reader, spot: bool, kind: str) -> tuple[str, ...]:
    """Read the taint, and adds the one that AKS puts on the nodes of its spot pools."""
    taint = reader.text("taint", "key=value:Effect, or 'none'") or TAINT
    if taint not in (TAINT, "none"):
        message = (
            f"'{taint}': KAITO's tuning jobs and device plugin tolerate {TAINT} alone, so their pods would never be scheduled"
        )
        reader.add(Problem("KS105", "taint", message, f"{TAINT} or none", "leave taint out"))
    own = () if taint == "none" else (TAINT,)
    return (*own, "kubernetes.azure.com/scalesetpriority=spot:NoSchedule") if spot and kind == "aks" else own


def own_labels(reader: Reader) -> dict[str, Any]:
    """Read the labels of new nodes; the pool's own label, by which workloads find them, is set by nothing else."""
    labels = read_labels(reader, "labels")
    if SELECTOR_KEY in labels:
        message = f"'{SELECTOR_KEY}' is set by the pool itself, to the component's name"
        reader.add(Problem("KS208", f"labels.{SELECTOR_KEY}", message, "a label of your own", "choose another key"))
    for label in labels:
        if label in KEPT_LABELS:
            message = f"'{label}', which AKS sets itself"
            reader.add(Problem("KS261", f"labels.{label}", message, "a label of your own", "choose another key"))
        if label not in (*RESERVED, NODE_POOL) and (domain := kept_domain(label)):
            message = f"'{label}': AKS and Karpenter keep labels of {domain} to themselves and refuse them"
            reader.add(Problem("KS261", f"labels.{label}", message, "a label of your own", "choose another key"))
    return labels
