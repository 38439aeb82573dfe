"""Resolves a tuning job: the model and method, its data, the configuration of the training, and the node it runs on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from kaito_iac.catalog.find import find_model, model_problem
from kaito_iac.catalog.label import NODE_CLASS, WAIT_FOR
from kaito_iac.catalog.record import ModelCard
from kaito_iac.kinds.kaito_tuning import KaitoTuningArgs
from kaito_iac.presets.load import name_problem, read_preset
from kaito_iac.problem import Problem
from kaito_iac.resolve.data_source import resolve_dataset, resolve_target
from kaito_iac.resolve.model_choice import preset_file
from kaito_iac.resolve.node_class import resolve_node_class
from kaito_iac.resolve.operator_requirements import Operator
from kaito_iac.resolve.placement import MISSING_SIZE, Placement, resolve_placement
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.served_model import own_annotations
from kaito_iac.resolve.stack_defaults import component_reader, preset_folders
from kaito_iac.resolve.training import resolve_training
from kaito_iac.resolve.tuning_spec import TuningSpec
from kaito_iac.resolve.value_checks import dns_label, dns_subdomain

READY_MINUTES: Final = 12 * 60
"""How long to wait for an adapter, minutes; a judgement: the size of the model does not determine how long training takes."""


def resolve_tuning(name: str, args: Mapping[str, Any] | None) -> TuningSpec:
    """Check the arguments of a KaitoTuning; raises SpecError with every problem."""
    reader = component_reader("KaitoTuning", name, args)
    default_size = _apply_preset(reader)
    card = _model(reader)
    method = reader.text("method", required=not reader.has("preset"))
    object_name = reader.text("name", "the name of the Workspace") or name
    reader.add(dns_label()("name", object_name))
    operator = Operator(reader)
    placement = _placement(reader, default_size, object_name, operator)
    config = reader.late("config", dns_subdomain)
    training = resolve_training(reader)
    if config is not None and reader.has("training") and "training" in reader.given:
        message = "together with training"
        reader.add(Problem("KS105", "config", message, "either a ConfigMap of your own, or training", "leave one out"))
    minutes = reader.number("timeout_minutes", 1, 14 * 24 * 60, "minutes") or READY_MINUTES
    wait = minutes * 60 if reader.flag("wait", True) else 0
    annotations = own_annotations(reader, "annotations")
    if placement.node_class:
        annotations[NODE_CLASS] = placement.node_class
    values: dict[str, Any] = {
        "namespace": reader.late("namespace", dns_label(), default="default"),
        "dataset": resolve_dataset(reader),
        "output": resolve_target(reader),
        "labels": reader.labels("labels"),
    }
    spec = TuningSpec(
        object_name=object_name,
        card=card,
        method=method or "lora",
        placement=placement,
        config=config,
        training={} if config is not None else training,
        annotations={**annotations, **({WAIT_FOR: "condition=WorkspaceSucceeded"} if wait else {})},
        wait_seconds=wait,
        problems=(),
        **values,
    )
    reader.ask(KaitoTuningArgs, spec.manifest(), placement.environment, spec.config_maps())
    return replace(spec, problems=reader.finish(), operator=operator.version())


def _apply_preset(reader: Reader) -> str | None:
    """Put a tuning preset's settings under the arguments; return its VM size."""
    name = reader.text("preset", "a tuning preset of `kaito-iac presets`")
    if name is None:
        return None
    folders = preset_folders()
    file = preset_file(name, folders)
    if file is None:
        accepted = "a tuning preset of `kaito-iac presets`, or model and method"
        base = re.sub(r"-q?lora$", "", name)
        known = base != name and preset_file(base, folders) is not None
        fix = f"KAITO 0.12 cannot tune {base}; kaito-iac models --tunable lists what it can" if known else ""
        wrong = name_problem(name, "preset", folders)
        reader.add(replace(wrong, accepted=accepted, fix=fix or wrong.fix))
        return None
    preset, problems = read_preset(file)
    reader.problems += problems
    if preset is None:
        return None
    if preset.kind != "tuning":
        kind = "an inference preset" if preset.kind == "inference" else "a RAG preset"
        near = [f"preset='{name}-{method}'" for method in ("lora", "qlora") if preset_file(f"{name}-{method}", folders)]
        fix = " or ".join(near) or (f"model='{name}' and method" if preset.kind == "inference" else "")
        reader.add(Problem("KS101", "preset", f"'{name}' is {kind}", "a tuning preset of `kaito-iac presets`", fix))
        return None
    if twice := [key for key in ("model", "method") if reader.has(key)]:
        for key in twice:
            reader.add(Problem("KS105", key, "together with preset, which has its own", f"preset, or {key}", f"leave {key} out"))
        return str(preset.vm_size)
    training = {} if reader.has("config") else {"training": {key: dict(value) for key, value in preset.training.items()}}
    reader.put_under({"model": preset.model, "method": preset.method, **training})
    return str(preset.vm_size)


def _model(reader: Reader) -> ModelCard | None:
    named = reader.text("model", "a tunable model, see `kaito-iac models --tunable`")
    if named is None:
        if not reader.has("preset") and not reader.problems_at("model"):
            fix = "give preset, such as 'phi-4-mini-instruct-qlora', or model and method"
            reader.add(Problem("KS102", "preset", "missing", "preset, or model and method", fix))
        return None
    card = find_model(named)
    if card is None:
        reader.add(
            replace(model_problem(named, reader.path("model")), accepted="a tunable model, see `kaito-iac models --tunable`")
        )
        return None
    return card


def _placement(reader: Reader, default_size: str | None, name: str, operator: Operator) -> Placement:
    if reader.has("node_pool") or reader.args.get("provisioner") == "byo":
        path = "node_pool" if reader.has("node_pool") else "provisioner"
        message = "existing nodes: KAITO 0.12 starts no tuning job without an instance_type of its table"
        reader.add(
            Problem("KS105", path, message, "instance_type: nodes that KAITO creates", f"leave {path} out, give instance_type")
        )
        reader.args = {key: value for key, value in reader.args.items() if key not in ("node_pool", "provisioner")}
    undecided = default_size is None and any(problem.path == "preset" for problem in reader.problems)
    found = resolve_placement(
        reader, default_size=default_size, templated=False, undecided=undecided, name=name, operator=operator
    )
    missing = replace(MISSING_SIZE, accepted="a size from `kaito-iac sizes`", fix="give instance_type")
    reader.problems = [missing if problem == MISSING_SIZE else problem for problem in reader.problems]
    operator.needs_kind(reader, "Workspace", "operator")
    return resolve_node_class(reader, found, operator)
