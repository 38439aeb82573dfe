"""The objects inside components that a plugin makes of charts, YAML and kustomizations, by the same renderers as those of v1."""

from __future__ import annotations

import glob
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from kaito_iac.catalog.resource_types import charts
from kaito_iac.files import PLAN_BYTES, FileError, read_text
from kaito_iac.offline.functions import objects_of
from kaito_iac.offline.recording import Unseen
from kaito_iac.offline.renderer import NotRendered, helm_template, kustomized
from kaito_iac.offline.values import unknown_in
from kaito_iac.stack.reading import field, mapping
from kaito_iac.stack.resource import Resource, reveal

RELEASE: Final = "kubernetes:helm.sh/v3:Release"
_URL: Final = re.compile(r"\w+://")
_VERSION: Final = re.compile(r"(-v?\d[\w.+-]*)?([.]tgz)?$")


def with_rendered(resources: Sequence[Resource], unseen: Sequence[Unseen]) -> tuple[tuple[Resource, ...], tuple[Unseen, ...]]:
    """Return the resources with the objects inside such components behind each of them, and what is still unseen.

    A component whose inputs are not known, or whose program is not installed, stays unseen.
    """
    found: list[Resource] = []
    left = list(unseen)
    parents = {one.parent for one in resources}
    for one in resources:
        render = None if one.read or one.urn in parents else _RENDERERS.get(one.type)
        try:
            objects = render(one) if render is not None and unknown_in(one.inputs) is None else None
        except NotRendered as error:
            left = [*(other for other in left if other.where != one.urn), Unseen(one.urn, f"not rendered: {error}")]
            objects = None
        if objects is None:
            found.append(one)
            continue
        left = [other for other in left if other.where != one.urn]
        found += [replace(one, remote=False, custom=False), *_children(one, objects)]  # as a component: its children are seen
    return tuple(found), tuple(left)


def _children(around: Resource, objects: Sequence[Any]) -> Iterator[Resource]:
    """Return objects as the resources that the plugin registers, in the namespace of the release where they name none."""
    prefix = field(around.inputs, "resourcePrefix") or around.name
    space = field(around.inputs, "namespace") or around.space
    for given in objects:
        version, kind = str(given.get("apiVersion", "")), str(given.get("kind", ""))
        metadata = mapping(given.get("metadata"))
        if not version or not kind or not metadata.get("name"):
            continue
        place = metadata.get("namespace") or space
        name = f"{prefix}:{f'{place}/' if place else ''}{metadata['name']}"
        type = f"kubernetes:{'core/' if '/' not in version else ''}{version}:{kind}"
        stack, _, rest = around.urn.rpartition("::")[0].rpartition("::")
        yield Resource(
            urn=f"{stack}::{rest}${type}::{name}",
            type=type,
            name=name,
            parent=around.urn,
            inputs=dict(given),
            outputs=dict(given),
            provider=around.provider,
            options=replace(around.options, depends_on=(), property_dependencies={}, aliases=(), hooks={}),
            space=space,
            source=around.source,
        )


def _chart(found: Resource) -> list[Any] | None:
    given = mapping(reveal(found.inputs))
    name = given.get("chart")
    if not isinstance(name, str) or given.get("valueYamlFiles") or _is_known(name):
        return None
    repository = mapping(given.get("repositoryOpts")).get("repo")
    text = helm_template(
        {
            "chart": name,
            "releaseName": given.get("name") or found.name,
            "fetchOpts": {"repo": repository} if repository else {},
            "namespace": given.get("namespace"),
            "version": given.get("version"),
            "values": given.get("values"),
            "skipCRDRendering": given.get("skipCrds"),
        }
    )
    return None if text is None else objects_of(text)


def _is_known(chart: str) -> bool:
    """Return whether a chart is on record as one that asks for no GPUs: it is not fetched."""
    return not Path(chart).exists() and _VERSION.sub("", chart.rstrip("/").rpartition("/")[2]) in charts()


def _file(found: Resource) -> list[Any] | None:
    name = field(found.inputs, "file")
    return None if not isinstance(name, str) or _URL.match(name) else objects_of(_text(name))


def _group(found: Resource) -> list[Any] | None:
    given = mapping(reveal(found.inputs))
    objects = [one for one in _listed(given.get("objs")) if isinstance(one, Mapping)]
    texts = [one for one in _listed(given.get("yaml")) if isinstance(one, str)]
    for pattern in _listed(given.get("files")):
        if not isinstance(pattern, str) or _URL.match(pattern):
            return None
        texts += [_text(name) for name in sorted(glob.glob(pattern))]
    return [*objects, *(one for text in texts for one in objects_of(text))]


def _directory(found: Resource) -> list[Any] | None:
    folder = field(found.inputs, "directory")
    text = kustomized(folder) if isinstance(folder, str) else None
    return None if text is None else objects_of(text)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _text(name: str) -> str:
    try:
        return read_text(Path(name), PLAN_BYTES)
    except FileError as error:
        raise NotRendered(f"{name}: {error}") from None


_RENDERERS: Final[Mapping[str, Callable[[Resource], list[Any] | None]]] = {
    RELEASE: _chart,
    "kubernetes:helm.sh/v4:Chart": _chart,
    "kubernetes:yaml/v2:ConfigFile": _file,
    "kubernetes:yaml/v2:ConfigGroup": _group,
    "kubernetes:kustomize/v2:Directory": _directory,
}
"""Type to what renders it."""
