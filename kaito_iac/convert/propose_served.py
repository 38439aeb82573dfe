"""Proposes a KaitoWorkspace or a KaitoInferenceSet for a model that is served."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.convert.proposal import Key, Manifest, Proposal, common, given, inside, mapping, read_yaml, selected

WAIT: Final = "pulumi.com/waitFor"
PLANNED: Final = "kaito-iac/target-nodes"
"""Annotation in which our components keep the planned node count."""
BENCHMARK: Final = "kaito.sh/disable-benchmark"
SCALER: Final = "scaledobject.kaito.sh/"
METRIC: Final = {"upthreshold": "upThreshold", "downthreshold": "downThreshold", "metriccachewindow": "cacheWindow"}
WINDOWS: Final = {
    "evaluationwindow": "evaluationWindow",
    "scaleupcooldown": "scaleUpCooldown",
    "scaledowncooldown": "scaleDownCooldown",
}


def workspace(manifest: Manifest) -> Iterator[Proposal]:
    """Gives the ways to make a Workspace with inference, the nearest to a program written by hand first."""
    steering, rest = _steering(manifest.own("annotations"))
    count = manifest.part("resource", "count")
    args = {
        **_served(manifest, manifest.part("resource"), manifest.part("inference"), manifest.part("resource", "labelSelector")),
        **given(count=count if count != 1 else None),
        **steering,
        **common(manifest, handled=tuple(set(manifest.own("annotations")) - set(rest))),
    }
    for engine, companions in engines(manifest, manifest.part("inference", "config"), manifest.name):
        yield Proposal(component="KaitoWorkspace", args={**args, **engine}, companions=companions)


def inference_set(manifest: Manifest) -> Iterator[Proposal]:
    """Gives the ways to make an InferenceSet: with the Service over its replicas where the input holds it, else without."""
    template = manifest.part("spec", "template")
    steering, rest = _steering(mapping(inside(template, "metadata", "annotations")))
    own = manifest.own("annotations")
    scaling = _autoscale(own)
    handled = (PLANNED, WAIT, *(key for key in own if scaling and key.startswith(SCALER)))
    replicas = manifest.part("spec", "replicas")
    args = {
        **_served(manifest, inside(template, "resource"), inside(template, "inference"), manifest.part("spec", "labelSelector")),
        **steering,
        **given(
            autoscale=scaling,
            replicas=None if replicas == (scaling.get("min", 1) if scaling else 1) else replicas,
            updateStrategy=manifest.part("spec", "updateStrategy"),
            autoUpgrade=manifest.part("spec", "autoUpgrade"),
            nodeCountLimit=manifest.part("spec", "nodeCountLimit"),
            replicaLabels=inside(template, "metadata", "labels"),
            replicaAnnotations=rest,
        ),
        **common(manifest, handled=handled),
    }
    service: Key = ("Service", manifest.namespace, manifest.name)
    for reached in ([(service,)] if service in manifest.others else []) + [()]:
        for engine, companions in engines(manifest, inside(template, "inference", "config"), manifest.name):
            without = {} if reached else {"service": False}
            found = {**args, **engine, **without}
            yield Proposal(component="KaitoInferenceSet", args=found, companions=(*companions, *reached))


def engines(manifest: Manifest, config: Any, owner: str) -> Iterator[tuple[dict[str, Any], tuple[Key, ...]]]:
    """Gives the ways to say an engine's configuration: its arguments, where the ConfigMap is one of ours, else its name."""
    if config is None:
        yield {}, ()
        return
    if isinstance(config, str) and re.fullmatch(rf"{re.escape(owner)}-vllm-[0-9a-f]{{8}}", config):
        key: Key = ("ConfigMap", manifest.namespace, config)
        arguments = inside(read_yaml(inside(manifest.others.get(key), "data", "inference_config.yaml")), "vllm")
        if isinstance(arguments, Mapping):
            rest = {name: value for name, value in arguments.items() if name != "max-model-len"}
            yield given(context=arguments.get("max-model-len"), vllm=rest), (key,)
    yield {"config": config}, ()


def _served(manifest: Manifest, resource: Any, inference: Any, selector: Any) -> dict[str, Any]:
    size = inside(resource, "instanceType")
    adapters = inside(inference, "adapters")
    return given(
        preset=inside(inference, "preset", "name"),
        template=inside(inference, "template"),
        instanceType=size,
        **selected(manifest, selector, exists=not size),
        partition=inside(resource, "partition"),
        accessSecret=inside(inference, "preset", "presetOptions", "modelAccessSecret"),
        adapters=[_adapter(one) for one in adapters] if isinstance(adapters, list) else None,
    )


def _adapter(adapter: Any) -> dict[str, Any]:
    source = mapping(inside(adapter, "source"))
    return given(
        name=source.get("name"),
        image=source.get("image"),
        volume=source.get("volumeSource"),
        imagePullSecrets=source.get("imagePullSecrets"),
        strength=inside(adapter, "strength"),
    )


def _steering(annotations: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Gives the arguments that annotations stand for, and the annotations that are left."""
    rest = {key: text for key, text in annotations.items() if key not in (PLANNED, WAIT)}
    args: dict[str, Any] = {} if rest.get(BENCHMARK) == "true" else {"benchmark": True}
    if rest.get(BENCHMARK) == "true":
        del rest[BENCHMARK]
    if rest.get("kaito.sh/runtime") == "transformers":
        args["runtime"] = rest.pop("kaito.sh/runtime")
    if rest.get("kaito.sh/enablelb") == "True":
        del rest["kaito.sh/enablelb"]
        args["expose"] = "loadBalancer"
    if rest.get("kaito.sh/use-local-weights") == "true":
        del rest["kaito.sh/use-local-weights"]
        args["localWeights"] = True
    for key, argument in (("kaito.sh/performance-mode", "performanceMode"), ("kaito.sh/node-class-name", "nodeClass")):
        if key in rest:
            args[argument] = rest.pop(key)
    return args, rest


def _autoscale(annotations: Mapping[str, Any]) -> dict[str, Any]:
    """Gives the argument autoscale of the scaler's annotations; empty where there are none, or others than it writes."""
    told = {key.removeprefix(SCALER): text for key, text in annotations.items() if key.startswith(SCALER)}
    metrics = read_yaml(told.get("metrics"))
    if told.get("auto-provision") != "true" or not isinstance(metrics, list):
        return {}
    return given(
        min=_number(told.get("min-replicas")),
        max=_number(told.get("max-replicas")),
        metrics=[{METRIC.get(key, key): value for key, value in mapping(one).items()} for one in metrics],
        combinePolicy=told.get("combinepolicy"),
        **{argument: _number(told.get(key)) for key, argument in WINDOWS.items()},
    )


def _number(text: Any) -> int | None:
    return int(text) if isinstance(text, str) and re.fullmatch(r"[0-9]{1,9}", text) else None
