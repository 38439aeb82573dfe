"""Fixtures of the catalogue's tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

GATHERED = Path(__file__).parents[1] / "evidence" / "kaito-0.12.0"


@pytest.fixture(scope="session")
def gathered_folder() -> Path:
    """Gives the folder with the facts gathered from KAITO."""
    return GATHERED


@pytest.fixture(scope="session")
def gathered_models(gathered_folder: Path) -> dict[str, Any]:
    return json.loads((gathered_folder / "models.json").read_text())


@pytest.fixture(scope="session")
def gathered_sizes(gathered_folder: Path) -> dict[str, Any]:
    return json.loads((gathered_folder / "skus.json").read_text())
