"""Fixtures of the catalogue's tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

GATHERED = Path(__file__).parents[1] / "evidence" / "kaito-0.12.0"


@pytest.fixture(scope="session")
def gathered_folder() -> Path:
    """Return the folder with the facts gathered from KAITO."""
    return GATHERED


@pytest.fixture(scope="session")
def gathered_models(gathered_folder: Path) -> dict[str, Any]:
    return json.loads((gathered_folder / "models.json").read_text())


@pytest.fixture(scope="session")
def gathered_sizes(gathered_folder: Path) -> dict[str, Any]:
    return json.loads((gathered_folder / "skus.json").read_text())


@pytest.fixture(scope="session")
def crds_folder() -> Path:
    """Return the folder with KAITO's CRD files, which are not ours to ship; skips where they do not lie beside the checkout."""
    folder = Path(__file__).parents[3] / "shared" / "kaito" / "crds"
    if not folder.is_dir():
        pytest.skip("needs KAITO's CRDs in ../shared/kaito/crds beside the checkout")
    return folder
