"""What the architecture's tests look at: the modules of the package and the tracked files."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Module:
    """One module of the package."""

    path: str
    """Below kaito_iac/, such as `catalog/find.py`."""
    text: str
    tree: ast.Module

    @property
    def part(self) -> str:
        """Return the package or module right below kaito_iac that it belongs to."""
        return self.path.partition("/")[0].removesuffix(".py")

    @property
    def name(self) -> str:
        """Return the dotted name."""
        return ".".join(["kaito_iac", *self.path.removesuffix(".py").removesuffix("/__init__").split("/")])

    def imported(self) -> set[str]:
        """Return the dotted names of everything it imports, at the top or later."""
        names: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.path}:{node.lineno}: relative import"
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
        return names


@pytest.fixture(scope="session")
def modules() -> tuple[Module, ...]:
    package = ROOT / "kaito_iac"
    found = []
    for file in sorted(package.rglob("*.py")):
        text = file.read_text()
        found.append(Module(file.relative_to(package).as_posix(), text, ast.parse(text)))
    assert found
    return tuple(found)


@pytest.fixture(scope="session")
def tracked() -> tuple[Path, ...]:
    """Return the text files that are tracked; skips outside a checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout")
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file())
