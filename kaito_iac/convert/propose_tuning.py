"""Proposes a KaitoTuning for a Workspace that trains an adapter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kaito_iac.catalog.label import NODE_CLASS, TRAINING_KEY, WAIT_FOR
from kaito_iac.convert.proposal import Key, Manifest, Proposal, common, inside, read_yaml, selected
from kaito_iac.convert.propose_served import SAID_ELSEWHERE
from kaito_iac.kinds.kaito_tuning import KaitoTuningArgs
from kaito_iac.kinds.manifest import read


def tuning(manifest: Manifest) -> Iterator[Proposal]:
    """Return the ways to make a tuning job: with its training configuration as arguments, or by the name of a ConfigMap."""
    found = {name: value for name, value in read(KaitoTuningArgs, manifest.fields).items() if name not in SAID_ELSEWHERE}
    found |= {key: _one_volume(found[key]) for key in ("dataset", "output") if key in found}
    args = {
        **found,
        **selected(manifest, manifest.part("resource", "labelSelector"), exists=False),
        **common(manifest, handled=(WAIT_FOR, NODE_CLASS)),
    }
    for config, companions in _configurations(manifest, manifest.part("tuning", "config")):
        yield Proposal(component="KaitoTuning", args={**args, **config}, companions=companions)


def _configurations(manifest: Manifest, config: Any) -> Iterator[tuple[dict[str, Any], tuple[Key, ...]]]:
    if config is None:
        yield {}, ()
        return
    if isinstance(config, str) and re.fullmatch(rf"{re.escape(manifest.name)}-training-[0-9a-f]{{8}}", config):
        key: Key = ("ConfigMap", manifest.namespace, config)
        text = inside(manifest.others.get(key), "data", TRAINING_KEY)
        sections = inside(read_yaml(text), "training_config")
        if isinstance(sections, Mapping):
            yield {"training": dict(sections)}, (key,)
    yield {"config": config}, ()


def _one_volume(source: Any) -> Any:
    """Return a source or a target with a claim by its name alone, or else with its volume."""
    if not isinstance(source, Mapping) or "volume" not in source:
        return source
    claim = source.get("claim")
    left_out = "volume" if source["volume"] == {"persistentVolumeClaim": {"claimName": claim}} else "claim"
    return {key: value for key, value in source.items() if key != left_out}
