"""Puts time, commit, versions and link into a report: all that differs between two equal runs."""

from __future__ import annotations

from dataclasses import replace

from kaito_iac.catalog.load import DEFAULT_VERSION
from kaito_iac.catalog.price import price_date
from kaito_iac.report.model import Report


def stamped(report: Report, *, time: str = "", commit: str = "", link: str = "", key: str = "") -> Report:
    """Return the report with what its last line says; what is not given stays as it is."""
    return replace(
        report,
        time=time or report.time,
        commit=commit or report.commit,
        link=link or report.link,
        key=key or report.key,
        versions=report.versions or versions(),
    )


def versions() -> dict[str, str]:
    """Return the versions and days that numbers depend on."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        own = version("kaito-iac")
    except PackageNotFoundError:
        own = "from sources"
    return {
        "kaito-iac": own,
        "KAITO": DEFAULT_VERSION,
        "prices azure": str(price_date("azure")),
        "prices aws": str(price_date("aws")),
    }
