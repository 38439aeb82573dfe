"""Every container image and chart that a program needs, so that they can be mirrored for air-gapped clusters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.catalog.find import find_model
from kaito_iac.catalog.image import ChartImage, chart_images, default_registry, workload_images
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field, mapping
from kaito_iac.stack.resource import Resource, reveal

RELEASES: Final = ("kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart", "kubernetes:helm.sh/v3:Chart")
GATEWAY_GATE: Final = "featureGates.gatewayAPIInferenceExtension"
DEEPEST: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Needed:
    """One image or chart."""

    kind: str
    """`image` or `chart`."""
    reference: str
    """As it is pulled; of an image without a tag, or a chart without a version, that is not on record."""
    why: str
    resource: str
    """What needs it."""

    def as_json(self) -> dict[str, str]:
        """Return it as plain data."""
        return {"kind": self.kind, "reference": self.reference, "why": self.why, "resource": self.resource}


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """What a program needs, and what cannot be known offline."""

    needed: tuple[Needed, ...]
    """Once for each reference, in order."""
    unknown: tuple[tuple[str, Unknown], ...]
    """Resource and reason."""
    operator: bool
    """The program installs KAITO's chart, so that the operator's own images are among them."""


def images(resources: Sequence[Resource]) -> Images:
    """Return the images and charts of a recorded program: of its charts, of its pods, and of what KAITO makes for it."""
    values = {name: chart_values for _, name, chart_values in _charts(resources)}
    registry = _text(values.get("workspace"), "presetRegistryName") or default_registry()
    rag_registry = _text(values.get("ragengine"), "presetRagRegistryName") or default_registry()
    places = {"registry": registry, "ragRegistry": rag_registry}
    gated = _true(values.get("workspace"), GATEWAY_GATE, default=False)
    found: list[Needed | tuple[str, Unknown]] = []
    for resource, name, chart_values in _charts(resources):
        found += _of_chart(resource, name, chart_values)
    for resource in resources:
        found += _of_workload(resource, places, pools=gated)
        found += _of_pods(resource)
    known = {item.reference: item for item in reversed(found) if isinstance(item, Needed)}
    return Images(
        needed=tuple(sorted(known.values())),
        unknown=tuple(dict.fromkeys(item for item in found if not isinstance(item, Needed))),
        operator="workspace" in values,
    )


def _charts(resources: Iterable[Resource]) -> Iterator[tuple[Resource, str, Mapping[str, Any]]]:
    """Return every installed chart with its name, however it is referred to, and its values."""
    for resource in resources:
        chart = resource.inputs.get("chart")
        if resource.type in RELEASES and isinstance(chart, str):
            name = chart.rstrip("/").rpartition("/")[2].removesuffix(".tgz")
            version = resource.inputs.get("version")
            tail = f"-{version}" if version else ""
            yield resource, name.removesuffix(tail) if tail else name, mapping(reveal(resource.inputs.get("values")))


def _of_chart(resource: Resource, name: str, values: Mapping[str, Any]) -> Iterator[Needed | tuple[str, Unknown]]:
    chart, version = str(resource.inputs["chart"]), resource.inputs.get("version")
    place = field(resource.inputs, "repositoryOpts", "repo")
    whole = f"{place.rstrip('/')}/{chart}" if isinstance(place, str) and place else chart
    tagged = f"{whole}:{version}" if isinstance(version, str) and not whole.endswith(".tgz") else whole
    yield Needed(kind="chart", reference=tagged, why="installed by Helm", resource=resource.name)
    found = chart_images(name, version) if isinstance(version, str) else None
    if found is None:
        message = f"images of chart {name} {version if isinstance(version, str) else 'of an unnamed version'} are not on record"
        yield resource.name, Unknown(f"{message}: see `helm template`")
        return
    for row in found:
        if all(_true(values, path, default=default) for path, default in row.when):
            yield Needed(kind="image", reference=_replaced(row, values), why=row.why, resource=resource.name)


def _under(values: Mapping[str, Any] | None, path: str) -> Any:
    found: Any = values
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _true(values: Mapping[str, Any] | None, path: str, *, default: bool) -> bool:
    """Return a switch of a chart; one that is not known yet counts as on, so that nothing is missing from a mirror."""
    found = _under(values, path)
    return default if found is None else found is not False


def _text(values: Mapping[str, Any] | None, path: str) -> str:
    found = _under(values, path)
    return found if isinstance(found, str) else ""


def _replaced(row: ChartImage, values: Mapping[str, Any]) -> str:
    """Return the reference of an image with what the program's values replace of it."""
    own = _under(values, row.values) if row.values else None
    if isinstance(own, str):
        return own
    base, _, tag = row.image.partition(":")
    parts = mapping(own)
    repository, label = parts.get("repository") or base, parts.get("tag") or tag
    return f"{repository}:{label}" if label else str(repository)


