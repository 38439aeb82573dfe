"""Compares an object with the one that a component makes, by one written rule.

Two objects are the same when the API server keeps the same of both: KAITO's schema fills in its defaults, a missing
namespace is `default`, the scaler's list of metrics is data. What our components note for Pulumi and for themselves, and
the object does not have, is no difference: `pulumi.com/waitFor`, `pulumi.com/skipAwait`, `kaito-iac/target-nodes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.catalog.label import PLANNED_NODES, SKIP_AWAIT, WAIT_FOR
from kaito_iac.convert.decide import KINDS
from kaito_iac.convert.proposal import read_yaml, space
from kaito_iac.kubernetes.schema import Path, Reading, dotted, schema_of, shown

OURS: Final = (WAIT_FOR, SKIP_AWAIT, PLANNED_NODES)
"""Annotations that a component adds beside those of its arguments."""
METRICS: Final = "scaledobject.kaito.sh/metrics"
CLUSTER_WIDE: Final = ("ModelMirror",)
Change = tuple[Path, Any, Any]
"""Path, value in the manifest, value of the component; None: nothing."""
NO_NAMESPACE: Final[Change] = (("metadata", "namespace"), None, "default")
"""Reported once for all objects."""


def difference(kind: str, wanted: Mapping[str, Any], made: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return path and text of the first difference between an object and the one a component makes; None when they are equal."""
    found = next(_changes(_kept(kind, wanted), _kept(kind, _without_ours(wanted, made)), ()), None)
    if found is None:
        return None
    path, wants, writes = found
    if writes is None or (wants is not None and _at(made, path) is None):
        return dotted(path), f"would leave out {shown(wants)}"
    return dotted(
        path
    ), f"would add {shown(writes)}" if wants is None else f"would write {shown(writes)} instead of {shown(wants)}"


def written_otherwise(kind: str, wanted: Mapping[str, Any], made: Mapping[str, Any]) -> tuple[str, ...]:
    """Report what the text of the same object has otherwise, such as a default that is left out."""
    plain = {key: value for key, value in _without_ours(wanted, made).items() if value is not None}
    changes = _changes(_bare(wanted), _bare(plain), ())
    return tuple(_text(change) for change in changes if change != NO_NAMESPACE)


def _bare(fields: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in fields.items() if key not in ("apiVersion", "kind", "status")}
    metadata = {key: value for key, value in found["metadata"].items() if value not in (None, {})}
    return {**found, "metadata": metadata}


def _without_ours(wanted: Mapping[str, Any], made: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a component makes, without the annotations it adds."""
    had = wanted["metadata"].get("annotations") or {}
    annotations = made["metadata"].get("annotations") or {}
    left = {key: text for key, text in annotations.items() if key not in OURS or key in had}
    return {**made, "metadata": {**made["metadata"], "annotations": left}}


def _kept(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the API server keeps of an object."""
    metadata = {key: value for key, value in fields["metadata"].items() if value not in (None, {})}
    if kind not in CLUSTER_WIDE:
        metadata["namespace"] = space(metadata)
    annotations = metadata.get("annotations")
    if isinstance(annotations, Mapping) and METRICS in annotations:
        metadata["annotations"] = {**annotations, METRICS: read_yaml(annotations[METRICS]) or annotations[METRICS]}
    rest = {key: value for key, value in _bare(fields).items() if key != "metadata" and value is not None}
    schema = schema_of(kind, KINDS[kind].version.rpartition("/")[2])
    return {"metadata": metadata, **(Reading(schema, rest).value if schema else rest)}


def _changes(wanted: Any, made: Any, path: Path) -> Iterator[Change]:
    if isinstance(wanted, Mapping) and isinstance(made, Mapping):
        for key in (*wanted, *(key for key in made if key not in wanted)):
            yield from _changes(wanted.get(key), made.get(key), (*path, key))
    elif isinstance(wanted, list) and isinstance(made, list) and len(wanted) == len(made):
        for index, (one, other) in enumerate(zip(wanted, made, strict=True)):
            yield from _changes(one, other, (*path, index))
    elif wanted != made or isinstance(wanted, bool) != isinstance(made, bool):
        yield path, wanted, made


def _at(value: Any, path: Path) -> Any:
    for part in path:
        if isinstance(value, list) and isinstance(part, int):
            value = value[part] if part < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _text(change: Change) -> str:
    path, wanted, made = change
    if made is None:
        return f"leaves out {dotted(path)} ({shown(wanted)})"
    if wanted is None:
        return f"adds {dotted(path)} ({shown(made)})"
    return f"writes {shown(made)} instead of {shown(wanted)} at {dotted(path)}"
