"""Proposes a KaitoWorkspace for a model that is served, and what a KaitoInferenceSet has in common with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.catalog.label import (
    ENABLE_LB,
    INFERENCE_KEY,
    LOCAL_WEIGHTS,
    NODE_CLASS,
    PERFORMANCE_MODE,
    PLANNED_NODES,
    RUNTIME,
    WAIT_FOR,
)
from kaito_iac.convert.proposal import Key, Manifest, Proposal, common, given, inside, mapping, read_yaml, selected

BENCHMARK: Final = "kaito.sh/disable-benchmark"


def workspace(manifest: Manifest) -> Iterator[Proposal]:
    """Return the ways to make a Workspace with inference, the nearest to a program written by hand first."""
    steering, rest = steering_of(manifest.own("annotations"))
    count = manifest.part("resource", "count")
    args = {
        **served(manifest, manifest.part("resource"), manifest.part("inference"), manifest.part("resource", "labelSelector")),
        **given(count=count if count != 1 else None),
        **steering,
        **common(manifest, handled=tuple(set(manifest.own("annotations")) - set(rest))),
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


def served(manifest: Manifest, resource: Any, inference: Any, selector: Any) -> dict[str, Any]:
    """Return the arguments that say what is served, and where."""
    size = inside(resource, "instanceType")
    adapters = inside(inference, "adapters")
    return given(
        preset=inside(inference, "preset", "name"),
        template=inside(inference, "template"),
        instance_type=size,
        **selected(manifest, selector, exists=not size),
        partition=inside(resource, "partition"),
        access_secret=inside(inference, "preset", "presetOptions", "modelAccessSecret"),
        adapters=[_adapter(one) for one in adapters] if isinstance(adapters, list) else None,
    )


def _adapter(adapter: Any) -> dict[str, Any]:
    source = mapping(inside(adapter, "source"))
    return given(
        name=source.get("name"),
        image=source.get("image"),
        volume=source.get("volumeSource"),
        image_pull_secrets=source.get("imagePullSecrets"),
        strength=inside(adapter, "strength"),
    )


def steering_of(annotations: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the arguments that annotations stand for, and the annotations that are left."""
    rest = {key: text for key, text in annotations.items() if key not in (PLANNED_NODES, WAIT_FOR)}
    args: dict[str, Any] = {} if rest.get(BENCHMARK) == "true" else {"benchmark": True}
    if rest.get(BENCHMARK) == "true":
        del rest[BENCHMARK]
    if rest.get(RUNTIME) == "transformers":
        args["runtime"] = rest.pop(RUNTIME)
    if rest.get(ENABLE_LB) == "True":
        del rest[ENABLE_LB]
        args["expose"] = "loadBalancer"
    if rest.get(LOCAL_WEIGHTS) == "true":
        del rest[LOCAL_WEIGHTS]
        args["local_weights"] = True
    for key, argument in ((PERFORMANCE_MODE, "performance_mode"), (NODE_CLASS, "node_class")):
        if key in rest:
            args[argument] = rest.pop(key)
    return args, rest
