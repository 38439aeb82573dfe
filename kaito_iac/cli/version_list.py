"""The command `versions`: KAITO's releases, what each can do, and what changes from one to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kaito_iac.catalog.find import did_you_mean, nearest
from kaito_iac.catalog.load import DEFAULT_VERSION, sources, table_of, versions
from kaito_iac.catalog.record import KaitoVersion
from kaito_iac.catalog.release import Change, changes
from kaito_iac.cli.number_format import count
from kaito_iac.cli.reply import Reply, refusal
from kaito_iac.cli.table import Column, facts, prose, table
from kaito_iac.cli.terminal import Page
from kaito_iac.problem import Problem

COLUMNS: Final = (
    Column(title="Release"),
    Column(title="Installed as"),
    Column(title="Kinds", number=True),
    Column(title="Gates", number=True),
    Column(title="Provisioners", wraps=True),
)
KINDS: Final = {"chart": "charts", "aks-add-on": "AKS add-on", "release-candidate": "charts, not read"}


def list_versions() -> Reply:
    """List the releases that the catalogue describes, newest first."""
    data = {
        "default": DEFAULT_VERSION,
        "date": table_of("versions.json")["date"],
        "versions": [_row(name) for name in versions()],
    }
    return Reply(data=data, text=versions_text)


def show_version(name: str) -> Reply:
    """Show one release: kinds, gates, charts, CRDs, defects."""
    found = _found(name)
    if found is None:
        return refusal("versions", (_unknown(name),))
    return Reply(data=_row(found.version), text=lambda page: version_text(found, page))


def compare_versions(old: str, new: str) -> Reply:
    """Return what an upgrade from one release to another changes, as far as the catalogue knows."""
    before, after = _found(old), _found(new)
    if before is None or after is None:
        return refusal("versions", tuple(_unknown(name) for name, one in ((old, before), (new, after)) if one is None))
    found = changes(before, after)
    data = {"from": before.version, "to": after.version, "changes": [change.as_json() for change in found]}
    return Reply(data=data, text=lambda page: changes_text(before, after, found, page))


def _found(name: str) -> KaitoVersion | None:
    return versions().get(name.strip().removeprefix("v"))


def _unknown(name: str) -> Problem:
    fix = did_you_mean(nearest(name, tuple(versions())))
    return Problem("KO443", "release", f"'{name}' is not a release the catalogue describes", " or ".join(versions()), fix)


def _row(version: str) -> dict[str, Any]:
    return next(dict(row) for row in table_of("versions.json")["versions"] if row["version"] == version)


def versions_text(page: Page) -> str:
    """Return the table of releases."""
    rows = [
        (one.version, KINDS[one.kind], str(len(one.apis)), str(len(one.feature_gates)), ", ".join(one.provisioners))
        for one in versions().values()
    ]
    known = f"{count(len(rows), 'release')}; workloads are judged as KAITO {DEFAULT_VERSION} would."
    return table(COLUMNS, rows, page) + "\n" + prose(known, page)


def version_text(version: KaitoVersion, page: Page) -> str:
    """Return what one release can do."""
    gates = [f"{gate} {'on' if default else 'off'}" for gate, default in version.feature_gates.items()]
    source = sources("versions")[version.source]
    rows = [
        ("installed as", KINDS[version.kind]),
        *_labelled("kind", [f"{kind} {api}" for kind, api in version.apis.items()]),
        *_labelled("gate", gates or ["none can be set"]),
        *_labelled("chart", [f"{chart} {number}" for chart, number in version.charts.items()] or ["none"]),
        *_labelled("CRD", [f"{crd['name']}: {_served(crd)}" for crd in version.crds]),
        ("provisioners", ", ".join(version.provisioners)),
        ("base image", version.base_image or "unknown"),
        *_labelled("defect", [f"{defect['about']}: {defect['text']}" for defect in version.defects]),
        ("source", f"{source.title}, {source.date}"),
    ]
    return facts(f"KAITO {version.version}", rows, page)


def _labelled(label: str, values: Sequence[str]) -> list[tuple[str, str]]:
    return [(label if index == 0 else "", value) for index, value in enumerate(values)]


def _served(crd: Any) -> str:
    served = [f"{name}{' (stored)' if row['storage'] else ''}" for name, row in crd["versions"].items()]
    gate = f", with {crd['gate']}" if crd["gate"] else ""
    return f"{', '.join(served)}, {'a template of' if crd['shipped'] == 'template' else 'beside'} chart {crd['chart']}{gate}"


def changes_text(old: KaitoVersion, new: KaitoVersion, found: Sequence[Change], page: Page) -> str:
    """Return the changes by area."""
    if not found:
        return f"Nothing the catalogue knows changes from KAITO {old.version} to {new.version}.\n"
    rows = [
        (label, value)
        for area in dict.fromkeys(one.area for one in found)
        for label, value in _labelled(area, [_change_text(one) for one in found if one.area == area])
    ]
    text = facts(f"KAITO {old.version} -> {new.version}", rows, page)
    breaking = sum(one.breaking for one in found)
    return text + "\n" + prose(f"{count(len(found), 'change')}, {breaking} of them can break what worked before.", page)


def _change_text(change: Change) -> str:
    return f"{change.subject}: {change.text}{' (can break)' if change.breaking else ''}"
