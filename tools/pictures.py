"""Makes the pictures of README and documentation from real output, and pictures of every page of the site to look at.

python tools/pictures.py                  docs/images: the plan, the comment and the start page (needs Chromium on PATH)
python tools/pictures.py --pages FOLDER   every page of the site at phone and desktop width, into FOLDER
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
STREAM = ROOT / "tests" / "report" / "streams" / "23-pool-replace-up.jsonl.gz"
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
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


def shot(address: str, target: Path, size: tuple[int, int]) -> None:
    """Take a picture of an address."""
    browser = next((found for name in ("chromium", "google-chrome", "chrome") if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("no Chromium on PATH")
    quiet = (
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    )
    with tempfile.TemporaryDirectory() as profile:
        words = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *quiet, f"--user-data-dir={profile}"]
        words += [f"--window-size={size[0]},{size[1]}", "--virtual-time-budget=3000", f"--screenshot={target}", address]
        subprocess.run([browser, *words], capture_output=True, check=True, timeout=120)
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


def main(arguments: list[str]) -> None:
    """Make the pictures that are asked for."""
    if arguments[:1] == ["--pages"]:
        target = Path(arguments[1])
        target.mkdir(parents=True, exist_ok=True)
        with served() as (address, folder):
            for page in sorted(folder.rglob("*.html")):
                name = str(page.relative_to(folder))
                for width, size in SIZES.items():
                    shot(f"{address}/{name}", target / f"{name.replace('/', '-')}-{width}.png", size)
        return
    (IMAGES / "plan.svg").write_text(plan_picture())
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "comment.html"
        page.write_text(comment_page())
        shot(page.as_uri(), IMAGES / "comment.png", (910, 440))
    with served() as (address, _):
        for width, size in SIZES.items():
            shot(f"{address}/index.html", IMAGES / f"start-{width}.png", size)


if __name__ == "__main__":
    main(sys.argv[1:])
