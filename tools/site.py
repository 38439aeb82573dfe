"""Hooks of the documentation site: diagrams drawn while it is built, and links that leave the documentation."""

from __future__ import annotations

import os
import re
import runpy
from pathlib import Path, PurePosixPath
from typing import Any

from kaito_iac.project_url import PROJECT_URL

ROOT = Path(__file__).resolve().parent.parent
PROJECT = str(runpy.run_path(str(ROOT / "kaito_iac" / "project_url.py"))["PROJECT_URL"])
_DIAGRAM = re.compile(r"^```dot\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<=\]\()(?!\w+:|#|/)([^)#\s]+)(#[^)\s]*)?(?=\))")
OUTSIDE = {"components/README.md": "how-to/languages.md"}
"""Pages that are kept elsewhere in the repository, and where the site has them."""
_BOOST = {"tutorial": 1.5, "how-to": 1.5, "reference": 0.4, "registry": 0.2, "examples": 0.5}
"""How the search ranks the sections of the site: answers before tables."""
_BUTTONS = re.compile(r"^\[[^]]+\]\([^)]+\)(?: · \[[^]]+\]\([^)]+\))+$", re.MULTILINE)
_LOOK = "graph [bgcolor=transparent, fontname=sans, fontsize=12, nodesep=0.3, ranksep=0.4]\n" + (
    "node [shape=box, style=rounded, fontname=sans, fontsize=12, margin=0.15]\nedge [fontname=sans, fontsize=11]\n"
)


def drawn(source: str) -> str:
    """Return a Graphviz source as an SVG that takes the colours of the page."""
    import pygraphviz

    graph = pygraphviz.AGraph(string=source.replace("{", "{\n" + _LOOK, 1))
    text = graph.draw(format="svg", prog="dot").decode()
    svg = re.sub(r"<!--.*?-->\s*", "", text[text.index("<svg") :], flags=re.DOTALL)
    for word in ("stroke", "fill"):
        svg = svg.replace(f'{word}="black"', f'{word}="currentColor"')
    svg = re.sub(r"<text ", '<text fill="currentColor" ', svg)
    return f'<div class="diagram" markdown="0">{re.sub(chr(10) + "+", " ", svg).strip()}</div>'


def outside(target: str, page: str) -> str:
    """Return the address of a file outside the documentation, a link within it as it is, a folder as its list of files."""
    kept = {shown: path for path, shown in OUTSIDE.items()}.get(page, f"docs/{page}")
    place = PurePosixPath(os.path.normpath(PurePosixPath(kept).parent / target))
    if (shown := OUTSIDE.get(str(place), "" if kept.startswith("docs/") else str(place).removeprefix("docs/"))) and shown != str(
        place
    ):
        return os.path.relpath(shown, PurePosixPath(page).parent)
    if place.parts[0] != "docs":
        return f"{PROJECT_URL}/{'tree' if (ROOT / place).is_dir() else 'blob'}/main/{place}"
    if (ROOT / place).is_dir():
        return f"{PROJECT_URL}/tree/main/{place}"
    return target


def listed(text: str) -> list[Any]:
    """Return the navigation that the start page lists: a section for each heading of level 2, a group for each of level 3."""
    found: list[Any] = [{"Start": "README.md"}]
    section: list[Any] = []
    for line in text.splitlines():
        title = line.lstrip("#").strip()
        if line.startswith("## "):
            section = []
            found.append({title: section})
            place = section
        elif line.startswith("### "):
            place = []
            section.append({title: place})
        elif (link := re.match(r"- \[([^]]+)\]\(([^)#]+\.md)\)", line)) and len(found) > 1:
            place.append({link[1]: OUTSIDE.get(link[2].removeprefix("../"), link[2])})
    return [entry for entry in found if next(iter(entry.values()))]


def on_config(config: Any) -> Any:
    """Take navigation and repository from where they are stated."""
    config.nav = listed((ROOT / "docs" / "README.md").read_text())
    config.repo_url, config.repo_name = PROJECT_URL, "kaito-iac"
    return config


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are kept outside the documentation."""
    from mkdocs.structure.files import File

    for path, shown in OUTSIDE.items():
        files.append(File.generated(config, shown, content=(ROOT / path).read_text()))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Draw the diagrams of a page, and lead links out of the documentation to the repository."""
    page.meta.setdefault("search", {}).setdefault("boost", _BOOST.get(page.file.src_uri.partition("/")[0], 1))
    text = _DIAGRAM.sub(lambda found: drawn(found[1]), markdown)
    if page.is_homepage:
        text = _BUTTONS.sub(lambda found: found[0].replace(" · ", " ").replace(")", "){ .md-button }"), text)
    return _LINK.sub(lambda found: outside(found[1], page.file.src_uri) + (found[2] or ""), text)


def on_post_build(config: Any) -> None:
    """Write llms.txt: what the site is, and every page of the navigation with its address, by section."""
    lines = [f"# {config.site_name}", "", f"> {config.site_description}"]
    for entry in config.nav:
        (title, pages), *_ = entry.items()
        lines += ["", f"## {title}", "", *(f"- [{name}]({config.site_url}{address(path)})" for name, path in flat(title, pages))]
    (Path(config.site_dir) / "llms.txt").write_text("\n".join(lines) + "\n")


def flat(title: str, pages: Any) -> list[tuple[str, str]]:
    """Return the pages below an entry of the navigation, with their titles."""
    if isinstance(pages, str):
        return [(title, pages)]
    return [found for entry in pages for name, below in entry.items() for found in flat(name, below)]


def address(path: str) -> str:
    """Return the address of a page in the site."""
    return re.sub(r"\bREADME$", "index", path.removesuffix(".md")) + ".html"
