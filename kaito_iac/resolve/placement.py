"""Resolves where a workload runs: nodes of a pool, nodes that KAITO provisions, or a slice of either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pulumi

from kaito_iac.admission.case import admitted_size
from kaito_iac.admission.verdict import Environment
from kaito_iac.admission.vocabulary import MOST_GPUS, PARTITION_GATES
from kaito_iac.catalog.find import find_size, size_problems
from kaito_iac.catalog.load import mig_profiles
from kaito_iac.catalog.record import GpuSize
from kaito_iac.errors import REFUSED
from kaito_iac.kinds.manifest import write
from kaito_iac.kinds.nested import PartitionArgs
from kaito_iac.kinds.references import NodePoolReferenceArgs
from kaito_iac.problem import Problem, Unknown, errors
from kaito_iac.resolve.late_pool import POOL_KEYS, read_late_pool
from kaito_iac.resolve.node_pool import read_existing
from kaito_iac.resolve.node_pool_aks import slice_problem
from kaito_iac.resolve.operator_requirements import Operator, known, same_place
from kaito_iac.resolve.pool_spec import NodePoolSpec
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import described, shown
from kaito_iac.sizing.hardware import Hardware, of_accelerators, of_mig, of_size
from kaito_iac.spelling import pythonic

MISSING_SIZE: Final = Problem(
    "KS102",
    "instance_type",
    "missing",
    "instance_type or node_pool",
    "give node_pool for existing nodes, or instance_type for nodes that KAITO creates",
)
"""Message about a workload without a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Nodes for a workload, as KAITO gets them and as its estimator sees them."""

    provisioner: str
    """Who makes the nodes: azure-gpu-provisioner, karpenter, or byo (they exist)."""
    instance_type: str
    """VM size to write; empty on existing nodes."""
    size: GpuSize | None
    hardware: Hardware | None
    """None: a size that only a pod template can use, whose GPUs are unknown."""
    selector: Any
    """Labels of the nodes; an Output where another stack has the pool."""
    pool: NodePoolSpec | None
    partition: Mapping[str, Any]
    location: str
    cloud: str = "azure"
    """Cloud of the nodes: azure, aws or arc."""
    node_class: str = ""
    """Karpenter NodeClass; empty: KAITO's default."""

    @property
    def provisioned(self) -> bool:
        """Return whether KAITO creates the nodes, and so their cost."""
        return self.provisioner != "byo"

    @property
    def environment(self) -> Environment:
        """Return how KAITO has to be installed for this place: provisioner, cloud, gate of a partition, NodeClass."""
        gate = PARTITION_GATES.get(str(self.partition.get("mode")))
        gates = {gate: True} if gate else {}
        managed = (self.node_class,) if self.node_class else None
        return Environment(provisioner=self.provisioner, cloud=self.cloud, feature_gates=gates, node_classes=managed)

    @property
    def path(self) -> str:
        """Return the argument that decides the nodes."""
        return "node_pool" if self.pool else "instance_type"

    @property
    def size_name(self) -> str:
        """Return the VM size of the nodes, also of existing ones; empty when it is not stated."""
        return self.size.name if self.size else self.instance_type


def resolve_placement(
    reader: Reader, *, default_size: str | None, templated: bool, undecided: bool, name: str, operator: Operator
) -> Placement:
    """Resolve node_pool, instance_type, provisioner, node_selector and partition; problems go to the reader.

    `undecided`: what is to be served is in doubt, and so is its default size.
    """
    pool = _pool(reader)
    instance_type = _named_size(reader)
    cloud = reader.text("cloud") or known(operator.facts.cloud)
    size, hardware = (pool.size, pool.hardware) if pool else (None, None)
    if not reader.has("node_pool"):
        wrong = reader.has("instance_type") and not instance_type
        instance_type = instance_type or default_size
        if not wrong and (instance_type or not undecided):
            size, hardware = _provisioned_hardware(reader, instance_type, cloud, templated)
    provisioner = _provisioner(reader, size, known(operator.facts.provisioner))
    operator.needs(reader, same_place(reader, size))
    selector = _selector(reader, pool, name)
    hardware, partition = _partition(reader, provisioner, hardware)
    reader.add(
        slice_problem(pool.mig, partition, pool.size) if pool and partition.get("profile") in (None, *mig_profiles()) else None
    )
    return Placement(
        provisioner=provisioner,
        instance_type="" if provisioner == "byo" else (instance_type or ""),
        size=size,
        hardware=hardware,
        selector=selector,
        pool=pool,
        partition=partition,
        cloud=size.cloud if size else cloud or "azure",
        location=reader.text("location", "a region, such as eastus") or (pool.location if pool else ""),
    )


def _named_size(reader: Reader) -> str | None:
    if isinstance(reader.args.get("node_pool"), pulumi.Output):
        return None
    named = reader.text("instance_type", "a size from `kaito-iac sizes`")
    if reader.has("node_pool") and reader.has("instance_type"):
        message = f"{shown(reader.args['instance_type'])} together with node_pool, whose nodes exist already"
        fix = "leave instance_type out: the pool has its size"
        reader.add(Problem("KS105", "instance_type", message, "either instance_type or node_pool", fix))
    return named


