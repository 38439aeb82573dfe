"""Resolves a served model: the Workspace to write, its nodes as KAITO will count them, and how long to wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kaito_iac.catalog.label import WAIT_FOR
from kaito_iac.kinds.kaito_workspace import KaitoWorkspaceArgs
from kaito_iac.resolve.judgement import partition_note, streaming_note
from kaito_iac.resolve.operator_requirements import Operator
from kaito_iac.resolve.replacement import read_replacement
from kaito_iac.resolve.served_model import read_served
from kaito_iac.resolve.stack_defaults import component_reader
from kaito_iac.resolve.workspace_spec import WorkspaceSpec


def resolve_workspace(name: str, args: Mapping[str, Any] | None) -> WorkspaceSpec:
    """Check the arguments of a KaitoWorkspace; raises SpecError with every problem."""
    reader = component_reader("KaitoWorkspace", name, args)
    operator = Operator(reader)
    spec = read_served(reader, name, operator, kind="Workspace")
    waiting = {WAIT_FOR: "condition=WorkspaceSucceeded"} if spec.wait_seconds else {}
    spec = replace(spec, annotations={**spec.annotations, **spec.steering, **waiting})
    reader.ask(KaitoWorkspaceArgs, spec.manifest(), spec.placement.environment, spec.config_maps())
    partition_note(reader, operator, spec.placement)
    streaming_note(reader, operator, "annotations")
    spec = read_replacement(reader, replace(spec, operator=operator.version()))
    return replace(spec, problems=reader.finish())
