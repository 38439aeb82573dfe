"""Proposes a KaitoWorkspace for a model that is served, and what a KaitoInferenceSet has in common with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.catalog.label import INFERENCE_KEY, PLANNED_NODES, WAIT_FOR
from kaito_iac.convert.proposal import Key, Manifest, Proposal, common, given, inside, read_yaml, selected
from kaito_iac.kinds.kaito_workspace import KaitoWorkspaceArgs
from kaito_iac.kinds.manifest import read, read_notes
from kaito_iac.kinds.rows import keys_of

SAID_ELSEWHERE: Final = ("name", "namespace", "labels", "annotations", "config", "node_selector", "replicas")
"""Arguments that more than their line decides: a proposal says them in several ways."""


def workspace(manifest: Manifest) -> Iterator[Proposal]:
    """Return the ways to make a Workspace with inference, the nearest to a program written by hand first."""
    _, rest = read_notes(KaitoWorkspaceArgs, manifest.own("annotations"))
    handled = tuple(key for key in manifest.own("annotations") if key not in rest)
    args = {
        **served(manifest, KaitoWorkspaceArgs, manifest.fields),
        **common(manifest, handled=(*handled, PLANNED_NODES, WAIT_FOR)),
    }
    for engine, companions in engines(manifest, manifest.part("inference", "config"), manifest.name):
        yield Proposal(component="KaitoWorkspace", args={**args, **engine}, companions=companions)


def engines(manifest: Manifest, config: Any, owner: str) -> Iterator[tuple[dict[str, Any], tuple[Key, ...]]]:
    """Return the ways to say an engine's configuration: its arguments, where the ConfigMap is one of ours, else its name."""
    if config is None:
        yield {}, ()
        return
    if isinstance(config, str) and re.fullmatch(rf"{re.escape(owner)}-vllm-[0-9a-f]{{8}}", config):
        key: Key = ("ConfigMap", manifest.namespace, config)
        arguments = inside(read_yaml(inside(manifest.others.get(key), "data", INFERENCE_KEY)), "vllm")
        if isinstance(arguments, Mapping):
            rest = {name: value for name, value in arguments.items() if name != "max-model-len"}
            yield given(context=arguments.get("max-model-len"), vllm=rest), (key,)
    yield {"config": config}, ()


def served(manifest: Manifest, args: type, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that say what is served, and where: those of the lines, and how the nodes are named."""
    found = {name: value for name, value in read(args, fields).items() if name not in SAID_ELSEWHERE}
    size = inside(fields, "resource", "instanceType")
    found |= selected(manifest, inside(fields, "resource", "labelSelector"), exists=not size)
    return {name: found[name] for name in keys_of(args) if name in found}
