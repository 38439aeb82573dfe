"""Resolves how a Workspace is replaced: the old one goes first, or a new one under another name comes first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pulumi

from kaito_iac.admission.vocabulary import LONGEST
from kaito_iac.problem import Problem, Unknown, errors
from kaito_iac.resolve.placement import Placement
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_label
from kaito_iac.resolve.workspace_spec import WorkspaceSpec
from kaito_iac.sizing.slices import cut_gpus

SUFFIX: Final = 6
"""Hexadecimal digits that distinguish two generations of a Workspace."""
LONGEST_NAME: Final = LONGEST["Workspace"] - SUFFIX - 1
"""Characters of a name that leave room for the suffix."""
STREAMING: Final = "kaito.sh/model-streaming"
"""The only annotation that KAITO 0.12 refuses to change."""


def read_replacement(reader: Reader, spec: WorkspaceSpec) -> WorkspaceSpec:
    """Read `replacement`; under blueGreen the Workspace gets a name that changes with everything that replaces it."""
    if reader.text("replacement") != "blueGreen":
        return spec
    if not reader.problems_at("name"):
        reader.add(dns_label(LONGEST_NAME, letter_first=True)("name", spec.object_name))
    if errors(reader.problems):
        return spec
    reader.problems += _both(spec)
    return replace(spec, generation=generation(kept(spec)))


def kept(spec: WorkspaceSpec) -> dict[str, Any]:
    """Return what KAITO 0.12 does not let a Workspace change, and the nodes it counts once; values may be Outputs."""
    return {
        "resource": spec.resource(),
        "preset": spec.inference(None).get("preset"),
        "nodes": spec.nodes,
        "streaming": spec.annotations.get(STREAMING),
    }


def generation(values: Mapping[str, Any]) -> Any:
    """Return the suffix that stands for these values; an Output when one of them is."""
    if _is_plain(values):
        return _digest(json.dumps(values, sort_keys=True))
    return pulumi.Output.json_dumps(values, sort_keys=True).apply(_digest)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:SUFFIX]


def _is_plain(value: Any) -> bool:
    return all(map(_is_plain, value.values())) if isinstance(value, Mapping) else not isinstance(value, pulumi.Output)


def _both(spec: WorkspaceSpec) -> Iterator[Problem]:
    """Report what it takes that two generations stand beside each other."""
    place = spec.placement
    if not spec.wait_seconds:
        message = "blueGreen with wait false: the old one is deleted as soon as the new one is created, before it answers"
        fix = "leave wait out; with a ReadinessGate behind it all is well"
        yield Problem("KS277", "replacement", message, "wait, or a ReadinessGate", fix, "warning")
    if place.provisioned:
        each = place.size.vcpus if place.size else None
        vcpus = f" ({spec.nodes * each} vCPUs)" if isinstance(each, int) else ""
        message = f"blueGreen holds {spec.nodes} x {place.size_name}{vcpus} a second time while a replacement starts"
        yield Problem("KS278", "replacement", message, "quota for both", severity="info")
    elif place.pool:
        yield from _room(place, spec.nodes, place.pool.max_nodes)


def _room(place: Placement, nodes: int, most: int | Unknown) -> Iterator[Problem]:
    """Report that a pool may not hold the old generation, of one node or part at least, beside the new one."""
    least, both = needed_nodes(place, nodes + 1), needed_nodes(place, 2 * nodes)
    accepted = f"a pool of {both} or more nodes"
    fix = f"a pool with {both} nodes, or replacement='recreate'"
    if isinstance(most, Unknown):
        message = f"{both} nodes are needed while blueGreen replaces it, and the node count of the pool is not stated"
        yield Problem("KS276", "node_pool", message, accepted, f"max_count={both} or more on the pool, if that is so", "info")
    elif least > most:
        message = f"at most {_nodes(most)}: under blueGreen the new one would wait indefinitely for those of the old one"
        yield Problem("KS276", "node_pool", message, accepted, fix)
    elif both > most:
        message = f"at most {_nodes(most)}: under blueGreen the new one waits indefinitely where the old one has as many"
        yield Problem("KS276", "node_pool", message, accepted, fix, "warning")


def needed_nodes(place: Placement, copies: int) -> int:
    """Return the nodes of a pool that so many nodes of a workload take, each a whole node or a part of one."""
    gpus = place.pool.hardware.gpus if place.pool else 1
    count, profile = place.partition.get("count"), place.partition.get("profile")
    if count:
        return -(-copies // (gpus // int(count)))
    return -(-cut_gpus([(str(profile), copies)]) // gpus) if profile else copies


def _nodes(count: int) -> str:
    return f"{count} node{'s' if count != 1 else ''}"
