"""Checks parts that are written as Kubernetes writes them: volumes, pod templates, update strategies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pulumi

from kaito_iac.kubernetes.pod import containers_found, volume_found
from kaito_iac.kubernetes.schema import Path, dotted
from kaito_iac.kubernetes.types import decode
from kaito_iac.problem import Problem
from kaito_iac.resolve.value_checks import manifest

DOUBTS: Final = {"VolumeSource": volume_found, "PodTemplateSpec": containers_found}
"""Type to what else Kubernetes asks of it when the pod is made."""


def part_problems(kind: str, path: str, value: Any) -> Iterator[Problem]:
    """Return what KAITO's webhook cannot decode of a part, and what the pod would be refused for; Outputs pass."""
    if not value:
        return
    wrong = manifest(path, value)
    if wrong:
        yield wrong
        return
    seen = _seen(value)
    undecoded = [
        Problem("KS306", _path(path, where), found, accepted, _inside(kind, path, where))
        for where, found, accepted in decode(kind, seen, ())
    ]
    yield from undecoded
    if undecoded or kind not in DOUBTS:
        return
    for where, found, accepted in DOUBTS[kind](value):
        yield Problem("KS237", _path(path, where), found, accepted)


def _inside(kind: str, path: str, where: Path) -> str:
    """Return where a field of a pod belongs, when it stands beside the pod's `spec`."""
    fields = ("containers", "initContainers", "volumes", "nodeSelector", "tolerations", "serviceAccountName", "affinity")
    inner = str(where[0]) if len(where) == 1 else ""
    return f"move it to {path}.spec.{inner}" if kind == "PodTemplateSpec" and inner in fields else ""


def _path(path: str, where: Path) -> str:
    inner = dotted(where)
    return f"{path}{inner}" if not inner or inner.startswith("[") else f"{path}.{inner}"


def _seen(value: Any) -> Any:
    """Return the part without what is not known yet, and with lists in place of tuples."""
    if isinstance(value, pulumi.Output):
        return None
    if isinstance(value, Mapping):
        return {key: _seen(item) for key, item in value.items()}
    return [_seen(item) for item in value] if isinstance(value, list | tuple) else value
