"""The command `version`: kaito-iac and what it was made for."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from kaito_iac.catalog.judged_release import judged_release, judged_releases
from kaito_iac.catalog.load import facts_date
from kaito_iac.cli.reply import Reply
from kaito_iac.cli.table import facts
from kaito_iac.project_url import PROJECT_URL


def own_version() -> str:
    """Return the version of the installed distribution, or that it runs from its sources."""
    return installed("kaito-iac") or "run from its sources"


def installed(distribution: str) -> str | None:
    """Return the version of a distribution; None where it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def versions() -> Reply:
    """Return the versions that belong together."""
    data = {
        "kaitoIac": own_version(),
        "kaito": judged_release(),
        "kaitoReleases": list(judged_releases()),
        "facts": facts_date(),
        "python": platform.python_version(),
        "pulumi": installed("pulumi"),
        "pulumiKubernetes": installed("pulumi-kubernetes"),
        "url": PROJECT_URL,
    }
    rows = [
        ("judges by KAITO", f"{data['kaito']} (also {', '.join(one for one in judged_releases() if one != data['kaito'])})"),
        ("facts of", facts_date()),
        ("Python", platform.python_version()),
        ("pulumi", str(data["pulumi"])),
        ("pulumi-kubernetes", str(data["pulumiKubernetes"])),
        ("project", PROJECT_URL),
    ]
    return Reply(data=data, text=lambda page: facts(f"kaito-iac {own_version()}", rows, page))
