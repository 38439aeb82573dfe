"""A folder with a stack program in it, written by the test."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

PARTS = """
import pulumi

class Box(pulumi.ComponentResource):
    def __init__(self, name, props=None, opts=None, remote=False):
        super().__init__("test:index:Box", name, props or {}, opts, remote)
        self.register_outputs({"made": name})

class Thing(pulumi.CustomResource):
    made: pulumi.Output[str]
    def __init__(self, name, props=None, opts=None):
        super().__init__("test:index:Thing", name, {**(props or {}), "made": None}, opts)
"""
"""What most programs below start with: a component that ends with its outputs, and a leaf."""

Write = Callable[..., Path]


@pytest.fixture
def program(tmp_path: Path) -> Write:
    """Writes a program; further files are named by keyword or mapping."""

    def write(source: str, files: dict[str, str] | None = None, *, manifest: str = "name: demo\nruntime: python\n") -> Path:
        contents = {"Pulumi.yaml": manifest, "__main__.py": PARTS + dedent(source), **(files or {})}
        for name, text in contents.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return tmp_path

    return write