def _of_workload(resource: Resource, places: Mapping[str, str], *, pools: bool) -> Iterator[Needed | tuple[str, Unknown]]:
    """Return what KAITO's controllers pull for one of its objects."""
    rows = workload_images()
    for role in _roles(resource, pools=pools):
        row = rows[role]
        kind = "image" if "image" in row else "chart"
        reference = row["image"].format(**places) if kind == "image" else f"{row['chart']}:{row['version']}"
        yield Needed(kind=kind, reference=reference, why=row["why"], resource=resource.name)
    yield from _own_images(resource)
    tuning = mapping(resource.inputs.get("tuning"))
    preset = field(tuning, "preset", "name")
    if isinstance(preset, Unknown):
        yield resource.name, Unknown(f"the model to tune is {preset}")
    card = find_model(preset) if isinstance(preset, str) else None
    if card and card.tuning_image:
        weights = f"{places['registry']}/{card.tuning_image}"
        yield Needed(kind="image", reference=weights, why=f"weights of {card.id}", resource=resource.name)


def _roles(resource: Resource, *, pools: bool) -> Iterator[str]:
    """Return the roles of the images an object of KAITO's leads to."""
    kind = resource.type.rpartition(":")[2] if ":kaito.sh/" in resource.type else ""
    inputs = resource.inputs
    template = mapping(field(inputs, "spec", "template"))
    inference = mapping(inputs.get("inference")) or mapping(template.get("inference"))
    tuning = mapping(inputs.get("tuning"))
    if kind in ("Workspace", "InferenceSet") and "preset" in inference:
        yield "base"
        if any("source" in mapping(adapter) for adapter in inference.get("adapters") or ()):
            yield "puller"
    if kind == "MultiRoleInference":
        yield from ("base", "sidecar", "picker", "picker-chart")
    if kind == "InferenceSet" and pools:
        yield from ("picker", "picker-chart")
    if kind == "Workspace" and tuning:
        yield from ("tuning", "weights")
        if "image" in mapping(tuning.get("input")):
            yield "puller"
        if "image" in mapping(tuning.get("output")):
            yield from ("pusher", "pause")
    if kind == "ModelMirror" and field(inputs, "spec", "mode") != "Static":
        yield "mirror"
    annotations = mapping(field(inputs, "metadata", "annotations"))
    if "inference.kaito.sh/stream-datarefs-url" in annotations:
        yield "streaming"
    if kind == "RAGEngine":
        yield "rag"


def _own_images(resource: Resource) -> Iterator[Needed | tuple[str, Unknown]]:
    """Return the images that an object of KAITO's names itself: of adapters and of training data."""
    template = mapping(field(resource.inputs, "spec", "template"))
    inference = mapping(resource.inputs.get("inference")) or mapping(template.get("inference"))
    named = [(field(adapter, "source", "image"), "adapter") for adapter in inference.get("adapters") or ()]
    named.append((field(resource.inputs, "tuning", "input", "image"), "training data"))
    for reference, why in named:
        if isinstance(reference, str):
            yield Needed(kind="image", reference=reference, why=why, resource=resource.name)
        elif isinstance(reference, Unknown):
            yield resource.name, Unknown(f"image of the {why}: {reference.reason}")


def _of_pods(resource: Resource) -> Iterator[Needed | tuple[str, Unknown]]:
    """Return the images of containers, wherever a Kubernetes object holds a pod."""
    if resource.type.startswith("kubernetes:") and resource.type not in RELEASES:
        for image in _container_images(resource.inputs, DEEPEST):
            if isinstance(image, str):
                yield Needed(kind="image", reference=image, why="container", resource=resource.name)
            elif isinstance(image, Unknown):
                yield resource.name, Unknown(f"image of a container: {image.reason}")


def _container_images(value: Any, depth: int) -> Iterator[Any]:
    if isinstance(value, Mapping) and depth:
        for key in ("containers", "initContainers"):
            found = value.get(key)
            if isinstance(found, list | tuple):
                yield from (container.get("image") for container in found if isinstance(container, Mapping))
        for inner in value.values():
            yield from _container_images(inner, depth - 1)


def mirrored(reference: str, registry: str) -> str:
    """Return the place of an image in your own registry: below it, under the path it has where it comes from."""
    first, slash, rest = reference.rpartition("://")[2].partition("/")
    elsewhere = slash and ("." in first or ":" in first or first == "localhost")
    return f"{registry.rstrip('/')}/{rest if elsewhere else reference}"
