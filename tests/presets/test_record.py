"""A preset as a record holds what its file holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaito_iac.presets.files import preset_files
from kaito_iac.presets.load import read_preset
from kaito_iac.presets.record import plain
from kaito_iac.presets.schema import ADAPTER


@pytest.mark.parametrize("path", preset_files().values(), ids=lambda path: path.stem)
def test_shipped_file_fits_the_schema(path: Path) -> None:
    """A shipped preset, which is read without the schema, is what the schema would make of it."""
    preset, problems = read_preset(path)
    assert problems == []
    assert ADAPTER.validate_python(plain(preset)).model_dump(by_alias=True) == plain(preset)
