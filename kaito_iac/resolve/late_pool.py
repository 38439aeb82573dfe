"""Reads a pool that another stack hands on as an Output: its size is stated, its labels are compared and used when they come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from kaito_iac.catalog.find import find_any_size
from kaito_iac.catalog.record import GpuSize
from kaito_iac.problem import Problem, Unknown, errors
from kaito_iac.resolve.node_pool import read_existing
from kaito_iac.resolve.pool_spec import NodePoolSpec
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import shown
from kaito_iac.sizing.hardware import of_existing
from kaito_iac.spelling import pythonic

POOL_KEYS: Final = ("instance_type", "selector", "gpu", "max_count", "location")
"""How a pool of another stack is given: the reference of a GpuNodePool, or the same by hand."""
SIZE: Final = "the size of the pool's nodes: how many a model needs follows from it, before another stack is asked"


def read_late_pool(reader: Reader, given: pulumi.Output[Any]) -> NodePoolSpec | None:
    """Return the pool as far as it is known now; its labels are an Output that fails when the pool is another one."""
    named = reader.text("instance_type", SIZE)
    if named is None:
        if not reader.has("instance_type"):
            reader.add(Problem("KS102", reader.path("instance_type"), "missing, and node_pool is an Output", SIZE))
        return None
    size = find_any_size(named, None)
    if size is None:
        message = f"{shown(named)} is no size in the catalogue"
        reader.add(Problem("KS102", reader.path("instance_type"), message, "a size from `kaito-iac sizes`"))
        return None

    def other(path: str, value: Any) -> Problem | None:
        pool, problems = _read(value)
        if pool and pool.instance_type and pool.instance_type.lower() != size.name.lower():
            message = f"{shown(named)}, but the pool has {pool.instance_type}"
            return Problem(
                "KS105", reader.path("instance_type"), message, pool.instance_type, f"instance_type={pool.instance_type!r}"
            )
        return next(iter(errors(problems)), None)

    checked = reader.checked(reader.path("node_pool"), given, other, as_manifest=_selector)
    return _spec(size, checked.apply(_selector))


def _spec(size: GpuSize, selector: Any) -> NodePoolSpec:
    return NodePoolSpec(
        kind="existing",
        instance_type=size.name,
        size=size,
        hardware=of_existing(size),
        min_nodes=0,
        max_nodes=Unknown("the pool of another stack is not known yet"),
        autoscaled=False,
        spot=False,
        location="",
        selector=selector,
        labels={},
        taints=(),
        cluster=None,
        pool_name="",
        extra={},
        problems=(),
    )


def _read(value: Any) -> tuple[NodePoolSpec | None, tuple[Problem, ...]]:
    if not isinstance(value, Mapping):
        accepted = "the reference of a GpuNodePool, or instance_type and selector of its nodes"
        return None, (Problem("KS102", "node_pool", shown(value), accepted),)
    reader = Reader(pythonic(value, POOL_KEYS), POOL_KEYS, prefix="node_pool.")
    return read_existing(reader, "selector"), tuple(reader.problems)


def _selector(value: Any) -> dict[str, Any]:
    found = _read(value)[0]
    return dict(found.selector) if found else {}
