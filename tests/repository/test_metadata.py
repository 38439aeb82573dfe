"""What an index shows of the package: addresses, authors, licences, and a description whose links lead somewhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kaito_iac.project_url import PROJECT_URL

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def metadata() -> dict[str, object]:
    """Return the metadata that the build backend writes."""
    command = [sys.executable, "-m", "hatchling", "metadata"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_addresses_are_those_of_the_project() -> None:
    """Every address of the package begins with that of the project."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]
    assert set(urls) >= {"Homepage", "Documentation", "Changelog", "Issues"}
    assert [url for url in urls.values() if not url.startswith(PROJECT_URL)] == []


def test_description_has_no_relative_links(metadata: dict[str, object]) -> None:
    """The description is the README, with links that lead to the repository."""
    text = str(metadata["readme"]["text"])  # type: ignore[index]  # an object of its own
    assert text.startswith("# kaito-iac\n")
    assert re.findall(r"\]\((?!https?://|#)[^)]*\)", text) == []
    assert f"]({PROJECT_URL}/blob/main/docs/README.md)" in text


def test_licences_are_shipped() -> None:
    """The licence and the notice of what the data is taken from are part of the package; every source of prices is in it."""
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license-files"] == ["LICENSE", "NOTICE"]
    notice = (ROOT / "NOTICE").read_text()
    sources = json.loads((ROOT / "kaito_iac" / "catalog" / "data" / "prices.json").read_text())["sources"]
    repositories = {"/".join(source["title"].split(",")[0].split("/")[:3]) for source in sources.values()}
    assert [name for name in repositories if f"https://{name}" not in notice] == []
