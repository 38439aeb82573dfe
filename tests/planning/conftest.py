"""Stack programs written by the test, and golden texts.

KAITO_IAC_WRITE_GOLDEN=1 writes the golden files anew, for the diff to be read.
"""

import os
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from textwrap import dedent

import pytest

GOLDEN = Path(__file__).parent / "golden"
HEAD = "import pulumi\nimport kaito_iac as kaito\n"


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., Path]:
    """Writes a stack program into a folder called shop."""

    def write(source: str, **files: str) -> Path:
        folder = tmp_path / "shop"
        rmtree(folder, ignore_errors=True)  # a program of the same length, a moment later, would be the compiled one before
        folder.mkdir()
        contents = {"Pulumi.yaml": "name: shop\nruntime: python\n", "__main__.py": HEAD + dedent(source), **files}
        for name, text in contents.items():
            (folder / name).write_text(text)
        return folder

    return write


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with its golden file, or writes it when that is asked for."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("KAITO_IAC_WRITE_GOLDEN"):
            path.write_text(text)
        assert text == path.read_text()

    return compare
