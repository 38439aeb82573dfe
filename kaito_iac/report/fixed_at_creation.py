"""What an update in place changes of AKS pools although Azure fixes it when a pool is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from kaito_iac.demand.aks import agent_pools, is_azure
from kaito_iac.problem import Problem, Unknown
from kaito_iac.stack.change import Change, State
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource

_FIXED: Final[Mapping[str, str | None]] = {
    "gpuInstanceProfile": "whole GPUs",
    "gpuProfile.driver": "Install",
    "gpuProfile.nvidia.managementMode": "Unmanaged",
    "gpuProfile.nvidia.migStrategy": None,
    "vmSize": None,
    "osDiskType": None,
    "scaleSetPriority": "Regular",
    "vnetSubnetID": None,
}
"""What a pool keeps until it is deleted, and the default; None: not known. Source: azure-aks-docs, gpu-multi-instance."""


def fixed_problems(changes: Iterable[Change]) -> Iterator[Problem]:
    """Report updates in place that Azure refuses: of agent pools, and of the pools inside a cluster, which has no other way."""
    for change in changes:
        if change.action != "update" or not is_azure(change.type) or change.before is None or change.after is None:
            continue
        old, new = _pools(change, change.before), _pools(change, change.after)
        if len(old) == len(new) == 1 and old.keys() != new.keys():
            (was,), (now,) = old, new
            yield _refused(f"{change.name}: {new[now][0]}.name", was, now, inside=True)
        for name in old.keys() & new.keys():
            path, pool = new[name]
            for key, nothing in _FIXED.items():
                sides = [field({"pool": one}, "pool", *key.split(".")) for one in (old[name][1], pool)]
                before, after = (nothing if side is None else side for side in sides)
                if isinstance(before, str) and isinstance(after, str) and before.lower() != after.lower():
                    where = f"{path}.{key}" if path else key
                    yield _refused(f"{change.name}: {where}", before, after, inside=bool(path))


def _pools(change: Change, state: State) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Return the pools of one side by name, with their paths; a pool of its own has none."""
    inputs = state.inputs if isinstance(state.inputs, Mapping) else {}
    found = agent_pools(Resource(change.urn, change.type, change.name, None, inputs))
    return {str(pool.get("name") or "") if path else "": (path, pool) for path, pool in found if not isinstance(pool, Unknown)}


def _refused(where: str, before: str, after: str, *, inside: bool) -> Problem:
    message = f"{before} becomes {after} in place, which Azure refuses: a pool keeps it for life"
    top = where.rpartition(": ")[2].split(".")[0]
    own = f"replace_on_changes=['{top}'] and delete_before_replace=True on the pool, or a pool of another name"
    fix = "add a pool, move what runs there, and remove this one" if inside else own
    return Problem("KS284", where, message, "a replacement", fix)
