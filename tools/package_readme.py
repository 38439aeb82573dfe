"""Gives an index the README with links that lead to the repository: relative ones lead nowhere there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)\s]+)(?=\))")


def absolute(text: str, project: str) -> str:
    """Return a page with its relative links below the address of the project."""
    return LINK.sub(lambda found: f"{project}/blob/main/{found[1]}", text)


class PackageReadme(MetadataHookInterface):
    """Makes the description of the distribution."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the description."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute(text, metadata["urls"]["Homepage"])}
