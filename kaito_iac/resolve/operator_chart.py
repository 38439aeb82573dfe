"""Finds the charts of an operator: in KAITO's repository, another repository, an OCI registry, or a local folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kaito_iac.catalog.load import table_of
from kaito_iac.files import read_text
from kaito_iac.kubernetes.document import read_one
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import http_url, shown

ACCEPTED: Final = "a repository (https://…), an OCI registry (oci://…), or a folder with charts or their archives"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where one chart is."""

    chart: str
    version: str | None
    repository: str | None


def find_chart(reader: Reader, key: str, name: str, fact: str, version: str) -> Found:
    """Find a chart of a version where the argument under the key says, else where its makers publish it.

    `name` is the chart's own name, `fact` its key in the catalogue. Problems go to the reader.
    """
    source = reader.text(key, ACCEPTED)
    if source is None:
        published = table_of("versions.json")["chartSources"][fact]
        whole = "{version}" in published["chart"]
        chart = published["chart"].format(version=version)
        return Found(chart=chart, version=None if whole else version, repository=published["repository"])
    if source.startswith("oci://"):
        return Found(chart=f"{source.rstrip('/')}/{name}", version=version, repository=None)
    if "://" in source:
        reader.add(http_url(reader.path(key), source))
        return Found(chart=name, version=version, repository=source)
    return Found(chart=_local(reader, key, source, name, version), version=None, repository=None)


def _local(reader: Reader, key: str, source: str, name: str, version: str) -> str:
    """Return the path of a chart in a folder: `NAME-VERSION.tgz`, else the folder NAME when it is of that version."""
    archive = Path(source) / f"{name}-{version}.tgz"
    if archive.is_file():
        return archive.as_posix()
    folder = Path(source) / name
    try:
        found = str(read_one(read_text(folder / "Chart.yaml")).data["version"])
    except (ValueError, KeyError, TypeError):
        accepted = f"{name}-{version}.tgz, or the folder {name} with its Chart.yaml, in it"
        message = f"{shown(source)}, where chart {name} {version} is not"
        reader.add(Problem("KS102", reader.path(key), message, accepted, f"helm pull {name} --version {version} -d {source}"))
        return archive.as_posix()
    if found != version:
        message = f"{shown(source)}, whose chart {name} is version {found}"
        reader.add(Problem("KS105", reader.path(key), message, f"version {version}"))
    return folder.as_posix()
