"""Where the shipped policy packs are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path


def packs_folder() -> Path:
    """Return the folder that holds the shipped packs."""
    inside = Path(__file__).parent / "packs"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "policies"


def pack_folder(pack: Path) -> Path:
    """Return the folder of a pack: the one named, or that of the shipped pack of this name."""
    shipped = packs_folder() / pack.name
    named_only = str(pack) == pack.name and not pack.exists()
    return shipped if named_only and (shipped / "PulumiPolicy.yaml").is_file() else pack
