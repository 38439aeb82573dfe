"""Charts that are known to ask for no GPUs: by name and place, unless a release of one may ask for some."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import normpath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from kaito_iac.catalog.resource_types import charts
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource, reveal

_VERSION: Final = re.compile(r"(-v?\d[\w.+-]*)?([.]tgz)?$")
_CHANGED: Final = ("valueYamlFiles", "postrender", "postRenderer")
"""Inputs of a release that change what a chart makes, and are not read."""
_KEEPS_CRDS: Final = "kaito-iac-keep-crds"
"""The post-renderer of this package, which annotates CRDs alone; an operator may name it by its path."""
_KEYS: Final = (
    r"nvidia\.com/(gpu|mig)|amd\.com/gpu|gpu\.intel\.com/|habana\.ai/|amazon\.com/neuron|google\.com/tpu"
    r"|instanceType|resourceClaim|deviceClassName"
)
_KINDS: Final = r"(Workspace|InferenceSet|RAGEngine|MultiRoleInference|NodePool|NodeClaim|Provisioner)"
_KEY: Final = re.compile(_KEYS, re.IGNORECASE)
_KIND: Final = re.compile(_KINDS)
_IN_TEXT: Final = re.compile(rf"({_KEYS})[\w./-]*[\"']?\s*[:=]|\bkind[\"']?\s*:\s*[\"']?{_KINDS}\b", re.IGNORECASE)
"""The same in YAML and JSON inside a text."""
_OBJECTS: Final = re.compile(
    r"(extra|additional)(objects?|manifests?|deploy|resources|containers|initcontainers|templates?)|resources|limits|requests",
    re.IGNORECASE,
)
"""Values that charts take whole objects, containers and what these ask for from."""


def is_known_chart(resource: Resource) -> bool:
    """Return whether a chart is one that asks for no GPUs, from where it is published, with values that ask for none."""
    inputs = reveal(resource.inputs)
    named = field(inputs, "chart")
    if not isinstance(named, str) or any(map(_is_given, (field(inputs, key) for key in _CHANGED))):
        return False
    places = charts().get(_VERSION.sub("", named.rstrip("/").rpartition("/")[2]), ())
    address = _address(next((one for one in (named, _repository(inputs)) if isinstance(one, str) and "://" in one), ""))
    known = any(address == place or address.startswith(f"{place}/") for place in places)
    return known and not asks(field(inputs, "values"))


def _is_given(changed: Any) -> bool:
    own = isinstance(changed, str) and changed.replace("\\", "/").rpartition("/")[2].removesuffix(".exe") == _KEEPS_CRDS
    return bool(changed) and not own


def _repository(inputs: Any) -> Any:
    given = (field(inputs, *path) for path in (("repositoryOpts", "repo"), ("fetchOpts", "repo")))
    return next((one for one in given if one is not None), None)


def _address(given: str) -> str:
    """Return host and path of an address, as a list of places has them."""
    try:
        split = urlsplit(given.lower())
    except ValueError:
        return ""
    path = normpath(unquote(split.path)) if split.path.strip("/") else ""
    return f"{split.netloc.rpartition('@')[2]}/{path.lstrip('/')}".rstrip("/")


def asks(values: Any, *, inside: bool = False) -> bool:
    """Return whether values may ask for GPUs or nodes; what is not known may where a chart takes objects from.

    `inside` is whether they are such objects.
    """
    if isinstance(values, Unknown):
        return True
    if isinstance(values, Mapping):
        return any(_entry_asks(str(key), value, inside=inside) for key, value in values.items())
    if isinstance(values, list | tuple):
        return any(_part_asks(value, inside=inside) for value in values)
    return isinstance(values, str) and _IN_TEXT.search(values) is not None


def _entry_asks(key: str, value: Any, *, inside: bool) -> bool:
    if _KEY.search(key) or (key == "kind" and isinstance(value, str) and _KIND.fullmatch(value)):
        return True
    return _part_asks(value, inside=inside or _OBJECTS.fullmatch(key) is not None)


def _part_asks(value: Any, *, inside: bool) -> bool:
    return inside if isinstance(value, Unknown) else asks(value, inside=inside)
