"""Builds the wheel, installs it into an environment of its own, and runs the tests without the sources beside them.

`python tools/test_installed_wheel.py [pytest arguments]`
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
LEFT_OUT: Final = ("kaito_iac", "dist", "build", ".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis")
"""What the copy of the repository lacks: the sources, and what is made."""


def main(arguments: list[str]) -> int:
    """Return the exit code of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place / "dist")]
        subprocess.run(build, cwd=ROOT, check=True)
        wheel = next((place / "dist").glob("*.whl"))
        venv.create(place / "venv", with_pip=True)
        python = place / "venv" / "bin" / "python"
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*install, "--requirement", str(ROOT / "requirements.lock")], check=True)
        subprocess.run([*install[:-1], "--no-deps", str(wheel)], check=True)
        copy = place / "repository"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        return subprocess.run([str(python), "-m", "pytest", *arguments], cwd=copy, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
