"""Knows what changes between two releases of KAITO: gates, CRD versions and fields, charts, kinds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from kaito_iac.catalog.engine import engine_arguments, engine_version
from kaito_iac.catalog.load import table_of
from kaito_iac.catalog.record import KaitoVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two releases."""

    area: str
    """`kind`, `crd`, `field`, `gate`, `chart`, `provisioner`, `image`, `engine`, `estimator`, `annotation`, `behaviour`; or
    `unknown`: what was not read."""
    subject: str
    """What it is about, such as `workspaces.kaito.sh v1beta1 resource.partition`."""
    text: str
    """What happens to it, such as `added (object)`."""
    breaking: bool
    """Whether something that worked before can stop working."""

    def as_json(self) -> dict[str, Any]:
        """Return the change as plain data."""
        return asdict(self)


def changes(old: KaitoVersion, new: KaitoVersion) -> tuple[Change, ...]:
    """Return everything the catalogue knows to differ from one release to another, by area."""
    read = old.crds and new.crds
    crds = _crds(old, new) if read else ()
    return (*_kinds(old, new), *crds, *_gates(old, new), *_others(old, new), *_engine(old, new), *_announced(old, new))


def lost_kinds(version: KaitoVersion, reference: KaitoVersion) -> tuple[str, ...]:
    """Return the kinds of the reference release that a release lacks."""
    return tuple(kind for kind in reference.apis if kind not in version.apis)


def _kinds(old: KaitoVersion, new: KaitoVersion) -> Iterator[Change]:
    for kind, api in new.apis.items():
        before = old.apis.get(kind)
        if before is None:
            yield Change(area="kind", subject=kind, text=f"added as {api}", breaking=False)
        elif before != api:
            yield Change(area="kind", subject=kind, text=f"stored as {api} instead of {before}", breaking=False)
    for kind in lost_kinds(new, old):
        yield Change(area="kind", subject=kind, text="removed", breaking=True)


def _crds(old: KaitoVersion, new: KaitoVersion) -> Iterator[Change]:
    before = {row["name"]: row for row in old.crds}
    after = {row["name"]: row for row in new.crds}
    for name, row in after.items():
        if name not in before:
            yield Change(area="crd", subject=name, text=f"added with {', '.join(row['versions'])}", breaking=False)
            continue
        if before[name]["shipped"] != row["shipped"]:
            yield Change(area="crd", subject=name, text=_SHIPPED[row["shipped"]], breaking=row["shipped"] == "template")
        yield from _versions(name, before[name]["versions"], row["versions"])
    for name in sorted(before.keys() - after.keys()):
        yield Change(area="crd", subject=name, text="removed, with every object of its kind", breaking=True)


_SHIPPED: Final = {
    "template": "is a template of the chart now: upgraded with it, and deleted with it unless kept",
    "crds": "is in the chart's crds folder now: Helm neither upgrades nor deletes it",
}


def _versions(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for version, row in new.items():
        if version not in old:
            yield Change(area="crd", subject=f"{name} {version}", text="served from now on", breaking=False)
            continue
        for key in ("storage", "deprecated"):
            if row[key] != old[version][key]:
                text = f"{'no longer ' if not row[key] else ''}{_FLAGS[key]}"
                yield Change(area="crd", subject=f"{name} {version}", text=text, breaking=False)
        yield from _fields(f"{name} {version}", old[version]["fields"], row["fields"])
    for version in old:
        if version not in new:
            yield Change(area="crd", subject=f"{name} {version}", text="no longer served", breaking=True)


_FLAGS: Final = {"storage": "the stored version", "deprecated": "deprecated"}


def _fields(subject: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for path, kind in new.items():
        if path not in old and _parent(path) not in new.keys() - old.keys():
            yield Change(area="field", subject=f"{subject} {path}", text=f"added ({kind})", breaking=False)
        elif old.get(path, kind) != kind:
            yield Change(area="field", subject=f"{subject} {path}", text=f"{kind} instead of {old[path]}", breaking=True)
    for path, kind in old.items():
        if path not in new and _parent(path) not in old.keys() - new.keys():
            yield Change(area="field", subject=f"{subject} {path}", text=f"removed ({kind})", breaking=True)


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def _gates(old: KaitoVersion, new: KaitoVersion) -> Iterator[Change]:
    for gate, default in new.feature_gates.items():
        if gate not in old.feature_gates:
            yield Change(area="gate", subject=gate, text=f"added, {_on(default)} by default", breaking=False)
        elif old.feature_gates[gate] != default:
            yield Change(area="gate", subject=gate, text=f"{_on(default)} by default from now on", breaking=True)
    for gate in old.feature_gates:
        if gate not in new.feature_gates:
            yield Change(area="gate", subject=gate, text="removed: a controller that is given it stops", breaking=True)


def _on(default: bool) -> str:
    return "on" if default else "off"


def _others(old: KaitoVersion, new: KaitoVersion) -> Iterator[Change]:
    for name in new.provisioners:
        if name not in old.provisioners:
            yield Change(area="provisioner", subject=name, text="added", breaking=False)
    for name in old.provisioners:
        if name not in new.provisioners:
            yield Change(area="provisioner", subject=name, text="removed", breaking=True)
    for name in (*new.charts, *(one for one in old.charts if one not in new.charts)):
        before, after = old.charts.get(name), new.charts.get(name)
        if before != after:
            yield Change(area="chart", subject=name, text=_moved(before, after), breaking=False)
    if old.base_image != new.base_image:
        yield Change(area="image", subject="base image", text=_moved(_tag(old.base_image), _tag(new.base_image)), breaking=False)


def _engine(old: KaitoVersion, new: KaitoVersion) -> Iterator[Change]:
    """Return how vLLM and its arguments differ; nothing where a release's vLLM is not known."""
    before, after = engine_version(old.version), engine_version(new.version)
    if before is None or after is None or before == after:
        return
    yield Change(area="engine", subject="vLLM", text=_moved(before, after), breaking=False)
    names, others = engine_arguments(old.version), engine_arguments(new.version)
    for name in sorted(names.keys() - others.keys()):
        yield Change(area="engine", subject=f"argument {name}", text="gone: vLLM ends over it", breaking=True)
    for name in sorted(others.keys() - names.keys()):
        yield Change(area="engine", subject=f"argument {name}", text="added", breaking=False)


def _announced(old: KaitoVersion, new: KaitoVersion) -> Iterator[Change]:
    """Return the notes of the releases in between, for an upgrade."""
    table = table_of("release_changes.json")["changes"]
    order = list(table)
    first = order.index(old.version) + 1 if old.version in order else 0
    last = order.index(new.version) + 1 if new.version in order else 0
    for release in order[first:last]:
        for row in table[release]:
            yield Change(area=row["area"], subject=row["subject"], text=row["text"], breaking=row["breaking"])


def _moved(before: str | None, after: str | None) -> str:
    return f"{before or 'none'} -> {after or 'none'}"


def _tag(image: str | None) -> str | None:
    return image and image.removeprefix("kaito-base:")
