"""KO410: images come from the registries that are allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import Field

from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.chart import CHART
from kaito_iac.rules.pod import containers
from kaito_iac.rules.rule import ResourceRule, Watchful
from kaito_iac.stack.resource import Resource

_ADAPTERS: Final = (("inference", "adapters"), ("spec", "template", "inference", "adapters"))
_HUB: Final = "docker.io"


class Config(Watchful):
    """Settings of the rule."""

    allowed: tuple[str, ...] = Field(
        (), description="Registries, with or without a path, that images may come from; empty: any. Docker's own is docker.io."
    )


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """Judge images of pods, adapters, embeddings and charts."""
    if not config.allowed:
        return
    for path, image in _images(fact):
        if isinstance(image, Unknown):
            yield from config.unread("KO410", path, image, f"an image of {', '.join(config.allowed)}")
        elif not any(_within(full_name(image), allowed) for allowed in config.allowed):
            yield Problem(
                "KO410", path, image[:120], f"an image of {', '.join(config.allowed)}", "mirror it into an allowed registry"
            )


def _images(fact: Resource) -> Iterator[tuple[str, str | Unknown]]:
    if re.fullmatch(CHART, fact.type):
        yield from _of_values(fact.inputs.get("values"), "values")
        return
    for path, container in containers(fact):
        image = container if isinstance(container, Unknown) else container.get("image")
        yield from _text(f"{path}.image", image)
    for keys in (*_ADAPTERS, ("spec", "embedding", "local"), ("tuning", "input")):
        value: Any = fact.inputs
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else value if isinstance(value, Unknown) else None
        yield from _of_sources(value, ".".join(keys))


def _of_sources(value: Any, path: str) -> Iterator[tuple[str, str | Unknown]]:
    """Return the images that adapters, data and embeddings are taken from."""
    if isinstance(value, Unknown):
        yield path, value
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _of_sources(entry, f"{path}[{index}]")
    elif isinstance(value, Mapping):
        yield from _text(f"{path}.image", value.get("image"))
        if "source" in value:
            yield from _of_sources(value["source"], f"{path}.source")


def _text(path: str, image: Any) -> Iterator[tuple[str, str | Unknown]]:
    if isinstance(image, str | Unknown):
        if image != "":
            yield path, image
    elif image is not None:
        yield path, Unknown("it is no text")


def _of_values(value: Any, path: str) -> Iterator[tuple[str, str | Unknown]]:
    """Return the images that a chart's values name; those of its defaults are not seen."""
    if isinstance(value, Unknown):
        yield path, value
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _of_values(entry, f"{path}[{index}]")
    elif isinstance(value, Mapping):
        registry = value.get("registry")
        for key, entry in value.items():
            place = f"{path}.{key}"
            if key in ("image", "repository", "presetRegistryName", "presetRagRegistryName") and not isinstance(entry, Mapping):
                whole = f"{registry}/{entry}" if key == "repository" and isinstance(registry, str) and registry else entry
                yield from _text(place, whole)
            else:
                yield from _of_values(entry, place)


def full_name(image: str) -> str:
    """Return an image with its registry, as a node would pull it."""
    first, slash, _ = image.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return image
    return f"{_HUB}/{image}" if slash else f"{_HUB}/library/{image}"


def _within(image: str, allowed: str) -> bool:
    """Return whether an image is in a registry, by whole parts of its name."""
    prefix = allowed.rstrip("/")
    return image.startswith(prefix) and image[len(prefix) : len(prefix) + 1] in ("", "/", ":", "@")


RULE = ResourceRule(
    code="KO410",
    name="image-registry",
    title="Images come from allowed registries",
    config=Config,
    check=check,
    about="kubernetes:.*",
    why="An image from another registry runs with your data on your GPUs, and is lost if that registry is closed.",
    fix="Mirror the image into an allowed registry.",
    severity="medium",
    tags=("operation", "supply-chain"),
)
