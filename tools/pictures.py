"""Makes the pictures of README and documentation from real output, and pictures of every page of the site to look at.

python tools/pictures.py                  docs/images: plan, comment, README and start page (needs Chromium on PATH)
python tools/pictures.py --pages FOLDER   every page of the site at phone and desktop width, into FOLDER, and its faults
"""

from __future__ import annotations

import functools
import http.server
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from browser import SIZES, Tab, browser, tab

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
STREAM = ROOT / "tests" / "report" / "streams" / "23-pool-replace-up.jsonl.gz"
SVG = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px;
line-height: {line_height}px; }} .{unique_id}-title {{ font-size: 18px; font-family: sans-serif; }} {styles}</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g></svg>
"""
COMMENT = """<!doctype html><meta charset="utf-8"><style>
body {{ background: #fff; color: #1f2328; font: 15px/1.5 system-ui, sans-serif; margin: 0; padding: 24px; width: 860px; }}
table {{ border-collapse: collapse; margin: 8px 0 16px; }} td, th {{ border: 1px solid #d1d9e0; padding: 4px 12px; }}
code {{ background: #eff1f3; border-radius: 5px; padding: 2px 5px; }} h2, h3 {{ margin: 8px 0; }}
</style>{body}
"""


def plan_picture() -> str:
    """Return the plan of the quickstart as a terminal shows it, an SVG without fonts of others."""
    from rich.console import Console
    from rich.text import Text

    words = [sys.executable, "-m", "kaito_iac.cli.main", "plan", str(ROOT)]
    text = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    console = Console(record=True, width=82, file=open(os.devnull, "w"))
    console.print(Text.from_ansi(text.rstrip()))
    return console.export_svg(title="kaito-iac plan", code_format=SVG, unique_id="plan")


def comment_page() -> str:
    """Return the comment on a pull request that replaces a GPU pool, as a page."""
    import markdown

    words = ["report", "render", "--events", str(STREAM), "--time", "2026-11-28", "--for", "github"]
    command = [sys.executable, "-m", "kaito_iac.cli.main", *words]
    text = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout
    return COMMENT.format(body=markdown.markdown(text, extensions=["tables", "md_in_html"]))


def readme_page() -> str:
    """Return the README as a page, as far as its first screen shows it."""
    import markdown

    text = (ROOT / "README.md").read_text().replace("](docs/images/", f"]({IMAGES.as_uri()}/")
    head = "img { max-width: 100%; } pre { background: #f6f8fa; padding: 12px; }"
    return COMMENT.format(body=f"<style>{head}</style>" + markdown.markdown(text, extensions=["tables", "fenced_code"]))


def shot(tab: Tab, address: str, target: Path, size: tuple[int, int]) -> None:
    """Take a picture of an address."""
    tab.open(address, size)
    tab.picture(target)
    print(target)


@contextmanager
def served() -> Iterator[tuple[str, Path]]:
    """Build the site and serve it on loopback."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", folder]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", Path(folder)
        server.shutdown()


def pages(target: Path) -> list[str]:
    """Take a picture of every page at both widths, and return what is wrong with them."""
    target.mkdir(parents=True, exist_ok=True)
    found = []
    with served() as (address, folder), tab() as page:
        for path in sorted(folder.rglob("*.html")):
            name = str(path.relative_to(folder))
            for width, size in SIZES.items():
                shot(page, f"{address}/{name}", target / f"{name.replace('/', '-')}-{width}.png", size)
                found += [f"{name}, {width}: {fault}" for fault in page.faults() if name != "404.html"]
    return found


def main(arguments: list[str]) -> None:
    """Make the pictures that are asked for."""
    if browser() is None:
        sys.exit("no Chromium on PATH")
    if arguments[:1] == ["--pages"]:
        found = pages(Path(arguments[1]))
        print(*found, f"{len(found)} faults", sep="\n")
        sys.exit(1 if found else 0)
    (IMAGES / "plan.svg").write_text(plan_picture())
    with served() as (address, _), tab() as page, tempfile.TemporaryDirectory() as folder:
        comment = Path(folder) / "comment.html"
        comment.write_text(comment_page())
        shot(page, comment.as_uri(), IMAGES / "comment.png", (910, 440))
        readme = Path(folder) / "readme.html"
        readme.write_text(readme_page())
        shot(page, readme.as_uri(), IMAGES / "readme.png", (910, 1000))
        for width, size in SIZES.items():
            shot(page, f"{address}/index.html", IMAGES / f"start-{width}.png", size)


if __name__ == "__main__":
    main(sys.argv[1:])
