"""The metadata of an object in a namespace, as every specification writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def object_metadata(name: str, namespace: Any, labels: Mapping[str, Any], annotations: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata of an object; namespace, and the values of labels and annotations, may be Outputs."""
    return {"name": name, "namespace": namespace, "labels": dict(labels), "annotations": dict(annotations)}
