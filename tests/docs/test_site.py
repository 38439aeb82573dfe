"""The documentation builds into a site without a warning, and a page of it loads nothing from elsewhere."""

from __future__ import annotations

import functools
import http.server
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BROWSER = next((found for name in ("chromium", "google-chrome", "chrome") if (found := shutil.which(name))), None)
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
"""Tags that make a browser load something, and the attribute that names it."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, timeout=300
    )
    warnings = [line for line in done.stderr.splitlines() if not line.startswith("Fontconfig")]  # of the machine that draws
    assert (done.returncode, done.stdout, warnings) == (0, "", [])
    return folder


@pytest.fixture(scope="module")
def hooks():
    spec = importlib.util.spec_from_file_location("site_hooks", ROOT / "tools" / "site.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") in ("canonical", "next", "prev", "edit"):
            return
        if (address := given.get(LOADED.get(tag, ""))) is not None:
            self.found.append(address)


def test_every_page_is_built_and_in_llms_txt(site: Path) -> None:
    """Each page of docs/ is a page of the site, and llms.txt names each that the navigation has."""
    pages = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md") if not path.name.startswith("_")]
    built = [re.sub(r"README$", "index", str(page.with_suffix(""))) + ".html" for page in pages]
    assert len(built) > 30
    assert [page for page in built if not (site / page).is_file()] == []
    assert [page for page in built if f"/{page})" not in (site / "llms.txt").read_text()] == []


def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    """No script, style, font, picture or frame has an address with a host; styles import none either."""
    strange = []
    for page in site.rglob("*.html"):
        reader = Loads()
        reader.feed(page.read_text())
        assert reader.found
        strange += [(page.name, address) for address in reader.found if re.match(r"(\w+:)?//", address)]
    styles = "".join(path.read_text() for path in site.rglob("*.css"))
    assert strange == []
    assert re.findall(r"url\(['\"]?(?:https?:)?//[^)]*\)|@import[^;]*", styles) == []


@pytest.mark.parametrize(
    ("phrase", "page"),
    [
        ("quota", "how-to/quota.html"),
        ("air-gapped", "how-to/air-gap.html"),
        ("leftovers", "reference/cli.html"),
        ("Standard_NC24ads_A100_v4", "reference/sizes.html"),
        ("KS203", "reference/codes.html"),
        ("llama-3.3-70b-instruct", "reference/models.html"),
        ("spot", "reference/components/GpuNodePool.html"),
    ],
)
def test_search_finds(site: Path, phrase: str, page: str) -> None:
    """The index of the search holds the words people look for, with the page that answers."""
    index = json.loads((site / "search" / "search_index.json").read_text())["docs"]
    found = {
        entry["location"].partition("#")[0] for entry in index if phrase.lower() in f"{entry['title']} {entry['text']}".lower()
    }
    assert page in found


def test_diagrams_are_drawn_in_the_colours_of_the_page(hooks) -> None:
    """A Graphviz source becomes an SVG without a colour of its own and without a background."""
    page = hooks.drawn('digraph { "Workspace" -> "NodeClaim" [label="asks for"] }')
    assert page.startswith('<div class="diagram"')
    assert re.findall(r">([^<>]+)</text>", page) == ["Workspace", "NodeClaim", "asks for"]
    assert "currentColor" in page
    assert not re.search(r'"(black|white)"', page)


@pytest.mark.parametrize(
    ("target", "page", "address"),
    [
        ("quota.md", "how-to/check.md", "quota.md"),
        ("../../stacks/npc", "how-to/check.md", "tree/main/stacks/npc"),
        ("../../stacks/npc/__main__.py", "how-to/check.md", "blob/main/stacks/npc/__main__.py"),
        ("../examples/aks-cluster", "how-to/check.md", "tree/main/docs/examples/aks-cluster"),
    ],
)
def test_links_out_of_the_documentation_lead_to_the_repository(hooks, target: str, page: str, address: str) -> None:
    """A link to a file of the repository that is no page leads to the repository, and one to a page stays."""
    assert hooks.outside(target, page).removeprefix(f"{hooks.PROJECT_URL}/") == address


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="no Chromium on PATH")
@pytest.mark.parametrize("page", ["index.html", "reference/sizes.html"])
def test_a_browser_asks_nobody_else(served: str, tmp_path: Path, page: str) -> None:
    """A headless browser that shows a page sends requests for it to the server of the site alone."""
    log = tmp_path / "net.json"
    quiet = (
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    )
    words = ["--headless", "--no-sandbox", "--disable-gpu", *quiet, f"--user-data-dir={tmp_path}/profile", f"--log-net-log={log}"]
    assert BROWSER
    shown = subprocess.run(
        [BROWSER, *words, "--virtual-time-budget=4000", "--dump-dom", f"{served}/{page}"],
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout
    asked = {
        event["params"]["url"]
        for event in json.loads(log.read_text())["events"]
        if str(event.get("params", {}).get("initiator", "")).startswith(served) and "url" in event["params"]
    }
    assert [address for address in asked if not address.startswith(f"{served}/")] == []
    assert f"{served}/assets/filter.js" in asked
    assert ("Filter 2" in shown) == (page == "reference/sizes.html")