def _pool(reader: Reader) -> NodePoolSpec | None:
    given = reader.args.get("node_pool")
    spec = getattr(given, "spec", None) if isinstance(given, pulumi.Resource) else None
    if isinstance(spec, NodePoolSpec):
        return spec
    if spec is REFUSED:
        return None
    if isinstance(given, pulumi.Resource):
        accepted = "a GpuNodePool of the same program, or instance_type and selector of its nodes"
        reader.add(Problem("KS102", "node_pool", described(given), accepted))
        return None
    if isinstance(given, pulumi.Output):
        return read_late_pool(reader, given)
    if given is None or (not isinstance(given, Mapping) and not reader.mapping("node_pool")):
        return None
    inner = reader.inner("node_pool", NodePoolReferenceArgs, args=pythonic(reader.mapping("node_pool"), POOL_KEYS))
    pool = read_existing(inner, "selector")
    reader.take(inner)
    return None if errors(inner.problems) else pool


def _provisioned_hardware(
    reader: Reader, instance_type: str | None, cloud: str | None, templated: bool
) -> tuple[GpuSize | None, Hardware | None]:
    if not instance_type:
        reader.add(MISSING_SIZE)
        return None, None
    size = find_size(instance_type, cloud)
    found = size_problems(instance_type, cloud, reader.path("instance_type"))
    if size is None and templated and admitted_size(instance_type, Environment(cloud=cloud or "azure")):
        reader.problems += [replace(problem, severity="warning") for problem in found]
        return None, None
    reader.problems += found
    return size, of_size(size) if size else None


def _provisioner(reader: Reader, size: GpuSize | None, of_operator: str | None) -> str:
    given = reader.text("provisioner")
    if reader.has("node_pool"):
        if given not in (None, "byo"):
            message = f"'{given}' together with node_pool"
            reader.add(Problem("KS105", "provisioner", message, "byo, which a node pool implies", "leave provisioner out"))
        return "byo"
    default = "karpenter" if size and size.cloud == "aws" else "azure-gpu-provisioner"
    default = of_operator if of_operator not in (None, "byo") else default
    if given == "byo":
        reader.add(
            Problem("KS105", "provisioner", "'byo' without node_pool", "node_pool with the labels of the nodes", "give node_pool")
        )
    if given == "azure-gpu-provisioner" and size and size.cloud != "azure":
        reader.add(
            Problem("KS105", "provisioner", f"'{given}' with a size of {size.cloud}", "karpenter", "provisioner='karpenter'")
        )
    return given or default


def _selector(reader: Reader, pool: NodePoolSpec | None, name: str) -> Any:
    own = reader.labels("node_selector")
    if pool and isinstance(pool.selector, pulumi.Output):
        return pulumi.Output.all(pool.selector, own).apply(lambda both: {**both[0], **both[1]})
    base = dict(pool.selector) if pool else {}
    return {**base, **own} if base or own else {"apps": name}


def _partition(reader: Reader, provisioner: str, hardware: Hardware | None) -> tuple[Hardware | None, dict[str, Any]]:
    if not reader.has("partition"):
        return hardware, {}
    part = reader.inner("partition", PartitionArgs)
    mode = part.text("mode", required=True)
    profile, count = part.text("profile", "a MIG profile"), part.number("count", 1, MOST_GPUS, "GPUs")
    if mode == "mig":
        known = mig_profiles().get(profile or "")
        hardware = of_mig(known) if known else None
    elif mode == "accelerator":
        hardware = _accelerators(part, count, hardware)
    reader.take(part)
    return hardware, write(PartitionArgs, {"mode": mode, "profile": profile, "count": count})


def _accelerators(part: Reader, count: int | None, hardware: Hardware | None) -> Hardware | None:
    if count is None or hardware is None:
        return hardware
    scaled = of_accelerators(hardware, count)
    if scaled is None:
        part.add(Problem("KS218", "partition.count", str(count), f"at most {hardware.gpus}, the GPUs of {hardware.label}"))
    return scaled


def pool_shortage(placement: Placement, nodes: int) -> Problem | None:
    """Report that a pool can never have as many ready nodes as KAITO waits for before it creates a pod."""
    pool = placement.pool
    if pool is None:
        return None
    needed = "1 node is needed" if nodes == 1 else f"{nodes} nodes are needed"
    if not isinstance(pool.max_nodes, Unknown) and nodes > pool.max_nodes:
        message = f"{needed}, the pool has at most {pool.max_nodes}; KAITO admits it and waits indefinitely"
        return Problem(
            "KS202", "node_pool", message, f"a pool of {nodes} or more nodes", f"give it {nodes} nodes, or a bigger size"
        )
    if pool.kind == "karpenter" and pool.autoscaled:
        why = "KAITO makes pods when nodes are ready, and this pool's nodes come when there are pods"
        message = f"{needed}; {why}: it waits indefinitely"
        fix = f"count={nodes} instead of max_count on the pool, or no node_pool with provisioner='karpenter'"
        return Problem("KS264", "node_pool", message, "nodes that Karpenter keeps", fix)
    if pool.kind in ("aks", "eks") and nodes > pool.min_nodes:
        why = "KAITO waits for ready nodes before it makes pods, so nothing makes the autoscaler add any"
        message = f"{needed}, the pool starts with {pool.min_nodes}; {why}"
        return Problem(
            "KS264", "node_pool", message, f"min_count of {nodes} or more on the pool", f"min_count={nodes} on the pool"
        )
    return None
