"""Resolves replicas of a served model: the InferenceSet to write, how many there may be, and how they are scaled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kaito_iac.admission.vocabulary import UPGRADE_GATE
from kaito_iac.catalog.label import SCALER, WAIT_FOR
from kaito_iac.kinds.kaito_inference_set import KaitoInferenceSetArgs
from kaito_iac.problem import Problem, Severity, Unknown
from kaito_iac.resolve.autoscale import MOST_REPLICAS, Autoscale, resolve_autoscale
from kaito_iac.resolve.inference_set_spec import InferenceSetSpec
from kaito_iac.resolve.judgement import partition_note, streaming_note
from kaito_iac.resolve.operator_requirements import Operator
from kaito_iac.resolve.placement import Placement
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
    strategy = reader.manifest("update_strategy") or {}
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
    by_metrics = reader.has("autoscale") and "cron" not in reader.mapping("autoscale")
    annotations |= scaling.annotations if scaling else dict.fromkeys([f"{SCALER}auto-provision"] if by_metrics else (), "true")
    spec = InferenceSetSpec(
        served=replace(served, annotations=annotations, wait_seconds=wait),
        replicas=replicas,
        most_replicas=most,
        scaled=scaling is not None,
        update_strategy=strategy,
        auto_upgrade=upgrade,
        node_count_limit=reader.number("node_count_limit", 1, 1000, "nodes"),
        problems=(),
        **found,
    )
    reader.ask(KaitoInferenceSetArgs, spec.manifest(), served.placement.environment, served.config_maps())
    _gates(reader, operator, upgrade, served.placement)
    return replace(spec, served=replace(spec.served, operator=operator.version()), problems=reader.finish())


def _gates(reader: Reader, operator: Operator, upgrade: Mapping[str, Any], placement: Placement) -> None:
    """Ask the operator for the gates of a set."""
    partition_note(reader, operator, placement)
    streaming_note(reader, operator, "replica_annotations")
    if upgrade.get("enabled"):
        operator.needs_gate(reader, "auto_upgrade", UPGRADE_GATE)


def _replicas(reader: Reader, scaling: Autoscale | None) -> int:
    given = reader.number("replicas", 0, MOST_REPLICAS, "replicas")
    if scaling is None:
        return 1 if given is None else given
    if given is not None and not scaling.low <= given <= scaling.high:
        message = f"{given}, which autoscale changes at once"
        fix = "leave replicas out: they start at autoscale.min_count"
        reader.add(Problem("KS105", "replicas", message, f"{scaling.low} to {scaling.high}", fix))
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
    message = f"{needed} nodes are needed for {replicas if always else most} replicas, the pool has at most {pool.max_nodes}"
    severity: Severity = "error" if always else "warning"
    return Problem("KS223", "node_pool", message, f"a pool of {needed} or more nodes", f"give it {needed} nodes", severity)


def _misplaced(reader: Reader) -> None:
    """Report annotations of the set that an argument stands for."""
    for key in reader.mapping("annotations"):
        if key.startswith(SCALER):
            reader.add(Problem("KS105", f"annotations.{key}", "set by the argument autoscale", fix="use autoscale"))
