"""Resolves replicas of a served model: the InferenceSet to write, how many there may be, and how they are scaled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kaito_iac.admission.vocabulary import UPGRADE_GATE
from kaito_iac.catalog.label import ENABLE_LB, SCALER, WAIT_FOR
from kaito_iac.problem import Problem, Severity, Unknown
from kaito_iac.resolve.autoscale import MOST_REPLICAS, Autoscale, resolve_autoscale
from kaito_iac.resolve.inference_set_spec import InferenceSetSpec
from kaito_iac.resolve.judgement import streaming_note
from kaito_iac.resolve.kubernetes_part import part_problems
from kaito_iac.resolve.operator_requirements import Operator
from kaito_iac.resolve.own_metadata import judge_metadata
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.served_model import own_annotations, read_served
from kaito_iac.resolve.stack_defaults import component_reader
from kaito_iac.resolve.upgrade import resolve_upgrade
from kaito_iac.resolve.workspace_spec import WorkspaceSpec


def resolve_inference_set(name: str, args: Mapping[str, Any] | None) -> InferenceSetSpec:
    """Check the arguments of a KaitoInferenceSet; raises SpecError with every problem."""
    reader = component_reader("KaitoInferenceSet", name, args)
    scaling = resolve_autoscale(reader)
    replicas = _replicas(reader, scaling)
    upgrade = resolve_upgrade(reader)
    most = (scaling.high if scaling else replicas) + int(upgrade.get("strategy") == "Surge" and upgrade["enabled"])
    operator = Operator(reader)
    served = read_served(reader, name, operator, kind="InferenceSet", replicas=most)
    reader.add(_shortage(served, replicas, most))
    if reader.has("node_count_limit"):
        told = "read by KEDA's scaler alone, which takes it for max-replicas where there is none"
        fix = "give autoscale.max_count: the limit divided by the nodes of a replica"
        reader.add(Problem("KS231", "node_count_limit", told, "replicas, or autoscale.max_count", fix))
    strategy = reader.mapping("update_strategy")
    reader.problems += part_problems("StatefulSetUpdateStrategy", "update_strategy", strategy)
    wait = served.wait_seconds if replicas else 0
    annotations = {**served.annotations, **({WAIT_FOR: "condition=InferenceSetReady"} if wait else {})}
    found: dict[str, Any] = {
        "least_replicas": scaling.low if scaling else replicas,
        "scaled_to": scaling.high if scaling else replicas,
        "triggers": scaling.triggers if scaling else (),
        "service": reader.flag("service", True),
        "replica_labels": reader.labels("replica_labels"),
        "replica_annotations": {**own_annotations(reader, "replica_annotations"), **served.steering},
    }
    _misplaced(reader)
    judge_metadata(reader, "Workspace", served.placement.environment, labels="replica_labels", annotations="replica_annotations")
    _gates(reader, operator, upgrade)
    annotations |= scaling.annotations if scaling else {}
    return InferenceSetSpec(
        served=replace(served, annotations=annotations, wait_seconds=wait, operator=operator.told()),
        replicas=replicas,
        most_replicas=most,
        scaled=scaling is not None,
        update_strategy=strategy,
        auto_upgrade=upgrade,
        problems=reader.finish(),
        **found,
    )


def _gates(reader: Reader, operator: Operator, upgrade: Mapping[str, Any]) -> None:
    """Ask the operator for the gates of a set."""
    streaming_note(reader, operator, "replica_annotations")
    if upgrade.get("enabled"):
        operator.needs_gate(reader, "auto_upgrade", UPGRADE_GATE)


def _replicas(reader: Reader, scaling: Autoscale | None) -> int:
    given = reader.number("replicas", 0, MOST_REPLICAS, "replicas")
    if scaling is None:
        return 1 if given is None else given
    if given is not None and not scaling.low <= given <= scaling.high:
        told = f"{given}, which autoscale changes at once"
        fix = "leave replicas out: they start at autoscale.min_count"
        reader.add(Problem("KS105", "replicas", told, f"{scaling.low} to {scaling.high}", fix))
    return scaling.low if given is None else given


def _shortage(served: WorkspaceSpec, replicas: int, most: int) -> Problem | None:
    """Report that a pool has fewer nodes than all replicas together need; parts of nodes may share them."""
    pool = served.placement.pool
    if pool is None or served.placement.partition or isinstance(pool.max_nodes, Unknown):
        return None
    if served.nodes > pool.max_nodes or served.nodes * most <= pool.max_nodes:
        return None
    always = served.nodes * replicas > pool.max_nodes
    needed = served.nodes * (replicas if always else most)
    told = f"{needed} nodes are needed for {replicas if always else most} replicas, the pool has at most {pool.max_nodes}"
    severity: Severity = "error" if always else "warning"
    return Problem("KS223", "node_pool", told, f"a pool of {needed} or more nodes", f"give it {needed} nodes", severity)


def _misplaced(reader: Reader) -> None:
    """Report which annotations of the set itself would steer a replica, if they reached it."""
    if ENABLE_LB in reader.mapping("replica_annotations"):
        told = "a public load balancer without authentication for every replica, which also opens Ray's ports 6379 and 8265"
        fix = "leave it out and put a gateway in front"
        reader.add(Problem("KN301", f"replica_annotations.{ENABLE_LB}", told, "the Service of the set", fix, "warning"))
    for key in reader.mapping("annotations"):
        if key.startswith("kaito.sh/") and not reader.problems_at(f"annotations.{key}"):
            told = "without effect here: an InferenceSet does not pass it on to its replicas"
            fix = f"replica_annotations={{'{key}': …}}"
            reader.add(Problem("KS229", f"annotations.{key}", told, "replica_annotations", fix, "warning"))
        elif key.startswith(SCALER):
            reader.add(Problem("KS105", f"annotations.{key}", "set by the argument autoscale", fix="use autoscale"))
