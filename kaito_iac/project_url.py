"""Where the project lives: the address that every page, message and template names."""

from __future__ import annotations

from typing import Final

PROJECT_URL: Final = "https://example.com/kaito-iac"
"""Address of the repository; a placeholder until the project is published."""


def page_url(path: str, anchor: str = "") -> str:
    """Return the address of a page below docs/."""
    return f"{PROJECT_URL}/blob/main/docs/{path}{f'#{anchor}' if anchor else ''}"


def pip_install(extras: tuple[str, ...] = ()) -> str:
    """Return the command that installs the project with extras."""
    return f"pip install '{install(extras)}'"


def install(extras: tuple[str, ...] = ()) -> str:
    """Return what pip and uv install: the project by its address, with extras."""
    named = f"[{','.join(extras)}]" if extras else ""
    return f"kaito-iac{named} @ git+{PROJECT_URL}"
