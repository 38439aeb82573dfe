"""Proposes a KaitoTuning for a Workspace that trains an adapter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kaito_iac.catalog.label import NODE_CLASS, TRAINING_KEY, WAIT_FOR
from kaito_iac.convert.proposal import Key, Manifest, Proposal, common, given, inside, mapping, read_yaml, selected


def tuning(manifest: Manifest) -> Iterator[Proposal]:
    """Return the ways to make a tuning job: with its training configuration as arguments, or by the name of a ConfigMap."""
    job = mapping(manifest.part("tuning"))
    size = manifest.part("resource", "instanceType")
    args = {
        **given(
            model=inside(job, "preset", "name"),
            method=job.get("method"),
            instance_type=size,
            **selected(manifest, manifest.part("resource", "labelSelector"), exists=False),
            node_class=manifest.own("annotations").get(NODE_CLASS),
            dataset=_source(mapping(job.get("input"))),
            output=_target(mapping(job.get("output"))),
        ),
        **common(manifest, handled=(WAIT_FOR, NODE_CLASS)),
    }
    for config, companions in _configurations(manifest, job.get("config")):
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


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    return given(
        name=source.get("name"),
        urls=source.get("urls"),
        image=source.get("image"),
        image_pull_secrets=source.get("imagePullSecrets"),
        **_volume(source.get("volumeSource")),
    )


def _target(target: Mapping[str, Any]) -> dict[str, Any]:
    return given(image=target.get("image"), push_secret=target.get("imagePushSecret"), **_volume(target.get("volumeSource")))


def _volume(volume: Any) -> dict[str, Any]:
    """Return a volume as an argument: a claim by its name alone."""
    claim = inside(volume, "persistentVolumeClaim", "claimName")
    if volume == {"persistentVolumeClaim": {"claimName": claim}}:
        return {"claim": claim}
    return {"volume": volume}
